package snapshot_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

func (b *bench) describe(doc *spec.Document) *crm.Portal {
	b.t.Helper()
	described, err := snapshot.Portal(b.t.Context(), b.reader, doc)
	if err != nil {
		b.t.Fatalf("reading the portal: %v", err)
	}
	return described
}

func TestPortalReadsOnlyWhatTheDocumentNeeds(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	contacts := declared("ada@example.com")
	contacts[0].Properties = []spec.Property{{Name: "firstname", Text: "Ada", Set: true}}
	var described *crm.Portal
	requests := b.during(func() { described = b.describe(spec.NewDocument(contacts)) })
	want := portal.Requests{
		"GET /account-info/v3/details":              1,
		"GET /crm/v3/properties/contacts":           1,
		"GET /crm/v3/property-validations/contacts": 1,
	}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if described.ID != b.portal.AccountID() {
		t.Errorf("account %q, want %q", described.ID, b.portal.AccountID())
	}
	stages := []string{"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist", "other"}
	if diff := cmp.Diff(stages, described.Stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	if property := described.Properties["createdate"]; !property.ReadOnly || property.Type != "datetime" {
		t.Errorf("createdate is %+v", property)
	}
	if property := described.Properties["hs_lead_status"]; property.ReadOnly || len(property.Options) == 0 {
		t.Errorf("hs_lead_status is %+v", property)
	}
}

// Some portals have no rules to tell, and some tokens may not see sensitive
// definitions: what the document does not name is not missed.
func TestPortalDoesWithoutWhatIsNotNeeded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			switch sensitivity := r.URL.Query().Get("dataSensitivity"); {
			case strings.Contains(r.URL.Path, "property-validations"):
				return reply(r, 404, `{"status":"error","message":"resource not found"}`), nil
			case sensitivity == "sensitive", sensitivity == "highly_sensitive":
				return reply(r, 403, `{"status":"error","category":"MISSING_SCOPES","message":"no"}`), nil
			}
			return next.RoundTrip(r)
		})
	})
	contacts := declared("ada@example.com")
	contacts[0].Properties = []spec.Property{{Name: "blood_type", Text: "0", Set: true}}
	if described := b.describe(spec.NewDocument(contacts)); len(described.Properties) == 0 {
		t.Error("no definitions")
	}
}

// IN compares strings in lower case, and options as they are written.
func TestTargetsAreSearchedInBothForms(t *testing.T) {
	t.Parallel()
	var body string
	b := newBench(t, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, "/search") {
				return next.RoundTrip(r)
			}
			text, err := io.ReadAll(r.Body)
			body = string(text)
			return reply(r, 200, `{"total":0,"results":[]}`), err
		})
	})
	contacts := declared("ada@example.com")
	contacts[0].Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, Property: "name", Value: "ACME"}}}
	b.describe(spec.NewDocument(contacts))
	if !strings.Contains(body, `"values":["ACME","acme"]`) {
		t.Errorf("the search is %s", body)
	}
}

// A property that is not defined may be a sensitive one.
func TestUndefinedPropertyIsLookedForAmongSensitiveOnes(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	contacts := declared("ada@example.com")
	contacts[0].Properties = []spec.Property{{Name: "blood_type", Text: "0", Set: true}}
	requests := b.during(func() { b.describe(spec.NewDocument(contacts)) })
	if n := requests["GET /crm/v3/properties/contacts"]; n != 3 {
		t.Errorf("definitions were read %d times, want 3", n)
	}
}

// Where associations are exact, those that no line declares must be seen, and the
// company of the contact's own domain, which is spared.
func TestExactAssociationsAreReadThoughNobodyDeclaresOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testExact) // searches are paced
}

func testExact(t *testing.T) {
	b := newBench(t, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "example.com"})[0]
	b.link(id, crm.TypeCompany, company, 279)
	doc, problems := spec.Load([]spec.Source{{Name: "exact.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("version: 1\npolicy:\n  associations: {company: exact}\ncontacts:\n  - email: " + address(0) + "\n")), nil
	}}})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	own := crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "example.com"}
	if diff := cmp.Diff(map[crm.Target][]crm.ObjectID{own: {company}}, b.describe(doc).Targets); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	found := b.contacts(doc)
	if len(found) != 1 || len(found[0].Associations) != 1 || found[0].Associations[0].To.ID != company {
		t.Errorf("contacts %+v", found)
	}
}

func TestPortalKeepsEveryCandidateOfATarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testCandidates) // searches are paced
}

func testCandidates(t *testing.T) {
	b := newBench(t, nil)
	companies := b.add("companies",
		map[string]string{"domain": "acme.example"}, map[string]string{"domain": "acme.example"},
		map[string]string{"domain": "other.example"}, map[string]string{"name": "ACME"}, map[string]string{"domain": "unnamed.example"},
	)
	slices.SortFunc(companies[:2], crm.ObjectID.Compare)
	people := b.add("contacts", map[string]string{"email": "boss@example.com", "hs_additional_emails": "chief@example.com"})
	byDomain := func(domain string) crm.Target {
		return crm.Target{Type: crm.TypeCompany, Property: "domain", Value: domain}
	}
	byName := crm.Target{Type: crm.TypeCompany, Property: "name", Value: "ACME"}
	boss := crm.Target{Type: crm.TypeContact, Email: "boss@example.com"}
	chief := crm.Target{Type: crm.TypeContact, Email: "chief@example.com"}
	contacts := declared("ada@example.com", "lee@example.com")
	for _, target := range []crm.Target{
		byDomain("Acme.example"), byDomain("other.example"), byDomain("nobody.example"), byName, boss, chief,
		{Type: crm.TypeContact, Email: "lee@example.com"},
		{Type: crm.TypeDeal, ID: "7"},
	} {
		contacts[0].Associations = append(contacts[0].Associations, spec.Association{To: target})
	}
	var described *crm.Portal
	requests := b.during(func() { described = b.describe(spec.NewDocument(contacts)) })
	want := map[crm.Target][]crm.ObjectID{
		byDomain("Acme.example"): companies[:2], byDomain("other.example"): companies[2:3],
		byName: companies[3:4], boss: people, chief: people, byDomain("nobody.example"): nil,
	}
	if diff := cmp.Diff(want, described.Targets); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	wantRequests := portal.Requests{
		"GET /account-info/v3/details":                       1,
		"GET /crm/v3/properties/contacts":                    1,
		"GET /crm/v3/property-validations/contacts":          1,
		"GET /crm/v4/associations/contacts/companies/labels": 1,
		"GET /crm/v4/associations/contacts/contacts/labels":  1,
		"GET /crm/v4/associations/contacts/deals/labels":     1,
		"POST /crm/v3/objects/companies/search":              2,
		"POST /crm/v3/objects/contacts/batch/read":           1,
	}
	if diff := cmp.Diff(wantRequests, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if types := described.Labels[[2]crm.ObjectType{crm.TypeContact, crm.TypeCompany}]; len(types) < 2 {
		t.Errorf("association types with companies: %v", types)
	}
}

// A search holds at most 100 values and 3,000 characters.
func TestTargetsAreSearchedWithinTheLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		targets, length, searches int
	}{{100, 20, 1}, {101, 20, 2}, {100, 60, 3}} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, nil)
				contacts := declared("ada@example.com")
				var companies []map[string]string
				for i := range test.targets {
					suffix := fmt.Sprintf("-%d.example", i)
					domain := strings.Repeat("d", test.length-len(suffix)) + suffix
					companies = append(companies, map[string]string{"domain": domain})
					contacts[0].Associations = append(contacts[0].Associations, spec.Association{
						To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: domain},
					})
				}
				b.add("companies", companies...)
				var described *crm.Portal
				requests := b.during(func() { described = b.describe(spec.NewDocument(contacts)) })
				if n := requests["POST /crm/v3/objects/companies/search"]; n != test.searches {
					t.Errorf("%d searches, want %d", n, test.searches)
				}
				if len(described.Targets) != test.targets {
					t.Errorf("%d targets found, want %d", len(described.Targets), test.targets)
				}
			})
		})
	}
}

func TestOwnersAreReadWhenTheyAreNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		owner    crm.Email
		requests int
	}{{"raj@acme.example", 1}, {"left@acme.example", 2}, {"nobody@acme.example", 2}} {
		t.Run(string(test.owner), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			if err := b.portal.Fill(t.Context(), &crm.Fixture{Owners: []crm.FixtureOwner{
				{ID: "11", Email: "raj@acme.example"},
				{ID: "12", Email: "left@acme.example", Archived: true},
				{ID: "13", Email: "raj@acme.example", Archived: true},
			}}); err != nil {
				t.Fatal(err)
			}
			contacts := declared("ada@example.com")
			contacts[0].Owner = test.owner
			var described *crm.Portal
			requests := b.during(func() { described = b.describe(spec.NewDocument(contacts)) })
			if n := requests["GET /crm/v3/owners"]; n != test.requests {
				t.Errorf("owners were read %d times, want %d", n, test.requests)
			}
			if diff := cmp.Diff(map[crm.Email]crm.ObjectID{"raj@acme.example": "11"}, described.Owners); diff != "" {
				t.Errorf("owners (-want +got):\n%s", diff)
			}
			former := map[crm.Email]crm.ObjectID{}
			if test.requests == 2 {
				former["left@acme.example"] = "12"
			}
			if diff := cmp.Diff(former, described.FormerOwners); diff != "" {
				t.Errorf("former owners (-want +got):\n%s", diff)
			}
		})
	}
}

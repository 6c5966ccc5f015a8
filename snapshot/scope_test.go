package snapshot_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// owning is a document with a scope.
func owning(t *testing.T, scope string, contacts []spec.Contact) *spec.Document {
	t.Helper()
	project, problems := spec.LoadProject(spec.Source{Name: "contactsync.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("version: 1\nprune: archive\nscope: " + scope + "\n")), nil
	}}, func(string) (string, bool) { return "", false })
	doc := spec.NewDocument(contacts)
	if problems = append(problems, doc.Adopt(project)...); len(problems) > 0 {
		t.Fatalf("the project file: %v", problems)
	}
	return doc
}

// owned reads what a document owns: the named contacts and the ids of others in
// scope, both sorted.
func (b *bench) owned(doc *spec.Document) (named, others []crm.ObjectID) {
	b.t.Helper()
	for batch, err := range snapshot.Owned(b.t.Context(), b.reader, doc, b.defined) {
		if err != nil {
			b.t.Fatalf("reading: %v", err)
		}
		for _, contact := range batch.Contacts {
			if !contact.Archived {
				named = append(named, contact.ID)
			}
		}
		others = append(others, batch.Scope...)
	}
	slices.SortFunc(named, crm.ObjectID.Compare)
	slices.SortFunc(others, crm.ObjectID.Compare)
	return named, others
}

// colleagues adds n contacts of the same company, person0@example.com and so on.
func (b *bench) colleagues(n int) []crm.ObjectID {
	properties := make([]map[string]string, n)
	for i := range properties {
		properties[i] = map[string]string{"email": address(i), "company": "ours"}
	}
	return b.add("contacts", properties...)
}

const (
	reads    = "POST /crm/v3/objects/contacts/batch/read"
	searches = "POST /crm/v3/objects/contacts/search"
	lists    = "GET /crm/v3/objects/contacts"
)

// A scope of conditions is searched for; the named contacts are read as always.
func TestOwnedSearchesForTheScope(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ theirs, ours, named, unknown, searches, reads int }{
		{theirs: 3, ours: 0, named: 0, unknown: 1, searches: 1, reads: 1 + 1},
		{theirs: 0, ours: 200, named: 100, searches: 1, reads: 1},
		{theirs: 50, ours: 401, named: 250, unknown: 1, searches: 3, reads: 3 + 1},
	} {
		t.Run(fmt.Sprint(test.ours), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			ids := b.colleagues(test.ours)
			for i := range test.theirs {
				b.add("contacts", map[string]string{"email": fmt.Sprintf("their%d@example.com", i), "company": "theirs"})
			}
			var emails []string
			for i := range test.named {
				emails = append(emails, address(i))
			}
			for i := range test.unknown {
				emails = append(emails, fmt.Sprintf("unknown%d@example.com", i))
			}
			doc := owning(t, "{where: [{property: company, equals: ours}]}", declared(emails...))
			var named, others []crm.ObjectID
			requests := b.during(func() { named, others = b.owned(doc) })
			if diff := cmp.Diff(portal.Requests{reads: test.reads, searches: test.searches}, requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			slices.SortFunc(ids, crm.ObjectID.Compare)
			if !slices.Equal(others, ids) {
				t.Errorf("%d in scope, want %d", len(others), len(ids))
			}
			if len(named) != test.named {
				t.Errorf("%d named, want %d", len(named), test.named)
			}
		})
	}
}

// The list is read once: what it tells is not looked up again. Only names that no
// contact bears as its own are.
func TestOwnedReadsTheListOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		live, named, unknown int
		lists, reads, links  int
	}{
		{live: 1, named: 1, lists: 1},
		{live: 250, named: 240, lists: 3, links: 1},
		{live: 1150, named: 1101, unknown: 101, lists: 12, reads: 2 + 2, links: 2},
	} {
		t.Run(fmt.Sprint(test.live), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			ids := b.colleagues(test.live)
			contacts := []spec.Contact{{ID: ids[0], Ensure: spec.Present, Lifecycle: spec.AtLeast}}
			for i := 1; i < test.named+test.unknown; i++ {
				email := address(i)
				if i >= test.named {
					email = fmt.Sprintf("unknown%d@example.com", i)
				}
				contacts = append(contacts, declared(email)...)
			}
			if test.links > 0 {
				contacts[0].Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, ID: "1"}}}
			}
			doc := owning(t, "all", contacts)
			var named, others []crm.ObjectID
			requests := b.during(func() { named, others = b.owned(doc) })
			want := portal.Requests{lists: test.lists, reads: test.reads, "POST /crm/v4/associations/contacts/companies/batch/read": test.links}
			for label, n := range want {
				if n == 0 {
					delete(want, label)
				}
			}
			if diff := cmp.Diff(want, requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			slices.SortFunc(ids, crm.ObjectID.Compare)
			if len(named) != test.named || len(others) != test.live-test.named {
				t.Errorf("%d named, %d others", len(named), len(others))
			}
			if all := append(named, others...); len(all) != len(ids) {
				t.Errorf("%d contacts in all, want %d", len(all), len(ids))
			}
		})
	}
}

// A contact that goes by a secondary address is taken from the list, with all that
// the document asks for.
func TestListedContactIsFoundByItsOtherAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.add("contacts", map[string]string{"email": "ada@example.com", "hs_additional_emails": "ada@old.example", "jobtitle": "CTO"})[0]
	contacts := declared("ada@old.example")
	contacts[0].Properties = []spec.Property{{Name: "jobtitle", Text: "CEO", Set: true}}
	for batch, err := range snapshot.Owned(t.Context(), b.reader, owning(t, "all", contacts), b.defined) {
		if err != nil {
			t.Fatal(err)
		}
		if len(batch.Contacts) != 1 || batch.Contacts[0].ID != id || batch.Contacts[0].Properties.Text("jobtitle") != "CTO" || len(batch.Scope) > 0 {
			t.Errorf("%+v", batch)
		}
	}
}

// Where the list cannot carry every property that the document names, it says who
// there is, and the names are looked up.
func TestListWithoutRoomForEveryProperty(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.colleagues(3)
	contacts := declared(address(0))
	for i := range 400 {
		name := fmt.Sprintf("a_property_with_a_long_name_%d", i)
		b.defined.Properties[name] = crm.Property{Name: name, Type: "string"}
		contacts[0].Properties = append(contacts[0].Properties, spec.Property{Name: name, Text: "x", Set: true})
	}
	contacts[0].Properties = append(contacts[0].Properties, spec.Property{Name: "company", Text: "theirs", Set: true})
	var named []crm.Contact
	others := 0
	requests := b.during(func() {
		for batch, err := range snapshot.Owned(t.Context(), b.reader, owning(t, "all", contacts), b.defined) {
			if err != nil {
				t.Fatal(err)
			}
			named, others = append(named, batch.Contacts...), others+len(batch.Scope)
		}
	})
	if diff := cmp.Diff(portal.Requests{lists: 1, reads: 1}, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if len(named) != 1 || named[0].ID != ids[0] || named[0].Properties.Text("company") != "ours" || others != 2 {
		t.Errorf("named %v, %d others", named, others)
	}
}

// What a search does not find in full is read from the list, where the conditions
// hold as a file means them.
func TestScopeThatIsNotSearchedForIsListed(t *testing.T) {
	t.Parallel()
	long := "[ours"
	for i := range 99 {
		long += fmt.Sprintf(", a_rather_long_name_of_a_company_%d", i)
	}
	long += "]"
	for name, scope := range map[string]string{
		"a time":           "{where: [{property: company, equals: ours}, {property: closedate, equals: '2026-01-01T00:00:00Z'}]}",
		"too long a query": "{where: [{property: company, in: " + long + "}]}",
		"no deals":         "{where: [{property: company, equals: ours}, {property: num_associated_deals, has: false}]}",
		"seven conditions": "{where: [{property: company, equals: ours}" + strings.Repeat(", {property: email, has: true}", 6) + "]}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			ids := b.add("contacts",
				map[string]string{"email": "a@example.com", "company": "ours", "closedate": "2026-01-01T01:00:00+01:00"},
				map[string]string{"email": "b@example.com", "company": "ours", "closedate": "1767225600000"})
			b.add("contacts", map[string]string{"email": "their@example.com", "company": "OURS"})
			var others []crm.ObjectID
			requests := b.during(func() { _, others = b.owned(owning(t, scope, declared("ada@example.com"))) })
			if requests[searches] != 0 || requests[lists] != 1 {
				t.Errorf("requests %v", requests)
			}
			if !slices.Equal(others, ids) {
				t.Errorf("in scope %v, want %v", others, ids)
			}
		})
	}
}

// A search finds at most 10,000 contacts. Beyond that it ends after its first page,
// and the list is read.
func TestTooManyForASearchAreListed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/search") {
				return reply(r, 200, `{"total":10001,"results":[{"id":"1","properties":{}}],"paging":{"next":{"after":"200"}}}`), nil
			}
			return next.RoundTrip(r)
		})
	})
	ids := b.colleagues(2)
	b.add("contacts", map[string]string{"email": "their@example.com", "company": "theirs"})
	named, others := b.owned(owning(t, "{where: [{property: company, equals: ours}]}", declared(address(0))))
	if !slices.Equal(named, ids[:1]) || !slices.Equal(others, ids[1:]) {
		t.Errorf("named %v, others %v, want %v", named, others, ids)
	}
}

func TestConditionsAreSearchedForAsFilesMeanThem(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]int{
		"{property: company, equals: Ours}":                         2, // a search does not tell them apart; the judge does
		"{property: company, equals: ''}":                           1,
		"{property: company, in: [ours, other]}":                    3,
		"{property: company, has: true}":                            3,
		"{property: company, has: false}":                           1,
		"{property: hs_buying_role, equals: BLOCKER;END_USER}":      2,
		"{property: hs_buying_role, in: [BLOCKER]}":                 2,
		"{property: lifecyclestage, equals: lead}":                  1,
		"{property: numemployees, equals: 1-5}":                     0,
		"{property: num_associated_deals, has: true}":               0,
		"{property: lifecyclestage, in: [lead, customer, unheard]}": 1,
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.add("contacts",
				map[string]string{"email": "a@example.com", "company": "ours", "hs_buying_role": "BLOCKER;END_USER"},
				map[string]string{"email": "b@example.com", "company": "Ours", "hs_buying_role": "BLOCKER"},
				map[string]string{"email": "c@example.com", "company": "other", "lifecyclestage": "lead"},
				map[string]string{"email": "d@example.com"})
			var others []crm.ObjectID
			requests := b.during(func() { _, others = b.owned(owning(t, "{where: ["+condition+"]}", declared("ada@example.com"))) })
			if len(others) != want || requests[searches] != 1 {
				t.Errorf("%d in scope, want %d; requests %v", len(others), want, requests)
			}
		})
	}
}

// A reading that is broken off leaves nothing running, and an error is yielded once.
func TestOwnedEndsWhereItsCallerDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.colleagues(450)
	for _, scope := range []string{"all", "{where: [{property: company, equals: ours}]}"} {
		for _, err := range snapshot.Owned(t.Context(), b.reader, owning(t, scope, declared(address(0))), b.defined) {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
	for suffix, scope := range map[string]string{"/search": "{where: [{property: company, equals: ours}]}", "/objects/contacts": "all"} {
		broken := newBench(t, func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, suffix) {
					return reply(r, 403, `{"status":"error","category":"MISSING_SCOPES","message":"no"}`), nil
				}
				return next.RoundTrip(r)
			})
		})
		yields := 0
		for _, err := range snapshot.Owned(t.Context(), broken.reader, owning(t, scope, declared(address(0))), broken.defined) {
			if yields++; err == nil {
				t.Errorf("%s: no error", suffix)
			}
		}
		if yields != 1 {
			t.Errorf("%s: %d yields", suffix, yields)
		}
	}
}

// Candidates are read 50 at a time, with every address that they ever had.
func TestCandidatesComeWithTheirFormerAddresses(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.colleagues(101)
	for _, email := range []string{"second@example.com", "Third@Example.com"} {
		if _, err := b.own.UpdateObject(t.Context(), "contacts", string(ids[7]), map[string]string{"email": email}); err != nil {
			t.Fatal(err)
		}
	}
	b.archive(ids[8])
	doc := owning(t, "{where: [{property: company, equals: ours}]}", nil)
	got := make(map[crm.ObjectID]crm.Contact)
	requests := b.during(func() {
		for batch, err := range snapshot.Candidates(t.Context(), b.reader, doc, ids) {
			if err != nil {
				t.Fatal(err)
			}
			if len(batch) > hubspot.MaxHistoryRead {
				t.Errorf("%d in a batch", len(batch))
			}
			for _, contact := range batch {
				got[contact.ID] = contact
			}
		}
	})
	if requests.Total() != 3 || requests[reads] != 3 {
		t.Errorf("requests %v", requests)
	}
	if _, there := got[ids[8]]; there || len(got) != 100 {
		t.Errorf("%d contacts", len(got))
	}
	moved := got[ids[7]]
	want := []crm.Email{"third@example.com", "second@example.com", crm.Email(address(7))}
	if diff := cmp.Diff(want, moved.Former); diff != "" {
		t.Errorf("former addresses (-want +got):\n%s", diff)
	}
	if text := moved.Properties.Text; text("company") != "ours" || text("createdate") == "" || moved.Email != "third@example.com" {
		t.Errorf("%+v", moved)
	}
}

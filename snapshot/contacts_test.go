package snapshot_test

import (
	"errors"
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
	"github.com/contactsync/contactsync/portal/portaltest"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// A bench is a real portal, a client that fills it, and the reader under test.
type bench struct {
	t      *testing.T
	portal *portal.Portal
	own    *hubspot.Client
	reader *hubspot.Reader
	// defined is the portal as a document that names nothing sees it.
	defined *crm.Portal
}

func newBench(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) *bench {
	t.Helper()
	p := portaltest.New(t, portal.Config{})
	through := p.Transport()
	if wrap != nil {
		through = wrap(through)
	}
	own, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := hubspot.NewReader(hubspot.Options{BaseURL: "http://localhost", Transport: through})
	if err != nil {
		t.Fatal(err)
	}
	defined, err := snapshot.Portal(t.Context(), own.Reader, spec.NewDocument(nil))
	if err != nil {
		t.Fatal(err)
	}
	return &bench{t: t, portal: p, own: own, reader: reader, defined: defined}
}

// add creates records and returns their ids.
func (b *bench) add(objectType string, properties ...map[string]string) []crm.ObjectID {
	b.t.Helper()
	return portaltest.Create(b.t, b.own, objectType, properties...)
}

func (b *bench) people(n int) []crm.ObjectID {
	b.t.Helper()
	properties := make([]map[string]string, n)
	for i := range properties {
		properties[i] = map[string]string{"email": address(i), "firstname": fmt.Sprint("Nr. ", i)}
	}
	return b.add("contacts", properties...)
}

func address(i int) string { return fmt.Sprintf("person%d@example.com", i) }

func (b *bench) archive(id crm.ObjectID) {
	b.t.Helper()
	if err := b.own.ArchiveObject(b.t.Context(), "contacts", string(id)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) link(id crm.ObjectID, to crm.ObjectType, other crm.ObjectID, types ...int) {
	b.t.Helper()
	for _, typeID := range types {
		if err := b.own.Associate(b.t.Context(), "contacts", string(id), to.Plural(), string(other), typeID); err != nil {
			b.t.Fatal(err)
		}
	}
}

// contacts reads what a document names, sorted by id.
func (b *bench) contacts(doc *spec.Document) []crm.Contact {
	b.t.Helper()
	var all []crm.Contact
	for batch, err := range snapshot.Contacts(b.t.Context(), b.reader, doc, b.defined) {
		if err != nil {
			b.t.Fatalf("reading contacts: %v", err)
		}
		all = append(all, batch...)
	}
	slices.SortFunc(all, func(a, b crm.Contact) int { return a.ID.Compare(b.ID) })
	return all
}

// during counts the requests that f makes.
func (b *bench) during(f func()) portal.Requests {
	before := b.portal.Requests()
	f()
	return b.portal.Requests().Since(before)
}

// declared are contacts with these addresses.
func declared(emails ...string) []spec.Contact {
	contacts := make([]spec.Contact, len(emails))
	for i, email := range emails {
		contacts[i] = spec.Contact{Email: crm.Email(email), Written: email, Ensure: spec.Present, Lifecycle: spec.AtLeast}
	}
	return contacts
}

// The requests of a plan are the fewest that can be: K addresses by 100, those
// that were not found by 100 again, the found by 1,000 for each associated type.
func TestContactsTakeTheFewestRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		known, unknown, ids                 int
		reads, bin, companies, deals, total int
	}{
		{known: 0, unknown: 1, reads: 1, bin: 1, total: 2},
		{known: 100, reads: 1, companies: 1, deals: 1, total: 3},
		{known: 250, unknown: 101, reads: 4, bin: 2, companies: 1, deals: 1, total: 8},
		{known: 1001, unknown: 250, ids: 150, reads: 13 + 2, bin: 3, companies: 2, deals: 2, total: 22},
	} {
		t.Run(fmt.Sprintf("%d+%d+%d", test.known, test.unknown, test.ids), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			ids := b.people(test.known)
			var contacts []spec.Contact
			for i := range test.known + test.unknown {
				contacts = append(contacts, declared(address(i))...)
			}
			for _, id := range ids[:test.ids] {
				contacts = append(contacts, spec.Contact{ID: id, Ensure: spec.Present, Lifecycle: spec.AtLeast})
			}
			contacts[0].Associations = []spec.Association{
				{To: crm.Target{Type: crm.TypeCompany, ID: "1"}}, {To: crm.Target{Type: crm.TypeDeal, ID: "2"}},
			}
			doc := spec.NewDocument(contacts)
			var found []crm.Contact
			requests := b.during(func() { found = b.contacts(doc) })
			if len(found) != test.known {
				t.Errorf("%d contacts, want %d", len(found), test.known)
			}
			want := portal.Requests{
				"POST /crm/v3/objects/contacts/batch/read":                test.reads + test.bin,
				"POST /crm/v4/associations/contacts/companies/batch/read": test.companies,
				"POST /crm/v4/associations/contacts/deals/batch/read":     test.deals,
			}
			for label, n := range want {
				if n == 0 {
					delete(want, label)
				}
			}
			if diff := cmp.Diff(want, requests); diff != "" || requests.Total() != test.total {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestContactIsFoundByEachOfItsNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.add("contacts",
		map[string]string{"email": "ada@example.com", "hs_additional_emails": "ada@old.example;lovelace@example.com", "firstname": "Ada"},
		map[string]string{"email": "lee@example.com"},
		map[string]string{"firstname": "Nameless"},
		map[string]string{"email": "gone@example.com"},
		map[string]string{"email": "gone2@example.com"},
	)
	b.archive(ids[3])
	b.archive(ids[4])
	contacts := declared("lovelace@example.com", "new@example.com", "gone@example.com")
	contacts[1].PreviousEmails = []crm.Email{"lee@example.com"}
	contacts = append(contacts, spec.Contact{ID: ids[2]}, spec.Contact{ID: ids[4]})
	found := b.contacts(spec.NewDocument(contacts))
	type who struct {
		ID         crm.ObjectID
		Email      crm.Email
		Additional []crm.Email
		Archived   bool
	}
	var got []who
	for _, contact := range found {
		got = append(got, who{contact.ID, contact.Email, contact.Additional, contact.Archived})
		if len(contact.Asked) != 0 {
			t.Errorf("contact %s was asked for as %q, which is its own", contact.ID, contact.Asked)
		}
		if contact.Archived != (contact.ArchivedAt != "") {
			t.Errorf("contact %s: archived %t at %q", contact.ID, contact.Archived, contact.ArchivedAt)
		}
	}
	want := []who{
		{ids[0], "ada@example.com", []crm.Email{"ada@old.example", "lovelace@example.com"}, false},
		{ids[1], "lee@example.com", nil, false},
		{ids[2], "", nil, false},
		{ids[3], "gone@example.com", nil, true},
		{ids[4], "gone2@example.com", nil, true},
	}
	slices.SortFunc(want, func(a, b who) int { return a.ID.Compare(b.ID) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	if text := found[slices.IndexFunc(found, func(c crm.Contact) bool { return c.ID == ids[0] })].Properties.Text("firstname"); text != "Ada" {
		t.Errorf("firstname %q", text)
	}
}

// A merged contact answers to its old id under the new one, and says so.
func TestMergedContactTellsWhatItWasAskedBy(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			return reply(r, 200, `{"status":"COMPLETE","startedAt":"","completedAt":"","results":[
				{"id":"777","properties":{"email":"ada@example.com","hs_merged_object_ids":"151"}}]}`), nil
		})
	})
	found := b.contacts(spec.NewDocument([]spec.Contact{{ID: "151"}}))
	if len(found) != 1 || found[0].ID != "777" || !slices.Equal(found[0].Asked, []string{"151"}) {
		t.Errorf("contacts %+v", found)
	}
}

func TestContactsBringTheirAssociations(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.people(2)
	companies := b.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "other.example"})
	b.link(ids[0], crm.TypeCompany, companies[1], 279)
	b.link(ids[0], crm.TypeCompany, companies[0], 1)
	contacts := declared(address(0), address(1))
	contacts[1].Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, ID: companies[0]}}}
	found := b.contacts(spec.NewDocument(contacts))
	slices.SortFunc(companies, crm.ObjectID.Compare)
	at := slices.IndexFunc(found, func(c crm.Contact) bool { return c.ID == ids[0] })
	var got []string
	for _, association := range found[at].Associations {
		got = append(got, fmt.Sprint(association.To.ID, association.Types))
	}
	if len(got) != 2 || !strings.HasPrefix(got[0], string(companies[0])) || !strings.HasPrefix(got[1], string(companies[1])) {
		t.Errorf("associations %q", got)
	}
	if n := len(found[1-at].Associations); n != 0 {
		t.Errorf("the other contact has %d associations", n)
	}
}

func TestBinThatIsNotReadByAddressIsAskedOneByOne(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		unknown int
		want    error
	}{{3, nil}, {101, snapshot.ErrBinUnchecked}} {
		t.Run(fmt.Sprint(test.unknown), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					if r.URL.Query().Get("archived") == "true" && strings.HasSuffix(r.URL.Path, "/batch/read") {
						r = r.Clone(r.Context())
						r.Body, r.ContentLength = http.NoBody, 0 // a body the portal answers 400 to
					}
					return next.RoundTrip(r)
				})
			})
			id := b.people(1)[0]
			b.archive(id)
			var emails []string
			for i := range test.unknown {
				emails = append(emails, address(i))
			}
			var last error
			var got []crm.Contact
			for batch, err := range snapshot.Contacts(t.Context(), b.reader, spec.NewDocument(declared(emails...)), &crm.Portal{}) {
				got, last = append(got, batch...), err
			}
			if !errors.Is(last, test.want) {
				t.Fatalf("the error is %v, want %v", last, test.want)
			}
			if test.want == nil && (len(got) != 1 || got[0].ID != id || !got[0].Archived) {
				t.Errorf("contacts %+v", got)
			}
		})
	}
}

func TestReadingEndsWhenTheCallerHasEnough(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.people(300)
	var emails []string
	for i := range 300 {
		emails = append(emails, address(i))
	}
	for batch, err := range snapshot.Contacts(t.Context(), b.reader, spec.NewDocument(declared(emails...)), &crm.Portal{}) {
		if err != nil || len(batch) == 0 {
			t.Fatalf("%d contacts, %v", len(batch), err)
		}
		break
	}
}

func TestReadingEndsAtTheFirstError(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			return reply(r, 401, `{"category":"INVALID_AUTHENTICATION"}`), nil
		})
	})
	n := 0
	for _, err := range snapshot.Contacts(t.Context(), b.reader, spec.NewDocument(declared("ada@example.com")), &crm.Portal{}) {
		n++
		if !errors.Is(err, hubspot.ErrUnauthorized) {
			t.Errorf("the error is %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d yields, want 1", n)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

package apply_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// A run that is cut at any request leaves a portal that planning and applying
// again brings to the declared state, with no contact lost and none there twice.
func TestRunCutAnywhereConverges(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("cuts dozens of runs")
	}
	faults := map[string]deed{
		"answer lost":   loseAnswer,
		"never arrived": dropRequest,
		"token revoked": answer(http.StatusUnauthorized, `{"category":"INVALID_AUTHENTICATION","message":"no"}`),
		"proxy page": func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if _, err := next.RoundTrip(r); err != nil {
				return nil, err
			}
			return answer(http.StatusOK, "<html>welcome</html>")(r, next)
		},
	}
	for name, do := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; n > 0; n++ {
				fired := true
				synctest.Test(t, func(t *testing.T) { fired = cutAt(t, n, do) })
				if !fired && n <= 12 {
					t.Errorf("the run has %d requests, and should have one of each kind", n-1)
				}
				if !fired || t.Failed() {
					return
				}
			}
		})
	}
}

// cutAt lets the n-th request of a run fail and reports whether there was one.
func cutAt(t *testing.T, n int, do deed) bool {
	t.Helper()
	f := &fault{first: n, do: do}
	b := newBench(t, portal.Config{}, f.wrap)
	b.set(b.people(5)[1], "lifecyclestage", "customer")
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	b.run(associate(b.lookup(address(3)), address(3), company))
	f.seen, f.last = 0, n // what came before does not count
	doc := everyKind(company)
	p := b.planned(t, doc)
	allow(p)
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{Concurrency: 1})
	switch {
	case result == nil && n > 1:
		t.Errorf("request %d: no result: %v", n, err)
	case result != nil && len(result.Entries) != len(p.Changes):
		t.Errorf("request %d: %d entries for %d changes", n, len(result.Entries), len(p.Changes))
	}
	f.last = 0
	again := b.planned(t, doc)
	allow(again)
	if result, err := apply.Run(t.Context(), b.own, again, apply.Options{}); err != nil || !result.Complete() {
		t.Errorf("request %d: the second run ended with %v: %+v", n, err, result)
	}
	b.demandNothing(t, doc)
	for _, email := range []string{"new0@example.com", "new1@example.com", address(0), "renamed@example.com"} {
		if holders := b.holders(email); holders != 1 {
			t.Errorf("request %d: %d contacts hold %s", n, holders, email)
		}
	}
	return f.fired > 0
}

func (b *bench) lookup(email string) crm.ObjectID {
	b.t.Helper()
	for page, err := range b.own.Objects(b.t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"email"}}) {
		if err != nil {
			b.t.Fatal(err)
		}
		for _, object := range page {
			if text := object.Properties["email"]; text != nil && *text == email {
				return crm.ObjectID(object.ID)
			}
		}
	}
	b.t.Fatalf("nobody has the address %s", email)
	return ""
}

// everyKind declares a change of each kind for people's first five contacts.
func everyKind(company crm.ObjectID) *spec.Document { return spec.NewDocument(kinds(company)) }

// kinds are a contact for each kind of change: five that live, and two new ones.
func kinds(company crm.ObjectID) []spec.Contact {
	declare := func(email string, values ...crm.Value) spec.Contact {
		contact := spec.Contact{Email: crm.Email(email), Written: email, Ensure: spec.Present, Lifecycle: spec.AllowBackward}
		for _, value := range values {
			contact.Properties = append(contact.Properties, spec.Property{
				Name: value.Name, Text: value.Text, Set: true, Mode: spec.Managed, Origin: spec.FromContact,
			})
		}
		return contact
	}
	acme := crm.Target{Type: crm.TypeCompany, ID: company}
	contacts := []spec.Contact{
		declare(address(0), crm.Value{Name: "lastname", Text: "After"}),
		declare("renamed@example.com", crm.Value{Name: "lifecyclestage", Text: "lead"}),
		declare(address(2)), declare(address(3)), declare(address(4)),
	}
	contacts[1].PreviousEmails = []crm.Email{crm.Email(address(1))}
	contacts[2].Ensure = spec.Archived
	contacts[3].Associations = []spec.Association{{To: acme, Absent: true}}
	contacts[4].Associations = []spec.Association{{To: acme, Labels: []string{"Primary", "Billing Contact"}}}
	for i := range 2 {
		contact := declare(fmt.Sprintf("new%d@example.com", i), crm.Value{Name: "lastname", Text: "New"})
		contact.Associations = []spec.Association{
			{To: acme, Labels: []string{"Primary"}},
			{To: crm.Target{Type: crm.TypeContact, Email: crm.Email(fmt.Sprintf("new%d@example.com", 1-i))}},
		}
		contacts = append(contacts, contact)
	}
	return contacts
}

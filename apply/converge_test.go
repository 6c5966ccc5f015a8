package apply_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// planned reads the portal for a document and plans it.
func (b *bench) planned(t fataler, doc *spec.Document) *plan.Plan {
	described, err := snapshot.Portal(b.t.Context(), b.own.Reader, doc)
	if err != nil {
		t.Fatalf("reading the portal: %v", err)
	}
	planner := plan.New(doc, described, plan.Options{})
	for batch, err := range snapshot.Contacts(b.t.Context(), b.own.Reader, doc, described) {
		if err != nil {
			t.Fatalf("reading contacts: %v", err)
		}
		planner.Add(batch...)
	}
	p, found := planner.Plan()
	if p == nil {
		t.Fatalf("the document cannot be planned: %v", found)
	}
	return p
}

type fataler interface{ Fatalf(string, ...any) }

func (b *bench) demandNothing(t fataler, doc *spec.Document) {
	if p := b.planned(t, doc); !p.Empty() {
		t.Fatalf("the second plan is not empty:\n%s", cmp.Diff([]plan.Change(nil), p.Changes))
	}
}

// What was applied is what was planned: the next plan is empty.
func TestPlanAfterApplyIsEmpty(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	companies := b.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "other.example"})
	drawn := make(map[string]int)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		w := world{t: t, bench: b, run: run, companies: companies}
		w.fill()
		doc := spec.NewDocument(w.declare())
		p := b.planned(t, doc)
		count(drawn, p)
		allow(p)
		result, err := apply.Run(b.t.Context(), b.remote, p, apply.Options{ReadAt: time.Now()})
		if err != nil || !result.Complete() {
			t.Fatalf("%v, %+v", err, result)
		}
		b.demandNothing(t, doc)
	})
	const telling = 100 // fewer cases, in short runs, may miss a kind
	for _, kind := range []string{"create", "update", "archive", "rename", "backward stage", "label", "link between new contacts", "link removed", "clear"} {
		if run >= telling && drawn[kind] == 0 {
			t.Errorf("no case had a %s", kind)
		}
	}
}

// count notes what kinds of change a plan has.
func count(drawn map[string]int, p *plan.Plan) {
	for _, change := range p.Changes {
		drawn[change.Action.String()]++
		if change.From != "" {
			drawn["rename"]++
		}
		for _, property := range change.Properties {
			switch {
			case property.Backward:
				drawn["backward stage"]++
			case property.After == "":
				drawn["clear"]++
			}
		}
		for _, link := range change.Associations {
			switch {
			case len(link.After) == 0:
				drawn["link removed"]++
			case len(link.After) > 1:
				drawn["label"]++
			case link.To.ID == "":
				drawn["link between new contacts"]++
			}
		}
	}
}

// allow lifts a plan's limits.
func allow(p *plan.Plan) {
	p.Limits = plan.Limits{
		Archive: plan.NoLimit, Create: plan.NoLimit, Update: plan.NoLimit,
		Clear: plan.NoLimit, Overwrite: plan.NoLimit, StageBack: plan.NoLimit,
	}
}

// A world is some live contacts and a document about them, in one of the runs that
// share a portal.
type world struct {
	t         *rapid.T
	bench     *bench
	run       int
	companies []crm.ObjectID
	live      []crm.ObjectID
}

func (w *world) email(i int) string { return fmt.Sprintf("p%d-%d@example.com", w.run, i) }

var (
	someNames  = []string{"", "Ada", "no", "02139", "1e3", " padded ", "Zoë;x"}
	someStages = []string{"", "lead", "customer", "evangelist"}
	someRoles  = []string{"", "BLOCKER", "BLOCKER;END_USER", "END_USER;BLOCKER"}
)

// fill adds the contacts that live before the document comes.
func (w *world) fill() {
	n := rapid.IntRange(0, 5).Draw(w.t, "live")
	if n == 0 {
		return
	}
	properties := make([]map[string]string, n)
	for i := range properties {
		properties[i] = map[string]string{
			"email":          w.email(i),
			"firstname":      rapid.SampledFrom(someNames).Draw(w.t, "name"),
			"lifecyclestage": rapid.SampledFrom(someStages).Draw(w.t, "stage"),
			"hs_buying_role": rapid.SampledFrom(someRoles).Draw(w.t, "roles"),
		}
	}
	w.live = w.bench.add("contacts", properties...)
	for _, id := range w.live {
		if rapid.Bool().Draw(w.t, "employed") {
			company := rapid.SampledFrom(w.companies).Draw(w.t, "company")
			types := []hubspot.AssociationSpec{{AssociationCategory: crm.HubSpotDefined, AssociationTypeID: rapid.SampledFrom([]int{279, 1, 931}).Draw(w.t, "type")}}
			if _, err := w.bench.own.BatchAssociate(w.bench.t.Context(), "contacts", "companies", []hubspot.AssociationInput{{
				From: hubspot.RecordID{ID: hubspot.FlexID(id)}, To: hubspot.RecordID{ID: hubspot.FlexID(company)}, Types: types,
			}}); err != nil {
				w.t.Fatalf("linking: %v", err)
			}
		}
	}
}

// declare says what the contacts should be, and adds some.
func (w *world) declare() []spec.Contact {
	var contacts []spec.Contact
	n := len(w.live) + rapid.IntRange(0, 3).Draw(w.t, "new")
	for i := range n {
		contact := spec.Contact{
			Email: crm.Email(w.email(i)), Written: w.email(i), Ensure: spec.Present, Lifecycle: spec.AtLeast,
		}
		isNew := i >= len(w.live)
		switch rapid.SampledFrom([]string{"", "", "", "archived", "renamed"}).Draw(w.t, "fate") {
		case "archived":
			contact.Ensure = spec.Archived
			contacts = append(contacts, contact)
			continue
		case "renamed":
			if !isNew {
				contact.PreviousEmails = []crm.Email{contact.Email}
				contact.Written = "new-" + contact.Written
				contact.Email = crm.Email(contact.Written)
			}
		}
		w.declareValues(&contact)
		w.declareLinks(&contact, n)
		contacts = append(contacts, contact)
	}
	w.dropLinksToArchived(contacts)
	return contacts
}

func (w *world) declareValues(contact *spec.Contact) {
	value := func(name, text string, list bool) {
		contact.Properties = append(contact.Properties, spec.Property{
			Name: name, Text: text, List: list, Set: true, Mode: spec.Managed, Origin: spec.FromContact,
		})
	}
	if rapid.Bool().Draw(w.t, "names it") {
		name := rapid.SampledFrom(someNames).Draw(w.t, "declared name")
		value("firstname", name, false)
	}
	if rapid.Bool().Draw(w.t, "has roles") {
		value("hs_buying_role", rapid.SampledFrom(someRoles).Draw(w.t, "declared roles"), true)
	}
	if rapid.Bool().Draw(w.t, "has a stage") {
		value("lifecyclestage", rapid.SampledFrom(someStages[1:]).Draw(w.t, "declared stage"), false)
		if rapid.Bool().Draw(w.t, "may go back") {
			contact.Lifecycle = spec.AllowBackward
		}
	}
}

func (w *world) declareLinks(contact *spec.Contact, n int) {
	for _, company := range w.companies {
		link := spec.Association{To: crm.Target{Type: crm.TypeCompany, ID: company}}
		switch rapid.IntRange(0, 5).Draw(w.t, "link") {
		case 0:
		case 1:
			link.Labels = []string{"Billing Contact"}
		case 2:
			if len(contact.Associations) > 0 {
				continue
			}
			link.Labels = []string{"Primary"}
		case 3:
			link.Absent = true
		default:
			continue
		}
		contact.Associations = append(contact.Associations, link)
	}
	if other := w.email(rapid.IntRange(0, n).Draw(w.t, "colleague")); rapid.Bool().Draw(w.t, "knows one") && other != string(contact.Email) {
		contact.Associations = append(contact.Associations, spec.Association{To: crm.Target{Type: crm.TypeContact, Email: crm.Email(other)}})
	}
}

// dropLinksToArchived leaves out links to contacts that are not declared as
// present under that address: these are errors, not plans.
func (w *world) dropLinksToArchived(contacts []spec.Contact) {
	present := make(map[crm.Email]bool)
	for _, contact := range contacts {
		present[contact.Email] = contact.Ensure == spec.Present
	}
	for i := range contacts {
		contacts[i].Associations = slices.DeleteFunc(contacts[i].Associations, func(a spec.Association) bool {
			return a.To.Type == crm.TypeContact && !present[a.To.Email]
		})
	}
}

func TestPlanOfAnExportIsEmpty(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	if err := b.portal.Seed(t.Context(), 500, 1); err != nil {
		t.Fatal(err)
	}
	b.add("contacts", map[string]string{"firstname": "Nameless"},
		map[string]string{"email": "two@example.com", "hs_additional_emails": "deux@example.com;zwei@example.com"})
	described, err := snapshot.Portal(t.Context(), b.own.Reader, spec.NewDocument(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range []bool{false, true} {
		doc, err := snapshot.Document(t.Context(), b.own.Reader, described, snapshot.ExportOptions{
			Associations: []crm.ObjectType{crm.TypeCompany, crm.TypeContact, crm.TypeDeal, crm.TypeTicket, crm.TypeNote}, IDs: ids,
		})
		if err != nil {
			t.Fatal(err)
		}
		if doc.Len() != 502 {
			t.Fatalf("%d contacts were exported", doc.Len())
		}
		b.demandNothing(t, doc)
	}
}

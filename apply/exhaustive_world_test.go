//go:build exhaustive

package apply_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// A vast is a portal and a document about it in which every kind of write occurs:
// 20 contacts for each unit, of which one is renamed, one goes back a stage, and so
// on, and one more whom the document does not name. The portal is filled once and
// its file copied.
type vast struct {
	unit    int
	seeded  string // the portal's file
	company crm.ObjectID
	other   crm.ObjectID
	doc     *spec.Document
	want    map[string]vastContact // the model: who is there in the end
	deleted int
	links   int64 // pairs that are linked in the end

	plan               *plan.Plan // of the run that nothing happens to
	planning, applying int        // the requests of that run
}

// vastContact is what the document decides of one contact.
type vastContact struct{ LastName, Stage, Title string }

// The groups of contacts, by what becomes of them, with the contacts of each in a
// unit.
var vastGroups = []struct {
	name string
	size int
}{
	{"edited", 8},
	{"renamed", 1},
	{"back", 1},
	{"cleared", 1},
	{"labelled", 1},
	{"moved", 1},
	{"unlinked", 1},
	{"archived", 2},
	{"new", 4},
	{"bystander", 1},
}

func newVast(t *testing.T, unit int) *vast {
	t.Helper()
	v := &vast{unit: unit, seeded: filepath.Join(t.TempDir(), "seeded.db"), want: make(map[string]vastContact)}
	synctest.Test(t, v.fill)
	v.declare()
	return v
}

func (v *vast) each(do func(group, email string, i int)) {
	for _, group := range vastGroups {
		for i := range group.size * v.unit {
			do(group.name, fmt.Sprintf("%s%d@example.com", group.name, i), i)
		}
	}
}

// fill makes the portal as it is before.
func (v *vast) fill(t *testing.T) {
	b := newBench(t, portal.Config{Path: v.seeded, AccountID: "241234567"}, nil)
	companies := b.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "other.example"})
	v.company, v.other = companies[0], companies[1]
	var properties []map[string]string
	linked := make(map[string][]int)
	v.each(func(group, email string, _ int) {
		if group == "new" {
			return
		}
		linked[group] = append(linked[group], len(properties))
		properties = append(properties, map[string]string{
			"email": email, "lastname": "Before", "jobtitle": "Clerk", "lifecyclestage": "customer",
		})
	})
	ids := b.add("contacts", properties...)
	link := func(group string, types ...int) {
		var inputs []hubspot.AssociationInput
		for _, i := range linked[group] {
			input := hubspot.AssociationInput{From: hubspot.RecordID{ID: hubspot.FlexID(ids[i])}, To: hubspot.RecordID{ID: hubspot.FlexID(v.company)}}
			for _, id := range types {
				input.Types = append(input.Types, hubspot.AssociationSpec{AssociationCategory: crm.HubSpotDefined, AssociationTypeID: id})
			}
			inputs = append(inputs, input)
		}
		if _, err := b.own.BatchAssociate(t.Context(), "contacts", "companies", inputs); err != nil {
			t.Fatal(err)
		}
	}
	const unlabelled, primary = 279, 1
	link("labelled", unlabelled)
	link("moved", unlabelled, primary)
	link("unlinked", unlabelled)
}

// declare makes the document and the model of the portal as it is afterwards.
func (v *vast) declare() {
	acme := crm.Target{Type: crm.TypeCompany, ID: v.company}
	var contacts []spec.Contact
	v.each(func(group, email string, i int) {
		now := vastContact{LastName: "Before", Stage: "customer", Title: "Clerk"}
		contact := spec.Contact{Email: crm.Email(email), Written: email, Ensure: spec.Present, Lifecycle: spec.AllowBackward}
		declare := func(name, text string) {
			contact.Properties = append(contact.Properties, spec.Property{Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact})
		}
		switch group {
		case "edited":
			declare("lastname", "After")
			now.LastName = "After"
		case "renamed":
			contact.PreviousEmails = []crm.Email{contact.Email}
			contact.Written = "now-" + email
			contact.Email = crm.Email(contact.Written)
			declare("lastname", "After")
			now.LastName = "After"
		case "back":
			declare("lifecyclestage", "lead")
			now.Stage = "lead"
		case "cleared":
			declare("jobtitle", "")
			now.Title = ""
		case "labelled":
			contact.Associations = []spec.Association{{To: acme, Labels: []string{"Primary", "Billing Contact"}}}
		case "moved":
			contact.Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, ID: v.other}, Labels: []string{"Primary"}}}
		case "unlinked":
			contact.Associations = []spec.Association{{To: acme, Absent: true}}
		case "archived":
			contact.Ensure = spec.Archived
		case "new":
			declare("lastname", "New")
			declare("lifecyclestage", "lead")
			other := fmt.Sprintf("new%d@example.com", i^1)
			contact.Associations = []spec.Association{
				{To: acme, Labels: []string{"Primary"}},
				{To: crm.Target{Type: crm.TypeContact, Email: crm.Email(other)}},
			}
			now = vastContact{LastName: "New", Stage: "lead"}
		}
		if group != "archived" {
			v.want[contact.Written] = now
		}
		if group != "bystander" {
			contacts = append(contacts, contact)
		}
	})
	v.doc = spec.NewDocument(contacts)
	v.deleted = 2 * v.unit
	v.links = int64((1 + 2 + 4 + 2) * v.unit) // labelled, moved, new to the company, new to each other
}

// copy is the path of a portal of one's own that is as before.
func (v *vast) copy(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(v.seeded)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "portal.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// demandModel holds the portal to the model: nobody lost, nobody twice, everybody as
// declared, and those whom the document does not name as they were.
func (v *vast) demandModel(t *testing.T, b *bench) {
	t.Helper()
	got := make(map[string]vastContact)
	twice := make(map[string]bool)
	options := hubspot.ListOptions{Properties: []string{"email", "lastname", "lifecyclestage", "jobtitle"}}
	for page, err := range b.own.Objects(t.Context(), "contacts", options) {
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range page {
			text := func(name string) string {
				if value := object.Properties[name]; value != nil {
					return *value
				}
				return ""
			}
			_, stands := got[text("email")]
			twice[text("email")] = stands
			got[text("email")] = vastContact{LastName: text("lastname"), Stage: text("lifecyclestage"), Title: text("jobtitle")}
		}
	}
	maps.DeleteFunc(twice, func(_ string, is bool) bool { return !is })
	if len(twice) > 0 {
		t.Errorf("twice in the portal: %v", slices.Sorted(maps.Keys(twice)))
	}
	if diff := cmp.Diff(v.want, got); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	stats, err := b.portal.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := stats.Objects[crm.TypeContact].Archived; n != int64(v.deleted) || stats.Associations != v.links {
		t.Errorf("%d contacts are archived, want %d; %d pairs are linked, want %d", n, v.deleted, stats.Associations, v.links)
	}
}

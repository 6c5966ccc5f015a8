package snapshot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

func (b *bench) export(options snapshot.ExportOptions) *spec.Document {
	b.t.Helper()
	doc, err := snapshot.Document(b.t.Context(), b.reader, b.describe(spec.NewDocument(nil)), options)
	if err != nil {
		b.t.Fatalf("exporting: %v", err)
	}
	return doc
}

func contactsOf(doc *spec.Document) []spec.Contact {
	contacts := make([]spec.Contact, doc.Len())
	for i := range contacts {
		contacts[i] = doc.Contact(i)
	}
	return contacts
}

func TestExportSaysWhatCanBeDeclared(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.add("contacts",
		map[string]string{"email": "lee@example.com", "lifecyclestage": "customer"},
		map[string]string{"email": "ada@example.com", "hs_additional_emails": "ada@old.example", "firstname": "Ada", "hs_buying_role": "END_USER;BLOCKER", "zip": "02139"},
		map[string]string{"firstname": "Nameless"},
	)
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	b.link(ids[1], crm.TypeCompany, company, 1)
	b.link(ids[1], crm.TypeCompany, company, 931)
	b.link(ids[2], crm.TypeCompany, company, 279)
	b.link(ids[1], crm.TypeContact, ids[0], 449)
	b.archive(b.people(1)[0])

	got := contactsOf(b.export(snapshot.ExportOptions{Associations: []crm.ObjectType{crm.TypeCompany, crm.TypeContact, crm.TypeCompany}}))
	value := func(name, text string, list bool) spec.Property {
		return spec.Property{Name: name, Text: text, List: list, Set: true, Mode: spec.Managed, Origin: spec.FromContact}
	}
	want := []spec.Contact{
		{
			ID: ids[2], Ensure: spec.Present, Lifecycle: spec.AtLeast,
			Properties:   []spec.Property{value("firstname", "Nameless", false)},
			Associations: []spec.Association{{To: crm.Target{Type: crm.TypeCompany, ID: company}}},
		},
		{
			Email: "ada@example.com", Written: "ada@example.com", Also: []crm.Email{"ada@old.example"},
			Ensure: spec.Present, Lifecycle: spec.AtLeast,
			Properties: []spec.Property{
				value("firstname", "Ada", false), value("hs_buying_role", "BLOCKER;END_USER", true), value("zip", "02139", false),
			},
			Associations: []spec.Association{
				{To: crm.Target{Type: crm.TypeCompany, ID: company}, Labels: []string{"Billing Contact", "Primary"}},
				{To: crm.Target{Type: crm.TypeContact, Email: "lee@example.com"}},
			},
		},
		{
			Email: "lee@example.com", Written: "lee@example.com", Ensure: spec.Present, Lifecycle: spec.AtLeast,
			Properties:   []spec.Property{value("lifecyclestage", "customer", false)},
			Associations: []spec.Association{{To: crm.Target{Type: crm.TypeContact, Email: "ada@example.com"}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("export (-want +got):\n%s", diff)
	}
}

// A label's name that two types bear names neither: their ids do.
func TestAmbiguousLabelIsExportedByItsType(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	if err := b.portal.Fill(t.Context(), &crm.Fixture{Labels: []crm.FixtureLabel{
		{From: crm.TypeContact, To: crm.TypeCompany, Label: "Billing Contact", TypeID: 40},
	}}); err != nil {
		t.Fatal(err)
	}
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	b.link(id, crm.TypeCompany, company, 931)
	got := b.export(snapshot.ExportOptions{Associations: []crm.ObjectType{crm.TypeCompany}}).Contact(0).Associations
	want := []spec.Association{{
		To:   crm.Target{Type: crm.TypeCompany, ID: company},
		Type: &crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
}

// No file may hold a NUL or what looks like an access token, so an export leaves
// such values out and tells.
func TestExportTellsWhatNoFileCanHold(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.add("contacts", map[string]string{
		"email": "ada@example.com", "firstname": "Ada", "message": "here: pat-na1-01234567-89ab-cdef-0123-456789abcdef",
	})[0]
	var told []string
	got := b.export(snapshot.ExportOptions{LeftOut: func(contact crm.ObjectID, property, why string) {
		told = append(told, fmt.Sprintf("%s %s: %s", contact, property, why))
	}}).Contact(0)
	if diff := cmp.Diff([]string{string(id) + " message: it looks like an access token"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if len(got.Properties) != 1 || got.Properties[0].Name != "firstname" {
		t.Errorf("properties %+v", got.Properties)
	}
}

func TestExportHasTheChosenPropertiesAndIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ids := b.add("contacts", map[string]string{"email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace"})
	got := b.export(snapshot.ExportOptions{Properties: []string{"lastname", "createdate", "email"}, IDs: true}).Contact(0)
	if got.ID != ids[0] || len(got.Properties) != 1 || got.Properties[0].Text != "Lovelace" {
		t.Errorf("contact %+v", got)
	}
}

// The list carries everything while its URL can; else it carries the ids, and the
// contacts come by batch.
func TestExportTakesTheFewestRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		contacts, properties int
		want                 portal.Requests
	}{
		{250, 0, portal.Requests{"GET /crm/v3/objects/contacts": 3}},
		{250, 300, portal.Requests{"GET /crm/v3/objects/contacts": 3, "POST /crm/v3/objects/contacts/batch/read": 3}},
		{1001, 0, portal.Requests{"GET /crm/v3/objects/contacts": 11}},
	} {
		t.Run(fmt.Sprintf("%d contacts, %d properties", test.contacts, test.properties), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			fixture := &crm.Fixture{}
			for i := range test.properties {
				fixture.Properties = append(fixture.Properties, crm.Property{
					Name: fmt.Sprintf("a_property_with_a_long_name_%d", i), Type: "string", FieldType: "text",
				})
			}
			if err := b.portal.Fill(t.Context(), fixture); err != nil {
				t.Fatal(err)
			}
			b.people(test.contacts)
			described := b.describe(spec.NewDocument(nil))
			var doc *spec.Document
			got := b.during(func() {
				var err error
				doc, err = snapshot.Document(t.Context(), b.reader, described, snapshot.ExportOptions{Associations: []crm.ObjectType{crm.TypeCompany}})
				if err != nil {
					t.Fatal(err)
				}
			})
			if doc.Len() != test.contacts {
				t.Errorf("%d contacts were exported, want %d", doc.Len(), test.contacts)
			}
			test.want["GET /crm/v4/associations/contacts/companies/labels"] = 1
			test.want["POST /crm/v4/associations/contacts/companies/batch/read"] = (test.contacts + hubspot.MaxAssociationRead - 1) / hubspot.MaxAssociationRead
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExportIsDeterministic(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	if err := b.portal.Seed(t.Context(), 300, 7); err != nil {
		t.Fatal(err)
	}
	options := snapshot.ExportOptions{Associations: []crm.ObjectType{crm.TypeContact, crm.TypeCompany, crm.TypeDeal}}
	first, second := contactsOf(b.export(options)), contactsOf(b.export(options))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two exports differ (-first +second):\n%s", diff)
	}
	linked := slices.ContainsFunc(first, func(c spec.Contact) bool { return len(c.Associations) > 0 })
	if len(first) != 300 || !linked {
		t.Errorf("%d contacts, linked %t", len(first), linked)
	}
}

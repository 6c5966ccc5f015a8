package spec_test

import (
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
)

func TestLoadFixture(t *testing.T) {
	t.Parallel()
	got, list := spec.LoadFixture(fileSource("../testdata/good/fixture-full.yaml"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	navy := crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "navy.example"}
	texts := func(pairs ...string) crm.Properties {
		var values []crm.Value
		for i := 0; i < len(pairs); i += 2 {
			values = append(values, crm.Value{Name: pairs[i], Text: pairs[i+1]})
		}
		return crm.NewProperties(values...)
	}
	want := &crm.Fixture{
		Account: "12345678",
		Properties: []crm.Property{
			{
				Name: "event_tags", Label: "Event tags", Type: "enumeration", FieldType: "checkbox",
				Options: []crm.Option{{Value: "Berlin 2026"}, {Value: "Oslo", Label: "Oslo 2027", DisplayOrder: 1, Hidden: true}},
			},
			{Name: "badge", Unique: true},
			{Name: "zip", Rules: []crm.ValidationRule{{Type: "ALPHANUMERIC", Arguments: []string{"NUMERIC_ONLY"}}}},
			{Name: "score", Type: "number", FieldType: "number", ReadOnly: true, Calculated: true, Sensitivity: "non_sensitive"},
			{Name: "region", Type: "enumeration", FieldType: "select", External: true, References: "OWNER"},
		},
		Objects: []crm.FixtureObject{{
			Type: "2-123", Name: "engine", Singular: "Engine", Plural: "Engines", Primary: "serial",
			Properties: []crm.Property{{Name: "serial", Unique: true}, {Name: "badge"}},
			Associated: []crm.ObjectType{crm.TypeContact, crm.TypeCompany},
		}},
		Labels: []crm.FixtureLabel{{From: crm.TypeContact, To: crm.TypeCompany, Label: "Decision maker", TypeID: 28}},
		Owners: []crm.FixtureOwner{
			{ID: "501", Email: "raj@acme.example", FirstName: "Raj", LastName: "Rao"},
			{Email: "raj@acme.example", Archived: true},
			{FirstName: "Support", Queue: true},
		},
		Records: []crm.FixtureRecord{
			{Type: "2-123", ID: "88", Properties: texts("serial", "E-1")},
			{Type: crm.TypeCompany, ID: "9001", Properties: texts("city", "02139", "domain", "navy.example", "name", "Navy")},
			{Type: crm.TypeDeal, Properties: texts("dealname", "Ship", "amount", "1.50"), Associations: []crm.FixtureAssociation{{To: navy}}},
			{Type: crm.TypeTicket, Properties: texts("subject", "Engine stalls")},
			{Type: crm.TypeNote, ID: "77", Properties: texts("hs_note_body", "Called back.")},
			{
				Type: crm.TypeContact, ID: "151",
				Properties: texts("email", "grace@example.com", "event_tags", "Oslo;Berlin 2026", "firstname", "Grace", "hubspot_owner_id", "raj@acme.example"),
				Associations: []crm.FixtureAssociation{
					{To: navy, Labels: []string{"Primary", "Decision maker"}},
					{To: crm.Target{Type: crm.TypeDeal, Property: "dealname", Value: "Ship"}},
				},
			},
			{Type: crm.TypeContact, Properties: texts("email", "lee@example.com"), Archived: true},
			{Type: crm.TypeContact, Properties: texts("email", "lee@example.com")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package portal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// texts makes properties of names and texts in turn.
func texts(pairs ...string) crm.Properties {
	var values []crm.Value
	for i := 0; i < len(pairs); i += 2 {
		values = append(values, crm.Value{Name: pairs[i], Text: pairs[i+1]})
	}
	return crm.NewProperties(values...)
}

func to(target crm.Target, labels ...string) crm.FixtureAssociation {
	return crm.FixtureAssociation{To: target, Labels: labels}
}

func smallPortal() *crm.Fixture {
	return &crm.Fixture{
		Properties: []crm.Property{
			{Name: "tier", Type: "enumeration", Options: []crm.Option{{Value: "gold"}, {Value: "silver", Label: "Silver", DisplayOrder: 1}}},
			{Name: "badge", Unique: true},
			{Name: "lifecyclestage", Options: []crm.Option{{Value: "lead"}, {Value: "8812", Label: "Trial", DisplayOrder: 1}, {Value: "customer", DisplayOrder: 2}}},
			{Name: "zip", Rules: []crm.ValidationRule{{Type: "ALPHANUMERIC", Arguments: []string{"NUMERIC_ONLY"}}}},
		},
		Labels: []crm.FixtureLabel{
			{From: crm.TypeContact, To: crm.TypeCompany, Label: "Decision maker", TypeID: 28},
			{From: crm.TypeCompany, To: crm.TypeContact, Label: "Decision maker", TypeID: 29},
			{From: crm.TypeContact, To: crm.TypeContact, Label: "Colleague"},
			{From: crm.TypeContact, To: crm.TypeDeal, Label: "Sponsor"},
		},
		Owners: []crm.FixtureOwner{
			{ID: "501", Email: "raj@acme.example", FirstName: "Raj"},
			{Email: "lin@acme.example", FirstName: "Lin"},
			{Email: "raj@acme.example", Archived: true},
		},
		Records: []crm.FixtureRecord{
			{Type: crm.TypeCompany, Properties: texts("name", "Navy", "domain", "navy.example")},
			{Type: crm.TypeCompany, ID: "9001", Properties: texts("name", "Acme", "domain", "acme.example")},
			{
				Type: crm.TypeContact, ID: "151",
				Properties: texts("email", "Grace@Example.com", "zip", "A-1", "createdate", "2019-03-01T00:00:00Z", "num_associated_deals", "1",
					"hs_additional_emails", "gb@example.com", "hubspot_owner_id", "raj@acme.example", "tier", "gold", "badge", "b1", "lifecyclestage", "8812"),
				Associations: []crm.FixtureAssociation{
					to(crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "NAVY.example"}, "Primary", "Decision maker"),
					to(crm.Target{Type: crm.TypeCompany, ID: "9001"}),
					to(crm.Target{Type: crm.TypeContact, Email: "ada@example.com"}, "colleague"),
					to(crm.Target{Type: crm.TypeDeal, Property: "dealname", Value: "Ship"}, "Sponsor"),
				},
			},
			{Type: crm.TypeContact, Properties: texts("email", "ada@example.com", "hubspot_owner_id", "lin@acme.example")},
			{Type: crm.TypeContact, Properties: texts("email", "ada@example.com", "badge", "b1"), Archived: true},
			{Type: crm.TypeDeal, Properties: texts("dealname", "Ship", "amount", "1.50")},
		},
	}
}

func TestFillStagesAPortal(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{AccountID: "1"})
	if err := p.Fill(t.Context(), smallPortal()); err != nil {
		t.Fatal(err)
	}
	var grace object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/gb@example.com?idProperty=email&properties=email,zip,createdate,hubspot_owner_id,lifecyclestage,num_associated_deals,tier", "").JSON(t, &grace)
	got := map[string]string{"id": grace.ID}
	for name := range grace.Properties {
		got[name] = grace.text(name)
	}
	delete(got, "lastmodifieddate")
	if diff := cmp.Diff(map[string]string{
		"id": "151", "hs_object_id": "151", "email": "grace@example.com", "zip": "A-1", "createdate": "2019-03-01T00:00:00.000Z",
		"hubspot_owner_id": "501", "lifecyclestage": "8812", "num_associated_deals": "1", "tier": "gold",
	}, got); diff != "" {
		t.Errorf("Grace (-want +got):\n%s", diff)
	}
	// What the fixture defined holds for later writes: the order of stages, unique values, rules.
	var written object
	want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/151", `{"properties":{"lifecyclestage":"lead"}}`).JSON(t, &written)
	if got := written.text("lifecyclestage"); got != "8812" {
		t.Errorf("a stage was moved back to %q", got)
	}
	want(t, p, 400, "POST", "/crm/v3/objects/contacts", `{"properties":{"firstname":"Twin","badge":"b1"}}`)
	want(t, p, 400, "PATCH", "/crm/v3/objects/contacts/151", `{"properties":{"zip":"B-2"}}`)
	archived := want(t, p, 200, "GET", "/crm/v3/objects/contacts?archived=true&properties=email", "").Body
	if !strings.Contains(archived, "ada@example.com") {
		t.Errorf("the bin has no Ada: %s", archived)
	}
}

func TestFillAssociates(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{AccountID: "1"})
	if err := p.Fill(t.Context(), smallPortal()); err != nil {
		t.Fatal(err)
	}
	type label struct {
		Category string
		TypeID   int
		Label    *string
	}
	links := func(path string) map[string][]int {
		var page struct {
			Results []struct {
				ToObjectID       int64
				AssociationTypes []label
			}
		}
		reply := want(t, p, 200, "GET", path, "")
		reply.JSON(t, &page)
		types := map[string][]int{}
		for _, row := range page.Results {
			key := "other"
			if row.ToObjectID == 9001 || row.ToObjectID == 151 {
				key = "named"
			}
			for _, l := range row.AssociationTypes {
				types[key] = append(types[key], l.TypeID)
			}
		}
		return types
	}
	companies := links("/crm/v4/objects/contacts/151/associations/companies")
	if diff := cmp.Diff(map[string][]int{"named": {279}, "other": {1, 279, 28}}, companies); diff != "" {
		t.Errorf("types towards companies (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]int{"named": {280}}, links("/crm/v4/objects/companies/9001/associations/contacts")); diff != "" {
		t.Errorf("types towards contacts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]int{"other": {449, 2001}}, links("/crm/v4/objects/contacts/151/associations/contacts")); diff != "" {
		t.Errorf("types towards colleagues (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]int{"other": {4, 2002}}, links("/crm/v4/objects/contacts/151/associations/deals")); diff != "" {
		t.Errorf("types towards deals (-want +got):\n%s", diff)
	}
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	contact := func(associations []crm.FixtureAssociation, pairs ...string) []crm.FixtureRecord {
		return []crm.FixtureRecord{
			{Type: crm.TypeContact, Properties: texts(append([]string{"email", "ada@example.com"}, pairs...)...), Associations: associations},
			{Type: crm.TypeCompany, Properties: texts("domain", "acme.example")},
			{Type: crm.TypeCompany, Properties: texts("domain", "acme.example")},
		}
	}
	for name, c := range map[string]struct {
		fixture crm.Fixture
		want    []string
	}{
		"values": {
			crm.Fixture{Records: contact(nil, "zipp", "1", "hs_lead_status", "New", "hubspot_owner_id", "raj@acme.example", "hs_object_id", "7")},
			[]string{
				`contact ada@example.com: property zipp: Property "zipp" does not exist`,
				"contact ada@example.com: property hs_lead_status: New was not one of the allowed options: [NEW, ",
				"contact ada@example.com: property hubspot_owner_id: no owner has the address raj@acme.example",
				"contact ada@example.com: the id stands beside the properties",
			},
		},
		"targets": {
			crm.Fixture{Records: contact([]crm.FixtureAssociation{
				to(crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "acme.example"}),
				to(crm.Target{Type: crm.TypeCompany, ID: "7"}),
			})},
			[]string{
				"contact ada@example.com: the fixture has 2 records of type company with domain acme.example",
				"contact ada@example.com: the fixture has no live company with id 7",
			},
		},
		"label": {
			crm.Fixture{Records: append(contact([]crm.FixtureAssociation{to(crm.Target{Type: crm.TypeDeal, ID: "7"}, "Primary")}), crm.FixtureRecord{Type: crm.TypeDeal, ID: "7"})},
			[]string{`contact ada@example.com: there is no label "Primary" from contact to deal`},
		},
		"twin address":  {crm.Fixture{Records: append(contact(nil), contact(nil)...)}, []string{"contact ada@example.com: Contact already exists"}},
		"twin id":       {crm.Fixture{Records: []crm.FixtureRecord{{Type: crm.TypeDeal, ID: "7"}, {Type: crm.TypeDeal, ID: "7"}}}, []string{"deal 7: there is another deal with the id 7"}},
		"bad id":        {crm.Fixture{Records: []crm.FixtureRecord{{Type: crm.TypeDeal, ID: "07"}}}, []string{`deal 07: "07" is no id`}},
		"type":          {crm.Fixture{Records: []crm.FixtureRecord{{Type: "2-9"}}}, []string{`record 1, a 2-9: the portal has no records of type "2-9"`}},
		"account":       {crm.Fixture{Account: "2"}, []string{"the fixture is for account 2, the portal is account 1"}},
		"no options":    {crm.Fixture{Properties: []crm.Property{{Name: "tier", Type: "enumeration"}}}, []string{"property tier: an enumeration needs options"}},
		"archived ends": {crm.Fixture{Records: []crm.FixtureRecord{{Type: crm.TypeDeal, ID: "7", Archived: true, Associations: []crm.FixtureAssociation{to(crm.Target{Type: crm.TypeDeal, ID: "7"})}}}}, []string{"deal 7: an archived record has no associations"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{AccountID: "1"})
			err := p.Fill(t.Context(), &c.fixture)
			if err == nil {
				t.Fatal("the fixture was accepted")
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not say %q:\n%v", part, err)
				}
			}
			if empty, err := p.Empty(t.Context()); err != nil || !empty {
				t.Errorf("after a refused fixture the portal is empty: %t, %v", empty, err)
			}
		})
	}
}

func TestFillAddsToWhatIsThere(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{AccountID: "1"})
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		fixture := &crm.Fixture{
			Labels:  []crm.FixtureLabel{{From: crm.TypeContact, To: crm.TypeDeal, Label: "About " + email}},
			Owners:  []crm.FixtureOwner{{Email: crm.Email("owner-of-" + email)}},
			Records: []crm.FixtureRecord{{Type: crm.TypeContact, Properties: texts("email", email)}},
		}
		if err := p.Fill(t.Context(), fixture); err != nil {
			t.Fatal(err)
		}
	}
	if got := want(t, p, 200, "GET", "/crm/v3/owners", "").Body; strings.Count(got, "owner-of-") != 2 {
		t.Errorf("owners: %s", got)
	}
	if got := want(t, p, 200, "GET", "/crm/v4/associations/contacts/deals/labels", "").Body; strings.Count(got, "About ") != 2 {
		t.Errorf("labels: %s", got)
	}
}

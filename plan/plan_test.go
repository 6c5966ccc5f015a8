package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

var (
	unlabeled = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 279}
	primary   = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 1, Label: "Primary"}
	decides   = crm.AssociationType{Category: crm.UserDefined, TypeID: 28, Label: "Decision maker"}
	knows     = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 449}
)

// testPortal is a portal with a property of each type.
func testPortal() *crm.Portal {
	properties := make(map[string]crm.Property)
	for _, p := range []crm.Property{
		{Name: "company", Type: "string", FieldType: "text"},
		{Name: "contract_end", Type: "date", FieldType: "date"},
		{Name: "event_tags", Type: "enumeration", FieldType: "checkbox", Options: []crm.Option{
			{Label: "Berlin", Value: "berlin"}, {Label: "Paris", Value: "paris"}, {Label: "Rome", Value: "rome"},
		}},
		{Name: "firstname", Label: "First name", Type: "string", FieldType: "text"},
		{Name: "hs_lead_status", Type: "enumeration", FieldType: "radio", Options: []crm.Option{
			{Label: "New", Value: "NEW"}, {Label: "Open", Value: "OPEN"},
		}},
		{Name: "hs_object_id", Type: "number", FieldType: "number", ReadOnly: true},
		{Name: "hubspot_owner_id", Type: "enumeration", FieldType: "select", External: true, References: "OWNER"},
		{Name: "jobtitle", Label: "Job Title", Type: "string", FieldType: "text"},
		{Name: "last_webinar_at", Type: "datetime", FieldType: "date"},
		{Name: "lastname", Label: "Last name", Type: "string", FieldType: "text"},
		{Name: "lifecyclestage", Label: "Lifecycle Stage", Type: "enumeration", FieldType: "radio", External: true, Options: []crm.Option{
			{Label: "Lead", Value: "lead"}, {Label: "Opportunity", Value: "opportunity"}, {Label: "Customer", Value: "customer"},
		}},
		{Name: "newsletter", Type: "bool", FieldType: "booleancheckbox"},
		{Name: "nps_score", Type: "number", FieldType: "number"},
		{Name: "ssn", Type: "string", FieldType: "text", Sensitivity: "highly_sensitive"},
	} {
		properties[p.Name] = p
	}
	company := func(domain string) crm.Target {
		return crm.Target{Type: crm.TypeCompany, Property: "domain", Value: domain}
	}
	return &crm.Portal{
		ID: "12345678", Properties: properties,
		Stages:       []string{"lead", "opportunity", "customer"},
		Owners:       map[crm.Email]crm.ObjectID{"raj@acme.example": "71"},
		FormerOwners: map[crm.Email]crm.ObjectID{"kim@acme.example": "72"},
		Labels: map[[2]crm.ObjectType][]crm.AssociationType{
			{crm.TypeContact, crm.TypeCompany}: {primary, unlabeled, decides},
			{crm.TypeContact, crm.TypeContact}: {knows},
		},
		Targets: map[crm.Target][]crm.ObjectID{
			company("navy.example"):                              {"9001"},
			company("twice.example"):                             {"9002", "9003"},
			company("nowhere.example"):                           nil,
			{Type: crm.TypeContact, Email: "friend@example.com"}: {"777"},
		},
	}
}

// declare is a present contact with values of its own, each name and text.
func declare(email crm.Email, values ...string) spec.Contact {
	c := spec.Contact{Email: email, Written: string(email), Ensure: spec.Present, Lifecycle: spec.AtLeast}
	if email != "" {
		c.At = diag.Range{File: "a.yaml", Line: len(email), Column: 5, EndColumn: 5 + len(email)}
	}
	for i := 0; i < len(values); i += 2 {
		c.Properties = append(c.Properties, value(values[i], values[i+1]))
	}
	return c
}

func value(name, text string) spec.Property {
	return spec.Property{Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact}
}

// found is a live contact with values, each name and text.
func found(id crm.ObjectID, email crm.Email, values ...string) crm.Contact {
	properties := []crm.Value{{Name: "email", Text: string(email)}}
	for i := 0; i < len(values); i += 2 {
		properties = append(properties, crm.Value{Name: values[i], Text: values[i+1]})
	}
	return crm.Contact{ID: id, Email: email, Properties: crm.NewProperties(properties...)}
}

// planOf plans contacts against live ones in the test portal.
func planOf(t *testing.T, options plan.Options, declared []spec.Contact, live ...crm.Contact) (*plan.Plan, diag.List) {
	t.Helper()
	planner := plan.New(spec.NewDocument(declared), testPortal(), options)
	planner.Add(live...)
	return planner.Plan()
}

func codes(list diag.List) []string {
	var found []string
	for _, d := range list {
		code := d.Code
		if d.Severity == diag.Warning {
			code += " warning"
		}
		found = append(found, code)
	}
	return found
}

func TestPlanOfEachAction(t *testing.T) {
	t.Parallel()
	gone := declare("lee@oldco.example")
	gone.Ensure = spec.Archived
	renamed := declare("grace@example.com")
	renamed.PreviousEmails = []crm.Email{"gb@example.com"}
	got, problems := planOf(t, plan.Options{}, []spec.Contact{
		declare("ada@example.com", "jobtitle", "CTO", "lifecyclestage", "customer", "nps_score", "9.0"),
		declare("linus@example.org", "firstname", "Linus", "jobtitle", ""),
		declare("same@example.com", "contract_end", "1773532800000"),
		gone, renamed,
	},
		found("1", "ada@example.com", "jobtitle", "Engineer", "lifecyclestage", "lead", "nps_score", "9"),
		found("2", "lee@oldco.example", "firstname", "Lee", "lastname", "Moran", "num_associated_deals", "2"),
		found("3", "gb@example.com"),
		found("4", "same@example.com", "contract_end", "2026-03-15"),
		found("5", "nobody@example.com"),
	)
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	want := &plan.Plan{
		Portal: "12345678",
		Limits: plan.Limits{Archive: 50, Create: 1000, Update: 10000, Clear: 100, Overwrite: plan.NoLimit},
		Watch:  []string{"hs_lead_status", "hubspot_owner_id", "lifecyclestage"},
		Counts: plan.Counts{Declared: 5, Found: 4, Unchanged: 1},
		Changes: []plan.Change{
			{Action: plan.Update, Email: "ada@example.com", ID: "1", Properties: []plan.PropertyChange{
				{Name: "jobtitle", Before: "Engineer", After: "CTO", Origin: plan.OriginContact},
				{Name: "lifecyclestage", Before: "lead", After: "customer", Origin: plan.OriginContact},
			}},
			{Action: plan.Update, Email: "grace@example.com", From: "gb@example.com", ID: "3", Properties: []plan.PropertyChange{
				{Name: "email", Before: "gb@example.com", After: "grace@example.com", Origin: plan.OriginRename},
			}},
			{Action: plan.Archive, Email: "lee@oldco.example", ID: "2", Live: plan.Live{Name: "Lee Moran", Deals: 2}},
			{Action: plan.Create, Email: "linus@example.org", Properties: []plan.PropertyChange{
				{Name: "firstname", After: "Linus", Origin: plan.OriginContact},
			}},
		},
	}
	for i := range got.Changes {
		got.Changes[i].At = diag.Range{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	wantSummary := plan.Summary{Create: 1, Update: 1, Rename: 1, Archive: 1, Unchanged: 1}
	if diff := cmp.Diff(wantSummary, got.Summary()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

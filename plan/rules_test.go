package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// property is one declared value with a change to it.
func property(name, text string, change func(*spec.Property)) spec.Property {
	p := value(name, text)
	if change != nil {
		change(&p)
	}
	return p
}

func mode(m spec.Mode) func(*spec.Property) { return func(p *spec.Property) { p.Mode = m } }

func removing(parts ...string) func(*spec.Property) {
	return func(p *spec.Property) { p.Remove, p.Set, p.Text = parts, false, "" }
}

func TestProperties(t *testing.T) {
	t.Parallel()
	createOnly, fillOnly, additive := mode(spec.CreateOnly), mode(spec.FillOnly), mode(spec.Additive)
	for name, test := range map[string]struct {
		property spec.Property
		live     string
		created  bool // there is no live contact
		want     string
		codes    []string
	}{
		"a value":                             {property: value("jobtitle", "CTO"), live: "Engineer", want: "CTO"},
		"the same value":                      {property: value("jobtitle", "CTO"), live: "CTO"},
		"white space counts in text":          {property: value("jobtitle", "CTO "), live: "CTO", want: "CTO "},
		"cleared":                             {property: value("jobtitle", ""), live: "CTO", want: "(cleared)"},
		"cleared already":                     {property: value("jobtitle", "")},
		"an equal number":                     {property: value("nps_score", "1.0"), live: "1"},
		"another number":                      {property: value("nps_score", "1.5"), live: "1", want: "1.5"},
		"an equal day":                        {property: value("contract_end", "1773532800000"), live: "2026-03-15"},
		"an equal instant":                    {property: value("last_webinar_at", "2026-03-15T10:30:00+01:00"), live: "2026-03-15T09:30:00.000Z"},
		"an equal set":                        {property: value("event_tags", "paris;berlin"), live: "berlin;paris"},
		"another set":                         {property: value("event_tags", "rome"), live: "berlin;paris", want: "rome"},
		"an unknown option that stays":        {property: value("hs_lead_status", "GONE"), live: "GONE"},
		"an unknown option that changes":      {property: value("hs_lead_status", "open"), live: "GONE", codes: []string{"CS2006"}},
		"a bad date that stays":               {property: value("contract_end", "soon"), live: "soon"},
		"a bad date that changes":             {property: value("contract_end", "soon"), live: "", codes: []string{"CS2006"}},
		"a bad value on create":               {property: value("newsletter", "yes"), created: true, codes: []string{"CS2006"}},
		"append is refused":                   {property: value("event_tags", ";rome"), live: "berlin", codes: []string{"CS2006"}},
		"create-only on create":               {property: property("jobtitle", "CTO", createOnly), created: true, want: "CTO"},
		"create-only later":                   {property: property("jobtitle", "CTO", createOnly), live: "Engineer"},
		"create-only later, even when empty":  {property: property("jobtitle", "CTO", createOnly)},
		"fill-only where empty":               {property: property("jobtitle", "CTO", fillOnly), want: "CTO"},
		"fill-only where full":                {property: property("jobtitle", "CTO", fillOnly), live: "Engineer"},
		"additive":                            {property: property("event_tags", "rome;paris", additive), live: "paris;berlin", want: "berlin;paris;rome"},
		"additive, nothing new":               {property: property("event_tags", "paris", additive), live: "paris;berlin"},
		"additive on create":                  {property: property("event_tags", "paris", additive), created: true, want: "paris"},
		"additive over a deleted option":      {property: property("event_tags", "paris", additive), live: "oslo", codes: []string{"CS2006"}},
		"remove":                              {property: property("event_tags", "", removing("paris")), live: "paris;berlin", want: "berlin"},
		"remove the last":                     {property: property("event_tags", "", removing("paris")), live: "paris", want: "(cleared)"},
		"remove what is not there":            {property: property("event_tags", "", removing("rome")), live: "paris;berlin"},
		"a stage ahead":                       {property: value("lifecyclestage", "customer"), live: "lead", want: "customer"},
		"a stage behind is satisfied":         {property: value("lifecyclestage", "lead"), live: "customer"},
		"a first stage":                       {property: value("lifecyclestage", "opportunity"), want: "opportunity"},
		"a stage that is cleared":             {property: value("lifecyclestage", ""), live: "lead", want: "(cleared)"},
		"from a stage that the portal lost":   {property: value("lifecyclestage", "lead"), live: "1234", want: "lead"},
		"a stage by its label":                {property: value("lifecyclestage", "Customer"), live: "lead", codes: []string{"CS2006"}},
		"an unknown stage that would be back": {property: value("lifecyclestage", "prospect"), live: "customer", codes: []string{"CS2006"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := declare("ada@example.com")
			c.Properties = []spec.Property{test.property}
			var live []crm.Contact
			if !test.created {
				live = append(live, found("1", "ada@example.com", test.property.Name, test.live))
			}
			p, problems := planOf(t, plan.Options{}, []spec.Contact{c}, live...)
			got := ""
			if p != nil && len(p.Changes) > 0 && len(p.Changes[0].Properties) > 0 {
				if got = p.Changes[0].Properties[0].After; got == "" {
					got = "(cleared)"
				}
			}
			if got != test.want {
				t.Errorf("after %q, want %q", got, test.want)
			}
			if diff := cmp.Diff(test.codes, codes(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLifecyclePolicies(t *testing.T) {
	t.Parallel()
	lead := declare("ada@example.com", "lifecyclestage", "lead")
	customer := found("1", "ada@example.com", "lifecyclestage", "customer")
	lead.Lifecycle = spec.Exact
	if _, problems := planOf(t, plan.Options{}, []spec.Contact{lead}, customer); !cmp.Equal(codes(problems), []string{"CS2010"}) {
		t.Errorf("exact: %v", problems)
	}
	lead.Lifecycle = spec.AllowBackward
	p, _ := planOf(t, plan.Options{}, []spec.Contact{lead}, customer)
	want := []plan.PropertyChange{{Name: "lifecyclestage", Before: "customer", After: "lead", Origin: plan.OriginContact, Backward: true}}
	if diff := cmp.Diff(want, p.Changes[0].Properties); diff != "" {
		t.Errorf("allow_backward (-want +got):\n%s", diff)
	}
	over := p.Exceeded(plan.Allowances{})
	if len(over) != 1 || over[0].Flag != "--allow-stage-back 1" {
		t.Errorf("a stage moved back exceeds %v", over)
	}
	if over := p.Exceeded(plan.Allowances{StageBack: new(1)}); len(over) != 0 {
		t.Errorf("allowed: %v", over)
	}
}

// No stage at all is as far back as a stage can go.
func TestClearingAStageCountsAsMovingBack(t *testing.T) {
	t.Parallel()
	p, _ := planOf(t, plan.Options{}, []spec.Contact{declare("ada@example.com", "lifecyclestage", "")},
		found("1", "ada@example.com", "lifecyclestage", "customer"))
	if over := p.Exceeded(plan.Allowances{}); len(over) != 1 || over[0].Limit != "stage_back" {
		t.Errorf("exceeded: %v", over)
	}
}

func TestOwnersAndIgnoredProperties(t *testing.T) {
	t.Parallel()
	c := declare("ada@example.com", "jobtitle", "CTO", "nps_score", "7")
	c.Owner, c.Ignore = "raj@acme.example", []string{"jobtitle"}
	p, problems := planOf(t, plan.Options{}, []spec.Contact{c}, found("1", "ada@example.com", "jobtitle", "Engineer", "hubspot_owner_id", "70"))
	want := []plan.PropertyChange{
		{Name: "hubspot_owner_id", Before: "70", After: "71", Origin: plan.OriginOwner},
		{Name: "nps_score", After: "7", Origin: plan.OriginContact},
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(want, p.Changes[0].Properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

// Check says what can be known without live contacts, with the word that was
// meant.
func TestCheck(t *testing.T) {
	t.Parallel()
	company := func(domain string) spec.Association {
		return spec.Association{To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: domain}}
	}
	linked := func(associations ...spec.Association) spec.Contact {
		c := declare("ada@example.com")
		c.Associations = associations
		return c
	}
	owned := func(owner crm.Email) spec.Contact {
		c := declare("ada@example.com")
		c.Owner = owner
		return c
	}
	of := func(p spec.Property) spec.Contact {
		c := declare("ada@example.com")
		c.Properties = []spec.Property{p}
		return c
	}
	labelled := company("navy.example")
	labelled.Labels = []string{"Decision marker"}
	typed := company("navy.example")
	typed.Type = &crm.AssociationType{Category: crm.UserDefined, TypeID: 99}
	skipped := company("nowhere.example")
	skipped.Skip = true
	for name, test := range map[string]struct {
		contact spec.Contact
		code    string
		hint    string
	}{
		"a typo":                 {declare("ada@example.com", "jobtitel", "x"), "CS2001", `did you mean "jobtitle"?`},
		"a label":                {declare("ada@example.com", "Job Title", "x"), "CS2001", `did you mean "jobtitle"?`},
		"a read-only property":   {declare("ada@example.com", "hs_object_id", "1"), "CS2002", "remove the line"},
		"a sensitive property":   {declare("ada@example.com", "ssn", "1"), "CS2003", "remove the line, or name the property in policy.sensitive of the project file"},
		"a list of one value":    {of(property("jobtitle", "a;b", func(p *spec.Property) { p.List = true })), "CS2004", "write one value"},
		"additive to one value":  {of(property("jobtitle", "a", mode(spec.Additive))), "CS2005", "take it out of additive: or remove:"},
		"remove from one value":  {of(property("jobtitle", "", removing("a"))), "CS2005", "take it out of additive: or remove:"},
		"itself by its id":       {with(linked(spec.Association{To: crm.Target{Type: crm.TypeContact, ID: "5"}}), func(c *spec.Contact) { c.ID = "5" }), "CS2109", "name another contact, or remove the item"},
		"a value by its label":   {declare("ada@example.com", "hs_lead_status", "New "), "CS2006 warning", `did you mean "NEW"?`},
		"an unknown owner":       {owned("raj@acme.exmple"), "CS2007", "did you mean raj@acme.example?"},
		"a deactivated owner":    {owned("kim@acme.example"), "CS2008", "name an active owner"},
		"a missing target":       {linked(company("nowhere.example")), "CS2101", "create it first, or add missing: skip to leave the association out until it exists"},
		"a missing target, skip": {linked(skipped), "CS2101 warning", "the association is left out, as missing: skip says"},
		"an ambiguous target":    {linked(company("twice.example")), "CS2102", `write the id of the one you mean, for example id: "9002"`},
		"an unknown label":       {linked(labelled), "CS2103", `did you mean "Decision maker"?`},
		"an unknown type":        {linked(typed), "CS2105", "types differ from portal to portal; a label by its name is safer"},
		"an unknown pair":        {linked(spec.Association{To: crm.Target{Type: "2-77", ID: "1"}}), "CS2106", "check the object type, and that the access token may read it"},
		"itself":                 {linked(spec.Association{To: crm.Target{Type: crm.TypeContact, Email: "ada@example.com"}}), "CS2109", "name another contact, or remove the item"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := plan.Check(spec.NewDocument([]spec.Contact{test.contact}), testPortal())
			if len(list) != 1 || codes(list)[0] != test.code || list[0].Hint != test.hint {
				t.Errorf("got %+v, want %s with the hint %q", list, test.code, test.hint)
			}
			if len(list) == 1 && (list[0].Summary == "" || list[0].Subject != "ada@example.com") {
				t.Errorf("no summary or another subject: %+v", list[0])
			}
		})
	}
}

package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// wrongEverywhere are contacts that all make the same mistakes: an unknown property,
// option, owner and label.
func wrongEverywhere(contacts int) *spec.Document {
	declared := make([]spec.Contact, contacts)
	for i := range declared {
		declared[i] = declare(crm.Email(fmt.Sprintf("person%05d@example.com", i)), "hs_lead_status", "NEWW", "jobtitel", "CTO")
		declared[i].Owner = "nobody@example.com"
		declared[i].Associations = []spec.Association{toCompany("9001", "Decision makers")}
	}
	return spec.NewDocument(declared)
}

// widePortal knows so many properties and owners that a search through them is far
// more work than everything else that is done for a contact.
func widePortal() *crm.Portal {
	portal := testPortal()
	for i := range 300 {
		name := fmt.Sprintf("jobtitle_%03d", i)
		portal.Properties[name] = crm.Property{Name: name, Label: name, Type: "string"}
		portal.Owners[crm.Email(fmt.Sprintf("nobod%03d@example.com", i))] = crm.ObjectID(fmt.Sprint(1000 + i))
	}
	return portal
}

// A search for what was meant allocates for each of hundreds of names, so what one
// more contact costs tells whether it was searched for again.
//
//nolint:paralleltest // allocations are counted, which others must not add to
func TestSameMistakeIsSearchedOnce(t *testing.T) {
	portal := widePortal()
	cost := func(contacts int) float64 {
		doc := wrongEverywhere(contacts)
		return testing.AllocsPerRun(1, func() { plan.Check(doc, portal) })
	}
	const few, many = 20, 220
	each := (cost(many) - cost(few)) / (many - few)
	if each > 100 {
		t.Errorf("one more contact with the same mistakes costs %.0f allocations, as if all names were searched again", each)
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	portal := testPortal()
	for name, c := range map[string]struct {
		change func(*spec.Contact)
		want   string
	}{
		"property by its name":  {func(c *spec.Contact) { c.Properties = []spec.Property{value("jobtitel", "CTO")} }, `did you mean "jobtitle"?`},
		"property out of sight": {func(c *spec.Contact) { c.Properties = []spec.Property{value("zzzzzzzz", "CTO")} }, "write the internal name, as HubSpot's property settings show it"},
		"option":                {func(c *spec.Contact) { c.Properties = []spec.Property{value("hs_lead_status", "NEWW")} }, `did you mean "NEW"?`},
		"owner out of sight":    {func(c *spec.Contact) { c.Owner = "zz@yy.example" }, "owners are users of the portal; check the address"},
		"label":                 {func(c *spec.Contact) { c.Associations = []spec.Association{toCompany("9001", "Decision makers")} }, `did you mean "Decision maker"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, second := declare("ada@example.com"), declare("grace@example.com")
			c.change(&first)
			c.change(&second)
			got := plan.Check(spec.NewDocument([]spec.Contact{first, second}), portal)
			if len(got) != 2 || slices.ContainsFunc(got, func(d diag.Diagnostic) bool { return d.Hint != c.want }) {
				var hints []string
				for _, d := range got {
					hints = append(hints, d.Code+" "+d.Hint)
				}
				t.Errorf("two contacts with the same mistake are told\n%s\nwant twice %s", strings.Join(hints, "\n"), c.want)
			}
		})
	}
}

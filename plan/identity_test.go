package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

func with(c spec.Contact, change func(*spec.Contact)) spec.Contact {
	change(&c)
	return c
}

func withAdditional(c crm.Contact, emails ...crm.Email) crm.Contact {
	c.Additional = emails
	return c
}

// outline is a plan in few words: the symbol, the address, and what happens.
func outline(p *plan.Plan) []string {
	if p == nil {
		return nil
	}
	lines := []string{}
	for _, c := range p.Changes {
		line := c.Action.Symbol() + " " + string(c.Email)
		if c.From != "" {
			line += " from " + string(c.From)
		}
		if c.ID != "" {
			line += " #" + string(c.ID)
		}
		for _, property := range c.Properties {
			if property.Origin != plan.OriginRename {
				line += " " + property.Name + "=" + property.After
			}
		}
		for _, reason := range c.Reasons {
			line += " (" + reason.Code + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	archived := func(c *spec.Contact) { c.Ensure = spec.Archived }
	previously := func(emails ...crm.Email) func(*spec.Contact) {
		return func(c *spec.Contact) { c.PreviousEmails = emails }
	}
	id := func(id crm.ObjectID) func(*spec.Contact) { return func(c *spec.Contact) { c.ID = id } }
	binned := func(c crm.Contact) crm.Contact {
		c.Archived, c.ArchivedAt = true, "2026-10-02T08:00:00Z"
		return c
	}
	for name, test := range map[string]struct {
		declared []spec.Contact
		live     []crm.Contact
		want     []string // nil: refused
		codes    []string
	}{
		"an id alone updates": {
			declared: []spec.Contact{with(declare("", "jobtitle", "CTO"), id("9"))},
			live:     []crm.Contact{found("9", "")},
			want:     []string{"~  #9 jobtitle=CTO"},
		},
		"an id that is not there creates nothing": {
			declared: []spec.Contact{with(declare("a@x.example", "jobtitle", "CTO"), id("9"))},
			live:     []crm.Contact{found("8", "a@x.example")},
			codes:    []string{"CS2202"},
		},
		"an id of a merged contact": {
			declared: []spec.Contact{with(declare("", "jobtitle", "CTO"), id("9"))},
			live:     []crm.Contact{askedBy(found("10", "b@x.example"), "9")},
			codes:    []string{"CS2203"},
		},
		"id and another address": {
			declared: []spec.Contact{with(declare("a@x.example"), id("9"))},
			live:     []crm.Contact{found("9", "b@x.example")},
			codes:    []string{"CS2201"},
		},
		"id and another address, taken from the file": {
			declared: []spec.Contact{with(declare("a@x.example"), func(c *spec.Contact) { c.ID, c.TakeEmail = "9", true })},
			live:     []crm.Contact{found("9", "b@x.example")},
			want:     []string{"~ a@x.example from b@x.example #9 (take-email)"},
		},
		"id and an address that somebody else holds": {
			declared: []spec.Contact{with(declare("a@x.example"), func(c *spec.Contact) { c.ID, c.TakeEmail = "9", true })},
			live:     []crm.Contact{found("9", "b@x.example"), found("8", "a@x.example")},
			codes:    []string{"CS2206"},
		},
		"an id whose contact has no address yet": {
			declared: []spec.Contact{with(declare("a@x.example"), id("9"))},
			live:     []crm.Contact{{ID: "9"}},
			want:     []string{"~ a@x.example #9 (address-added)"},
		},
		"an id whose contact has an invalid address": {
			declared: []spec.Contact{with(declare("a@x.example"), id("9"))},
			live:     []crm.Contact{{ID: "9", Properties: crm.NewProperties(crm.Value{Name: "email", Text: "ada"})}},
			codes:    []string{"CS2201"},
		},
		"a rename": {
			declared: []spec.Contact{with(declare("a@x.example", "jobtitle", "CTO"), previously("old@x.example", "older@x.example"))},
			live:     []crm.Contact{found("9", "older@x.example")},
			want:     []string{"~ a@x.example from older@x.example #9 jobtitle=CTO"},
		},
		"a rename that is done": {
			declared: []spec.Contact{with(declare("a@x.example"), previously("old@x.example"))},
			live:     []crm.Contact{found("9", "a@x.example")},
			want:     []string{},
			codes:    []string{"CS2209 warning"},
		},
		"a rename to an address that is taken": {
			declared: []spec.Contact{with(declare("a@x.example"), previously("old@x.example"))},
			live:     []crm.Contact{found("9", "old@x.example"), found("8", "a@x.example")},
			codes:    []string{"CS2206"},
		},
		"a rename to an address that is taken as a secondary one": {
			declared: []spec.Contact{with(declare("a@x.example"), previously("old@x.example"))},
			live:     []crm.Contact{found("9", "old@x.example"), withAdditional(found("8", "c@x.example"), "a@x.example")},
			codes:    []string{"CS2206"},
		},
		"a rename to an address that this plan renames": {
			declared: []spec.Contact{
				with(declare("a@x.example"), previously("old@x.example")),
				with(declare("b@x.example"), previously("a@x.example")),
			},
			live:  []crm.Contact{found("9", "old@x.example"), found("8", "a@x.example")},
			codes: []string{"CS2206"},
		},
		"the address that a rename frees is created": {
			declared: []spec.Contact{
				with(declare("new@x.example"), previously("old@x.example")),
				declare("old@x.example", "firstname", "Heir"),
			},
			live: []crm.Contact{found("9", "old@x.example", "firstname", "Ada")},
			want: []string{"~ new@x.example from old@x.example #9", "+ old@x.example firstname=Heir"},
		},
		"and the second plan is empty": {
			declared: []spec.Contact{
				with(declare("new@x.example"), previously("old@x.example")),
				declare("old@x.example", "firstname", "Heir"),
			},
			live:  []crm.Contact{found("9", "new@x.example", "firstname", "Ada"), found("10", "old@x.example", "firstname", "Heir")},
			want:  []string{},
			codes: []string{"CS2209 warning"},
		},
		"two previous addresses of two records": {
			declared: []spec.Contact{with(declare("a@x.example"), previously("old@x.example", "older@x.example"))},
			live:     []crm.Contact{found("9", "old@x.example"), found("8", "older@x.example")},
			codes:    []string{"CS2205"},
		},
		"a rename of somebody who opted out": {
			declared: []spec.Contact{with(declare("a@x.example"), previously("old@x.example"))},
			live:     []crm.Contact{found("9", "old@x.example", "hs_email_optout", "true")},
			codes:    []string{"CS2208"},
		},
		"a rename of somebody who opted out, looked at": {
			declared: []spec.Contact{with(declare("a@x.example"), func(c *spec.Contact) {
				c.PreviousEmails, c.ConsentChecked = []crm.Email{"old@x.example"}, true
			})},
			live: []crm.Contact{found("9", "old@x.example", "hs_email_optout", "true")},
			want: []string{"~ a@x.example from old@x.example #9 (consent-checked)"},
		},
		"a secondary address is the same contact": {
			declared: []spec.Contact{declare("b@x.example", "jobtitle", "CTO")},
			live:     []crm.Contact{withAdditional(found("9", "a@x.example"), "b@x.example")},
			want:     []string{"~ a@x.example #9 jobtitle=CTO (matched-secondary)"},
		},
		"an also address finds the contact and is never written": {
			declared: []spec.Contact{with(declare("b@x.example", "jobtitle", "CTO"), func(c *spec.Contact) { c.Also = []crm.Email{"a@x.example"} })},
			live:     []crm.Contact{found("9", "a@x.example")},
			want:     []string{"~ a@x.example #9 jobtitle=CTO (matched-also)"},
		},
		"two declared contacts are one record": {
			declared: []spec.Contact{declare("a@x.example"), declare("b@x.example")},
			live:     []crm.Contact{withAdditional(found("9", "a@x.example"), "b@x.example")},
			codes:    []string{"CS2204", "CS2204"},
		},
		"a contact in the recycle bin": {
			declared: []spec.Contact{declare("a@x.example", "jobtitle", "CTO")},
			live:     []crm.Contact{binned(found("9", "a@x.example"))},
			codes:    []string{"CS2207"},
		},
		"a contact in the recycle bin, created again": {
			declared: []spec.Contact{with(declare("a@x.example", "jobtitle", "CTO"), func(c *spec.Contact) { c.Recreate = true })},
			live:     []crm.Contact{binned(found("9", "a@x.example"))},
			want:     []string{"+ a@x.example jobtitle=CTO (recreated)"},
		},
		"a live contact does not mind its twin in the bin": {
			declared: []spec.Contact{declare("a@x.example", "jobtitle", "CTO")},
			live:     []crm.Contact{binned(found("9", "a@x.example")), found("10", "a@x.example", "jobtitle", "CTO")},
			want:     []string{},
		},
		"an archive of nobody": {
			declared: []spec.Contact{with(declare("a@x.example"), archived)},
			want:     []string{},
			codes:    []string{"CS2211 warning"},
		},
		"an archive that is done": {
			declared: []spec.Contact{with(declare("a@x.example"), archived)},
			live:     []crm.Contact{binned(found("9", "a@x.example"))},
			want:     []string{},
		},
		"an archive by a secondary address": {
			declared: []spec.Contact{with(declare("b@x.example"), archived)},
			live:     []crm.Contact{withAdditional(found("9", "a@x.example"), "b@x.example")},
			codes:    []string{"CS2210"},
		},
		"an archive by id": {
			declared: []spec.Contact{with(declare(""), func(c *spec.Contact) { c.ID, c.Ensure = "9", spec.Archived })},
			live:     []crm.Contact{found("9", "a@x.example")},
			want:     []string{"- a@x.example #9"},
		},
		"contacts without address stand by their ids": {
			declared: []spec.Contact{with(declare("", "jobtitle", "CTO"), id("10")), with(declare("", "jobtitle", "CTO"), id("9"))},
			live:     []crm.Contact{{ID: "10"}, {ID: "9"}},
			want:     []string{"~  #9 jobtitle=CTO", "~  #10 jobtitle=CTO"},
		},
		"an address that a rename frees, claimed by a contact that is somebody already": {
			declared: []spec.Contact{
				with(declare("new@x.example"), previously("old@x.example")),
				with(declare("old@x.example"), func(c *spec.Contact) { c.Also = []crm.Email{"z@x.example"} }),
			},
			live:  []crm.Contact{found("9", "old@x.example"), found("8", "z@x.example")},
			codes: []string{"CS2205"},
		},
		"a second read tells what the first did not": {
			declared: []spec.Contact{with(declare("a@x.example", "jobtitle", "CTO"), id("9"))},
			live:     []crm.Contact{found("9", "b@x.example"), askedBy(found("9", "b@x.example"), "a@x.example")},
			want:     []string{"~ b@x.example #9 jobtitle=CTO (matched-secondary)"},
		},
		"a second read names the contact more strongly": {
			declared: []spec.Contact{with(declare("a@x.example", "jobtitle", "CTO"), previously("b@x.example"))},
			live:     []crm.Contact{found("9", "b@x.example"), withAdditional(found("9", "b@x.example"), "a@x.example")},
			want:     []string{"~ b@x.example #9 jobtitle=CTO (matched-secondary)"},
		},
		"an archived contact keeps its other lines to itself": {
			declared: []spec.Contact{with(declare("a@x.example", "no_such", "x"), func(c *spec.Contact) {
				c.Ensure, c.PreviousEmails = spec.Archived, []crm.Email{"old@x.example"}
			})},
			live: []crm.Contact{found("9", "a@x.example"), found("8", "old@x.example")},
			want: []string{"- a@x.example #9"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				got, problems := planOf(t, plan.Options{}, test.declared, test.live...)
				if diff := cmp.Diff(test.want, outline(got)); diff != "" {
					t.Errorf("plan (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.codes, codes(problems)); diff != "" {
					t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
				}
				slices.Reverse(test.live)
			}
		})
	}
}

// askedBy is a live contact that was looked up by the id of one merged into it.
func askedBy(c crm.Contact, asked ...string) crm.Contact {
	c.Asked = asked
	return c
}

// Two contacts that came to one record are both refused, also where a third one that
// did is refused for another reason: a record is not changed twice by one plan.
func TestRecordIsNobodysWhenSeveralClaimIt(t *testing.T) {
	t.Parallel()
	declared := []spec.Contact{
		declare("a@x.example", "jobtitle", "CTO"), declare("b@x.example", "jobtitle", "CEO"),
		with(declare("c@x.example"), func(c *spec.Contact) { c.PreviousEmails = []crm.Email{"old@x.example"} }),
	}
	live := []crm.Contact{withAdditional(found("9", "a@x.example"), "b@x.example", "c@x.example"), found("8", "old@x.example")}
	got, problems := planOf(t, plan.Options{SkipInvalid: true}, declared, live...)
	if diff := cmp.Diff([]string{}, outline(got)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CS2204", "CS2204", "CS2206"}, codes(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// Two came to one record: one of them asks for an association, the other takes it away.
// The contact at the other end may not take it away either.
func TestAssociationThatOneOfSeveralAsksForStays(t *testing.T) {
	t.Parallel()
	gone := func(email crm.Email) spec.Association {
		a := toContact(email)
		a.Absent = true
		return a
	}
	declared := []spec.Contact{
		with(declare("a@x.example"), func(c *spec.Contact) { c.Associations = []spec.Association{toContact("p@x.example")} }),
		with(declare("b@x.example"), func(c *spec.Contact) { c.Associations = []spec.Association{gone("p@x.example")} }),
		with(declare("p@x.example"), func(c *spec.Contact) { c.Associations = []spec.Association{gone("a@x.example")} }),
	}
	live := []crm.Contact{withAdditional(found("9", "a@x.example"), "b@x.example"), found("8", "p@x.example")}
	link := func(from *crm.Contact, to crm.Contact) {
		from.Associations = []crm.Association{{To: crm.Ref{Type: crm.TypeContact, ID: to.ID}, Types: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}}}}
	}
	link(&live[0], live[1])
	link(&live[1], live[0])
	got, problems := planOf(t, plan.Options{SkipInvalid: true}, declared, live...)
	if diff := cmp.Diff([]string{}, outline(got)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CS2108", "CS2204", "CS2204"}, codes(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

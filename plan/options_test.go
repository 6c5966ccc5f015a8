package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

func TestSkipInvalidLeavesContactsOutWhole(t *testing.T) {
	t.Parallel()
	bad := declare("bad@example.com", "newsletter", "yes", "firstname", "Bad")
	friend := declare("friendly@example.com", "firstname", "Fred")
	friend.Associations = []spec.Association{toContact("bad@example.com")}
	second := declare("second@example.com", "firstname", "Sue")
	second.Associations = []spec.Association{toContact("friendly@example.com")}
	declared := []spec.Contact{bad, friend, second, declare("good@example.com", "firstname", "Gus"), declare("typo@example.com", "fristname", "x")}

	if p, problems := planOf(t, plan.Options{}, declared); p != nil || !problems.HasErrors() {
		t.Errorf("an error did not refuse the plan: %v", problems)
	}
	p, problems := planOf(t, plan.Options{SkipInvalid: true}, declared)
	if diff := cmp.Diff([]string{"+ good@example.com firstname=Gus"}, outline(p)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(plan.Counts{Declared: 5, LeftOut: 4}, p.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	subjects := map[string]string{}
	for _, problem := range problems {
		subjects[problem.Subject] = problem.Code
	}
	want := map[string]string{"bad@example.com": "CS2006", "friendly@example.com": "CS2212", "second@example.com": "CS2212", "typo@example.com": "CS2001"}
	if diff := cmp.Diff(want, subjects); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

func TestNarrowing(t *testing.T) {
	t.Parallel()
	renamed := declare("grace@example.com", "jobtitle", "Admiral")
	renamed.PreviousEmails = []crm.Email{"gb@example.com"}
	renamed.Associations = []spec.Association{toCompany("9001")}
	heir := declare("gb@example.com", "firstname", "Heir")
	gone := declare("lee@oldco.example")
	gone.Ensure = spec.Archived
	declared := []spec.Contact{renamed, heir, gone, declare("new@example.org", "firstname", "New")}
	live := []crm.Contact{found("1", "gb@example.com"), found("2", "lee@oldco.example")}
	for name, test := range map[string]struct {
		options plan.Options
		want    []string
		codes   []string
	}{
		"create": {
			plan.Options{Only: []plan.Part{plan.PartCreate}},
			[]string{"+ new@example.org firstname=New"},
			[]string{"CS2212 warning"},
		},
		"archive": {plan.Options{Only: []plan.Part{plan.PartArchive}}, []string{"- lee@oldco.example #2"}, nil},
		"associate": {
			plan.Options{Only: []plan.Part{plan.PartAssociate}},
			[]string{"~ gb@example.com #1"},
			nil,
		},
		"update": {
			plan.Options{Only: []plan.Part{plan.PartUpdate}},
			[]string{"~ grace@example.com from gb@example.com #1 jobtitle=Admiral"},
			nil,
		},
		"by an address before a rename": {
			plan.Options{Targets: []string{"gb@*"}},
			[]string{"+ gb@example.com firstname=Heir", "~ grace@example.com from gb@example.com #1 jobtitle=Admiral"},
			nil,
		},
		"by a pattern": {plan.Options{Targets: []string{"*@*.ORG", "lee@oldc?.example"}}, []string{"- lee@oldco.example #2", "+ new@example.org firstname=New"}, nil},
		"by nobody":    {plan.Options{Targets: []string{"x*"}}, []string{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, problems := planOf(t, test.options, declared, live...)
			if diff := cmp.Diff(test.want, outline(p)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.codes, codes(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// A share of a handful says nothing: percents count from ten contacts on.
func TestPercentsCountFromTenContacts(t *testing.T) {
	t.Parallel()
	limits := spec.Limits{Archive: spec.Limit{Percent: new(10.0)}, Update: spec.Limit{Number: new(7), Percent: new(10.0)}}
	for contacts, want := range map[int][2]int{9: {plan.NoLimit, 7}, 10: {1, 1}, 19: {1, 1}, 90: {9, 7}} {
		got := plan.ResolveLimits(limits, contacts)
		if diff := cmp.Diff(want, [2]int{got.Archive, got.Update}); diff != "" {
			t.Errorf("of %d contacts (-want +got):\n%s", contacts, diff)
		}
	}
}

func TestLimitsAndConsequences(t *testing.T) {
	t.Parallel()
	var declared []spec.Contact
	var live []crm.Contact
	for i := range 12 {
		email := crm.Email(string(rune('a'+i)) + "@example.com")
		c := declare(email, "jobtitle", "CTO", "nps_score", "", "lifecyclestage", "customer")
		if i == 0 {
			c.Ensure = spec.Archived
		}
		declared = append(declared, c)
		live = append(live, found(crm.ObjectID(string(rune('1'+i%9))+string(rune('1'+i/9))), email,
			"jobtitle", "Engineer", "nps_score", "7", "lifecyclestage", "lead", "hs_email_optout", "true", "num_associated_deals", "1"))
	}
	p, problems := planOf(t, plan.Options{}, declared, live...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(plan.Limits{Archive: 0, Create: 1000, Update: 6, Clear: 100, Overwrite: 2}, p.Limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	want := []plan.Excess{
		{Limit: "archive", Planned: 1, Allowed: 0, Flag: "--allow-archive 1"},
		{Limit: "update", Planned: 11, Allowed: 6, Flag: "--allow-update 11"},
		{Limit: "overwrite", Property: "jobtitle", Planned: 11, Allowed: 2, Flag: "--allow-overwrite 11"},
		{Limit: "overwrite", Property: "lifecyclestage", Planned: 11, Allowed: 2, Flag: "--allow-overwrite 11"},
	}
	if diff := cmp.Diff(want, p.Exceeded(plan.Allowances{})); diff != "" {
		t.Errorf("exceeded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:2], p.Exceeded(plan.Allowances{Archive: new(1), Update: new(12), Overwrite: new(11)})); diff != "" {
		t.Errorf("only the exact number allows (-want +got):\n%s", diff)
	}
	consequences := plan.Consequences{
		NetNew:      -1,
		Stages:      []plan.StageMove{{From: "lead", To: "customer", Count: 11}},
		Properties:  []plan.PropertyEffect{{Name: "jobtitle", Overwritten: 11}, {Name: "lifecyclestage", Overwritten: 11}, {Name: "nps_score", Cleared: 11}},
		Overwritten: 22, Cleared: 11, ArchivedWithDeals: 1, OptedOut: 11,
		Watched: []plan.WatchedProperty{{Name: "lifecyclestage", Count: 11}},
	}
	if diff := cmp.Diff(consequences, p.Consequences()); diff != "" {
		t.Errorf("consequences (-want +got):\n%s", diff)
	}
}

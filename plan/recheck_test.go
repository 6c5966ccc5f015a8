package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// A plan that was saved is judged again by what the portal knows when it is applied.
func TestCheckOfASavedPlan(t *testing.T) {
	t.Parallel()
	c := declare("ada@example.com", "firstname", "Ada", "hs_lead_status", "NEW", "nps_score", "7")
	c.Associations = []spec.Association{toCompany("9001", "Decision maker")}
	renamed := declare("new@example.com")
	renamed.PreviousEmails = []crm.Email{"old@example.com"}
	p, problems := planOf(t, plan.Options{}, []spec.Contact{c, renamed}, found("1", "old@example.com"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	portal := testPortal()
	if list := p.Check(portal); len(list) > 0 {
		t.Errorf("nothing changed in the portal: %v", list)
	}
	delete(portal.Properties, "firstname")
	status, score := portal.Properties["hs_lead_status"], portal.Properties["nps_score"]
	status.Options, score.ReadOnly = status.Options[1:], true
	portal.Properties["hs_lead_status"], portal.Properties["nps_score"] = status, score
	portal.Labels[[2]crm.ObjectType{crm.TypeContact, crm.TypeCompany}] = []crm.AssociationType{unlabeled}
	if diff := cmp.Diff([]string{"CS2001", "CS2002", "CS2006", "CS2105"}, codes(p.Check(portal))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// The document of a plan asks for the same changes again, and for no others.
func TestDocumentGivesThePlanAgain(t *testing.T) {
	t.Parallel()
	back := declare("back@example.com", "lifecyclestage", "lead")
	back.Lifecycle = spec.AllowBackward
	back.Associations = []spec.Association{toCompany("9002", "Primary"), toContact("made@example.com")}
	renamed := declare("new@example.com", "jobtitle", "")
	renamed.PreviousEmails, renamed.ConsentChecked = []crm.Email{"old@example.com"}, true
	named := declare("given@example.com")
	named.ID = "5"
	gone := declare("gone@example.com")
	gone.Ensure = spec.Archived
	again := declare("again@example.com", "firstname", "Ann")
	again.Recreate = true
	binned := found("6", "again@example.com")
	binned.Archived = true
	first := found("1", "back@example.com", "lifecyclestage", "customer", "jobtitle", "CTO")
	first.Associations = []crm.Association{liveLink("9001", primary, unlabeled)}
	live := []crm.Contact{
		first, found("2", "old@example.com", "hs_email_optout", "true", "jobtitle", "CTO"),
		found("3", "gone@example.com"),
		{ID: "5"},
		binned,
	}
	want, problems := planOf(t, plan.Options{}, []spec.Contact{
		back, renamed, named, gone, again, declare("made@example.com", "event_tags", "paris;berlin"),
	}, live...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	planner := plan.New(want.Document(), testPortal(), plan.Options{})
	planner.Add(live...)
	got, problems := planner.Plan()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(outline(want), outline(got)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(links(want), links(got)); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
}

package report_test

import (
	"strings"
	"testing"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

// undoing is a plan that undoes a run, and what it leaves.
func undoing() (*plan.Plan, report.Stats) {
	stats := smallStats()
	stats.Files, stats.Declared, stats.Found, stats.Undo, stats.Elapsed = 0, 5, 4, "20261123T164210Z", 0
	stats.Kept = []apply.Kept{
		{ID: "101", Email: "ada@example.com", Property: "jobtitle", Now: "CTO\x1b[2J", Reason: "it was changed since"},
		{ID: "101", Email: "ada@example.com", Property: "lifecyclestage", Reason: "it was changed since"},
		{ID: "102", Email: "gb@example.com", Property: "email", Now: "gb@example.com", Reason: "contact 9 holds the former address"},
		{ID: "103", Email: "kim@example.com", To: crm.Ref{Type: crm.TypeCompany, ID: "9001"}, Reason: "the association was removed since"},
		{ID: "104", Email: "lee@oldco.com", Archived: true, Reason: "HubSpot's API cannot bring an archived contact back"},
		{ID: "105", Email: "max@example.com", To: crm.Ref{Type: crm.TypeContact, ID: "103", Email: "kim@example.com"}, Reason: "the contact at the other end is archived or deleted"},
	}
	return &plan.Plan{
		Portal: "241234567", Counts: plan.Counts{Declared: 5, Found: 4, Unchanged: 4},
		Changes: []plan.Change{{
			Action: plan.Archive, Email: "new@example.com", ID: "106",
			Expect:  []crm.Value{{Name: "email", Text: "new@example.com"}, {Name: "num_notes"}},
			Reasons: []plan.Reason{{Code: plan.ReasonUndo, Text: "undo of run 20261123T164210Z"}},
		}},
	}, stats
}

func TestKeptIsShown(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]report.Options{
		"kept.golden":      {Format: report.Text, PII: report.Full},
		"kept-mask.golden": {Format: report.Text, Key: key},
		"kept-full.json":   {Format: report.JSON, PII: report.Full},
		"kept-mask.json":   {Format: report.JSON, Key: key},
		"kept-none.json":   {Format: report.JSON, PII: report.None},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, stats := undoing()
			var out strings.Builder
			if err := report.Plan(&out, p, stats, o.For(definitions(), "", 0)); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.String())
		})
	}
}

// An undo with nothing to do still says what stays, and a local portal restores by a
// command.
func TestKeptOfAnEmptyUndo(t *testing.T) {
	t.Parallel()
	_, stats := undoing()
	stats.Kind = "local"
	var out strings.Builder
	if err := report.Plan(&out, &plan.Plan{}, stats, report.Options{Format: report.Text, PII: report.Full}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Run      20261123T164210Z, 5 contacts", "keep      ada@example.com", "archived  lee@oldco.com", "contactsync portal restore",
		"No changes. Nothing of run 20261123T164210Z is left to undo.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the screen lacks %q:\n%s", want, out.String())
		}
	}
}

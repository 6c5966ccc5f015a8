package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

// pruning is a plan that archives one contact which no file names and leaves others
// alone.
func pruning() *plan.Plan {
	return &plan.Plan{
		Portal: "241234567",
		Counts: plan.Counts{Declared: 6, Found: 6, Unchanged: 6, Undeclared: 5},
		Changes: []plan.Change{{
			Action: plan.Archive, Email: "lee@oldco.com", ID: "103", At: at("contactsync.yaml", 9),
			Live:    plan.Live{Name: "Lee Moran", LastModified: "2026-10-02T09:11:00Z"},
			Expect:  []crm.Value{{Name: "email", Text: "lee@oldco.com"}, {Name: "managed_by", Text: "contactsync"}},
			Reasons: []plan.Reason{{Code: "pruned", Text: "no file names it; scope: managed_by = contactsync"}},
		}},
		Strays: []plan.Stray{
			{Standing: plan.StrayYoung, ID: "17", Text: "created on 2026-11-20, and prune_min_age is 30d"},
			{Standing: plan.StrayProtected, Email: "kim@example.com", ID: "104", Live: plan.Live{Name: "Kim *Lee*", Deals: 1}, Text: "protected: lifecyclestage is customer or evangelist"},
			{Standing: plan.StrayRenamed, Email: "max@example.com", ID: "105", Text: "it had the address m@example.com, which is declared: a rename, and nobody to archive"},
			{Standing: plan.StrayReported, Email: "zoe@example.com", ID: "106", Text: "no file names it; prune: archive would archive it"},
		},
	}
}

func TestStraysAreShownInEveryFormat(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]report.Options{
		"strays.golden":      {Format: report.Text, PII: report.Full},
		"strays-mask.golden": {Format: report.Text, Key: key},
		"strays-none.json":   {Format: report.JSON, PII: report.None},
		"strays-full.json":   {Format: report.JSON, PII: report.Full},
		"strays-mask.md":     {Format: report.Markdown, Key: key},
		"strays-full.html":   {Format: report.HTML, PII: report.Full},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, render(t, pruning(), o.For(definitions(), o.Profile, 0)))
		})
	}
}

// A plan that only reports has no changes, and still something to say.
func TestReportedContactsAreShownWithoutChanges(t *testing.T) {
	t.Parallel()
	p := pruning()
	p.Changes, p.Strays, p.Counts.Undeclared = nil, p.Strays[3:], 1
	for _, format := range []report.Format{report.Text, report.Markdown, report.HTML, report.JSON} {
		got := render(t, p, report.Options{Format: format, PII: report.Full})
		if !strings.Contains(got, "zoe@") || !strings.Contains(got, "reported") {
			t.Errorf("%s tells nothing of zoe:\n%s", format, got)
		}
	}
	got := render(t, p, report.Options{Format: report.Text, PII: report.Full})
	const want = `
  = reported  zoe@example.com
        no file names it; prune: archive would archive it

No changes. 6 contacts match crm/ (0.4 s).
Prune: 1 contact in scope that no file names: 0 to archive, 1 only reported, 0
       left alone.
`
	if !strings.HasSuffix(got, want) {
		t.Errorf("the screen ends otherwise:\n%s", got)
	}
}

func TestManyStraysAreCut(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Portal: "241234567", Counts: plan.Counts{Undeclared: 300}}
	for i := range 300 {
		p.Strays = append(p.Strays, plan.Stray{Standing: plan.StrayReported, Email: crm.Email(fmt.Sprintf("p%03d@example.com", i)), ID: "7", Text: "no file names it"})
	}
	got := render(t, p, report.Options{Format: report.Text, PII: report.Full})
	if !strings.Contains(got, "p199@") || strings.Contains(got, "p200@") || !strings.Contains(got, "and 100 more contacts that no file names") {
		t.Errorf("the screen:\n%s", got)
	}
	if got := render(t, p, report.Options{Format: report.Text, PII: report.Full, Details: -1}); !strings.Contains(got, "p299@") {
		t.Error("--details 0 does not list them all")
	}
}

package plan_test

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// checkPrune plans the scene under a drawn project. Prune needs a plan without
// errors, so contacts with any are taken out first; their live ones are then
// contacts that no file names.
func checkPrune(t *rapid.T, s *scene, portal *crm.Portal) {
	settings := "version: 1\n" + rapid.SampledFrom([]string{
		"scope: {where: [{property: company, equals: ours}]}\n", "scope: all\n",
	}).Draw(t, "scope") + "prune: " + rapid.SampledFrom([]string{"archive", "archive", "report"}).Draw(t, "prune") +
		"\nlimits: {archive: " + strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "limit")) + "}\n"
	declared := slices.Clone(s.declared)
	for {
		doc := projectOf(t, settings, declared)
		p, problems := prunePlan(doc, portal, s.live)
		if p != nil {
			judgePrune(t, s, doc, p)
			checkFile(t, p)
			checkPruneOrder(t, doc, portal, s, p)
			checkPruneConverges(t, doc, portal, s, p)
			return
		}
		wrong := make(map[string]bool)
		for _, d := range problems {
			if d.Severity == diag.Error {
				wrong[d.Subject] = true
			}
			s.features["prune refused for a rename"] = s.features["prune refused for a rename"] || d.Severity == diag.Error && d.Code == string(diag.ProbableRename)
			s.features["prune refused for a likeness"] = s.features["prune refused for a likeness"] || d.Code == string(diag.Lookalike)
		}
		left := slices.DeleteFunc(slices.Clone(declared), func(c spec.Contact) bool { return wrong[c.Key()] })
		if len(left) == len(declared) {
			if slices.ContainsFunc(declared, func(c spec.Contact) bool { return c.Ensure == spec.Present }) {
				t.Fatalf("no contact has an error, and there is no plan: %v", problems)
			}
			return // nobody is desired, and that is refused
		}
		declared = left
	}
}

func prunePlan(doc *spec.Document, portal *crm.Portal, live []crm.Contact) (*plan.Plan, diag.List) {
	planner := plan.New(doc, portal, whole())
	feed(planner, doc, portal, live)
	return planner.Plan()
}

// judgePrune holds what became of each live contact against the law, in other words
// than the planner's.
func judgePrune(t *rapid.T, s *scene, doc *spec.Document, p *plan.Plan) {
	settings := doc.Settings()
	standings := make(map[crm.ObjectID]plan.Standing)
	for _, stray := range p.Strays {
		standings[stray.ID] = stray.Standing
		s.features["stray "+stray.Standing.String()] = true
	}
	pruned := make(map[crm.ObjectID]bool)
	archives := 0
	for _, change := range p.Changes {
		if change.Action == plan.Archive {
			archives++
		}
		if change.Pruned() {
			pruned[change.ID] = true
			s.features["pruned"] = true
		}
	}
	if over := len(p.Exceeded(plan.Allowances{})) > 0; archives > *settings.Limits.Archive.Number && !over {
		t.Fatalf("%d archives go over the limit of %d, and nobody says so", archives, *settings.Limits.Archive.Number)
	}
	s.features["prune over the limit"] = s.features["prune over the limit"] || len(pruned) > *settings.Limits.Archive.Number
	if settings.Prune == spec.PruneReport && len(pruned) > 0 {
		t.Fatal("prune: report archives")
	}
	for _, live := range s.live {
		why, mayGo := fate(doc, &live)
		_, spared := standings[live.ID]
		switch {
		case pruned[live.ID] && !mayGo:
			t.Fatalf("%s is archived, although: %s", live.Email, why)
		case pruned[live.ID] && spared:
			t.Fatalf("%s is archived and left alone", live.Email)
		case mayGo && !pruned[live.ID] && (settings.Prune != spec.PruneReport || standings[live.ID] != plan.StrayReported):
			t.Fatalf("nobody accounts for %s", live.Email)
		}
	}
	if len(pruned)+len(p.Strays) != p.Counts.Undeclared {
		t.Fatalf("%d are pruned, %d strays, %d undeclared", len(pruned), len(p.Strays), p.Counts.Undeclared)
	}
}

// fate says whether prune may take a live contact, and if not, why.
func fate(doc *spec.Document, live *crm.Contact) (why string, mayGo bool) {
	text := live.Properties.Text
	names := slices.Concat([]crm.Email{live.Email}, live.Additional, live.Former)
	for _, asked := range live.Asked {
		names = append(names, crm.Email(asked))
	}
	for _, c := range doc.All() {
		own := append(slices.Concat(c.PreviousEmails, c.Also), c.Email)
		if c.Ensure == spec.Archived {
			own = []crm.Email{c.Email}
		}
		if slices.ContainsFunc(own, func(e crm.Email) bool { return e != "" && slices.Contains(names, e) }) ||
			c.ID != "" && (c.ID == live.ID || slices.Contains(live.Asked, string(c.ID))) {
			return "it is or was declared", false
		}
		for _, a := range c.Associations {
			if a.To.Type == crm.TypeContact && a.To.ID == live.ID && c.Ensure != spec.Archived {
				return "a declared contact knows it", false
			}
		}
	}
	created := text("createdate")
	switch {
	case live.Archived:
		return "it lies in the bin", false
	case doc.Settings().Scope.Kind == spec.ScopeWhere && text("company") != "ours":
		return "it is out of scope", false
	case text("lifecyclestage") == "customer":
		return "it is a customer", false
	case text("num_associated_deals") != "" && text("num_associated_deals") != "0":
		return "it has deals", false
	case created == "" || strings.HasPrefix(created, "2026-11"):
		return "it is young", false
	}
	return "", true
}

func checkPruneOrder(t *rapid.T, doc *spec.Document, portal *crm.Portal, s *scene, want *plan.Plan) {
	got, _ := prunePlan(doc, portal, rapid.Permutation(s.live).Draw(t, "live order"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("another order gives another plan (-want +got):\n%s", diff)
	}
}

func checkPruneConverges(t *rapid.T, doc *spec.Document, portal *crm.Portal, s *scene, p *plan.Plan) {
	w := &world{contacts: slices.Clone(s.live), stages: portal.Stages}
	if err := w.apply(p); err != nil {
		t.Fatalf("applying what prune planned: %v", err)
	}
	again, problems := prunePlan(doc, portal, w.contacts)
	if again == nil || !again.Empty() {
		t.Fatalf("applied in full, and still there is %v %v", again, problems)
	}
}

package plan_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// features must each occur in at least one case of a hundred, or the laws below
// were not tested.
var features = []string{
	"new", "live", "live by id", "id alone", "unknown id", "rename", "rename done", "rename to a taken address",
	"secondary address", "two declared on one record", "recycle bin", "archive", "nothing to archive", "take email",
	"opted out", "freed address", "also", "merged", "undeclared",
	"undeclared in scope", "undeclared that a declared one knows", "undeclared with a declared address before", "undeclared that looks like a new one",
	"pruned", "prune over the limit", "stray reported", "stray renamed", "stray associated", "stray protected", "stray young",
	"prune refused for a rename", "prune refused for a likeness",
	"contract_end", "event_tags", "hs_lead_status", "jobtitle", "last_webinar_at", "lifecyclestage", "newsletter", "nps_score",
	"owner", "ignore", "create-only", "fill-only", "clear", "additive", "remove", "refused value",
	"lifecycle exact", "lifecycle allow_backward",
	"association by id", "association by domain", "association primary", "association absent",
	"association with a declared contact", "association with another contact",
	"planned create", "planned update", "planned rename", "planned archive", "planned backward stage", "planned primary move",
	"refused", "clean",
}

// The laws of planning, over drawn documents and portals:
//
//   - the order in which contacts are declared and added changes nothing, and
//     neither does adding one twice
//   - a plan that was written and read again is the same plan
//   - only what is declared changes
//   - prune archives only what is in scope and no declared contact ever was, nobody
//     who is protected or young, and not one more than the limit without being told;
//     it accounts for everybody else (prune_law_test.go)
//   - once a plan is applied, planning again gives nothing; where contacts were
//     left out, at the latest when no further one has become plannable
func TestLaws(t *testing.T) {
	t.Parallel()
	cases, seen := 0, make(map[string]int)
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		portal := prunePortal()
		options := plan.Options{SkipInvalid: true}
		p, problems := planScene(s, portal, options, s.live)
		if p == nil {
			t.Fatalf("errors of single contacts refused the plan: %v", problems)
		}
		s.features["refused"] = problems.HasErrors()
		s.features["clean"] = !problems.HasErrors()
		noteChanges(s, p)

		checkOrder(t, s, portal, p, codes(problems))
		checkFile(t, p)
		checkDeclared(t, s, p)
		checkConverges(t, s, portal, p)
		checkPrune(t, s, portal)

		cases++
		for feature, drawn := range s.features {
			if drawn {
				seen[feature]++
			}
		}
	})
	const telling = 100 // fewer cases, in short runs, say nothing about shares
	for _, feature := range features {
		if cases >= telling && seen[feature]*100 < cases {
			t.Errorf("%q occurred in %d of %d cases", feature, seen[feature], cases)
		}
	}
	if unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(seen)), func(f string) bool { return slices.Contains(features, f) }); len(unknown) > 0 {
		t.Errorf("features that nobody counts: %q", unknown)
	}
}

func planScene(s *scene, portal *crm.Portal, options plan.Options, live []crm.Contact) (*plan.Plan, diag.List) {
	planner := plan.New(spec.NewDocument(s.declared), portal, options)
	planner.Add(live...)
	return planner.Plan()
}

func noteChanges(s *scene, p *plan.Plan) {
	for _, change := range p.Changes {
		s.features["planned "+change.Action.String()] = true
		for _, property := range change.Properties {
			s.features["planned rename"] = s.features["planned rename"] || property.Origin == plan.OriginRename
			s.features["planned backward stage"] = s.features["planned backward stage"] || property.Backward
		}
		for _, link := range change.Associations {
			s.features["planned primary move"] = s.features["planned primary move"] || link.PrimaryFrom != (crm.Ref{})
		}
	}
}

func checkOrder(t *rapid.T, s *scene, portal *crm.Portal, want *plan.Plan, wantCodes []string) {
	shuffled := &scene{declared: rapid.Permutation(s.declared).Draw(t, "declared order")}
	live := rapid.Permutation(s.live).Draw(t, "live order")
	planner := plan.New(spec.NewDocument(shuffled.declared), portal, plan.Options{SkipInvalid: true})
	for len(live) > 0 {
		batch := rapid.IntRange(1, len(live)).Draw(t, "batch")
		planner.Add(live[:batch]...)
		planner.Add(live[0])
		live = live[batch:]
	}
	got, problems := planner.Plan()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("another order gives another plan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantCodes, codes(problems)); diff != "" {
		t.Fatalf("another order gives other problems (-want +got):\n%s", diff)
	}
}

func checkFile(t *rapid.T, want *plan.Plan) {
	var file bytes.Buffer
	if err := want.Encode(&file); err != nil {
		t.Fatalf("a plan cannot be written: %v", err)
	}
	got, err := plan.Decode(&file)
	if err != nil {
		t.Fatalf("a plan cannot be read again: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("a plan is another one once read (-want +got):\n%s", diff)
	}
}

func checkDeclared(t *rapid.T, s *scene, p *plan.Plan) {
	for _, change := range p.Changes {
		declared := s.declared[change.At.Line-1]
		for _, property := range change.Properties {
			named := slices.ContainsFunc(declared.Properties, func(p spec.Property) bool { return p.Name == property.Name })
			switch {
			case named && !slices.Contains(declared.Ignore, property.Name):
			case property.Name == "email" && property.Origin == plan.OriginRename:
			case property.Name == "hubspot_owner_id" && declared.Owner != "":
			default:
				t.Fatalf("%s changes %s, which is not declared or ignored", change.Email, property.Name)
			}
		}
		for _, link := range change.Associations {
			if !slices.ContainsFunc(declared.Associations, func(a spec.Association) bool { return a.To.Type == link.To.Type }) {
				t.Fatalf("%s changes an association with a %s, and none is declared", change.Email, link.To.Type)
			}
		}
	}
}

func checkConverges(t *rapid.T, s *scene, portal *crm.Portal, p *plan.Plan) {
	w := &world{contacts: slices.Clone(s.live), stages: portal.Stages}
	leftOut := p.Counts.LeftOut
	for round := 0; ; round++ {
		if err := w.apply(p); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		p, _ = planScene(s, portal, plan.Options{SkipInvalid: true}, w.contacts)
		if p.Empty() {
			return
		}
		if p.Counts.LeftOut >= leftOut {
			t.Fatalf("round %d: applied in full, and still there is %v %v", round, outline(p), links(p))
		}
		leftOut = p.Counts.LeftOut
	}
}

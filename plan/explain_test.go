package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

const explained = `version: 1
defaults:
  fill_only: [nps_score]
contacts:
  - email: ada@example.com
    properties:
      jobtitle: CTO
      lifecyclestage: lead
      nps_score: "7"
    associations:
      - {to: company, id: "9001", labels: [Primary]}
      - {to: company, id: "9009", ensure: absent}
  - email: grace@example.com
    previous_email: gb@example.com
`

func explain(t *testing.T, file, name string, live ...crm.Contact) plan.Explanation {
	t.Helper()
	doc := loaded(t, file)
	i, ok := plan.Find(doc, name)
	if !ok {
		t.Fatalf("%s is not declared", name)
	}
	return plan.Explain(doc, i, testPortal(), live, plan.Options{})
}

func TestExplainNamesTheRuleOfEveryLine(t *testing.T) {
	t.Parallel()
	live := found("1", "ada@example.com", "jobtitle", "CTO", "lifecyclestage", "customer", "nps_score", "9", "company", "Own")
	live.Associations = []crm.Association{liveLink("9001", unlabeled), liveLink("9002", unlabeled)}
	got := explain(t, explained, "Ada@Example.com", live)
	want := []plan.Rule{
		{Property: "jobtitle", Declared: "CTO", Live: "CTO", After: "CTO", Rule: "managed", Origin: plan.OriginContact},
		{Property: "lifecyclestage", Declared: "lead", Live: "customer", After: "customer", Rule: "lifecycle-at-least", Origin: plan.OriginContact},
		{Property: "nps_score", Declared: "7", Live: "9", After: "9", Rule: "fill-only", Origin: plan.OriginContact},
	}
	if diff := cmp.Diff(want, got.Rules, cmpopts.IgnoreFields(plan.Rule{}, "At")); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	why := []string{
		"declared labels are added to those that the pair bears.",
		"ensure: absent, and there is no such association.",
		"no line declares it, and associations that are not declared stay.",
	}
	var said []string
	for _, rule := range got.Links {
		said = append(said, rule.Why())
	}
	if diff := cmp.Diff(why, said); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"company"}, got.Free); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
	if got.Live != "1" || got.Why() != "found by its address" || got.At.Line != 5 || len(got.Problems) > 0 {
		t.Errorf("explanation %+v", got)
	}
}

func TestExplainSaysHowTheContactWasFound(t *testing.T) {
	t.Parallel()
	merged := found("7", "ada@example.com")
	merged.Asked = []string{"5"}
	binned := found("3", "ada@example.com")
	binned.Archived = true
	secondary := found("4", "other@example.com")
	secondary.Additional = []crm.Email{"ada@example.com"}
	for name, test := range map[string]struct {
		file, contact string
		live          crm.Contact
		why           string
		problems      []string
	}{
		"by id":             {"version: 1\ncontacts: [{id: \"7\"}]", "7", found("7", "ada@example.com"), "found by its id", nil},
		"by a merged id":    {"version: 1\ncontacts: [{id: \"5\"}]", "5", merged, "found by its merged id", []string{string(diag.MergedContact)}},
		"by the former one": {explained, "grace@example.com", found("2", "gb@example.com"), "found by its previous address", nil},
		"by a secondary":    {"version: 1\ncontacts: [{email: ada@example.com}]", "ada@example.com", secondary, "found by its secondary address", nil},
		"in the bin":        {"version: 1\ncontacts: [{email: ada@example.com}]", "ada@example.com", binned, "no live contact; contact 3 lies in the recycle bin", []string{string(diag.InRecycleBin)}},
		"nowhere":           {"version: 1\ncontacts: [{email: ada@example.com}]", "ada@example.com", found("9", "who@example.com"), "no live contact", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := explain(t, test.file, test.contact, test.live)
			if got.Why() != test.why {
				t.Errorf("%q, want %q", got.Why(), test.why)
			}
			if diff := cmp.Diff(test.problems, codes(got.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAroundReadsTheNeighboursOfAContact(t *testing.T) {
	t.Parallel()
	doc := loaded(t, `version: 1
contacts:
  - email: ada@example.com
    previous_email: al@example.com
    associations: [{to: contact, email: grace@example.com}]
  - email: grace@example.com
  - email: al@example.com
  - email: linus@example.com
`)
	var names []string
	for _, c := range plan.Around(doc, 0).All() {
		names = append(names, string(c.Email))
	}
	if diff := cmp.Diff([]string{"ada@example.com", "grace@example.com", "al@example.com"}, names); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

// What Explain says of a contact is what the plan of the document does to it.
func TestLawExplainAgreesWithThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		doc, portal := spec.NewDocument(s.declared), testPortal()
		p, problems := planScene(s, portal, plan.Options{SkipInvalid: true}, s.live)
		for i, c := range doc.All() {
			e := plan.Explain(doc, i, portal, s.live, plan.Options{SkipInvalid: true})
			var planned plan.Change
			for _, change := range p.Changes {
				if change.At == c.At {
					planned = change
				}
			}
			refused := false
			for _, problem := range problems {
				refused = refused || problem.Severity == diag.Error && problem.Subject == c.Key()
			}
			if e.Problems.HasErrors() && !refused {
				t.Fatalf("%s is refused when explained: %v", c.Key(), e.Problems)
			}
			if refused {
				continue // the plan may know more: of what another contact lacks
			}
			if e.Change.Action == 0 {
				e.Change = plan.Change{}
			}
			if diff := cmp.Diff(planned, e.Change); diff != "" {
				t.Fatalf("%s is explained as something else than planned (-planned +explained):\n%s", c.Key(), diff)
			}
		}
	})
}

package apply_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

var limits = map[apply.Kind]int{
	apply.Update: 100, apply.Create: 100, apply.Archive: 100,
	apply.Associate: 2000, apply.Dissociate: 1000, apply.Unlabel: 1000,
}

// anyPlan draws a plan with every kind of write.
func anyPlan(t *rapid.T) *plan.Plan {
	p := &plan.Plan{}
	n := rapid.IntRange(0, 350).Draw(t, "changes")
	shape := rapid.SliceOfN(rapid.IntRange(0, 7), 1, 12).Draw(t, "shape")
	links := rapid.IntRange(0, 25).Draw(t, "links")
	for i := range n {
		id := crm.ObjectID(fmt.Sprint(1000 + i))
		switch shape[i%len(shape)] {
		case 0:
			p.Changes = append(p.Changes, archive(id, address(i)))
		case 1:
			p.Changes = append(p.Changes, withLinks(create(address(i)), links, i))
		case 2:
			backward := update(id, address(i), "lifecyclestage", "customer", "lead")
			backward.Properties[0].Backward = true
			p.Changes = append(p.Changes, backward)
		case 3:
			p.Changes = append(p.Changes, update(id, address(i), "lifecyclestage", "lead", "customer"))
		case 4:
			rename := update(id, address(i), "email", "old@example.com", address(i))
			rename.From = "old@example.com"
			p.Changes = append(p.Changes, rename)
		case 5:
			p.Changes = append(p.Changes, withLinks(plan.Change{Action: plan.Update, ID: id, Email: crm.Email(address(i))}, max(links, 1), i))
		default:
			p.Changes = append(p.Changes, withLinks(update(id, address(i), "lastname", "a", "b"), links, i))
		}
	}
	return p
}

func withLinks(change plan.Change, n, seed int) plan.Change {
	boss := crm.AssociationType{Category: crm.UserDefined, TypeID: 36, Label: "Boss"}
	types := []crm.ObjectType{crm.TypeCompany, crm.TypeDeal, crm.TypeContact}
	for k := range n {
		link := plan.AssociationChange{To: crm.Ref{Type: types[(k+seed)%3], ID: crm.ObjectID(fmt.Sprint(9000 + k))}}
		switch (k + seed) % 5 {
		case 0:
			link.Before = []crm.AssociationType{worksAt}
		case 1:
			link.Before, link.After = []crm.AssociationType{worksAt, boss}, []crm.AssociationType{worksAt}
		case 2:
			link.After = []crm.AssociationType{worksAt, boss}
		case 3:
			link.After = []crm.AssociationType{worksAt}
		case 4:
			link.To = crm.Ref{Type: crm.TypeContact, Email: crm.Email(address(5000 + k))}
			link.After = []crm.AssociationType{worksAt}
		}
		change.Associations = append(change.Associations, link)
	}
	return change
}

// expected counts how often each write of a plan must stand in the steps.
func expected(p *plan.Plan) map[apply.Item]int {
	want := make(map[apply.Item]int)
	for i, change := range p.Changes {
		if change.Action != plan.Update || len(change.Properties) > 0 {
			want[apply.Item{Change: i}] = 1
		}
		for _, property := range change.Properties {
			if property.Backward {
				want[apply.Item{Change: i, Part: apply.StageSet}] = 1
			}
		}
		for k, link := range change.Associations {
			if change.Action != plan.Create || link.To.ID == "" {
				want[apply.Item{Change: i, Part: k + 1}] = 1
			}
		}
	}
	return want
}

// A group of writes shares requests.
type group struct {
	kind     apply.Kind
	to       crm.ObjectType
	stageSet bool
}

func TestEveryWriteStandsInExactlyOneStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		got := make(map[apply.Item]int)
		least := make(map[group]int)
		steps := 0
		for _, stage := range apply.Stages(p) {
			for _, step := range stage {
				steps++
				if len(step.Items) == 0 || len(step.Items) > limits[step.Kind] {
					t.Fatalf("a step to %s has %d writes", step.Kind, len(step.Items))
				}
				for _, item := range step.Items {
					got[item]++
					if item.Part > 0 && p.Changes[item.Change].Associations[item.Part-1].To.Type != step.To {
						t.Fatalf("a link stands in a step for %s", step.To)
					}
				}
				least[group{step.Kind, step.To, step.Items[0].Part == apply.StageSet}] += len(step.Items)
			}
		}
		if diff := cmp.Diff(expected(p), got); diff != "" {
			t.Fatalf("writes (-want +got):\n%s", diff)
		}
		fewest := 0
		for of, n := range least {
			fewest += (n + limits[of.kind] - 1) / limits[of.kind]
		}
		if steps != fewest {
			t.Fatalf("%d steps, %d would do", steps, fewest)
		}
	})
}

func TestStagesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		rank := map[apply.Kind]int{
			apply.Update: 1, apply.Create: 3, apply.Unlabel: 4, apply.Dissociate: 4, apply.Associate: 5, apply.Archive: 6,
		}
		last := 0
		for _, stage := range apply.Stages(p) {
			for _, step := range stage {
				at := rank[step.Kind]
				if step.Items[0].Part == apply.StageSet {
					at = 2
				}
				if at < last {
					t.Fatalf("%s comes after stage %d", step.Kind, last)
				}
				last = at
			}
		}
	})
}

package apply

import (
	"cmp"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

const (
	propertyEmail = "email"
	propertyStage = "lifecyclestage"
)

// Stages are the requests of a plan: the stages stand in sequence, and the steps
// of one stage may run at the same time. The order is updates (renames and the
// clearing of stages that move backward among them), stage sets, creates with
// their associations, associations removed, associations added, archives. Stages
// without steps are left out.
//
// Every write stands in exactly one step; only a stage that moves backward is
// written twice, cleared before it is set. A link between two contacts that both
// exist only after the creates is written with the other links, and where two
// contacts name each other, the second link in a stage after the first. Steps hold
// at most
// 100 contacts, 2,000 added or relabelled links, 1,000 removed ones.
func Stages(p *plan.Plan) [][]Step {
	w := writes{answers: answers(p)}
	for i := range p.Changes {
		w.sort(p, i)
	}
	var stages [][]Step
	for _, steps := range [][]Step{
		contactSteps(Update, w.moves, w.updates),
		contactSteps(Update, w.stageSets),
		contactSteps(Create, w.creates),
		slices.Concat(w.unlabel.steps(p, Unlabel, hubspot.MaxDissociate), w.remove.steps(p, Dissociate, hubspot.MaxDissociate)),
		w.add.steps(p, Associate, hubspot.MaxAssociate),
		w.answer.steps(p, Associate, hubspot.MaxAssociate),
		contactSteps(Archive, w.archives),
	} {
		if len(steps) > 0 {
			stages = append(stages, steps)
		}
	}
	return stages
}

// The writes of a plan by what sends them. Updates that move a stage stand before
// the others, and labelled links before plain ones: they are read again just
// before they are written, and so in as few requests as possible.
type writes struct {
	moves, updates, stageSets, creates, archives []Item
	unlabel, remove, add, answer                 links
	answers                                      map[Item]bool
}

type links struct{ labelled, plain []Item }

func (w *writes) sort(p *plan.Plan, i int) {
	change := &p.Changes[i]
	item := Item{Change: i}
	switch change.Action {
	case plan.Create:
		w.creates = append(w.creates, item)
	case plan.Archive:
		w.archives = append(w.archives, item)
		return
	case plan.Update:
		switch {
		case movesStage(change):
			w.moves = append(w.moves, item)
		case writesContact(change):
			w.updates = append(w.updates, item)
		}
		if movesBackward(change) {
			w.stageSets = append(w.stageSets, Item{Change: i, Part: StageSet})
		}
	}
	for k := range change.Associations {
		w.sortLink(change, Item{Change: i, Part: k + 1})
	}
}

func (w *writes) sortLink(change *plan.Change, item Item) {
	link := &change.Associations[item.Part-1]
	switch {
	case carries(change, link):
	case len(link.After) == 0:
		w.remove.plain = append(w.remove.plain, item)
	case len(added(link)) == 0:
		w.unlabel.plain = append(w.unlabel.plain, item)
	case w.answers[item]:
		w.answer.labelled = append(w.answer.labelled, item)
	case labelled(link):
		w.add.labelled = append(w.add.labelled, item)
	default:
		w.add.plain = append(w.add.plain, item)
	}
}

func contactSteps(kind Kind, lists ...[]Item) []Step {
	var steps []Step
	for items := range slices.Chunk(slices.Concat(lists...), hubspot.MaxBatch) {
		steps = append(steps, Step{Kind: kind, From: crm.TypeContact, Items: items})
	}
	return steps
}

// steps groups links by the object type at their other end, sorted.
func (l links) steps(p *plan.Plan, kind Kind, size int) []Step {
	byType := make(map[crm.ObjectType][]Item)
	for _, item := range slices.Concat(l.labelled, l.plain) {
		to := p.Changes[item.Change].Associations[item.Part-1].To.Type
		byType[to] = append(byType[to], item)
	}
	var steps []Step
	for to, items := range byType {
		for chunk := range slices.Chunk(items, size) {
			steps = append(steps, Step{Kind: kind, From: crm.TypeContact, To: to, Items: chunk})
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(a.To, b.To) })
	return steps
}

// writesContact reports whether a change is about more than associations.
func writesContact(change *plan.Change) bool {
	return change.Action != plan.Update || len(change.Properties) > 0 || change.From != ""
}

func movesStage(change *plan.Change) bool {
	return slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool { return p.Name == propertyStage })
}

func movesBackward(change *plan.Change) bool {
	return slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool { return p.Backward })
}

// added are the types that a link gains.
func added(link *plan.AssociationChange) []crm.AssociationType {
	return without(link.After, link.Before)
}

// removed are the types that a link loses.
func removed(link *plan.AssociationChange) []crm.AssociationType {
	return without(link.Before, link.After)
}

// applied are the types of a pair that bears these, once a link is written.
func applied(link *plan.AssociationChange, now []crm.AssociationType) []crm.AssociationType {
	if len(link.After) == 0 {
		return nil
	}
	return append(without(now, removed(link)), without(added(link), now)...)
}

func without(types, others []crm.AssociationType) []crm.AssociationType {
	var rest []crm.AssociationType
	for _, t := range types {
		if !slices.ContainsFunc(others, t.Same) {
			rest = append(rest, t)
		}
	}
	return rest
}

// labelled reports whether a link has or gains more than the default type: a write
// replaces the labels of a pair, so the live ones must be known.
func labelled(link *plan.AssociationChange) bool {
	return len(link.Before) > 0 ||
		slices.ContainsFunc(link.After, func(t crm.AssociationType) bool { return t.Label != "" })
}

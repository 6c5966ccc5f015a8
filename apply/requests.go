package apply

import (
	"slices"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// Requests is how many requests Run makes for a plan when nothing goes wrong: those
// of Stages, and the reads just before and after some of them. Of a saved plan, or one
// made more than a minute ago, every update, every association and both of its records
// are read again. The account, which the client asks for once, is not counted.
func Requests(p *plan.Plan, saved bool) int {
	answer := answers(p)
	requests := 0
	if saved {
		requests = batches(linkedAlone(p), hubspot.MaxBatch)
		for _, refs := range targets(p, plannedTarget(p)) {
			requests += batches(len(refs), hubspot.MaxBatch)
		}
	}
	for _, steps := range Stages(p) {
		for _, step := range steps {
			requests += 1 + reads(p, step, saved, answer)
		}
	}
	return requests
}

// reads is how many requests a step reads before and after it writes.
func reads(p *plan.Plan, step Step, saved bool, answer map[Item]bool) int {
	switch step.Kind {
	case Archive:
		return 1
	case Update:
		doubtful := saved || slices.ContainsFunc(step.Items, func(item Item) bool { return movesStage(&p.Changes[item.Change]) })
		if doubtful {
			return 1 // before; a stage that was set is read back after
		}
	case Unlabel, Dissociate, Associate:
		contacts := make(map[int]bool)
		for _, item := range step.Items {
			if doubtfulLink(p, item, saved, answer) {
				contacts[item.Change] = true
			}
		}
		return batches(len(contacts), hubspot.MaxAssociationRead)
	case Create:
	}
	return 0
}

func batches(n, size int) int { return (n + size - 1) / size }

// linkedAlone counts the changes of live contacts that are about associations only.
func linkedAlone(p *plan.Plan) int {
	n := 0
	for i := range p.Changes {
		if !writesContact(&p.Changes[i]) {
			n++
		}
	}
	return n
}

// doubtfulLink reports whether the pair of a link must be read just before it is
// written. Labels that a pair bears would be replaced by an added type, and of a saved
// plan nobody knows what has become of its pairs. New contacts have none.
func doubtfulLink(p *plan.Plan, item Item, saved bool, answer map[Item]bool) bool {
	change := &p.Changes[item.Change]
	link := &change.Associations[item.Part-1]
	exists := link.To.ID != "" && change.Action != plan.Create
	return answer[item] || exists && (saved || labelled(link) && len(added(link)) > 0)
}

package apply

import (
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// Two contacts of a plan may name each other. Their two links are one pair in the
// portal, and a write replaces the pair's labels in both directions: the second
// must know what the first one wrote. So the first is written with the other links
// (or by the create that carries it), and the second, the answer, in a stage after
// them, when the pair was read again. Often nothing is left to write then.

// answers are the links whose reverse is written before them.
func answers(p *plan.Plan) map[Item]bool {
	found := make(map[Item]bool)
	first := make(map[[2]contactKey]bool)
	note := func(i int, carried bool) {
		change := &p.Changes[i]
		for k := range change.Associations {
			link := &change.Associations[k]
			if link.To.Type != crm.TypeContact || len(link.After) == 0 || carries(change, link) != carried {
				continue
			}
			own, other := keyOf(change), contactKey{id: link.To.ID}
			if link.To.ID == "" {
				other.email = link.To.Email
			}
			if first[[2]contactKey{other, own}] {
				found[Item{Change: i, Part: k + 1}] = true
			} else {
				first[[2]contactKey{own, other}] = true
			}
		}
	}
	for _, carried := range []bool{true, false} {
		for i := range p.Changes {
			note(i, carried)
		}
	}
	return found
}

// A contactKey names a contact of a plan: by id, or by address when the plan
// creates it.
type contactKey struct {
	id    crm.ObjectID
	email crm.Email
}

func keyOf(change *plan.Change) contactKey {
	if change.Action == plan.Create {
		return contactKey{email: change.Email}
	}
	return contactKey{id: change.ID}
}

// carries reports whether a change's create sends a link along.
func carries(change *plan.Change, link *plan.AssociationChange) bool {
	return change.Action == plan.Create && link.To.ID != ""
}

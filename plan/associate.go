package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// link is what a contact declares about one record, all its items taken together.
type link struct {
	to     crm.Ref
	name   string
	types  []crm.AssociationType // sorted; without the default type
	absent bool
	at     diag.Range
}

// links resolves the declared associations to records, in their order. Two items
// may lead to one record, by its id and by its domain.
func (j *judge) links(c *spec.Contact, others peers, report func(diag.Diagnostic)) []link {
	if len(c.Associations) == 0 {
		return nil
	}
	links := make([]link, 0, len(c.Associations))
	for i := range c.Associations {
		a := &c.Associations[i]
		types := j.types(c, a, report)
		to, ok := j.target(c, a, others, report)
		if !ok {
			continue
		}
		at := slices.IndexFunc(links, func(l link) bool { return sameRecord(l.to, to) })
		if at < 0 {
			links = append(links, link{to: to, name: targetName(a.To), types: union(nil, types...), absent: a.Absent, at: a.At})
			continue
		}
		if links[at].absent != a.Absent {
			report(refusal(c, diag.ContradictoryItems, a.At,
				fmt.Sprintf("Two items name %s %s, and one of them says ensure: absent.", to.Type, to.ID), "keep one of the two"))
			continue
		}
		links[at].types = union(links[at].types, types...)
	}
	j.checkPrimaries(c, links, report)
	return links
}

// checkPrimaries refuses a second primary record of a type, by whatever names the two
// were found.
func (j *judge) checkPrimaries(c *spec.Contact, links []link, report func(diag.Diagnostic)) {
	types := make(map[crm.ObjectType]bool)
	for i := range links {
		l := &links[i]
		if !j.isPrimary(l) {
			continue
		}
		if types[l.to.Type] {
			report(refusal(c, diag.TwoPrimaries, l.at,
				fmt.Sprintf("A contact has one primary %s, and two are declared.", l.to.Type), "keep Primary on one of them"))
		}
		types[l.to.Type] = true
	}
}

func (j *judge) isPrimary(l *link) bool {
	primary, ok := j.primary(l.to.Type)
	return ok && !l.absent && slices.ContainsFunc(l.types, primary.Same)
}

func sameRecord(a, b crm.Ref) bool {
	return a.Type == b.Type && a.ID == b.ID && (a.ID != "" || a.Email == b.Email)
}

// associations compares the declared associations with the live ones. They are
// additive: labels are added to those of the pair, and what is not declared stays,
// but for the object types whose associations are declared to be exact.
func (j *judge) associations(d *decision, c *spec.Contact, live *crm.Contact, others peers) {
	var there []crm.Association
	if live != nil {
		there = live.Associations
	}
	links := j.links(c, others, func(problem diag.Diagnostic) {
		// The warnings were told by check, and a contact with its errors is not decided.
		if problem.Severity == diag.Error {
			d.problems = append(d.problems, problem)
		}
	})
	if live != nil && slices.ContainsFunc(links, func(l link) bool { return l.to.Type == crm.TypeContact && l.to.ID == live.ID }) {
		d.problem(c, diag.AssociatedWithItself, c.At, "An association leads back to this very contact.", "name another contact, or remove the item")
		return
	}
	moves := j.primaryMoves(links, there)
	for i := range links {
		j.associate(d, &links[i], there, moves)
	}
	j.removeUndeclared(d, c, links, there, others)
	slices.SortFunc(d.change.Associations, func(a, b AssociationChange) int { return a.To.Compare(b.To) })
}

// move is a primary type that goes from one record to another.
type move struct {
	primary  crm.AssociationType
	from, to crm.Ref
}

// primaryMoves finds the records that lose their primary type because the contact
// declares another one.
func (j *judge) primaryMoves(links []link, there []crm.Association) []move {
	var moves []move
	for _, l := range links {
		if !j.isPrimary(&l) {
			continue
		}
		primary, _ := j.primary(l.to.Type)
		for _, a := range there {
			if a.To.Type == l.to.Type && a.To.ID != l.to.ID && slices.ContainsFunc(a.Types, primary.Same) {
				moves = append(moves, move{primary: primary, from: crm.Ref{Type: a.To.Type, ID: a.To.ID}, to: l.to})
			}
		}
	}
	return moves
}

// associate plans one declared link. What a moving primary type takes from the
// record is no change of its own, so it is taken out before the comparison.
func (j *judge) associate(d *decision, l *link, there []crm.Association, moves []move) {
	change := AssociationChange{To: l.to, Name: l.name}
	for _, a := range there {
		if l.to.ID != "" && sameRecord(a.To, l.to) {
			change.Before = union(nil, a.Types...)
		}
	}
	kept := change.Before
	for _, m := range moves {
		if sameRecord(m.from, l.to) {
			kept = without(kept, m.primary)
		}
		if sameRecord(m.to, l.to) {
			change.PrimaryFrom = m.from
		}
	}
	if !l.absent {
		change.After = union(kept, l.types...)
		if unlabeled, ok := j.unlabeled(l.to.Type); ok {
			change.After = union(change.After, unlabeled)
		}
	}
	if !sameTypes(kept, change.After) {
		d.change.Associations = append(d.change.Associations, change)
	}
}

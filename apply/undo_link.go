package apply

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// A pair is one association of a contact, as it is and as it is to be.
type pair struct {
	to   crm.Ref
	live []crm.AssociationType
	want []crm.AssociationType
}

// links puts the associations of a contact back: every type that the run added goes,
// every type that it removed comes again, and what others added stays.
func (u *undoing) links(d *deed, now *crm.Contact) []plan.AssociationChange {
	var pairs []*pair
	known := make(map[crm.Ref]*pair, len(now.Associations))
	at := func(to crm.Ref) *pair {
		key := crm.Ref{Type: to.Type, ID: to.ID}
		p := known[key]
		if p == nil {
			p = &pair{to: to}
			known[key] = p
			pairs = append(pairs, p)
		}
		p.to.Email = cmp.Or(p.to.Email, to.Email)
		return p
	}
	for _, a := range now.Associations {
		p := at(crm.Ref{Type: a.To.Type, ID: a.To.ID})
		p.live, p.want = a.Types, slices.Clone(a.Types)
	}
	for i := range d.links {
		u.link(d, &d.links[i], at(d.links[i].To))
	}
	for i := range d.links {
		if from := d.links[i].PrimaryFrom; from.ID != "" {
			u.returnPrimary(d, &d.links[i], at(from))
		}
	}
	for _, p := range pairs {
		u.dropUnknownTypes(d, p)
	}
	u.dropSecondPrimaries(d, pairs)
	return u.changed(pairs)
}

// link decides what becomes of one association that the run wrote.
func (u *undoing) link(d *deed, link *journal.Link, p *pair) {
	gained, lost := without(u.after(d, link), link.Before), without(link.Before, link.After)
	unlabeled, known := plan.UnlabeledType(u.portal, p.to.Type)
	switch {
	case len(link.After) == 0 && len(p.live) > 0:
		if len(without(link.Before, p.live)) > 0 {
			u.keep(d, Kept{To: p.to, Reason: "the two were associated again since"})
		}
	case len(link.After) == 0 && p.to.Type == crm.TypeContact && u.live[p.to.ID] == nil:
		u.keep(d, Kept{To: p.to, Reason: "the contact at the other end is archived or deleted"})
	case len(link.After) == 0:
		p.want = slices.Clone(link.Before)
	case len(p.live) == 0 && len(link.Before) > 0:
		u.keep(d, Kept{To: p.to, Reason: "the association was removed since"})
	case len(p.live) == 0: // it is gone, as it was before
	case len(link.Before) == 0 && len(u.foreign(p, gained)) == 0:
		p.want = nil
	default:
		p.want = append(without(p.live, gained), without(lost, p.live)...)
		if known {
			p.want = append(without(p.want, []crm.AssociationType{unlabeled}), unlabeled)
		}
		if len(link.Before) == 0 {
			u.keep(d, Kept{To: p.to, Reason: "the association bears another label since, so the two stay associated"})
		}
	}
}

// foreign are the types of a pair that are not the run's. The primary type alone does
// not count: HubSpot gives it to a contact's first company by itself.
func (u *undoing) foreign(p *pair, gained []crm.AssociationType) []crm.AssociationType {
	rest := without(p.live, gained)
	if unlabeled, ok := plan.UnlabeledType(u.portal, p.to.Type); ok {
		rest = without(rest, []crm.AssociationType{unlabeled})
	}
	if primary, ok := plan.PrimaryType(u.portal, p.to.Type); ok {
		rest = without(rest, []crm.AssociationType{primary})
	}
	return rest
}

// after are the types that the run left an association with. Two contacts that name
// each other are one pair, written from both ends.
func (u *undoing) after(d *deed, link *journal.Link) []crm.AssociationType {
	types := slices.Clone(link.After)
	if other := u.deeds[link.To.ID]; link.To.Type == crm.TypeContact && len(types) > 0 && other != nil {
		for _, back := range other.links {
			if back.To.Type == crm.TypeContact && back.To.ID == d.id {
				types = append(types, without(back.After, types)...)
			}
		}
	}
	return types
}

// returnPrimary gives the primary type back to the record that a write took it from.
func (u *undoing) returnPrimary(d *deed, link *journal.Link, former *pair) {
	primary, known := plan.PrimaryType(u.portal, former.to.Type)
	switch {
	case !known || !slices.ContainsFunc(without(link.After, link.Before), primary.Same):
	case len(former.want) == 0:
		u.keep(d, Kept{To: former.to, Reason: "it was primary before, and is not associated any more"})
	case !slices.ContainsFunc(former.want, primary.Same):
		former.want = append(former.want, primary)
	}
}

// dropUnknownTypes leaves out types that the portal does not have any more.
func (u *undoing) dropUnknownTypes(d *deed, p *pair) {
	defined := u.portal.Labels[[2]crm.ObjectType{crm.TypeContact, p.to.Type}]
	for _, t := range without(p.want, p.live) {
		if !slices.ContainsFunc(defined, t.Same) {
			p.want = without(p.want, []crm.AssociationType{t})
			u.keep(d, Kept{To: p.to, Reason: fmt.Sprintf("the label %q does not exist any more", t.Label)})
		}
	}
}

// dropSecondPrimaries leaves a primary record alone that somebody chose since: the
// former one does not come back then.
func (u *undoing) dropSecondPrimaries(d *deed, pairs []*pair) {
	for _, p := range pairs {
		primary, known := plan.PrimaryType(u.portal, p.to.Type)
		if !known || !slices.ContainsFunc(without(p.want, p.live), primary.Same) {
			continue
		}
		if holder := holderOf(pairs, p.to.Type, primary); holder != nil && slices.ContainsFunc(holder.want, primary.Same) {
			p.want = without(p.want, []crm.AssociationType{primary})
			u.keep(d, Kept{To: p.to, Reason: "it was primary before, and another record is by now"})
		}
	}
}

// holderOf is the pair that bears a type in the portal now.
func holderOf(pairs []*pair, to crm.ObjectType, t crm.AssociationType) *pair {
	for _, p := range pairs {
		if p.to.Type == to && slices.ContainsFunc(p.live, t.Same) {
			return p
		}
	}
	return nil
}

// changed are the changes of the pairs. What a primary type that moves takes from a
// record is no change of its own (see plan.AssociationChange).
func (u *undoing) changed(pairs []*pair) []plan.AssociationChange {
	var changes []plan.AssociationChange
	taken := make(map[*pair][]crm.AssociationType)
	from := make(map[*pair]crm.Ref)
	for _, p := range pairs {
		primary, known := plan.PrimaryType(u.portal, p.to.Type)
		if !known || !slices.ContainsFunc(without(p.want, p.live), primary.Same) {
			continue
		}
		if holder := holderOf(pairs, p.to.Type, primary); holder != nil {
			taken[holder] = []crm.AssociationType{primary}
			from[p] = crm.Ref{Type: holder.to.Type, ID: holder.to.ID}
		}
	}
	for _, p := range pairs {
		slices.SortFunc(p.want, crm.AssociationType.Compare)
		if slices.EqualFunc(without(p.live, taken[p]), p.want, crm.AssociationType.Same) {
			continue
		}
		changes = append(changes, plan.AssociationChange{To: p.to, Before: p.live, After: p.want, PrimaryFrom: from[p]})
	}
	slices.SortFunc(changes, func(a, b plan.AssociationChange) int { return a.To.Compare(b.To) })
	return changes
}

package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Who is who.
//
// A declared contact names live ones by its id, its address, the addresses it had
// before and those it also has. Once every live contact was seen, each declared
// one is settled to at most one record:
//
//  1. An id decides alone. Without one the address does, as a primary or as a
//     secondary one. Only when neither leads anywhere do previous and further
//     addresses count.
//  2. Addresses that lead to different records are an error: a rename would need
//     an address that somebody holds. But an old address may have gone to another
//     declared contact since, and then it says nothing.
//  3. A record belongs to one declared contact. When one renames it away and the
//     other only goes by the address that this sets free, the other is created.
//
// Nothing here depends on the order in which contacts were added.
func (p *Planner) settle() {
	for i, c := range p.declared() {
		p.choose(i, &c)
	}
	ids := slices.SortedFunc(maps.Keys(p.shared), crm.ObjectID.Compare)
	for _, id := range ids {
		p.yieldFreed(id)
	}
	for i, c := range p.declared() {
		p.checkSeveral(i, &c)
	}
	for _, id := range ids {
		p.checkOwners(id)
	}
}

func (p *Planner) choose(i int32, c *spec.Contact) {
	s := &p.slots[i]
	slices.SortFunc(s.candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.role, b.role), a.id.Compare(b.id))
	})
	if len(s.candidates) == 0 {
		return
	}
	if c.ID == "" || s.candidates[0].role == byID {
		s.chosen = 0
		return
	}
	s.blocked = true
	if first := &s.candidates[0]; first.role == byMergedID {
		p.note(i, diag.List{refusal(c, diag.MergedContact, c.At,
			fmt.Sprintf("Contact %s was merged into contact %s.", c.ID, first.id),
			fmt.Sprintf("write id: %q, once you have compared its values", first.id))})
		return
	}
	p.note(i, diag.List{p.unknownID(c, fmt.Sprintf("The address leads to contact %s.", s.candidates[0].id))})
}

func (p *Planner) unknownID(c *spec.Contact, more string) diag.Diagnostic {
	detail := fmt.Sprintf("The portal has no live contact with the id %s. %s", c.ID, more)
	return refusal(c, diag.UnknownID, c.At, strings.TrimSpace(detail),
		"correct the id; ids differ from portal to portal")
}

// yieldFreed lets a contact go that only shares the address which another one is
// renamed from: it will be created under the address that this sets free.
func (p *Planner) yieldFreed(id crm.ObjectID) {
	var renamed, left []int32
	for _, i := range p.shared[id] {
		chosen, ok := p.chosen(i)
		if !ok || chosen.id != id {
			continue
		}
		c := p.doc.Contact(int(i))
		switch {
		case chosen.role == byPrevious:
			renamed = append(renamed, i)
		case chosen.role == byAddress && c.ID == "" && c.Ensure != spec.Archived && len(p.slots[i].candidates) == 1 && len(c.PreviousEmails) == 0:
			left = append(left, i)
		}
	}
	if len(renamed) == 1 && len(left) == 1 {
		p.slots[left[0]].chosen, p.slots[left[0]].frees = none, renamed[0]
	}
}

// checkSeveral refuses a contact whose names lead to several records, unless the
// others have gone to declared contacts of their own.
func (p *Planner) checkSeveral(i int32, c *spec.Contact) {
	s := &p.slots[i]
	chosen, ok := p.chosen(i)
	if !ok || len(s.candidates) < 2 {
		return
	}
	for k := range s.candidates {
		other := &s.candidates[k]
		if k == int(s.chosen) || (!other.role.strong() && p.owned(other.id, i)) {
			continue
		}
		s.blocked = true
		switch {
		case chosen.role.strong() && other.role == byAlso, !chosen.role.strong():
			p.note(i, diag.List{refusal(c, diag.SeveralRecords, c.At,
				fmt.Sprintf("The addresses of %s lead to the contacts %s and %s.", c.Key(), chosen.id, other.id),
				"merge the two in HubSpot, or remove the address that is not this contact's")})
		default:
			p.note(i, diag.List{p.addressTaken(c, chosen, other)})
		}
		return
	}
}

func (p *Planner) addressTaken(c *spec.Contact, chosen, other *candidate) diag.Diagnostic {
	holder, renamed := chosen, other
	if chosen.role == byID {
		holder, renamed = other, chosen
	}
	return refusal(c, diag.AddressTaken, c.At,
		fmt.Sprintf("Contact %s cannot be given the address %s: contact %s holds it now, whatever this plan does to that one.", renamed.id, c.Email, holder.id),
		"free the address by a first apply and rename by a second one; if they are one person, merge them in HubSpot")
}

// owned reports whether a record is the chosen one of another declared contact.
func (p *Planner) owned(id crm.ObjectID, but int32) bool {
	return slices.ContainsFunc(p.shared[id], func(i int32) bool {
		chosen, ok := p.chosen(i)
		return i != but && ok && chosen.id == id
	})
}

// checkOwners refuses contacts that came to the same record. One that is refused
// already does not stand in the way of another.
func (p *Planner) checkOwners(id crm.ObjectID) {
	var owners []int32
	for _, i := range p.shared[id] {
		if chosen, ok := p.chosen(i); ok && chosen.id == id && !p.slots[i].blocked {
			owners = append(owners, i)
		}
	}
	if len(owners) < 2 {
		return
	}
	slices.Sort(owners)
	for _, i := range owners {
		c := p.doc.Contact(int(i))
		d := refusal(&c, diag.TwoDeclarations, c.At,
			fmt.Sprintf("%s is contact %s, and so is another declared contact.", c.Key(), id),
			"keep one of the two declarations")
		for _, k := range owners {
			if k != i {
				other := p.doc.Contact(int(k))
				d.Related = append(d.Related, diag.Related{At: other.At, Note: fmt.Sprintf("%s is contact %s too", other.Key(), id)})
			}
		}
		p.note(i, diag.List{d})
	}
	for _, i := range owners {
		p.slots[i].blocked = true
	}
}

func (p *Planner) chosen(i int32) (*candidate, bool) {
	s := &p.slots[i]
	if s.chosen == none {
		return nil, false
	}
	return &s.candidates[s.chosen], true
}

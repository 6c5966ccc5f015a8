package plan

import (
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// role is how a declared contact names a live one, the strongest first.
type role uint8

const (
	byID role = iota + 1
	byMergedID
	byAddress
	bySecondary
	byPrevious
	byAlso
)

// String says how a live contact was found, as Explain does.
func (r role) String() string {
	switch r {
	case byID:
		return "id"
	case byMergedID:
		return "merged id"
	case byAddress:
		return "address"
	case bySecondary:
		return "secondary address"
	case byPrevious:
		return "previous address"
	case byAlso:
		return "further address"
	}
	return ""
}

// strong reports whether the role alone says that the two are the same contact.
func (r role) strong() bool { return r <= bySecondary }

// match is a declared contact that a live one may be.
type match struct {
	contact int32
	role    role
}

// index finds declared contacts by what names them. Nearly every name belongs to
// one contact; the few that belong to more stand in the overflow.
type index struct {
	addresses map[crm.Email]claim
	ids       map[crm.ObjectID]claim
	overflow  map[string][]claim
}

// claim is a contact that goes by an address or an id.
type claim struct {
	contact int32
	role    role // byID, byAddress, byPrevious, byAlso
}

func newIndex(size int) *index {
	return &index{
		addresses: make(map[crm.Email]claim, size),
		ids:       make(map[crm.ObjectID]claim),
		overflow:  make(map[string][]claim),
	}
}

// add files a declared contact. What else an archived one says does not count.
func (x *index) add(i int32, c *spec.Contact) {
	if c.ID != "" {
		claimName(x, x.ids, c.ID, claim{i, byID})
	}
	if c.Email != "" {
		claimName(x, x.addresses, c.Email, claim{i, byAddress})
	}
	if c.Ensure == spec.Archived {
		return
	}
	for _, email := range c.PreviousEmails {
		claimName(x, x.addresses, email, claim{i, byPrevious})
	}
	for _, email := range c.Also {
		claimName(x, x.addresses, email, claim{i, byAlso})
	}
}

func claimName[N ~string](x *index, names map[N]claim, name N, c claim) {
	if _, taken := names[name]; taken {
		x.overflow[string(name)] = append(x.overflow[string(name)], c)
		return
	}
	names[name] = c
}

// match returns the declared contacts that a live one may be, each once with its
// strongest role, in found, which is reused.
func (x *index) match(live *crm.Contact, found []match) []match {
	found = found[:0]
	if c, ok := x.ids[live.ID]; ok {
		found = x.take(found, string(live.ID), c, byID)
	}
	if c, ok := x.addresses[live.Email]; ok && live.Email != "" {
		found = x.take(found, string(live.Email), c, byAddress)
	}
	for _, email := range live.Additional {
		if c, ok := x.addresses[email]; ok {
			found = x.take(found, string(email), c, bySecondary)
		}
	}
	for _, asked := range live.Asked {
		if c, ok := x.addresses[crm.Email(asked)]; ok {
			found = x.take(found, asked, c, bySecondary)
		}
		if c, ok := x.ids[crm.ObjectID(asked)]; ok {
			found = x.take(found, asked, c, byMergedID)
		}
	}
	return found
}

func (x *index) take(found []match, name string, c claim, as role) []match {
	found = strengthen(found, c.match(as))
	if len(x.overflow) == 0 {
		return found
	}
	for _, other := range x.overflow[name] {
		found = strengthen(found, other.match(as))
	}
	return found
}

// match is the weaker of how the file names the contact and how the name leads to
// the live one.
func (c claim) match(as role) match {
	return match{c.contact, max(c.role, as)}
}

func strengthen(found []match, m match) []match {
	for i := range found {
		if found[i].contact == m.contact {
			found[i].role = min(found[i].role, m.role)
			return found
		}
	}
	return append(found, m)
}

// declared returns the contact that an address names: its own before a previous
// or secondary one.
func (x *index) declared(email crm.Email) (int32, bool) {
	best, ok := x.addresses[email]
	if !ok || email == "" {
		return 0, false
	}
	for _, other := range x.overflow[string(email)] {
		if other.role < best.role {
			best = other
		}
	}
	return best.contact, true
}

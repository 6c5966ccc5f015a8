package spec

import (
	"fmt"
	"maps"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// identities holds all contacts against each other and returns those that have no
// error. Addresses are compared in their normalised form.
func (l *loader) identities() []Contact {
	emails, ids := make(map[crm.Email][]int, len(l.drafts)), make(map[crm.ObjectID][]int)
	for i, one := range l.drafts {
		if one.Email != "" {
			emails[one.Email] = append(emails[one.Email], i)
		}
		if one.ID != "" {
			ids[one.ID] = append(ids[one.ID], i)
		}
	}
	duplicates(l, emails, diag.DuplicateEmail, "emails are compared without case",
		"The email is the key of a contact, so one file or two may declare it once.")
	duplicates(l, ids, diag.DuplicateID, "correct one of the ids", "Two declarations name the same record.")
	l.claims(emails)
	l.swaps(emails)
	contacts := make([]Contact, 0, len(l.drafts))
	for _, one := range l.drafts {
		if !one.bad {
			contacts = append(contacts, one.Contact)
		}
	}
	return contacts
}

// duplicates reports each key with several declarations once, at the second of
// them, and names all the others.
func duplicates[K ~string](l *loader, keys map[K][]int, code diag.Code, hint, detail string) {
	for _, declared := range keys {
		if len(declared) < 2 {
			continue
		}
		related := make([]diag.Related, 0, len(declared)-1)
		for _, i := range slices.Delete(slices.Clone(declared), 1, 2) {
			note := "also declared here"
			if i == declared[0] {
				note = "first declared here"
			}
			related = append(related, l.related(i, l.drafts[i].At, note))
		}
		for _, i := range declared {
			l.drafts[i].bad = true
		}
		l.report(declared[1], code, l.drafts[declared[1]].At, detail, hint, related...)
	}
}

// claims reports further addresses that two contacts claim: under previous_email
// or also of both, or under also of one that the other has as its own. An own
// address that another contact was renamed from is allowed: the rename frees it.
func (l *loader) claims(emails map[crm.Email][]int) {
	type claim struct {
		draft int
		address
	}
	claimed := make(map[crm.Email]claim)
	for i, one := range l.drafts {
		for _, other := range one.others {
			if first, taken := claimed[other.email]; taken {
				l.drafts[i].bad, l.drafts[first.draft].bad = true, true
				l.report(i, diag.AddressClaimed, other.at, "Another contact names the address among its further addresses.", "it belongs to one of them",
					l.related(first.draft, first.at, "also claimed here"))
				continue
			}
			claimed[other.email] = claim{i, other}
			if owners := emails[other.email]; !other.previous && len(owners) > 0 {
				l.drafts[i].bad, l.drafts[owners[0]].bad = true, true
				l.report(i, diag.AddressClaimed, other.at, "The address is another declared contact's own.", "it belongs to one of them",
					l.related(owners[0], l.drafts[owners[0]].At, "declared here"))
			}
		}
	}
}

// swaps reports contacts that take each other's addresses over, in a ring of any
// length.
func (l *loader) swaps(emails map[crm.Email][]int) {
	next := make(map[int]int) // contact → the declared contact whose present address it leaves
	for i, one := range l.drafts {
		for _, previous := range one.PreviousEmails {
			if owners := emails[previous]; len(owners) > 0 && owners[0] != i {
				next[i] = owners[0]
			}
		}
	}
	seen := make(map[int]int) // contact → the start of the walk that came by first
	for _, start := range slices.Sorted(maps.Keys(next)) {
		for at, onward := start, true; onward; {
			if walk, again := seen[at]; again {
				if walk == start {
					l.reportRing(next, at)
				}
				break
			}
			seen[at] = start
			at, onward = step(next, at)
		}
	}
}

func step(next map[int]int, at int) (int, bool) {
	onto, ok := next[at]
	return onto, ok
}

func (l *loader) reportRing(next map[int]int, member int) {
	ring := []int{member}
	for i := next[member]; i != member; i = next[i] {
		ring = append(ring, i)
	}
	slices.Sort(ring)
	related := make([]diag.Related, 0, len(ring)-1)
	for _, i := range ring {
		l.drafts[i].bad = true
		if i != ring[len(ring)-1] {
			related = append(related, l.related(i, l.drafts[i].At, "takes part in the exchange"))
		}
	}
	last := ring[len(ring)-1]
	l.report(last, diag.SwappedAddresses, l.drafts[last].At,
		fmt.Sprintf("%d contacts take each other's addresses over, and no order of renames can do that.", len(ring)), "rename one to a third address first", related...)
}

func (l *loader) report(i int, code diag.Code, at diag.Range, detail, hint string, related ...diag.Related) {
	r := reader{file: l.drafts[i].file, list: &l.list, subject: l.drafts[i].Key()}
	r.report(code, at, detail, hint, related...)
}

func (l *loader) related(i int, at diag.Range, note string) diag.Related {
	return diag.Related{At: at, Note: note, Line: l.drafts[i].file.line(at.Line)}
}

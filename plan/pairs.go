package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// An association of two contacts is one, and either of them may declare it. So what
// one file says of it holds for both ends: it is no undeclared one of the other, and
// one contact cannot ask for it while the other wants it gone.

// pair is an association as one contact declares it: a live one by its id, one that
// is to be created by its address.
type pair struct{ from, to crm.Ref }

// statement is what a contact says of a pair.
type statement struct {
	contact int32
	absent  bool
	at      diag.Range
}

// pair gathers what declared contacts say of each other, and refuses those that
// contradict the other end.
func (a *assembly) pair() {
	p := a.planner
	a.pairs = make(map[pair]statement)
	for i, c := range p.declared() {
		if c.Ensure == spec.Archived {
			continue
		}
		for _, item := range c.Associations {
			if to, ok := a.party(&item); ok {
				a.state(pair{a.self(i, &c), to}, statement{contact: i, absent: item.Absent, at: item.At})
			}
		}
	}
	for i, c := range p.declared() {
		if c.Ensure != spec.Archived && len(c.Associations) > 0 {
			p.note(i, a.contradictions(i, &c))
		}
	}
}

// state notes what a contact says of a pair. Of several that came to one record, the one
// that asks for the association counts: it is not taken away then.
func (a *assembly) state(of pair, said statement) {
	if before, known := a.pairs[of]; known && !before.absent {
		return
	}
	a.pairs[of] = said
}

func (a *assembly) contradictions(i int32, c *spec.Contact) diag.List {
	var list diag.List
	for _, item := range c.Associations {
		to, ok := a.party(&item)
		if !ok || !item.Absent {
			continue
		}
		if other, said := a.pairs[pair{to, a.self(i, c)}]; said && !other.absent {
			there := a.planner.doc.Contact(int(other.contact))
			d := refusal(c, diag.ContradictoryItems, item.At,
				fmt.Sprintf("%s declares the association that this item takes away.", there.Key()), "keep one of the two")
			d.Related = []diag.Related{{At: other.at, Note: "declared here"}}
			list = append(list, d)
		}
	}
	return list
}

// self is a declared contact as pairs name it.
func (a *assembly) self(i int32, c *spec.Contact) crm.Ref {
	if chosen, ok := a.planner.chosen(i); ok {
		return crm.Ref{Type: crm.TypeContact, ID: chosen.id}
	}
	return crm.Ref{Type: crm.TypeContact, Email: c.Email}
}

// party is the contact that an item leads to, as pairs name it; false where it is no
// contact, or none that is known.
func (a *assembly) party(item *spec.Association) (crm.Ref, bool) {
	if item.To.Type != crm.TypeContact {
		return crm.Ref{}, false
	}
	if item.To.ID != "" {
		return crm.Ref{Type: crm.TypeContact, ID: item.To.ID}, true
	}
	if item.To.Email != "" {
		if i, declared := a.planner.index.declared(item.To.Email); declared {
			c := a.planner.doc.Contact(int(i))
			return a.self(i, &c), true
		}
	}
	if candidates := a.planner.judge.portal.Targets[item.To]; len(candidates) == 1 {
		return crm.Ref{Type: crm.TypeContact, ID: candidates[0]}, true
	}
	return crm.Ref{}, false
}

// peers answers for the contacts that stand beside one.
func (a *assembly) peers(i int32, c *spec.Contact) peers {
	return peers{of: a.peer, declares: func(id crm.ObjectID) bool {
		said, ok := a.pairs[pair{crm.Ref{Type: crm.TypeContact, ID: id}, a.self(i, c)}]
		return ok && !said.absent
	}}
}

// checkFates refuses associations with contacts that this plan archives, or renames
// away from the address that names them: they could be written, and the next plan
// would not find them.
func (a *assembly) checkFates() {
	p := a.planner
	fates := make(map[crm.ObjectID]*Change)
	for k := range a.planned {
		if change := &a.planned[k].change; change.Action == Archive || change.renames() {
			fates[change.ID] = change
		}
	}
	if len(fates) == 0 {
		return
	}
	refused := make(map[int32]bool)
	for i, c := range p.declared() {
		if c.Ensure == spec.Archived {
			continue
		}
		for _, item := range c.Associations {
			to, ok := a.party(&item)
			fate := fates[to.ID]
			if !ok || item.Absent || fate == nil {
				continue
			}
			if d, bad := a.fated(&c, &item, fate); bad {
				p.note(i, diag.List{d})
				refused[i] = true
			}
		}
	}
	a.planned = slices.DeleteFunc(a.planned, func(one planned) bool { return refused[one.contact] })
}

func (a *assembly) fated(c *spec.Contact, item *spec.Association, fate *Change) (diag.Diagnostic, bool) {
	_, declared := a.planner.index.declared(item.To.Email)
	switch {
	case item.Skip && item.To.ID == "", fate.Action == Archive && declared:
		// Left out, or refused already.
	case fate.Action == Archive:
		return refusal(c, diag.ArchivedTarget, item.At,
			fmt.Sprintf("This plan archives contact %s, and an archived contact has no associations.", fate.ID),
			"remove this association, or keep that contact"), true
	case item.To.Email != "" && item.To.Email == fate.From && !declared:
		return refusal(c, diag.MissingTarget, item.At,
			fmt.Sprintf("This plan gives contact %s the address %s, and %s is nobody's then.", fate.ID, fate.Email, item.To.Email),
			fmt.Sprintf("write email: %s", fate.Email)), true
	}
	return diag.Diagnostic{}, false
}

package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Records that files name by an id.
//
// A target that is named by a property is found or not found before anything is
// planned. One that is named by an id is taken at its word, so whether it exists has to
// be asked: of those alone to which an association is new, since a live association
// shows that its record is there.

// Named lists the records, named by an id, that new associations may lead to, sorted.
// It is called after the last Add; those that the portal does not have go to Missing.
func (p *Planner) Named() []crm.Ref {
	p.mu.Lock()
	defer p.mu.Unlock()
	var refs []crm.Ref
	for i, c := range p.declared() {
		if c.Ensure == spec.Archived {
			continue
		}
		for _, a := range c.Associations {
			if a.To.ID == "" || a.Absent || p.knows(i, a.To) {
				continue
			}
			refs = append(refs, crm.Ref{Type: a.To.Type, ID: a.To.ID})
		}
	}
	slices.SortFunc(refs, crm.Ref.Compare)
	return slices.Compact(refs)
}

// knows reports whether a record was seen: as a declared contact that is live, or at
// the other end of a live association.
func (p *Planner) knows(i int32, to crm.Target) bool {
	ref := crm.Ref{Type: to.Type, ID: to.ID}
	if to.Type == crm.TypeContact {
		if other, declared := p.index.ids[to.ID]; declared && len(p.slots[other.contact].candidates) > 0 {
			return true
		}
	}
	return slices.Contains(p.linked[i], ref)
}

// Missing tells which of the records that Named listed the portal does not have.
func (p *Planner) Missing(refs ...crm.Ref) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, ref := range refs {
		p.missing[ref] = true
	}
}

// noteLinked remembers which records named by an id a live contact is associated with.
func (p *Planner) noteLinked(i int32, c *spec.Contact, live *crm.Contact) {
	for _, a := range c.Associations {
		ref := crm.Ref{Type: a.To.Type, ID: a.To.ID}
		there := func(one crm.Association) bool { return sameRecord(one.To, ref) }
		if a.To.ID != "" && slices.ContainsFunc(live.Associations, there) && !slices.Contains(p.linked[i], ref) {
			p.linked[i] = append(p.linked[i], ref)
		}
	}
}

// dropMissing takes out associations with records that do not exist: with missing:
// skip the association alone, else the contact's whole change.
func (a *assembly) dropMissing() {
	p := a.planner
	if len(p.missing) == 0 {
		return
	}
	a.planned = slices.DeleteFunc(a.planned, func(one planned) bool {
		return p.refuseMissing(&one)
	})
	for i := range a.planned {
		change := &a.planned[i].change
		change.Associations = slices.DeleteFunc(change.Associations, func(link AssociationChange) bool { return p.isMissing(link) })
	}
	a.planned = slices.DeleteFunc(a.planned, func(one planned) bool {
		empty := one.change.Action == Update && len(one.change.Properties) == 0 && len(one.change.Associations) == 0
		if empty {
			a.counts.Unchanged++
		}
		return empty
	})
}

func (p *Planner) isMissing(link AssociationChange) bool {
	return len(link.After) > 0 && p.missing[crm.Ref{Type: link.To.Type, ID: link.To.ID}]
}

// refuseMissing reports every association of a change with a record that does not
// exist, and whether that refuses the change.
func (p *Planner) refuseMissing(one *planned) bool {
	c := p.doc.Contact(int(one.contact))
	var found diag.List
	for _, link := range one.change.Associations {
		if !p.isMissing(link) {
			continue
		}
		at := slices.IndexFunc(c.Associations, func(a spec.Association) bool { return a.To.Type == link.To.Type && a.To.ID == link.To.ID })
		if at < 0 {
			continue
		}
		item := &c.Associations[at]
		detail := fmt.Sprintf("The portal has no live %s with the id %s.", item.To.Type, item.To.ID)
		if item.Skip {
			found = append(found, warning(&c, diag.MissingRecord, item.At, detail, "the association is left out, as missing: skip says"))
			continue
		}
		found = append(found, refusal(&c, diag.MissingRecord, item.At, detail, "correct the id; ids differ from portal to portal"))
	}
	p.note(one.contact, found)
	return found.HasErrors()
}

package apply

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
)

// A deed is what a run did to one contact, as its journal tells. A write whose
// outcome is not known counts as one that may have happened.
type deed struct {
	id    crm.ObjectID // empty for a create whose outcome is not known
	email crm.Email    // the address that the run left it with

	created  bool
	adopted  bool // found when the create was read back
	archived bool
	values   []writtenValue
	links    []journal.Link // each with the id of its record
}

// A writtenValue is one property: what it held before the run, and what the run
// wrote. Where the outcome of the last write is not known, that is one of several
// texts.
type writtenValue struct {
	name   string
	before string
	after  []string
}

// deedsOf reads the records of one run, in their order. The deeds are sorted by
// address and id.
func deedsOf(records []journal.Record) []deed {
	entries := entriesOf(records)
	created := make(map[crm.Email]crm.ObjectID)
	for _, e := range entries {
		if e.kind == Create.String() && e.happened() && e.id != "" {
			created[e.write.Email] = e.id
		}
	}
	byID := make(map[crm.ObjectID]*deed)
	var lost []deed
	for _, e := range entries {
		switch {
		case !e.happened():
		case e.recordID() == "":
			lost = append(lost, deed{email: e.write.Email, created: true})
		default:
			id := e.recordID()
			if byID[id] == nil {
				byID[id] = &deed{id: id}
			}
			byID[id].add(e, created)
		}
	}
	deeds := lost
	for _, d := range byID {
		deeds = append(deeds, *d)
	}
	slices.SortFunc(deeds, func(a, b deed) int { return cmp.Or(cmp.Compare(a.email, b.email), a.id.Compare(b.id)) })
	return deeds
}

func (d *deed) add(e *entry, created map[crm.Email]crm.ObjectID) {
	d.email = e.write.Email
	switch e.kind {
	case Create.String():
		d.created, d.adopted = true, e.adopted
	case Archive.String():
		d.archived = true
	}
	for _, p := range e.write.Properties {
		d.addValue(p, e.certain())
	}
	for _, link := range e.write.Links {
		if link.To.ID == "" {
			link.To.ID = created[link.To.Email]
		}
		if link.To.ID != "" {
			d.links = append(d.links, link)
		}
	}
}

// addValue notes a write of a property. A stage that moves back is written twice:
// what it held before the first write is what it was.
func (d *deed) addValue(p journal.Property, certain bool) {
	at := slices.IndexFunc(d.values, func(v writtenValue) bool { return v.name == p.Name })
	if at < 0 {
		d.values = append(d.values, writtenValue{name: p.Name, before: p.Before})
		at = len(d.values) - 1
	}
	if v := &d.values[at]; certain {
		v.after = []string{p.After}
	} else {
		v.after = append(v.after, p.After, p.Before)
	}
}

// An entry is one write of a journal, with what is known of its outcome.
type entry struct {
	kind    string
	write   journal.Write
	outcome string // of the last record about it; empty for none
	id      crm.ObjectID
	adopted bool
}

// happened reports whether the write was carried out or may have been.
func (e *entry) happened() bool {
	return e.certain() || e.outcome == "" || e.outcome == Unknown.String()
}

func (e *entry) certain() bool { return e.outcome == Applied.String() }

func (e *entry) recordID() crm.ObjectID { return cmp.Or(e.write.ID, e.id) }

// entriesOf pairs the intents of a journal with their outcomes, in the order of the
// intents. A write that was sent again is there once: its last intent and its last
// outcome hold.
func entriesOf(records []journal.Record) []*entry {
	var order []*entry
	byItem := make(map[Item]*entry)
	byOp := make(map[int][]*entry)
	for _, record := range records {
		switch {
		case record.Intent != nil:
			for _, write := range record.Intent.Writes {
				item := Item{write.Change, write.Part}
				e := byItem[item]
				if e == nil {
					e = &entry{}
					byItem[item] = e
					order = append(order, e)
				}
				e.kind, e.write, e.outcome = record.Intent.Kind, write, ""
				byOp[record.Intent.Op] = append(byOp[record.Intent.Op], e)
			}
		case record.Outcome != nil:
			if refusedWhole(record.Outcome) {
				for _, e := range byOp[record.Outcome.Op] {
					e.outcome = Failed.String()
				}
			}
			for _, item := range record.Outcome.Items {
				if e := byItem[Item{item.Change, item.Part}]; e != nil {
					e.outcome, e.id, e.adopted = item.Outcome, cmp.Or(item.ID, e.id), item.Adopted
				}
			}
		}
	}
	return order
}

// refusedWhole reports whether the portal refused a request without carrying any of
// it out; the writes that are tried again have intents of their own.
func refusedWhole(o *journal.Outcome) bool {
	return len(o.Items) == 0 && o.HTTP >= http.StatusBadRequest && o.HTTP < http.StatusInternalServerError
}

// Footprint is what must be read of a portal before a run is undone. Every list is
// sorted and holds each entry once.
type Footprint struct {
	Portal       string           // account id of the portal that the run wrote to
	IDs          []crm.ObjectID   // contacts, live or in the recycle bin
	Emails       []crm.Email      // addresses whose holders must be known
	Properties   []string         // of those contacts
	Associations []crm.ObjectType // object types whose associations with them must be read
}

// FootprintOf tells what must be read for Undo, from the records of one run.
func FootprintOf(records []journal.Record) Footprint {
	var f Footprint
	ids := make(map[crm.ObjectID]bool)
	emails := make(map[crm.Email]bool)
	properties := make(map[string]bool)
	types := make(map[crm.ObjectType]bool)
	for _, record := range records {
		if record.Begin != nil {
			f.Portal = record.Begin.Portal
		}
	}
	for _, d := range deedsOf(records) {
		if d.id == "" {
			emails[d.email] = true
			continue
		}
		ids[d.id] = true
		for _, v := range d.values {
			properties[v.name] = true
			if former, err := crm.ParseEmail(v.before); err == nil && v.name == propertyEmail {
				emails[former] = true
			}
		}
		for _, link := range d.links {
			types[link.To.Type] = true
			if link.To.Type == crm.TypeContact {
				ids[link.To.ID] = true
			}
		}
		if d.created {
			for _, name := range engagementProperties {
				properties[name] = true
			}
			for _, to := range engagementTypes {
				types[to] = true
			}
		}
	}
	f.IDs = slices.SortedFunc(maps.Keys(ids), crm.ObjectID.Compare)
	f.Emails = slices.Sorted(maps.Keys(emails))
	f.Properties = slices.Sorted(maps.Keys(properties))
	f.Associations = slices.Sorted(maps.Keys(types))
	return f
}

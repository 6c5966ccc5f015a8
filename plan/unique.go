package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Unique values.
//
// A portal refuses a value of a unique property that another live contact holds, and
// it refuses the whole batch. So who holds the declared values is looked up before:
// those that a declared contact was seen to hold already need no look-up. Whether the
// holder gives the value up in this very plan does not help: HubSpot promises no order
// inside a batch.

// possession is a value of a unique property that one declared contact is to hold.
type possession struct {
	contact int32
	name    string
}

// Unique lists the values of unique properties that declared contacts may have to be
// given, sorted. It is called after the last Add; what the portal answers goes to Hold.
func (p *Planner) Unique() []crm.Value {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.unique) == 0 {
		return nil
	}
	var values []crm.Value
	for i, c := range p.declared() {
		for _, property := range p.uniqueOf(&c) {
			if !p.held[possession{i, property.Name}] {
				values = append(values, crm.Value{Name: property.Name, Text: property.Text})
			}
		}
	}
	slices.SortFunc(values, compareValues)
	return slices.Compact(values)
}

// Hold tells which live contacts hold values that Unique listed.
func (p *Planner) Hold(holders map[crm.Value]crm.ObjectID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holders = holders
}

func compareValues(a, b crm.Value) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Text, b.Text))
}

// uniqueNames are the unique properties of a portal that a document might name. The
// address is looked after elsewhere.
func uniqueNames(portal *crm.Portal) []string {
	var names []string
	for name, property := range portal.Properties {
		if property.Unique && !property.ReadOnly && name != propertyEmail && name != propertyAdditional {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// uniqueOf are the values of unique properties that a contact declares.
func (p *Planner) uniqueOf(c *spec.Contact) []spec.Property {
	if c.Ensure == spec.Archived || len(p.unique) == 0 {
		return nil
	}
	var found []spec.Property
	for _, property := range c.Properties {
		_, unique := slices.BinarySearch(p.unique, property.Name)
		_, ignored := slices.BinarySearch(c.Ignore, property.Name)
		if unique && !ignored && property.Text != "" {
			found = append(found, property)
		}
	}
	return found
}

// noteHeld remembers the declared values that a live contact holds already.
func (p *Planner) noteHeld(i int32, c *spec.Contact, live *crm.Contact) {
	for _, property := range p.uniqueOf(c) {
		def := p.judge.portal.Properties[property.Name]
		if def.Equal(property.Text, live.Properties.Text(property.Name)) {
			p.held[possession{i, property.Name}] = true
		}
	}
}

// dropTaken takes out changes that would give a contact a value which another one
// holds, and all changes that would give the same value to several.
func (a *assembly) dropTaken() {
	p := a.planner
	if len(p.unique) == 0 {
		return
	}
	wanted := make(map[crm.Value][]int32)
	for _, one := range a.planned {
		for _, value := range p.uniqueIn(&one.change) {
			wanted[value] = append(wanted[value], one.contact)
		}
	}
	a.planned = slices.DeleteFunc(a.planned, func(one planned) bool {
		c := p.doc.Contact(int(one.contact))
		var found diag.List
		for _, value := range p.uniqueIn(&one.change) {
			holder, held := p.holders[value]
			switch {
			case held && holder != one.change.ID:
				found = append(found, refusal(&c, diag.UniqueTaken, placeOf(&c, value.Name),
					fmt.Sprintf("Contact %s holds this value of %s now, whatever this plan does to that one.", holder, value.Name),
					"correct the value; to move it, clear it there by a first apply"))
			case len(wanted[value]) > 1:
				d := refusal(&c, diag.UniqueTaken, placeOf(&c, value.Name),
					fmt.Sprintf("Several declared contacts would hold this value of %s.", value.Name), "keep it on one of them")
				for _, k := range wanted[value] {
					if other := p.doc.Contact(int(k)); k != one.contact {
						d.Related = append(d.Related, diag.Related{At: placeOf(&other, value.Name), Note: "and here"})
					}
				}
				found = append(found, d)
			}
		}
		p.note(one.contact, found)
		return len(found) > 0
	})
}

// uniqueIn are the values of unique properties that a change writes.
func (p *Planner) uniqueIn(change *Change) []crm.Value {
	var values []crm.Value
	for _, property := range change.Properties {
		if _, unique := slices.BinarySearch(p.unique, property.Name); unique && property.After != "" {
			values = append(values, crm.Value{Name: property.Name, Text: property.After})
		}
	}
	return values
}

// placeOf is where a contact declares a property.
func placeOf(c *spec.Contact, name string) diag.Range {
	if i := slices.IndexFunc(c.Properties, func(p spec.Property) bool { return p.Name == name }); i >= 0 {
		return c.Properties[i].At
	}
	return c.At
}

package spec

import (
	"cmp"

	"github.com/contactsync/contactsync/crm"
)

func byName(a, b Property) int { return cmp.Compare(a.Name, b.Name) }

// properties writes the declared values, which are sorted by name.
func (e *encoder) properties(all []Property) {
	headed := false
	for i := range all {
		p := &all[i]
		if !p.Set {
			continue
		}
		if !headed {
			e.key("properties")
			e.raw("\n")
			headed = true
		}
		e.propertyKey(p.Name)
		if items := listed(p); len(items) > 0 {
			listLine(e, items)
		} else {
			e.value(p.Text)
		}
	}
}

// listed are the items of a value that is written as a list, each once.
func listed(p *Property) []string {
	if !p.List {
		return nil
	}
	return crm.SplitSet(p.Text)
}

// removals writes the values to take out of multi-selects.
func (e *encoder) removals(all []Property) {
	headed := false
	for i := range all {
		p := &all[i]
		if len(p.Remove) == 0 {
			continue
		}
		if !headed {
			e.key("remove")
			e.raw("\n")
			headed = true
		}
		e.propertyKey(p.Name)
		listLine(e, p.Remove)
	}
}

// propertyKey begins the line of a property. A name such as "on" needs quotes.
func (e *encoder) propertyKey(name string) {
	if e.err == nil {
		e.at = name
	}
	e.raw(propertyLead)
	e.scalar(name, inBlock)
	e.raw(":")
}

// modes lists the properties that are not written at all times.
func (e *encoder) modes(all []Property) {
	e.mode("create_only", CreateOnly, all)
	e.mode("fill_only", FillOnly, all)
	e.mode("additive", Additive, all)
}

func (e *encoder) mode(key string, mode Mode, all []Property) {
	e.names = e.names[:0]
	for i := range all {
		if p := &all[i]; p.Mode == mode && (p.Set || len(p.Remove) > 0) {
			e.names = append(e.names, p.Name)
		}
	}
	if len(e.names) > 0 {
		e.key(key)
		listLine(e, e.names)
	}
}

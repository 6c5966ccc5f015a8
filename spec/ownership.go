package spec

import (
	"fmt"

	"github.com/contactsync/contactsync/diag"
)

var defaultsKeys = []string{"properties", "create_only", "fill_only", "additive", "ignore"}

// ownership says when the values of properties are written, by name.
type ownership struct {
	modes  map[string]named // create_only, fill_only, additive
	ignore map[string]named
}

// named is a property's name in one of the lists.
type named struct {
	mode Mode
	at   diag.Range
	line string
}

// defaults hold for the contacts of one file.
type defaults struct {
	ownership
	properties []Property
}

// ownershipField reads one of create_only, fill_only, additive and ignore.
func (r *reader) ownershipField(o *ownership, f field) {
	list, ok := r.items(f, "property names")
	if !ok {
		return
	}
	for _, one := range list {
		name, ok := r.text(one)
		if !ok || !r.propertyName(one, name) {
			continue
		}
		n := named{at: r.at(one), line: r.file.line(r.at(one).Line)}
		switch f.key {
		case "create_only":
			n.mode = CreateOnly
		case "fill_only":
			n.mode = FillOnly
		case "additive":
			n.mode = Additive
		}
		r.addNamed(o, r.intern(name), n)
	}
}

func (r *reader) addNamed(o *ownership, name string, n named) {
	if o.modes == nil {
		o.modes, o.ignore = make(map[string]named), make(map[string]named)
	}
	list := o.modes
	if n.mode == 0 {
		list = o.ignore
	}
	first, twice := list[name]
	switch {
	case !twice:
		list[name] = n
	case first.mode == n.mode:
		r.report(diag.ListedTwice, n.at, "The property already stands in this list.", "remove it here")
	default:
		r.report(diag.TwoModes, n.at, fmt.Sprintf("%s stands in two of create_only, fill_only and additive.", name), "keep one of the two",
			diag.Related{At: first.at, Note: "and here", Line: first.line})
	}
}

// checkOwnership reports properties that the same lines ignore and declare;
// indices tells where among the declared ones a property stands.
func (r *reader) checkOwnership(o ownership, declared []Property, indices map[string]int) {
	for name, one := range o.ignore {
		if i, given := indices[name]; given {
			at := declared[i].NameAt
			r.report(diag.IgnoredAndSet, one.at, fmt.Sprintf("%s also has a declared value.", name), "keep one of the two",
				diag.Related{At: at, Note: "declared here", Line: r.file.line(at.Line)})
		}
	}
}

// defaults reads the defaults of a file.
func (r *reader) defaults(f field) *defaults {
	base := new(defaults)
	fields, ok := r.fields(f)
	if !ok {
		return base
	}
	for _, one := range fields {
		switch one.key {
		case "properties":
			base.properties = r.defaultProperties(one)
		case "create_only", "fill_only", "additive", "ignore":
			r.ownershipField(&base.ownership, one)
		default:
			r.unknown(diag.UnknownDefaultsKey, one, defaultsKeys)
		}
	}
	declared := make(map[string]int, len(base.properties))
	for i, p := range base.properties {
		declared[p.Name] = i
	}
	r.checkOwnership(base.ownership, base.properties, declared)
	return base
}

func (r *reader) defaultProperties(f field) []Property {
	fields, ok := r.fields(f)
	if !ok {
		return nil
	}
	properties := make([]Property, 0, len(fields))
	for _, one := range fields {
		if property, ok := r.property(one, FromDefaults); ok {
			properties = append(properties, property)
		}
	}
	return properties
}

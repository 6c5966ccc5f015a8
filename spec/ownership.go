package spec

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/diag"
)

var defaultsKeys = []string{"properties", "create_only", "fill_only", "additive", "ignore"}

// ownership says when the values of properties are written, by name.
type ownership struct {
	modes  []named
	ignore []named
}

// named is a property's name in one of the lists.
type named struct {
	name string
	mode Mode
	at   diag.Range
	line string
}

// defaults hold for the contacts of one file.
type defaults struct {
	ownership
	properties []Property
	ignored    []string
}

// mode is how a property is written: as one of the lists says, else as before.
func (o *ownership) mode(name string, otherwise Mode) Mode {
	for _, one := range o.modes {
		if one.name == name {
			return one.mode
		}
	}
	return otherwise
}

func (o *ownership) ignores(name string) bool {
	return slices.ContainsFunc(o.ignore, func(n named) bool { return n.name == name })
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
		n := named{name: r.intern(name), at: r.at(one), line: r.file.line(r.at(one).Line)}
		switch f.key {
		case "create_only":
			n.mode = CreateOnly
		case "fill_only":
			n.mode = FillOnly
		case "additive":
			n.mode = Additive
		}
		r.addNamed(o, n)
	}
}

func (r *reader) addNamed(o *ownership, n named) {
	list := &o.modes
	if n.mode == 0 {
		list = &o.ignore
	}
	i := slices.IndexFunc(*list, func(other named) bool { return other.name == n.name })
	switch {
	case i < 0:
		*list = append(*list, n)
	case (*list)[i].mode == n.mode:
		r.report(diag.ListedTwice, n.at, "The property already stands in this list.", "remove it here")
	default:
		first := (*list)[i]
		r.report(diag.TwoModes, n.at, fmt.Sprintf("%s stands in two of create_only, fill_only and additive.", n.name), "keep one of the two",
			diag.Related{At: first.at, Note: "and here", Line: first.line})
	}
}

// checkOwnership reports properties that the same lines ignore and declare.
func (r *reader) checkOwnership(o ownership, declared []Property) {
	for _, one := range o.ignore {
		if i := slices.IndexFunc(declared, func(p Property) bool { return p.Name == one.name }); i >= 0 {
			at := declared[i].NameAt
			r.report(diag.IgnoredAndSet, one.at, fmt.Sprintf("%s also has a declared value.", one.name), "keep one of the two",
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
	r.checkOwnership(base.ownership, base.properties)
	for _, one := range base.ignore {
		base.ignored = append(base.ignored, one.name)
	}
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

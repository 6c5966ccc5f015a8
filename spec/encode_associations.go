package spec

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
)

// associations writes a contact's associations, one a line.
func (e *encoder) associations(all []Association) {
	if len(all) == 0 {
		return
	}
	all = slices.Clone(all)
	for i := range all {
		all[i].Labels = sorted(all[i].Labels)
	}
	slices.SortStableFunc(all, compareAssociations)
	e.key("associations")
	e.raw("\n")
	for i := range all {
		e.association(&all[i])
	}
}

func compareAssociations(a, b Association) int {
	return cmp.Or(
		cmp.Compare(a.To.Type, b.To.Type),
		a.To.ID.Compare(b.To.ID), cmp.Compare(a.To.Email, b.To.Email),
		cmp.Compare(a.To.Property, b.To.Property), cmp.Compare(a.To.Value, b.To.Value),
		slices.Compare(a.Labels, b.Labels),
		compareTypes(a.Type, b.Type),
	)
}

// compareTypes puts associations without a type first.
func compareTypes(a, b *crm.AssociationType) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}

func (e *encoder) association(a *Association) {
	e.raw(propertyLead)
	e.raw("- {to: ")
	e.scalar(string(a.To.Type), inFlow)
	e.target(&a.To)
	if len(a.Labels) > 0 {
		e.raw(", labels: ")
		flow(e, a.Labels)
	}
	if a.Type != nil {
		e.entry("type: {category", a.Type.Category)
		e.raw(", type_id: ")
		e.buf = strconv.AppendInt(e.buf, int64(a.Type.TypeID), 10)
		e.raw("}")
	}
	if a.Absent {
		e.raw(", ensure: absent")
	}
	if a.Skip {
		e.raw(", missing: skip")
	}
	e.raw("}\n")
}

func (e *encoder) target(to *crm.Target) {
	switch {
	case to.ID != "":
		e.entry("id", string(to.ID))
	case to.Email != "":
		e.entry("email", string(to.Email))
	case to.Property == "domain" && companyDomain(to):
		e.entry("domain", to.Value)
	case to.Property != "":
		e.entry("where: {property", to.Property)
		e.entry("equals", to.Value)
		e.raw("}")
	default:
		e.fail(errNoTarget)
	}
}

// companyDomain reports whether "domain" may name the record. It stands for a
// domain in its normalised form that is one company's own; any other text can
// only be asked for by "where".
func companyDomain(to *crm.Target) bool {
	domain, err := crm.ParseDomain(to.Value)
	return err == nil && domain == to.Value && to.Type == crm.TypeCompany && !crm.Freemail(domain)
}

// entry writes one more entry of a mapping in braces.
func (e *encoder) entry(key, text string) {
	e.raw(", ")
	e.raw(key)
	e.raw(": ")
	e.scalar(text, inFlow)
}

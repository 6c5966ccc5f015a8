package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// primaryKeyword is the label by which files name HubSpot's primary type of a pair.
const primaryKeyword = "Primary"

// primaryCompany is contact to primary company in HubSpot's table of types.
const primaryCompany = 1

// pair lists the association types from contacts to an object type.
func (j *judge) pair(to crm.ObjectType) []crm.AssociationType {
	return j.portal.Labels[[2]crm.ObjectType{crm.TypeContact, to}]
}

// unlabeled is the default type of a pair, which every association has.
func (j *judge) unlabeled(to crm.ObjectType) (crm.AssociationType, bool) {
	return UnlabeledType(j.portal, to)
}

func (j *judge) primary(to crm.ObjectType) (crm.AssociationType, bool) {
	return PrimaryType(j.portal, to)
}

// UnlabeledType is the default type from contacts to an object type, which every
// association has. It is not found where the portal's labels of the pair were not read.
func UnlabeledType(portal *crm.Portal, to crm.ObjectType) (crm.AssociationType, bool) {
	return find(portal.Labels[[2]crm.ObjectType{crm.TypeContact, to}], func(t crm.AssociationType) bool { return t.Label == "" })
}

// PrimaryType is the type that marks a contact's one primary record of an object
// type.
func PrimaryType(portal *crm.Portal, to crm.ObjectType) (crm.AssociationType, bool) {
	return find(portal.Labels[[2]crm.ObjectType{crm.TypeContact, to}], func(t crm.AssociationType) bool { return IsPrimary(to, t) })
}

// IsPrimary reports whether a type of associations from a contact to an object type marks
// its primary record. Its label follows the portal's language, its id does not.
func IsPrimary(to crm.ObjectType, t crm.AssociationType) bool {
	if t.Category != crm.HubSpotDefined {
		return false
	}
	if to == crm.TypeCompany {
		return t.TypeID == primaryCompany
	}
	return t.Label == primaryKeyword
}

func find(types []crm.AssociationType, is func(crm.AssociationType) bool) (crm.AssociationType, bool) {
	if i := slices.IndexFunc(types, is); i >= 0 {
		return types[i], true
	}
	return crm.AssociationType{}, false
}

// types resolves how an association is declared to the types of its pair, without
// the default type. Problems go to report.
func (j *judge) types(c *spec.Contact, a *spec.Association, report func(diag.Diagnostic)) []crm.AssociationType {
	known := j.pair(a.To.Type)
	if len(known) == 0 {
		report(refusal(c, diag.UnknownPair, a.At,
			fmt.Sprintf("The portal has no associations from contacts to %s.", a.To.Type.Plural()),
			"check the object type, and that the access token may read it"))
		return nil
	}
	if a.Type != nil {
		if found, ok := find(known, a.Type.Same); ok {
			return []crm.AssociationType{found}
		}
		report(refusal(c, diag.UnknownType, a.At,
			fmt.Sprintf("Contacts and %s have no association type %s %d in this portal.", a.To.Type.Plural(), a.Type.Category, a.Type.TypeID),
			"types differ from portal to portal; a label by its name is safer"))
		return nil
	}
	var types []crm.AssociationType
	for _, label := range a.Labels {
		if found, ok := j.label(c, a, label, report); ok {
			types = append(types, found)
		}
	}
	return types
}

func (j *judge) label(c *spec.Contact, a *spec.Association, label string, report func(diag.Diagnostic)) (crm.AssociationType, bool) {
	if label == primaryKeyword {
		if found, ok := j.primary(a.To.Type); ok {
			return found, true
		}
	}
	var named []crm.AssociationType
	for _, t := range j.pair(a.To.Type) {
		if t.Label == label && label != "" {
			named = append(named, t)
		}
	}
	switch len(named) {
	case 1:
		return named[0], true
	case 0:
		report(refusal(c, diag.UnknownLabel, a.At,
			fmt.Sprintf("Contacts and %s have no label %q in this portal.", a.To.Type.Plural(), label), j.labelHint(a.To.Type, label)))
	default:
		var ids []string
		for _, t := range named {
			ids = append(ids, fmt.Sprintf("{category: %s, type_id: %d}", t.Category, t.TypeID))
		}
		report(refusal(c, diag.AmbiguousLabel, a.At,
			fmt.Sprintf("%d association types are called %q: %s.", len(named), label, strings.Join(ids, ", ")),
			"write type: with the category and type_id that you mean"))
	}
	return crm.AssociationType{}, false
}

// union adds types to a sorted set and keeps it sorted, each once. The types that
// stand already keep their labels.
func union(set []crm.AssociationType, more ...crm.AssociationType) []crm.AssociationType {
	all := slices.Concat(set, more)
	slices.SortStableFunc(all, crm.AssociationType.Compare)
	return slices.CompactFunc(all, crm.AssociationType.Same)
}

// without is a set less some types.
func without(set []crm.AssociationType, less ...crm.AssociationType) []crm.AssociationType {
	return slices.DeleteFunc(slices.Clone(set), func(t crm.AssociationType) bool { return slices.ContainsFunc(less, t.Same) })
}

func sameTypes(a, b []crm.AssociationType) bool {
	return slices.EqualFunc(a, b, crm.AssociationType.Same)
}

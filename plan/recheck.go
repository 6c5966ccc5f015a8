package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Check judges a plan again, as one that was saved must be before it is applied,
// by the definitions that the portal has now: properties may have gone or become
// read-only, options and association types may have been deleted. Limits are for
// Exceeded, the live values for the apply itself. The list is sorted and empty for
// a plan that was just made against the same definitions.
func (p *Plan) Check(portal *crm.Portal) diag.List {
	j := newJudge(portal, spec.Settings{})
	var list diag.List
	for i := range p.Changes {
		change := &p.Changes[i]
		for k := range change.Properties {
			list = append(list, j.recheckProperty(change, &change.Properties[k])...)
		}
		for k := range change.Associations {
			list = append(list, j.recheckAssociation(change, &change.Associations[k])...)
		}
	}
	list.Sort()
	return list
}

const planAgain = "plan again"

func (j *judge) recheckProperty(change *Change, p *PropertyChange) diag.List {
	def, known := j.portal.Properties[p.Name]
	if !known && p.Name == propertyEmail {
		return nil
	}
	if !known {
		problem := change.problem(diag.UnknownProperty, fmt.Sprintf("The portal has no contact property %q any more.", p.Name))
		problem.Property = p.Name
		return diag.List{problem}
	}
	err := def.Check(p.After)
	if err == nil {
		return nil
	}
	code := diag.RefusedValue
	if def.ReadOnly {
		code = diag.ReadOnlyProperty
	}
	problem := change.problem(code, fmt.Sprintf("%s cannot be written: %s.", p.Name, err))
	problem.Property, problem.Values = p.Name, quoted(&def, err, p.After)
	return diag.List{problem}
}

func (j *judge) recheckAssociation(change *Change, a *AssociationChange) diag.List {
	var list diag.List
	for _, t := range without(a.After, a.Before...) {
		if !slices.ContainsFunc(j.pair(a.To.Type), t.Same) {
			list = append(list, change.problem(diag.UnknownType,
				fmt.Sprintf("Contacts and %s have no association type %s %d any more.", a.To.Type.Plural(), t.Category, t.TypeID)))
		}
	}
	return list
}

func (c *Change) problem(code diag.Code, detail string) diag.Diagnostic {
	d := diag.New(code, c.At, detail, planAgain)
	d.Subject = c.Key()
	return d
}

// Key names the contact of a change, as Key of spec.Contact does: by its address, or by
// its id when it has none.
func (c *Change) Key() string {
	if c.Email == "" {
		return string(c.ID)
	}
	return string(c.Email)
}

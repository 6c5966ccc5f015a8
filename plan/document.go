package plan

import (
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// Document is a desired state that asks for the plan's changes and nothing more:
// planned against the portal that the plan was made from, it gives them again. To
// choose some of them, make a Plan of these. Contacts are named by address where
// they have one.
//
// Archives of contacts that no file names are left out. To archive one by a line of
// its own would go round everything that prune or an undo looks at; the next plan of
// the project, or the next undo, finds those that are still to be archived.
func (p *Plan) Document() *spec.Document {
	contacts := make([]spec.Contact, 0, len(p.Changes))
	for i := range p.Changes {
		if len(p.Changes[i].Expect) == 0 {
			contacts = append(contacts, p.Changes[i].declaration())
		}
	}
	return spec.NewDocument(contacts)
}

func (c *Change) declaration() spec.Contact {
	contact := spec.Contact{
		At: c.At, Email: c.Email, Written: string(c.Email),
		Ensure: spec.Present, Lifecycle: spec.AtLeast,
	}
	if c.Email == "" || (c.renames() && c.From == "") {
		contact.ID = c.ID
	}
	if c.Action == Archive {
		contact.Ensure = spec.Archived
		return contact
	}
	if c.From != "" {
		contact.PreviousEmails = []crm.Email{c.From}
		contact.ConsentChecked = c.Live.OptedOut
	}
	contact.Recreate = slices.ContainsFunc(c.Reasons, func(r Reason) bool { return r.Code == reasonRecreated })
	for _, property := range c.Properties {
		if property.Origin == OriginRename {
			continue
		}
		if property.Backward {
			contact.Lifecycle = spec.AllowBackward
		}
		contact.Properties = append(contact.Properties, spec.Property{
			Name: property.Name, Text: property.After, Set: true, Mode: spec.Managed, Origin: spec.FromContact,
		})
	}
	for i := range c.Associations {
		contact.Associations = append(contact.Associations, c.Associations[i].declaration())
	}
	return contact
}

// declaration names what the association gains by its labels; the default type
// comes with every association.
func (a *AssociationChange) declaration() spec.Association {
	association := spec.Association{
		To: crm.Target{Type: a.To.Type, ID: a.To.ID}, Absent: len(a.After) == 0,
	}
	if a.To.ID == "" {
		association.To.Email = a.To.Email
	}
	for _, t := range without(a.After, a.Before...) {
		switch {
		case t.Label == "":
		case IsPrimary(a.To.Type, t):
			association.Labels = append(association.Labels, primaryKeyword)
		default:
			association.Labels = append(association.Labels, t.Label)
		}
	}
	return association
}

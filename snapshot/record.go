package snapshot

import (
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// contactOf is a record as a contact, with the properties of that list (sorted)
// which have a value.
func contactOf(object *hubspot.Object, properties []string) crm.Contact {
	contact := crm.Contact{
		ID: crm.ObjectID(object.ID), Archived: object.Archived, ArchivedAt: object.ArchivedAt,
		Properties: make(crm.Properties, 0, len(properties)),
	}
	for _, name := range properties {
		if text := object.Properties[name]; text != nil && *text != "" {
			contact.Properties = append(contact.Properties, crm.Value{Name: name, Text: *text})
		}
	}
	if email, err := crm.ParseEmail(contact.Properties.Text("email")); err == nil {
		contact.Email = email
	}
	for part := range strings.SplitSeq(contact.Properties.Text("hs_additional_emails"), ";") {
		if email, err := crm.ParseEmail(part); err == nil {
			contact.Additional = append(contact.Additional, email)
		}
	}
	return contact
}

// asked notes what a contact was looked up by, unless that is its own id or
// address.
func asked(contact *crm.Contact, text string) {
	if text == "" || text == string(contact.ID) {
		return
	}
	if email, err := crm.ParseEmail(text); err == nil {
		if email == contact.Email || slices.Contains(contact.Additional, email) {
			return
		}
	}
	contact.Asked = append(contact.Asked, text)
}

func typesOf(labels []hubspot.Label) []crm.AssociationType {
	types := make([]crm.AssociationType, len(labels))
	for i, label := range labels {
		types[i] = crm.AssociationType{Category: label.Category, TypeID: label.TypeID}
		if label.Label != nil {
			types[i].Label = *label.Label
		}
	}
	return types
}

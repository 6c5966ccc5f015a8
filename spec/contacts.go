package spec

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

var contactKeys = []string{
	"email", "previous_email", "also", "id", "ensure", "owner", "lifecycle", "take_email", "recreate", "consent_checked",
	"properties", "remove", "create_only", "fill_only", "additive", "ignore", "associations",
}

// draft is a contact while its lines are read.
type draft struct {
	Contact
	at         diag.Range // of the contact's first line
	idAt       diag.Range
	removes    []Property
	ownership  ownership
	emailGiven bool                  // an email line stands there, valid or not
	ownerAt    diag.Range            // of hubspot_owner_id among the properties
	places     map[string]diag.Range // of the keys that say how, for lines without effect
	others     []address             // previous_email and also
	known      map[crm.Email]bool    // the addresses of others
}

// address is one of a contact's further addresses, and where it stands.
type address struct {
	email    crm.Email
	previous bool
	at       diag.Range
}

// contact reads one item of the contacts' list. It is false when the item has an
// error of its own.
func (r *reader) contact(f field, base *defaults) (*draft, bool) {
	before := r.errors
	fields, ok := r.fields(f)
	if !ok {
		return nil, false
	}
	d := &draft{at: r.at(f), Contact: Contact{Ensure: Present, Lifecycle: AtLeast}, places: make(map[string]diag.Range)}
	r.identify(d, fields)
	defer func() { r.subject = "" }()
	for _, one := range fields {
		r.contactField(d, one)
	}
	r.checkContact(d)
	r.settleProperties(d, base)
	return d, r.errors == before
}

// identify reads the lines that say who the contact is, before any other line, so
// that every diagnostic can name it.
func (r *reader) identify(d *draft, fields []field) {
	for _, f := range fields {
		switch f.key {
		case "email":
			d.emailGiven = true
			if text, ok := r.text(f); ok {
				r.subject = text
				d.Email, d.Written = r.email(f, text), text
				d.At = r.at(f)
			}
		case "id":
			d.ID, d.idAt = r.id(f), r.at(f)
			if d.At.IsZero() {
				d.At = r.at(f)
			}
		}
	}
	if r.subject == "" {
		r.subject = string(d.ID)
	}
}

func (r *reader) contactField(d *draft, f field) {
	switch f.key {
	case "email", "id":
	case "previous_email":
		r.otherAddresses(d, f, true)
	case "also":
		r.otherAddresses(d, f, false)
	case "ensure":
		if word, ok := r.word(f, "present", "archived"); ok && word == "archived" {
			d.Ensure = Archived
		}
	case "owner":
		r.owner(d, f)
	case "lifecycle":
		r.lifecycle(d, f)
	case "take_email":
		_, d.TakeEmail = r.word(f, "file")
		d.places[f.key] = r.at(f)
	case "recreate":
		d.Recreate = r.flag(f)
	case "consent_checked":
		d.ConsentChecked = r.flag(f)
		d.places[f.key] = r.at(f)
	case "properties":
		r.properties(d, f)
	case "remove":
		r.removals(d, f)
	case "create_only", "fill_only", "additive", "ignore":
		r.ownershipField(&d.ownership, f)
	case "associations":
		r.associations(d, f)
	default:
		r.unknownContactKey(d, f)
	}
}

// unknownContactKey suggests the nearest key, or that a property stands one level
// too high. A misspelt email is reported once, not as a missing one too.
func (r *reader) unknownContactKey(d *draft, f field) {
	if near, ok := diag.Nearest(f.key, contactKeys); ok && (near == "email" || near == "id") {
		d.emailGiven = true
	}
	detail, hint := keysHere(contactKeys), suggest(f.key, contactKeys)
	if near, ok := diag.Nearest(f.key, commonProperties); ok && hint == "" {
		hint = fmt.Sprintf("is it the property %q? write it under properties:", near)
	}
	r.report(diag.UnknownKey, r.file.at(f.name), detail, hint)
}

// email reads an address; empty when it is none, and the reason is reported.
func (r *reader) email(f field, text string) crm.Email {
	email, err := crm.ParseEmail(text)
	if err != nil {
		r.report(diag.InvalidEmail, r.at(f), sentence(err.Error()), emailHint(text))
	}
	return email
}

func (r *reader) id(f field) crm.ObjectID {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	id := crm.ObjectID(text)
	if !id.Valid() {
		r.report(diag.InvalidID, r.at(f), "A record id is a row of digits, without sign, space or leading zero.", "copy it from the record's address in HubSpot")
		return ""
	}
	return id
}

func (r *reader) otherAddresses(d *draft, f field, previous bool) {
	list, ok := r.oneOrMore(f, "addresses")
	if !ok {
		return
	}
	if d.known == nil {
		d.known = make(map[crm.Email]bool)
	}
	for _, one := range list {
		text, ok := r.text(one)
		if !ok {
			continue
		}
		email := r.email(one, text)
		if email == "" {
			continue
		}
		if d.known[email] || email == d.Email {
			r.report(diag.OwnAddress, r.at(one), "The address already stands among this contact's own addresses.", "remove it here")
			continue
		}
		d.known[email] = true
		d.others = append(d.others, address{email, previous, r.at(one)})
		if previous {
			d.PreviousEmails = append(d.PreviousEmails, email)
		} else {
			d.Also = append(d.Also, email)
		}
	}
	d.places[f.key] = r.at(f)
}

func (r *reader) owner(d *draft, f field) {
	text, ok := r.text(f)
	if !ok {
		return
	}
	if text == "" {
		r.report(diag.InvalidEmail, r.at(f), "An owner is named by an address; \"\" names nobody.", "to clear it, write hubspot_owner_id: \"\" under properties")
		return
	}
	d.Owner, d.OwnerAt = r.email(f, text), r.at(f)
}

func (r *reader) lifecycle(d *draft, f field) {
	word, ok := r.word(f, "at_least", "exact", "allow_backward")
	if !ok {
		return
	}
	switch word {
	case "exact":
		d.Lifecycle = Exact
	case "allow_backward":
		d.Lifecycle = AllowBackward
	}
	d.places[f.key] = r.at(f)
}

// checkContact holds the lines of a contact against each other.
func (r *reader) checkContact(d *draft) {
	if !d.emailGiven && d.At.IsZero() {
		r.report(diag.NoIdentity, d.at, "Nothing says which contact this is.", "add email: or id:")
	}
	if !d.emailGiven {
		for _, key := range []string{"previous_email", "take_email"} {
			if at, given := d.places[key]; given {
				r.report(diag.NeedsEmail, at, fmt.Sprintf("%q is about the contact's own address, and it has none here.", key), "add email: or remove the line")
			}
		}
	}
	if at, given := d.places["take_email"]; given && d.emailGiven && d.ID == "" {
		r.report(diag.NoEffect, at, "\"take_email\" settles which address counts when a record is named by its id, and no id is given.", "remove the line")
	}
	if at, given := d.places["consent_checked"]; given && d.ConsentChecked && len(d.PreviousEmails) == 0 && !d.TakeEmail {
		r.report(diag.NoEffect, at, "\"consent_checked\" allows a rename, and this contact is not renamed.", "remove the line")
	}
	hasStage := func(p Property) bool { return p.Name == stageProperty }
	if at, given := d.places["lifecycle"]; given && !slices.ContainsFunc(d.Properties, hasStage) {
		r.report(diag.NoEffect, at, "\"lifecycle\" says how the contact's own lifecyclestage is meant, and it declares none.", "remove the line")
	}
	if d.Owner != "" && !d.ownerAt.IsZero() {
		r.report(diag.OwnerTwice, d.OwnerAt, "The contact also declares hubspot_owner_id.", "keep owner:",
			diag.Related{At: d.ownerAt, Note: "also declared here", Line: r.file.line(d.ownerAt.Line)})
	}
}

// forget drops what an archived contact's file may still say.
func (d *draft) forget() {
	d.Contact = Contact{
		At: d.At, Email: d.Email, Written: d.Written, ID: d.ID, Ensure: Archived, Lifecycle: AtLeast,
	}
	d.others = nil
}

package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// address compares the declared address with those of the live contact, and plans
// a rename where the file asks for one.
func (j *judge) address(d *decision, c *spec.Contact, live *crm.Contact) {
	switch {
	case live == nil || c.Email == "":
	case c.Email == live.Email:
		if len(c.PreviousEmails) > 0 {
			d.warn(c, diag.RenameDone, c.At,
				fmt.Sprintf("Contact %s has the address %s already.", live.ID, c.Written),
				"remove the previous_email line")
		}
	case bears(live, c.Email):
		d.reason("matched-secondary", fmt.Sprintf("%s is a secondary address of this contact", c.Email))
	case slices.Contains(c.PreviousEmails, live.Email):
		j.rename(d, c, live)
	case c.TakeEmail:
		d.reason("take-email", "take_email: file replaces the address")
		j.rename(d, c, live)
	case c.ID != "" && live.Email == "" && live.Properties.Text(propertyEmail) == "":
		d.reason("address-added", "the contact had no address")
		j.rename(d, c, live)
	case slices.ContainsFunc(c.Also, func(e crm.Email) bool { return bears(live, e) }):
		d.reason("matched-also", "found by an address of the also: line; the address is left as it is")
	default:
		d.problem(c, diag.AddressDiffers, c.At, differs(c, live),
			"write the live address in the file, or add take_email: file to give the contact the declared one")
	}
}

// disagree reports whether the file names a live contact by an id and an address
// that do not belong together.
func (j *judge) disagree(c *spec.Contact, live *crm.Contact) bool {
	if c.ID == "" || c.Email == live.Email {
		return false
	}
	var d decision
	j.address(&d, c, live)
	return slices.ContainsFunc(d.problems, func(p diag.Diagnostic) bool { return p.Code == string(diag.AddressDiffers) })
}

// rename gives a live contact the declared address. Subscriptions belong to
// addresses, so an opt-out would be lost without anybody having agreed.
func (j *judge) rename(d *decision, c *spec.Contact, live *crm.Contact) {
	before := live.Properties.Text(propertyEmail)
	if before == "" {
		before = string(live.Email)
	}
	d.change.From, d.change.Email = live.Email, c.Email
	d.change.Properties = append(d.change.Properties, PropertyChange{
		Name: propertyEmail, Before: before, After: string(c.Email), Origin: OriginRename,
	})
	if !d.change.Live.OptedOut {
		return
	}
	if !c.ConsentChecked {
		d.problem(c, diag.OptedOutRename, c.At,
			fmt.Sprintf("%s has opted out of email. Opt-outs belong to addresses, so %s could receive email again.", named(live), c.Written),
			"add consent_checked: true once you know that this is right")
		return
	}
	d.reason("consent-checked", "the old address had opted out of email; consent_checked: true says that this was looked at")
}

// renames reports whether the change gives the contact another address.
func (c *Change) renames() bool {
	return c.Action == Update && slices.ContainsFunc(c.Properties, func(p PropertyChange) bool { return p.Origin == OriginRename })
}

// bears reports whether an address is one of a live contact's, or leads to it in
// HubSpot, as addresses of merged contacts do.
func bears(live *crm.Contact, email crm.Email) bool {
	return live.Email == email || slices.Contains(live.Additional, email) || slices.Contains(live.Asked, string(email))
}

func differs(c *spec.Contact, live *crm.Contact) string {
	has := "the address " + string(live.Email)
	if live.Email == "" {
		has = "no valid address"
		if text := live.Properties.Text(propertyEmail); text == "" {
			has = "no address"
		}
	}
	declared := strings.TrimSpace(c.Written)
	if declared == "" {
		declared = string(c.Email)
	}
	return fmt.Sprintf("Contact %s has %s in the portal, and the file says %s.", live.ID, has, declared)
}

package plan

import (
	"fmt"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Names of the properties that the rules themselves look at.
const (
	propertyEmail      = "email"
	propertyAdditional = "hs_additional_emails"
	propertyStage      = "lifecyclestage"
	propertyOwner      = "hubspot_owner_id"
	propertyOptedOut   = "hs_email_optout"
)

// judge decides what a declared contact means for a live one. The planner, Check
// and Explain ask the same judge, so they cannot disagree.
type judge struct {
	portal   *crm.Portal
	settings spec.Settings
	now      time.Time // that recent activity is reckoned to; zero: none is recent
	hints    hints
}

func newJudge(portal *crm.Portal, settings spec.Settings) *judge {
	return &judge{portal: portal, settings: settings, hints: make(hints)}
}

// peerState is what becomes of another declared contact.
type peerState uint8

const (
	peerUndeclared peerState = iota + 1 // no declared contact has this address
	peerLive                            // in the portal, as Ref
	peerCreated                         // created by the same plan
	peerGone                            // archived by the same plan, or long gone
	peerLeftOut                         // left out for errors of its own
)

type peer struct {
	state peerState
	ref   crm.Ref
}

// peers answers for contacts that the same document declares.
type peers struct {
	of func(crm.Email) peer // by an address
	// declares reports whether a live contact is declared with an association that
	// leads to the one that is judged. Nil: none is.
	declares func(crm.ObjectID) bool
}

func noPeers() peers {
	return peers{of: func(crm.Email) peer { return peer{state: peerUndeclared} }}
}

// decision is what a declared contact means for a live one, or for none.
type decision struct {
	change   Change // Action 0: nothing to do
	problems diag.List
	rules    []Rule // only when the judge was asked to explain
}

// decide is the one place where a declared contact and a live one meet. Live is
// nil for a contact that is not in the portal. Explain asks for the rules too.
func (j *judge) decide(c *spec.Contact, live *crm.Contact, others peers, explain bool) decision {
	d := decision{change: Change{Action: Create, Email: c.Email, At: c.At}}
	if live != nil {
		d.change.Action, d.change.Email, d.change.ID = Update, live.Email, live.ID
		d.change.Live = LiveOf(live)
	}
	if c.Ensure == spec.Archived {
		if live != nil {
			d.change.Live = j.archiveContext(live)
		}
		j.archive(&d, c, live)
		return d
	}
	j.address(&d, c, live)
	j.properties(&d, c, live, explain)
	j.associations(&d, c, live, others)
	if live != nil && len(d.change.Properties) == 0 && len(d.change.Associations) == 0 {
		d.change.Action = 0
	}
	return d
}

// archive plans the archive of a contact that is live. Through a secondary
// address it would take a record that goes by another name: after a merge that is
// somebody else's.
func (j *judge) archive(d *decision, c *spec.Contact, live *crm.Contact) {
	d.change.Action = 0
	switch {
	case live == nil:
	case c.Email == "" || c.Email == live.Email:
		d.change.Action = Archive
	case c.ID == "" && bears(live, c.Email):
		d.problem(c, diag.ArchiveBySecondary, c.At,
			fmt.Sprintf("%s is a secondary address of contact %s, whose primary address is %s. Archiving would remove that whole contact.", c.Written, live.ID, named(live)),
			"declare the primary address, or remove these lines")
	default:
		d.problem(c, diag.AddressDiffers, c.At, differs(c, live), "declare the contact by the address it has now")
	}
}

func (d *decision) problem(c *spec.Contact, code diag.Code, at diag.Range, detail, hint string) {
	d.problems = append(d.problems, refusal(c, code, at, detail, hint))
}

func (d *decision) warn(c *spec.Contact, code diag.Code, at diag.Range, detail, hint string) {
	d.problems = append(d.problems, warning(c, code, at, detail, hint))
}

func (d *decision) reason(code, text string) {
	d.change.Reasons = append(d.change.Reasons, Reason{Code: code, Text: text})
}

// refusal is a diagnostic about a contact that stops its plan.
func refusal(c *spec.Contact, code diag.Code, at diag.Range, detail, hint string) diag.Diagnostic {
	d := diag.New(code, at, detail, hint)
	d.Subject = c.Key()
	return d
}

// about is a refusal about one property of a contact.
func about(property string, c *spec.Contact, code diag.Code, at diag.Range, detail, hint string) diag.Diagnostic {
	d := refusal(c, code, at, detail, hint)
	d.Property = property
	return d
}

// warning is a diagnostic about a contact that changes nothing.
func warning(c *spec.Contact, code diag.Code, at diag.Range, detail, hint string) diag.Diagnostic {
	d := refusal(c, code, at, detail, hint)
	d.Severity = diag.Warning
	return d
}

// LiveOf is what a reviewer wants to know of a live contact, as far as it was read.
func LiveOf(live *crm.Contact) Live {
	known := Live{
		LastModified: live.Properties.Text("lastmodifieddate"),
		OptedOut:     live.Properties.Text(propertyOptedOut) == "true",
	}
	first, last := live.Properties.Text("firstname"), live.Properties.Text("lastname")
	known.Name = first + last
	if first != "" && last != "" {
		known.Name = first + " " + last
	}
	known.Deals = count(live.Properties.Text("num_associated_deals"))
	return known
}

// count reads a number of records; anything that is none is 0.
func count(text string) int {
	total := 0
	for _, r := range text {
		if r < '0' || r > '9' || total > 1_000_000_000 {
			return 0
		}
		total = total*10 + int(r-'0')
	}
	return total
}

// named is what a live contact is called in messages.
func named(live *crm.Contact) string {
	if live.Email != "" {
		return string(live.Email)
	}
	return "contact " + string(live.ID)
}

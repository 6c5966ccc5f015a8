// Package plan compares a desired state with a live portal and says what would
// change. It is pure: no network, no files, no clock. Live contacts stream in, in
// batches of any size and order; the planner keeps the changes and drops the rest.
//
// A Plan is complete: applying it needs nothing of the files it was made from, so
// what was reviewed is what is written.
package plan

import (
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// Plan is every change that leads from the live portal to the desired state.
type Plan struct {
	Portal  string   // account id
	Files   string   // digest of the desired state's files
	Limits  Limits   // what one apply of this plan may do
	Watch   []string // properties whose changes are shown first, sorted
	Counts  Counts
	Changes []Change // sorted by address, then id
	Strays  []Stray  // in scope, named by no file, and left alone; sorted alike
}

// Counts are what the plan was made from.
type Counts struct {
	Declared  int `json:"declared"`  // contacts in the files
	Found     int `json:"found"`     // of them, live
	Unchanged int `json:"unchanged"` // of the declared, as they should be
	LeftOut   int `json:"left_out"`  // of the declared, left out for errors of their own
	// Undeclared contacts are live and in scope, and no file names them: those that
	// are pruned, and the strays. Without prune nobody looks for them.
	Undeclared int `json:"undeclared"`
}

// Action is what happens to a contact.
type Action uint8

// A rename is an Update whose From is set; a change that only touches
// associations is an Update without Properties.
const (
	Create Action = iota + 1
	Update
	Archive
)

// Change is everything that happens to one contact.
type Change struct {
	Action       Action              `json:"action"`
	Email        crm.Email           `json:"email,omitempty"` // the primary address after the change; empty for a contact without one
	From         crm.Email           `json:"from,omitempty"`  // the address before a rename
	ID           crm.ObjectID        `json:"id,omitempty"`    // empty for a create
	Properties   []PropertyChange    `json:"properties,omitempty"`
	Associations []AssociationChange `json:"associations,omitempty"`
	Live         Live                `json:"live,omitzero"`
	// Expect are values that must still be the live ones when a contact that no file
	// names is archived: its address, and all that scope and protect or an undo look
	// at, by name.
	Expect  []crm.Value `json:"expect,omitempty"`
	At      diag.Range  `json:"at,omitzero"` // where the contact is declared, or prune
	Reasons []Reason    `json:"reasons,omitempty"`
}

// Live is what a reviewer wants to know of the live contact.
type Live struct {
	Name         string `json:"name,omitempty"` // first and last name
	LastModified string `json:"last_modified,omitempty"`
	OptedOut     bool   `json:"opted_out,omitempty"`
	Deals        int    `json:"deals,omitempty"` // associated deals
	// LastActivity is, of a contact that is archived or may be, when something was
	// last logged or done with it; Active says that this was within 30 days of the plan.
	LastActivity string `json:"last_activity,omitempty"`
	Active       bool   `json:"active,omitempty"`
}

// PropertyChange is one property before and after; "" is empty. Both are texts as
// HubSpot holds them and is sent them. The address stands here when an update
// changes it; the address of a create is Change.Email alone.
type PropertyChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
	Origin Origin `json:"origin"`
	// Backward marks a lifecycle stage that moves back: HubSpot ignores such a
	// write unless the stage was cleared by a request before it.
	Backward bool `json:"backward,omitempty"`
}

// Origin is where the value after a change comes from.
type Origin uint8

// OriginRename is the address itself; OriginRule a rule of the contact (additive,
// remove) that made the value of the declared and the live one.
const (
	OriginContact Origin = iota + 1
	OriginDefaults
	OriginOwner
	OriginRename
	OriginRule
)

// AssociationChange is every type of one pair before and after. Labels are
// replaced on write, so both sets stand here; After empty removes the association.
//
// A contact has one primary record of a type. When After gains the primary type
// and another record holds it, PrimaryFrom is that record: HubSpot takes the type
// from it in the same write, so the loss has no change of its own. Where the other
// record changes for another reason, its After is without the primary type.
type AssociationChange struct {
	To          crm.Ref               `json:"to"`
	Name        string                `json:"name,omitempty"` // how the file names the record: a domain, an address
	Before      []crm.AssociationType `json:"before,omitempty"`
	After       []crm.AssociationType `json:"after,omitempty"`
	PrimaryFrom crm.Ref               `json:"primary_from,omitzero"` // zero when no primary moves
}

// Reason says in one sentence which rule decided something about a change.
type Reason struct {
	Code string `json:"code"` // a stable word: matched-secondary, lifecycle-at-least, …
	Text string `json:"text"`
}

// Limits are the project's limits resolved to numbers for the contacts in scope.
// Overwrite holds for each property. NoLimit allows any number.
type Limits struct {
	Archive   int `json:"archive"`
	Create    int `json:"create"`
	Update    int `json:"update"`
	Clear     int `json:"clear"`
	Overwrite int `json:"overwrite"`
	StageBack int `json:"stage_back"`
}

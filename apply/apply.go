// Package apply carries out a plan: in ordered stages, in batches of up to 100,
// concurrently within a stage, with one result for every change, always.
//
// What was read a while ago is read again just before it is written; a contact
// that moved on is reported as Stale and not written. A write whose answer was
// lost is read back, never guessed and never blindly sent again. Nothing is
// archived after a create or rename of the same run failed.
//
// HubSpot has no compare-and-swap: between the read and the write that follows it
// another writer can slip in. The window is one request, and it cannot be closed.
package apply

import (
	"github.com/contactsync/contactsync/crm"
)

// Kind is what a step does.
type Kind uint8

// Unlabel takes single types off an association that stays; Dissociate removes
// whole associations. A stage that is cleared and set again is two updates in two
// stages.
const (
	Update Kind = iota + 1
	Create
	Unlabel
	Dissociate
	Associate
	Archive
)

// String is the kind in one lower-case word.
func (k Kind) String() string {
	switch k {
	case Update:
		return "update"
	case Create:
		return "create"
	case Unlabel:
		return "unlabel"
	case Dissociate:
		return "dissociate"
	case Associate:
		return "associate"
	case Archive:
		return "archive"
	}
	return ""
}

// Item is one write of a change. Part is 0 for the change itself (its properties,
// with a create's associations; its archive); an association is 1 + its index in
// the change; StageSet is the second write of a backward lifecycle stage.
type Item struct {
	Change int
	Part   int
}

// StageSet is the Part of an item that sets a lifecycle stage which an earlier
// stage of the run cleared.
const StageSet = -1

// Step is one request. From and To are set for association steps; From is contact
// otherwise.
type Step struct {
	Kind     Kind
	From, To crm.ObjectType
	Items    []Item
}

// Outcome is how a change, or one write of it, ended.
type Outcome uint8

// Unknown was sent and could not be read back: it may or may not be in the portal.
// Stale was not written, because the contact is no longer as the plan saw it.
// Skipped was not written although nothing speaks against it: the run stopped
// before, or the write depends on one that did not succeed.
const (
	Applied Outcome = iota + 1
	Failed
	Skipped
	Stale
	Unknown
)

// String is the outcome in one lower-case word.
func (o Outcome) String() string {
	switch o {
	case Applied:
		return "applied"
	case Failed:
		return "failed"
	case Skipped:
		return "skipped"
	case Stale:
		return "stale"
	case Unknown:
		return "unknown"
	}
	return ""
}

// Package journal is the write-ahead record of an apply: what a run set out to do,
// what it was about to send, and how that ended. A run that was cut short is
// resumed from its records, and one that finished is undone from them.
//
// A record is complete by itself: it holds the values before and after, so the
// plan is not needed to understand it. Records hold personal data.
//
// A journal is a text file of one line a record:
//
//	<checksum, 8 hex digits> <record, JSON>
//
// The checksum is CRC-32C over the checksum of the line before, as it is written
// there, and the record; a line that was changed, removed, repeated or moved is
// found by it. A record is on the disk when Append returns. After an error nothing
// more is written through that Writer: what a failed sync left in the file is not
// known, and a second sync would report success over it.
package journal

import (
	"github.com/contactsync/contactsync/crm"
)

// Version is that of the format, which the first record of a journal bears.
const Version = 1

// Record is one entry of a journal; exactly one of its fields is set.
type Record struct {
	Begin   *Begin   `json:"begin,omitempty"`
	Resume  *Resume  `json:"resume,omitempty"`
	Intent  *Intent  `json:"intent,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`
	End     *End     `json:"end,omitempty"`
}

// Begin opens a run.
type Begin struct {
	Version     int    `json:"version"`
	Run         string `json:"run"`
	PlanDigest  string `json:"plan_digest"`
	Portal      string `json:"portal"` // account id
	ToolVersion string `json:"tool_version,omitempty"`
	Changes     int    `json:"changes"`
	Steps       int    `json:"steps"`
}

// Resume says that a run which was cut, or which ended before all was tried, goes on.
type Resume struct {
	ToolVersion string `json:"tool_version,omitempty"`
}

// Intent is written before a request is sent. Op numbers the requests of a run
// from 1, and its Outcome carries the same number.
type Intent struct {
	Op     int     `json:"op"`
	Kind   string  `json:"kind"` // update, create, unlabel, dissociate, associate, archive
	Writes []Write `json:"writes"`
}

// Write is one write of a request: of the plan's change with that index, and of
// its association or stage by Part, as apply.Item defines it.
type Write struct {
	Change     int          `json:"change"`
	Part       int          `json:"part,omitempty"`
	ID         crm.ObjectID `json:"id,omitempty"` // empty for a create
	Email      crm.Email    `json:"email,omitempty"`
	Properties []Property   `json:"properties,omitempty"`
	Links      []Link       `json:"links,omitempty"` // a create carries several
}

// Property is one value before and after a write; "" is empty.
type Property struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Link is every type of one association before and after a write.
type Link struct {
	To     crm.Ref               `json:"to"`
	Before []crm.AssociationType `json:"before,omitempty"`
	After  []crm.AssociationType `json:"after,omitempty"`
	// PrimaryFrom is the record that the write takes the primary type from; zero
	// when no primary moves.
	PrimaryFrom crm.Ref `json:"primary_from,omitzero"`
}

// Outcome is written when the request of an intent has ended. A request whose
// answer did not tell is followed by reads and, at times, by another intent for
// the same writes: the last outcome of a write is the one that holds. Op 0 holds
// writes that were decided without a request, or again after theirs had ended.
type Outcome struct {
	Op    int    `json:"op"`
	HTTP  int    `json:"http,omitempty"` // status of a refused request; 0 where none is known
	Items []Item `json:"items"`
}

// Item is how one write ended. An adopted create was found in the portal with the
// planned values when it was read back: this run may have made it, or somebody else.
// What was there already was found as planned before anything was sent for it.
type Item struct {
	Change  int          `json:"change"`
	Part    int          `json:"part,omitempty"`
	Outcome string       `json:"outcome"` // applied, failed, skipped, stale, unknown
	ID      crm.ObjectID `json:"id,omitempty"`
	Adopted bool         `json:"adopted,omitempty"`
	Already bool         `json:"already,omitempty"`
	Reason  string       `json:"reason,omitempty"`  // for people
	Message string       `json:"message,omitempty"` // HubSpot's own words
}

// The statuses of a run that ended.
const (
	Done      = "done"      // every step was tried
	Stopped   = "stopped"   // ended before that
	Abandoned = "abandoned" // cut, and given up afterwards
)

// End closes a run that was not cut short. Status is Done, Stopped or Abandoned.
type End struct {
	Status  string `json:"status"`
	Stopped string `json:"stopped,omitempty"` // why not every step was tried, for people
	Applied int    `json:"applied"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	Stale   int    `json:"stale"`
	Unknown int    `json:"unknown"`

	Requests int64   `json:"requests"` // of the process that ended, and how long it took
	Seconds  float64 `json:"seconds"`
}

package apply

import (
	"context"
	"time"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// Remote is the portal that a plan is applied to.
type Remote interface {
	Account(ctx context.Context) (hubspot.Account, error)
	BatchRead(ctx context.Context, objectType string, request hubspot.BatchReadRequest, archived bool) (hubspot.ReadResult, error)
	AssociationsOf(ctx context.Context, from, to string, ids []string) ([]hubspot.RecordAssociations, error)
	BatchCreate(ctx context.Context, objectType string, inputs []hubspot.CreateInput) ([]hubspot.ItemResult, error)
	BatchUpdate(ctx context.Context, objectType string, inputs []hubspot.UpdateInput) ([]hubspot.ItemResult, error)
	BatchArchive(ctx context.Context, objectType string, ids []string) error
	BatchAssociate(ctx context.Context, from, to string, inputs []hubspot.AssociationInput) ([]hubspot.ItemResult, error)
	BatchDissociate(ctx context.Context, from, to string, inputs []hubspot.DissociationInput) error
	BatchRemoveLabels(ctx context.Context, from, to string, inputs []hubspot.AssociationInput) error
	Requests() int64
}

var _ Remote = (*hubspot.Client)(nil)

// Journal takes the records of a run, in order. A record must be durable when
// Append returns; after an error no further request is sent.
type Journal interface {
	Append(record journal.Record) error
}

// OnConflict says what a stale contact means for the rest of the run.
type OnConflict uint8

// ConflictSkip leaves stale contacts out and goes on. ConflictFail reads every
// contact first and refuses the run when any is stale, with nothing written.
const (
	ConflictSkip OnConflict = iota
	ConflictFail
)

// Options of a run. The zero value is safe: it treats the plan as saved long ago
// and allows nothing beyond the plan's limits.
type Options struct {
	Concurrency int        // requests at once; default 8
	FailFast    bool       // stop at the first change that fails
	OnConflict  OnConflict // default ConflictSkip
	// ReadAt is when the plan's live contacts were read. Zero, or more than a
	// minute ago: every contact is read again just before it is updated.
	ReadAt  time.Time
	Allow   plan.Allowances // exact numbers that override the plan's limits
	Journal Journal         // default: none
	Run     string          // name of the run, for the journal
	Version string          // of the tool, for the journal
	Observe func(Event)     // called as steps end, one call at a time; default: none
}

const (
	defaultConcurrency = 8
	// What was read longer ago than this is read again before it is written.
	freshFor = 60 * time.Second
	// Requests in flight when a run is interrupted may take this long to finish.
	drainTime = 30 * time.Second
)

// EventKind says what an Event tells.
type EventKind uint8

// EventStep follows each finished step, EventItem each change that did not come
// through as planned, EventStopped the moment the run starts no more requests.
const (
	EventStep EventKind = iota + 1
	EventItem
	EventStopped
)

// Event is progress of a run.
type Event struct {
	Kind   EventKind
	Step   Kind  // of EventStep and EventItem
	Done   int   // writes of that kind that have ended, whichever way
	Total  int   // writes of that kind in the plan
	Change int   // of EventItem: index in Plan.Changes
	Entry  Entry // of EventItem: how that write ended
	Reason string
}

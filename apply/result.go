package apply

import (
	"slices"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// Result is how a run ended: one entry for each change of the plan, in its order.
type Result struct {
	Entries  []Entry
	Counts   Counts
	Requests int64 // sent by this run, retries included
	Duration time.Duration
	Stopped  string // why the run ended before all steps were tried; "" when it did not
}

// Entry is how one change ended, associations included: its Outcome is Applied
// only when every write of the change is in the portal.
type Entry struct {
	Outcome Outcome
	ID      crm.ObjectID // of the contact; of a create, the id it was given
	Reason  string       // for people: why the outcome is what it is; may be empty when Applied
	Message string       // HubSpot's own words, where it said any
	// Contact is the outcome of the change without its associations, and
	// Associations the outcome of each of them, in the change's order. Contact is
	// zero for a change that has associations only.
	Contact      Outcome
	Already      bool // nothing of Contact was written: it was as planned before the run
	Associations []Association
}

// Untouched reports whether the change was in the portal before the run, and nothing
// of it was written.
func (e Entry) Untouched() bool {
	return e.Outcome == Applied && (e.Already || e.Contact == 0 && len(e.Associations) > 0) &&
		!slices.ContainsFunc(e.Associations, func(a Association) bool { return !a.Already })
}

// Association is how one association of a change ended.
type Association struct {
	Outcome Outcome
	Reason  string
	Message string
	Already bool // nothing of it was written: it was as planned before the run
}

// Counts are the writes of the run that are in the portal now, and the changes that
// were there before it or did not come through in full, each counted once.
type Counts struct {
	Created, Updated, Archived int // contacts
	Associated, Dissociated    int // associations added or relabelled, removed
	Already                    int // changes of which nothing had to be written
	Failed, Skipped, Stale     int // changes
	Unknown                    int // changes
}

// Wrote reports whether anything of the run is in the portal for sure.
func (c *Counts) Wrote() bool {
	return c.Created+c.Updated+c.Archived+c.Associated+c.Dissociated > 0
}

// Complete reports whether every change was applied.
func (r *Result) Complete() bool {
	return r.Counts.Failed+r.Counts.Skipped+r.Counts.Stale+r.Counts.Unknown == 0
}

func (c *Counts) add(change plan.Change, entry Entry) {
	switch entry.Outcome {
	case Failed:
		c.Failed++
	case Skipped:
		c.Skipped++
	case Stale:
		c.Stale++
	case Unknown:
		c.Unknown++
	case Applied:
	}
	if entry.Untouched() {
		c.Already++
	}
	if entry.Contact == Applied && !entry.Already {
		switch change.Action {
		case plan.Create:
			c.Created++
		case plan.Update:
			c.Updated++
		case plan.Archive:
			c.Archived++
		}
	}
	for i, association := range entry.Associations {
		switch {
		case association.Outcome != Applied, association.Already:
		case len(change.Associations[i].After) == 0:
			c.Dissociated++
		default:
			c.Associated++
		}
	}
}

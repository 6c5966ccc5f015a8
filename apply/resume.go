package apply

import (
	"context"
	"fmt"
	"time"

	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// How a run goes on that was cut.
//
// The records say of each write one of three things. It was decided: that stands.
// Nothing was ever noted of it: it was not sent, since an intent is on the disk before
// its request, and it is written as in any run. Or its intent is the last that is
// known, or its outcome is unknown: it may or may not be in the portal. Such a write
// is read back before anything else happens to it, creates by their address, updates
// and archives by id, links by the associations of their contact: what holds our
// values is applied, what is as it was before is sent, anything else is stale.
//
// A lifecycle stage that was cleared and not set again is a value lost, so those
// stages are set before all else.

// Resume goes on with the run that the records tell of, which began with this plan,
// and carries it to its end. Its Result counts what the earlier processes did too: one
// entry for each change, always.
//
// It behaves as Run does, with the same errors, but the limits, which were checked
// when the run began, are not checked again, and nothing is taken as read a moment
// ago. ErrOtherPlan refuses records of another plan. Records are appended to
// options.Journal, which must be the journal that the given ones were read from.
func Resume(ctx context.Context, remote Remote, p *plan.Plan, records []journal.Record, options Options) (*Result, error) {
	options.ReadAt = time.Time{}
	stages := Stages(p)
	r := newRun(remote, p, options, stages)
	if err := r.recall(records, stages); err != nil {
		return nil, err
	}
	stages = r.remaining(stages)
	r.progress = newProgress(options.Observe, stages)
	return r.carryOut(ctx, stages)
}

// Review is how a run stands by its records, without asking the portal: writes that
// may have been sent are Unknown, those that were not begun are Skipped.
func Review(p *plan.Plan, records []journal.Record) (*Result, error) {
	stages := Stages(p)
	r := newRun(nil, p, Options{}, stages)
	if err := r.recall(records, stages); err != nil {
		return nil, err
	}
	end := records[len(records)-1].End
	reason := "the run was cut"
	if end != nil {
		reason = end.Stopped
	}
	for _, stage := range append(stages, r.adoptedLinks()) {
		for _, step := range stage {
			for _, item := range step.Items {
				if r.outcomes.of(item).outcome == 0 {
					r.outcomes.set(item, outcome{outcome: Skipped, reason: reason})
				}
			}
		}
	}
	result := r.result()
	result.Stopped = reason
	if end != nil {
		result.Requests, result.Duration = end.Requests, time.Duration(end.Seconds*float64(time.Second))
	}
	return result, nil
}

// recall takes over what the records decided, and notes what they leave in doubt.
func (r *run) recall(records []journal.Record, stages [][]Step) error {
	if len(records) == 0 || records[0].Begin == nil || records[0].Begin.PlanDigest != r.plan.Digest() {
		return ErrOtherPlan
	}
	planned := make(map[Item]bool)
	for _, stage := range stages {
		for _, step := range stage {
			for _, item := range step.Items {
				planned[item] = true
			}
		}
	}
	r.resumed, r.doubt, r.recalled = true, make(map[Item]bool), make(map[int]bool)
	for place, was := range journal.Standing(records) {
		item := Item(place)
		if !planned[item] && !r.carried(item) {
			return fmt.Errorf("%w: it tells of a write that the plan does not have", ErrOtherPlan)
		}
		r.recallItem(item, was)
	}
	for _, record := range records {
		if record.Intent != nil {
			r.diary.op = record.Intent.Op
		}
	}
	return nil
}

// carried reports whether an item is an association that a create sends along, and
// that is written by itself when the create is adopted.
func (r *run) carried(item Item) bool {
	if item.Change >= len(r.plan.Changes) || item.Part < 1 || item.Part > len(r.plan.Changes[item.Change].Associations) {
		return false
	}
	return carries(&r.plan.Changes[item.Change], r.link(item))
}

func (r *run) recallItem(item Item, was journal.Item) {
	o := outcome{outcome: outcomeOf(was.Outcome), reason: was.Reason, message: was.Message, id: was.ID, already: was.Already, recorded: true}
	switch o.outcome {
	case Skipped:
		return
	case Applied, Failed, Stale:
	case Unknown:
		r.doubt[item] = true
	default:
		r.doubt[item] = true
		o.outcome, o.reason = Unknown, reasonCut
	}
	r.outcomes.set(item, o)
	if item.Part == 0 {
		r.outcomes.adopted[item.Change] = was.Adopted
		r.recalled[item.Change] = !r.doubt[item]
	}
}

// outcomeOf is the outcome of that name; zero for none.
func outcomeOf(name string) Outcome {
	for o := Applied; o <= Unknown; o++ {
		if o.String() == name {
			return o
		}
	}
	return 0
}

// open reports whether nothing has decided an item yet.
func (r *run) open(item Item) bool {
	return r.outcomes.of(item).outcome == 0 || r.doubt[item]
}

// remaining are the steps that the records leave to do: first the stages that were
// cleared and not set, then the others as they were planned.
func (r *run) remaining(stages [][]Step) [][]Step {
	var cleared []Item
	var rest [][]Step
	for _, stage := range stages {
		var steps []Step
		for _, step := range stage {
			var items []Item
			for _, item := range step.Items {
				switch {
				case !r.open(item):
				case item.Part == StageSet && r.outcomes.contacts[item.Change].outcome == Applied:
					cleared = append(cleared, item)
				default:
					items = append(items, item)
				}
			}
			if len(items) > 0 {
				step.Items = items
				steps = append(steps, step)
			}
		}
		if len(steps) > 0 {
			rest = append(rest, steps)
		}
	}
	if len(cleared) == 0 {
		return rest
	}
	return append([][]Step{contactSteps(Update, cleared)}, rest...)
}

// undecided reads back the items that an earlier process may have sent, and stages
// that this one did not clear, which somebody else may have set since then. It settles those that are
// decided by that and returns the others.
func (r *run) undecided(ctx context.Context, w writer, items []Item) []Item {
	var open, doubtful []Item
	for _, item := range items {
		if r.doubt[item] || item.Part == StageSet && (r.resumed || r.outcomes.contacts[item.Change].already) {
			doubtful = append(doubtful, item)
		} else {
			open = append(open, item)
		}
	}
	if len(doubtful) == 0 {
		return open
	}
	found, read := r.readBack(ctx, w, doubtful)
	if !read {
		return open
	}
	for i, item := range doubtful {
		if found[i].outcome != 0 {
			r.settleUnsent(item, found[i])
		} else {
			open = append(open, item)
		}
	}
	return open
}

package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sourcegraph/conc/panics"
	"github.com/sourcegraph/conc/pool"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// A run carries out one plan. Workers write the outcomes of different items and
// never of the same one, so outcomes need no lock.
type run struct {
	remote   Remote
	plan     *plan.Plan
	options  Options
	outcomes outcomes
	halt     halt
	brake    brake
	diary    diary
	progress progress
	created  map[string]int        // index of the create of each address
	known    map[crm.ObjectID]bool // contacts of the plan that are not created
	answers  map[Item]bool         // links whose reverse was written before them
	resumed  bool                  // an earlier process began the run
	// When the contacts were read; later than the plan when all were read to admit it.
	contactsReadAt time.Time
	doubt          map[Item]bool // writes that it may have sent, with no outcome known
	recalled       map[int]bool  // changes whose contact it had decided

	// Known once associations are written: contacts, by their change, and records at the
	// other end that are not those any more which were planned, and why.
	moved        map[int]string
	movedTargets map[crm.Ref]string
}

// Run carries out a plan. Whatever happens after the first request, the Result is
// complete: one entry for each change.
//
// Nothing is written, and the Result is nil, when the portal is another one than
// planned (*PortalError), a limit is exceeded (*LimitError), under ConflictFail a
// contact is stale (*StaleError), or the account cannot be read.
//
// An error beside a Result says why the run stopped before all steps were tried: a
// refused token (hubspot.ErrUnauthorized, ErrMissingScopes), the day's limit
// (ErrDailyLimit), a portal that cannot be reached, ErrBrake, ErrJournal,
// ErrPropertyGone, ErrPanic, or the context's cause. A cancelled context stops new
// requests; those in flight may finish within 30 seconds.
func Run(ctx context.Context, remote Remote, p *plan.Plan, options Options) (*Result, error) {
	stages := Stages(p)
	r := newRun(remote, p, options, stages)
	return r.carryOut(ctx, stages)
}

// carryOut admits a run, executes it and closes it.
func (r *run) carryOut(ctx context.Context, stages [][]Step) (*Result, error) {
	started, before := time.Now(), r.remote.Requests()
	if err := r.admit(ctx); err != nil {
		return nil, err
	}
	r.execute(ctx, stages)
	result := r.result()
	result.Requests = r.remote.Requests() - before
	result.Duration = time.Since(started)
	return result, r.close(result)
}

func newRun(remote Remote, p *plan.Plan, options Options, stages [][]Step) *run {
	if options.Concurrency <= 0 {
		options.Concurrency = defaultConcurrency
	}
	r := &run{
		remote:   remote,
		plan:     p,
		options:  options,
		outcomes: newOutcomes(p),
		diary:    diary{journal: options.Journal},
		progress: newProgress(options.Observe, stages),
		created:  make(map[string]int),
		known:    make(map[crm.ObjectID]bool),
		answers:  answers(p),

		contactsReadAt: options.ReadAt,
	}
	for i := range p.Changes {
		if p.Changes[i].Action == plan.Create {
			r.created[string(p.Changes[i].Email)] = i
		} else {
			r.known[p.Changes[i].ID] = true
		}
	}
	return r
}

// admit refuses, before the first write, what must not be applied. A run that goes
// on was held against its limits when it began.
func (r *run) admit(ctx context.Context) error {
	account, err := r.remote.Account(ctx)
	if err != nil {
		return fmt.Errorf("reading the account: %w", err)
	}
	if actual := strconv.FormatInt(account.PortalID, 10); actual != r.plan.Portal {
		return &PortalError{Planned: r.plan.Portal, Actual: actual}
	}
	if excess := r.plan.Exceeded(r.options.Allow); len(excess) > 0 && !r.resumed {
		return &LimitError{Excess: excess}
	}
	if r.options.OnConflict == ConflictFail {
		return r.refuseStale(ctx)
	}
	return nil
}

// execute runs the stages under a context that outlives the caller's by the time
// that requests in flight are given.
func (r *run) execute(ctx context.Context, stages [][]Step) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		r.stop(context.Cause(ctx), "the run was interrupted")
		time.AfterFunc(drainTime, cancel)
	})()

	steps := 0
	for _, stage := range stages {
		steps += len(stage)
	}
	if err := r.diary.begin(r, steps); err != nil {
		r.stop(err, "the journal could not be written")
	}
	after := slices.IndexFunc(stages, func(stage []Step) bool { return stage[0].Kind > Create })
	if after < 0 {
		after = len(stages)
	}
	for _, stage := range stages[:after] {
		r.stage(work, stage)
	}
	r.identify(work)
	r.stage(work, r.adoptedLinks())
	for _, stage := range stages[after:] {
		r.stage(work, stage)
	}
}

// stage runs steps at the same time and returns when all have ended.
func (r *run) stage(ctx context.Context, steps []Step) {
	workers := pool.New().WithMaxGoroutines(r.options.Concurrency)
	for _, step := range steps {
		workers.Go(func() {
			if r.panicked(func() { r.step(ctx, step) }) {
				r.skip(r.untried(step.Items), reasonDefect)
			}
			r.finish(step)
		})
	}
	workers.Wait()
}

const reasonDefect = "an internal error ended the run"

// panicked reports whether a part of the run ended in a panic, which then stops the run.
func (r *run) panicked(part func()) bool {
	recovered := panics.Try(part)
	if recovered != nil {
		r.stop(Defect(recovered.Value, recovered.Callers), reasonDefect)
	}
	return recovered != nil
}

// untried are the items that were neither sent nor settled.
func (r *run) untried(items []Item) []Item {
	var untried []Item
	for _, item := range items {
		if r.outcomes.of(item).outcome == 0 {
			untried = append(untried, item)
		}
	}
	return untried
}

func (r *run) step(ctx context.Context, step Step) {
	if reason, halted := r.halt.reason(); halted {
		r.skip(step.Items, reason)
		return
	}
	switch step.Kind {
	case Update:
		r.update(ctx, step.Items)
	case Create:
		r.deliver(ctx, creates{r}, step.Items)
	case Unlabel:
		r.unlabel(ctx, step)
	case Dissociate:
		r.dissociate(ctx, step)
	case Associate:
		r.associate(ctx, step)
	case Archive:
		r.archive(ctx, step.Items)
	}
}

// finish accounts for a step that ended and applies the brake.
func (r *run) finish(step Step) {
	bad := 0
	for _, item := range step.Items {
		switch r.outcomes.of(item).outcome {
		case Failed, Unknown:
			bad++
		case Applied, Skipped, Stale:
		}
	}
	r.recordRest(step.Items)
	r.progress.step(step)
	if reason := r.brake.step(len(step.Items), bad); reason != "" {
		r.stop(fmt.Errorf("%w: %s", ErrBrake, reason), reason)
	}
}

// stop starts no more requests; the first cause stands. A nil err stops a run that
// ends as its options ask.
func (r *run) stop(err error, reason string) {
	if r.halt.set(err, reason) {
		r.progress.stopped(reason)
	}
}

// skip settles items as not begun, unless an earlier process may have sent them.
func (r *run) skip(items []Item, reason string) {
	for _, item := range items {
		if r.doubt[item] {
			r.settle(item, outcome{outcome: Unknown, reason: reasonCut})
		} else {
			r.settle(item, outcome{outcome: Skipped, reason: reason})
		}
	}
}

// settle records how an item ended.
func (r *run) settle(item Item, o outcome) {
	r.outcomes.set(item, o)
	if o.outcome != Applied {
		r.progress.item(r.plan, item, o)
	}
	if o.outcome == Failed && r.options.FailFast {
		r.stop(nil, "a change failed, and the run stops at the first failure")
	}
}

func (r *run) result() *Result {
	result := &Result{Entries: make([]Entry, len(r.plan.Changes))}
	for i := range r.plan.Changes {
		result.Entries[i] = r.outcomes.entry(r.plan, i)
		result.Counts.add(r.plan.Changes[i], result.Entries[i])
	}
	result.Stopped, _ = r.halt.reason()
	return result
}

func (r *run) close(result *Result) error {
	end := journal.End{
		Status: journal.Done, Applied: len(result.Entries),
		Failed: result.Counts.Failed, Skipped: result.Counts.Skipped,
		Stale: result.Counts.Stale, Unknown: result.Counts.Unknown,
		Stopped: result.Stopped, Requests: result.Requests, Seconds: result.Duration.Seconds(),
	}
	end.Applied -= end.Failed + end.Skipped + end.Stale + end.Unknown
	if result.Stopped != "" {
		end.Status = journal.Stopped
	}
	err := r.halt.cause()
	if errors.Is(err, ErrJournal) {
		return err
	}
	return errors.Join(err, r.diary.append(journal.Record{End: &end}))
}

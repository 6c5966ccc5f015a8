package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/report"
)

// resume carries a run on that was cut: its plan and all that it did are in its folder,
// so no files are read.
func (inv *invocation) resume(ctx context.Context, args []string, f applyFlags, options report.Options) (err error) {
	p, _ := inv.findProject(nil) // whose errors prepareSaved tells
	release, err := inv.lock(p)
	if err != nil {
		return err
	}
	defer release()
	w, err := inv.prepareSaved(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	bars := inv.newProgress()
	defer bars.stop()
	w.remote.options.InFlight = f.concurrency
	w.remote.options.Observe = bars.requests(w.remote.options.Observe)
	client, err := w.remote.writer()
	if err != nil {
		return err
	}
	account, err := client.Account(ctx)
	if err != nil {
		return err
	}
	portal := &crm.Portal{ID: strconv.FormatInt(account.PortalID, 10), Kind: account.AccountType, TimeZone: account.TimeZone}
	if err := w.remote.checkPins(portal.ID); err != nil {
		return err
	}
	run, err := chooseRun(p, args, portal.ID)
	if err != nil {
		return err
	}
	saved, before, err := run.review()
	if err != nil {
		return err
	}
	made := &planned{plan: saved, portal: portal, stats: w.remote.stats(portal)}
	made.stats.Scope = run.id
	o := &order{work: w, made: made, client: client, flags: f, bars: bars, options: options}
	if err := inv.admit(o); err != nil {
		return err
	}
	if err := inv.preflight(ctx, o); err != nil {
		return err
	}
	c := before.Counts
	inv.remark("Run %s goes on: %s, %s in doubt, %s not begun.", run.id,
		amount(len(before.Entries), "change", "changes"), report.Number(c.Unknown), report.Number(c.Skipped))
	if err := inv.confirm(ctx, o); err != nil {
		return err
	}
	return inv.carryOn(ctx, o, run)
}

// chooseRun is the run that is named or, without a name, the one that was cut; when
// none was, the last one if it left something.
func chooseRun(p *project, args []string, portal string) (*pastRun, error) {
	if len(args) > 0 {
		run, err := findRun(p, args[0])
		switch {
		case err != nil:
			return nil, err
		case run.damage != nil:
			return nil, journalDamaged(run.id, run.damage)
		case !run.resumable():
			return nil, nothingToResume(run.id, run.state())
		case !run.of(portal):
			return nil, otherAccount(portal, run.log.Begin().Portal, "run "+run.id)
		}
		return run, nil
	}
	found, err := runs(p)
	if err != nil {
		return nil, err
	}
	here := slices.DeleteFunc(slices.Clone(found), func(r *pastRun) bool { return !r.of(portal) })
	for _, run := range slices.Backward(here) {
		if run.unfinished() {
			if run.damage != nil {
				return nil, journalDamaged(run.id, run.damage)
			}
			return run, nil
		}
	}
	if last := len(here) - 1; last >= 0 && here[last].resumable() {
		return here[last], nil
	}
	for _, run := range slices.Backward(found) {
		if run.unfinished() && !run.of(portal) { // the token may have changed, or the address
			return nil, otherAccount(portal, run.log.Begin().Portal, "run "+run.id+", which was cut,")
		}
	}
	return nil, noRunToResume()
}

// carryOn opens the journal for more and goes on.
func (inv *invocation) carryOn(ctx context.Context, o *order, run *pastRun) error {
	writer, log, err := journal.Open(filepath.Join(run.folder, journalFile))
	if err != nil {
		return err
	}
	o.bars.begin()
	inv.events.ApplyStart(o.made.plan, run.id)
	result, err := apply.Resume(ctx, o.client, o.made.plan, log.Records, apply.Options{
		Concurrency: o.flags.concurrency, FailFast: o.flags.failFast, OnConflict: o.flags.conflict(),
		Journal: writer, Run: run.id, Version: release(), Observe: inv.observeApply(ctx, o.bars),
	})
	err = errors.Join(err, writer.Close())
	o.bars.stop()
	if result == nil {
		return refusal(err)
	}
	return inv.finishRun(ctx, o, run.id, result, err)
}

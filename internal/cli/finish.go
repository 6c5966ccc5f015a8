package cli

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
)

// finishRun keeps what failed, writes the result, and finds the exit code.
func (inv *invocation) finishRun(ctx context.Context, o *order, id string, result *apply.Result, cause error) error {
	exit := exitDone
	switch {
	case ctx.Err() != nil:
		exit = exitInterrupted
	case errors.Is(cause, hubspot.ErrUnauthorized), errors.Is(cause, hubspot.ErrMissingScopes):
		exit = exitDenied
	case !result.Complete(), cause != nil, o.made.skipped:
		exit = exitIncomplete
	}
	run := report.Run{ID: id, Verdict: int(exit)}
	var keeping error
	if run.Failed, keeping = inv.keepFailed(o, id, result); keeping != nil {
		inv.remark("warning: the failed changes could not be kept: %v", keeping)
	}
	if exit != exitDone {
		run.Again = inv.again(o, id, result, cause)
	}
	if exit != exitDone && o.made.stats.Undo == "" && result.Counts.Wrote() {
		run.Undo = inv.onSamePortal("undo", id)
	}
	if run.Failed != "" {
		run.Rest = inv.commandWith(o.args, run.Failed)
	}
	options := o.options.For(o.made.portal, "", 0)
	inv.printed = options.Format == report.JSON
	inv.events.ApplyComplete(result, run)
	if err := inv.showResult(o, result, run, options); err != nil {
		end := resultUnshown(max(exit, exitError), inv.onSamePortal("show", id), run.Again, err)
		if cause == nil || exit == exitInterrupted {
			return end
		}
		inv.complain(end)
	}
	if errors.Is(cause, hubspot.ErrDailyLimit) && exit != exitInterrupted {
		return dayUsedUp(dayEnd(o.made.portal.TimeZone, o.client.Now()), run.Again)
	}
	if errors.Is(cause, apply.ErrJournal) && exit != exitInterrupted {
		return journalFailed(inv.onSamePortal("apply", "--resume", id), exists(o.work.project.state("runs", id, journalFile)), cause)
	}
	if cause != nil && exit != exitInterrupted {
		end := explain(ctx, cause)
		return &failure{exit, end.what, end.detail, end.next}
	}
	if exit == exitDone && o.flags.verify {
		return inv.verify(ctx, o)
	}
	return quietly(exit)
}

// showResult writes how a run ended, below the plan where that was shown.
func (inv *invocation) showResult(o *order, result *apply.Result, run report.Run, options report.Options) error {
	if options.Format == report.Text {
		if _, err := io.WriteString(inv.env.Stdout, "\n"); err != nil {
			return err
		}
	}
	return report.Result(inv.env.Stdout, o.made.plan, result, o.made.stats, run, options)
}

// again is the command that goes on: the same run where something of it is left that
// resuming can do, else the same command.
func (inv *invocation) again(o *order, id string, result *apply.Result, cause error) string {
	if errors.Is(cause, apply.ErrPropertyGone) { // which this plan and this run will always need
		words := []string{"plan"}
		if o.made.document != nil {
			words = append(words, o.args...)
		}
		return inv.onSamePortal(words...)
	}
	left := result.Stopped != "" || result.Counts.Unknown > 0
	if left && exists(o.work.project.state("runs", id, journalFile)) {
		return inv.onSamePortal("apply", "--resume", id)
	}
	return inv.command()
}

// keepFailed writes the changes that failed as a desired-state file that apply takes
// again, and gives its name; "" when nothing failed but what no file names. What an undo
// left is found by the next undo of the same run.
func (inv *invocation) keepFailed(o *order, id string, result *apply.Result) (string, error) {
	if o.made.stats.Undo != "" {
		return "", nil
	}
	left := *o.made.plan
	left.Changes = nil
	for i, entry := range result.Entries {
		switch entry.Outcome {
		case apply.Failed, apply.Unknown, apply.Stale:
			left.Changes = append(left.Changes, o.made.plan.Changes[i])
		case apply.Applied, apply.Skipped:
		}
	}
	document := left.Document()
	if document.Len() == 0 {
		return "", nil
	}
	path := o.work.project.state("runs", id, "failed.yaml")
	if err := makeStateFolder(path); err != nil {
		return "", err
	}
	if err := writeFile(path, func(w io.Writer) error { return document.Encode(w) }); err != nil {
		return "", err
	}
	return filepath.ToSlash(o.work.project.name(filepath.Join(stateFolder, "runs", id, "failed.yaml"))), nil
}

// verify plans again and sorts what is left: what the portal did not keep is the
// apply's own and ends with 5; what moved since is told and no fault of the apply.
func (inv *invocation) verify(ctx context.Context, o *order) error {
	again, err := inv.compare(ctx, o.work, o.client.Reader, o.flags.selection)
	if err != nil {
		return err
	}
	if again.plan.Empty() {
		inv.remark("Verified: the portal is as the files say.")
		return nil
	}
	remains, err := apply.Remains(ctx, o.client.Reader, o.made.plan, again.plan, again.portal.Properties)
	if err != nil {
		return err
	}
	options := inv.screenOptions(inv.env.StderrTerminal).For(again.portal, "", 0)
	for _, line := range report.Remainders(again.plan, remains, options) {
		inv.remark("  %s", line)
	}
	ours := 0
	for _, one := range remains {
		if one.Ours {
			ours++
		}
	}
	if ours > 0 {
		return notKept(ours)
	}
	inv.remark("Verified: everything arrived, and what differs now moved since. To bring it back, run the command again.")
	return nil
}

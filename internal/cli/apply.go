package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

type applyFlags struct {
	selection

	yes         bool
	verify      bool
	failFast    bool
	concurrency int
	onConflict  string
	digest      string
	resume      bool
	allow       map[string]int
}

func (inv *invocation) apply() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [PLAN | FILES… | --resume [RUN]]",
		Short: "Make the portal as the files say",
		Long: `apply plans, shows the plan, asks, and carries it out; or it carries out a plan that
"contactsync plan -o" saved, and nothing else. Contacts that changed in the portal
since they were read are left alone and reported. Ctrl-C lets the requests in flight
finish; a second one ends at once.

What a run writes stands in its journal before it is sent. A run that was cut is carried
on by --resume: what may have been sent is read back, and nothing is written twice.`,
		Example: `  contactsync apply crm/
  contactsync apply plan.jsonl --portal hubspot --account 12345678
  contactsync apply crm/ --yes --allow-archive 37
  contactsync apply --resume`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.allow = allowed(cmd.Flags())
			return inv.runApply(cmd.Context(), args, f)
		},
	}
	set := cmd.Flags()
	f.register(set)
	inv.output.register(set, "text", "json")
	inv.output.registerEvents(set)
	f.registerRun(set)
	set.BoolVar(&f.resume, "resume", false, "carry on the run that was cut, or the one that is named")
	set.BoolVar(&f.verify, "verify", false, "plan again afterwards; what the portal did not keep ends with 5")
	return cmd
}

// registerRun adds the flags of every command that carries out a plan.
func (f *applyFlags) registerRun(set *pflag.FlagSet) {
	set.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	set.BoolVar(&f.failFast, "fail-fast", false, "begin nothing more after the first change that failed")
	set.IntVar(&f.concurrency, "concurrency", 8, "requests at once, 1 to 16")
	set.StringVar(&f.onConflict, "on-conflict", "skip", "contacts that changed since the plan: skip leaves them alone, fail refuses the run")
	set.StringVar(&f.digest, "expect-digest", "", "apply only the plan with this `digest`")
	for _, limit := range allowances {
		set.Int("allow-"+limit, 0, "apply a plan with exactly `N` "+limitNoun[limit]+", over the limit")
	}
}

// allowances are the limits that a flag can override, by exact number.
var allowances = []string{"create", "update", "archive", "clear", "overwrite", "stage-back"}

var limitNoun = map[string]string{
	"create": "creates", "update": "updates", "archive": "archives", "clear": "values cleared",
	"overwrite": "values of one property overwritten", "stage-back": "stages moved back",
}

func allowed(set *pflag.FlagSet) map[string]int {
	given := make(map[string]int)
	for _, name := range allowances {
		if flag := set.Lookup("allow-" + name); flag.Changed {
			given[name], _ = strconv.Atoi(flag.Value.String()) // the parser has read it as a number
		}
	}
	return given
}

func (f *applyFlags) check() error {
	if f.concurrency < 1 || f.concurrency > hubspot.MaxInFlight {
		return badValue("--concurrency", strconv.Itoa(f.concurrency), fmt.Sprintf("1 to %d", hubspot.MaxInFlight))
	}
	if f.onConflict != "skip" && f.onConflict != "fail" {
		return badValue("--on-conflict", f.onConflict, "skip or fail")
	}
	return nil
}

func (inv *invocation) runApply(ctx context.Context, args []string, f applyFlags) (err error) {
	format, err := inv.format("text", "json")
	if err := errors.Join(err, f.check()); err != nil {
		return err
	}
	if !f.yes && (inv.flags.noInput || !inv.env.StdinTerminal) {
		return needsYes(inv.command("--yes"))
	}
	options := inv.reportOptions(format)
	if f.resume && f.verify {
		return verifyNeedsFiles()
	}
	if f.resume {
		return inv.resume(ctx, args, f, options)
	}
	saved, err := inv.savedPlan(args)
	if err != nil {
		return err
	}
	if saved && f.verify {
		return verifyNeedsFiles()
	}
	p, _ := inv.findProject(nameless(args, saved)) // whose errors prepare tells
	release, err := inv.lock(p)
	if err != nil {
		return err
	}
	defer release()
	var w *work
	if saved {
		w, err = inv.prepareSaved(ctx, args[0])
	} else {
		w, err = inv.prepare(ctx, args)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	options = inv.reportOptions(format) // the project is known now
	bars := inv.newProgress()
	defer bars.stop()
	w.remote.options.InFlight = f.concurrency
	wait := inv.newReading()
	w.remote.options.Observe = bars.requests(wait.observe(w.remote.options.Observe))
	client, err := w.remote.writer()
	if err != nil {
		return err
	}
	var made *planned
	if saved {
		made, err = inv.decodePlan(ctx, w, client.Reader, args[0])
	} else {
		made, err = inv.compare(ctx, w, client.Reader, f.selection)
	}
	wait.done()
	if err == nil {
		err = inv.refuseUnfinished(p, made.portal.ID)
	}
	if err != nil {
		return err
	}
	return inv.carryOut(ctx, &order{work: w, made: made, client: client, flags: f, bars: bars, options: options, args: args})
}

// writer is the client that can write. Nothing else makes one but undo.
func (r *remote) writer() (*hubspot.Client, error) { return hubspot.New(r.options) }

// nameless are the arguments that tell the project: none beside a saved plan, which may
// lie anywhere.
func nameless(args []string, saved bool) []string {
	if saved {
		return nil
	}
	return args
}

// order is everything that carrying out a plan takes.
type order struct {
	work    *work
	made    *planned
	client  *hubspot.Client
	flags   applyFlags
	bars    *progress
	options report.Options
	args    []string
}

// carryOut shows the plan, refuses it, asks, and applies it.
func (inv *invocation) carryOut(ctx context.Context, o *order) error {
	inv.tellPlan(o.made)
	text := o.options.Format == report.Text
	shown := o.options.For(o.made.portal, o.work.remote.target.profile, 0)
	if text {
		if err := inv.showPlan(o.made, shown); err != nil {
			return planUnshown(err)
		}
	}
	if o.made.plan.Empty() {
		return inv.finishEmpty(o)
	}
	if err := inv.admit(o); err != nil {
		return err
	}
	if err := inv.preflight(ctx, o); err != nil {
		return err
	}
	if err := inv.confirm(ctx, o); err != nil {
		return err
	}
	run, err := newRun(o.work.project)
	if err != nil {
		return err
	}
	o.bars.begin()
	kept := &runJournal{folder: o.work.project.state("runs", run), plan: o.made.plan}
	inv.events.ApplyStart(o.made.plan, run)
	result, err := apply.Run(ctx, o.client, o.made.plan, apply.Options{
		Concurrency: o.flags.concurrency, FailFast: o.flags.failFast, OnConflict: o.flags.conflict(),
		ReadAt: o.made.readAt, Allow: o.flags.allowances(), Run: run, Version: release(), Observe: inv.observeApply(ctx, o.bars),
		Journal: kept,
	})
	err = errors.Join(err, kept.close())
	o.bars.stop()
	if result == nil {
		return refusal(err)
	}
	return inv.finishRun(ctx, o, run, result, err)
}

func (f *applyFlags) conflict() apply.OnConflict {
	if f.onConflict == "fail" {
		return apply.ConflictFail
	}
	return apply.ConflictSkip
}

// admit refuses what may not be written, before anybody is asked. A run that is carried
// on was held against its limits when it began.
func (inv *invocation) admit(o *order) error {
	t := o.work.remote.target
	if digest := o.made.plan.Digest(); o.flags.digest != "" && o.flags.digest != digest {
		return digestDiffers(digest)
	}
	if excess := o.made.plan.Exceeded(o.flags.allowances()); len(excess) > 0 && !o.flags.resume {
		return limitsExceeded(excess)
	}
	return t.admits(o.made.stats.Account)
}

// refusal explains why apply.Run wrote nothing at all.
func refusal(err error) error {
	var (
		portal *apply.PortalError
		limit  *apply.LimitError
		stale  *apply.StaleError
	)
	switch {
	case errors.As(err, &portal):
		return otherAccount(portal.Actual, portal.Planned, "the plan")
	case errors.As(err, &limit):
		return limitsExceeded(limit.Excess)
	case errors.As(err, &stale):
		return planStale(stale.Error())
	}
	return err
}

func (inv *invocation) finishEmpty(o *order) error {
	exit := exitDone
	if o.made.skipped {
		exit = exitIncomplete
	}
	if o.options.Format == report.JSON {
		inv.printed = true
		if err := report.Result(inv.env.Stdout, o.made.plan, &apply.Result{}, o.made.stats, report.Run{Verdict: int(exit)}, o.options); err != nil {
			return err
		}
	}
	return quietly(exit)
}

// quietly ends without a message: the report said it all.
func quietly(exit exitCode) error {
	if exit == exitDone {
		return nil
	}
	return ended(exit)
}

// allowances are the numbers that the flags give.
func (f *applyFlags) allowances() plan.Allowances {
	number := func(name string) *int {
		if n, given := f.allow[name]; given {
			return &n
		}
		return nil
	}
	return plan.Allowances{
		Archive: number("archive"), Create: number("create"), Update: number("update"),
		Clear: number("clear"), Overwrite: number("overwrite"), StageBack: number("stage-back"),
	}
}

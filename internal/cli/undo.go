package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

func (inv *invocation) undo() *cobra.Command {
	var f applyFlags
	var save string
	cmd := &cobra.Command{
		Use:   "undo RUN",
		Short: "Put back what a run changed",
		Long: `undo makes a plan of a run's journal that puts back what the run wrote, shows it, asks,
and carries it out as apply does, under the same limits. What somebody changed since
the run stays as it is and is listed, and a contact that the run created is archived only
if nobody has worked with it. With -o the plan is saved for apply, and nothing is written.

HubSpot's API cannot bring archived contacts back: they are listed with their ids, and
people restore them in HubSpot within 90 days (on a local portal: portal restore).
Workflow enrolments, emails that were sent, and the dates of lifecycle stages do not
return.`,
		Example: `  contactsync undo 20261123T164210Z
  contactsync undo 20261123T164210Z -o undo.jsonl
  contactsync undo 20261123T164210Z --yes --allow-stage-back 3`,
		Args: oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.allow = allowed(cmd.Flags())
			return inv.runUndo(cmd.Context(), args[0], f, save)
		},
	}
	set := cmd.Flags()
	inv.output.register(set, "text", "json")
	inv.output.registerEvents(set)
	f.registerRun(set)
	set.StringVarP(&save, "out", "o", "", "save the plan to this `file` (mode 0600) and write nothing")
	return cmd
}

func (inv *invocation) runUndo(ctx context.Context, id string, f applyFlags, save string) (err error) {
	format, err := inv.format("text", "json")
	if err := errors.Join(err, f.check()); err != nil {
		return err
	}
	if save == "" && !f.yes && (inv.flags.noInput || !inv.env.StdinTerminal) {
		return needsYes(inv.command("--yes"))
	}
	p, _ := inv.findProject(nil) // whose errors prepareSaved tells
	release, err := inv.lock(p)
	if err != nil {
		return err
	}
	defer release()
	run, err := inv.undoable(p, id)
	if err != nil {
		return err
	}
	w, err := inv.prepareSaved(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	options := inv.reportOptions(format)
	if save != "" {
		return inv.saveUndo(ctx, w, run, options, save)
	}
	bars := inv.newProgress()
	defer bars.stop()
	w.remote.options.InFlight = f.concurrency
	wait := inv.newReading()
	w.remote.options.Observe = bars.requests(wait.observe(w.remote.options.Observe))
	client, err := hubspot.New(w.remote.options)
	if err != nil {
		return err
	}
	made, err := inv.reverse(ctx, w, client.Reader, run)
	wait.done()
	if err == nil {
		err = inv.refuseUnfinished(p, made.portal.ID)
	}
	if err != nil {
		return err
	}
	return inv.carryOut(ctx, &order{work: w, made: made, client: client, flags: f, bars: bars, options: options})
}

// undoable is the run of that name, if its journal tells all of it.
func (inv *invocation) undoable(p *project, id string) (*pastRun, error) {
	run, err := findRun(p, id)
	switch {
	case err != nil:
		return nil, err
	case run.damage != nil:
		return nil, journalDamaged(run.id, run.damage)
	case run.log.Begin() == nil:
		return nil, runNotBegun(run.id)
	case run.unfinished():
		return nil, runUnfinished(run.id, inv.onSamePortal("apply", "--resume", run.id), inv.onSamePortal("history", "abandon", run.id))
	}
	return run, nil
}

// saveUndo only reads: it shows the plan and keeps it for apply.
func (inv *invocation) saveUndo(ctx context.Context, w *work, run *pastRun, options report.Options, name string) error {
	wait := inv.newReading()
	w.remote.options.Observe = wait.observe(w.remote.options.Observe)
	reader, err := hubspot.NewReader(w.remote.options)
	if err != nil {
		return err
	}
	made, err := inv.reverse(ctx, w, reader, run)
	wait.done()
	if err != nil {
		return err
	}
	inv.tellPlan(made)
	if err := inv.showPlan(made, options.For(made.portal, w.remote.target.profile, 0)); err != nil {
		return err
	}
	if err := writeFile(inv.path(name), func(to io.Writer) error { return made.plan.Encode(to) }); err != nil {
		return err
	}
	inv.remark("Saved with every value to %s (%s). To carry it out:", name, made.plan.Digest())
	inv.remark("  contactsync apply %s", name)
	return nil
}

// reverse reads what the run wrote to and makes the plan that undoes it. The limits of
// the project hold, but for percents: an undo knows no scope that they could be of.
func (inv *invocation) reverse(ctx context.Context, w *work, reader *hubspot.Reader, run *pastRun) (*planned, error) {
	begin := time.Now()
	records := run.log.Records
	footprint := apply.FootprintOf(records)
	document := footprintDocument(footprint)
	portal, err := snapshot.Portal(ctx, reader, document)
	if err != nil {
		return nil, err
	}
	if err := w.remote.checkPins(portal.ID); err != nil {
		return nil, err
	}
	if footprint.Portal != portal.ID {
		return nil, otherAccount(portal.ID, footprint.Portal, "run "+run.id)
	}
	made := &planned{portal: portal, readAt: time.Now()}
	var live []crm.Contact
	for batch, err := range snapshot.Contacts(ctx, reader, document, portal) {
		if err != nil && !errors.Is(err, snapshot.ErrBinUnchecked) { // nothing is created
			return nil, err
		}
		live = append(live, batch...)
	}
	var kept []apply.Kept
	made.plan, kept = apply.Undo(records, live, portal)
	settings := w.settings()
	made.plan.Limits, made.plan.Watch = plan.ResolveLimits(settings.Limits, 0), settings.Watch
	made.stats = w.remote.stats(portal)
	s := &made.stats
	s.Undo, s.Kept, s.Declared, s.Found = run.id, kept, made.plan.Counts.Declared, made.plan.Counts.Found
	s.Requests, s.Elapsed = reader.Requests(), time.Since(begin)
	limits := reader.Limits()
	s.RateMax, s.RateInterval = limits.Max, limits.Interval
	return made, nil
}

// settings are the project's, or the defaults without one.
func (w *work) settings() spec.Settings {
	if w.project != nil && w.project.file != nil {
		return w.project.file.Settings
	}
	return spec.NewDocument(nil).Settings()
}

// footprintDocument asks snapshot for what an undo must read.
func footprintDocument(f apply.Footprint) *spec.Document {
	contacts := make([]spec.Contact, 0, len(f.IDs)+len(f.Emails))
	var properties []spec.Property
	for _, name := range f.Properties {
		properties = append(properties, spec.Property{Name: name})
	}
	var associations []spec.Association
	for _, to := range f.Associations {
		associations = append(associations, spec.Association{To: crm.Target{Type: to, ID: "1"}}) // named by id, it is not looked for
	}
	for _, id := range f.IDs {
		contacts = append(contacts, spec.Contact{ID: id, Ensure: spec.Present, Properties: properties, Associations: associations})
	}
	for _, email := range f.Emails {
		contacts = append(contacts, spec.Contact{Email: email, Written: string(email), Ensure: spec.Present})
	}
	return spec.NewDocument(contacts)
}

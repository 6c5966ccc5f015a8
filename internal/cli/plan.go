package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

type planFlags struct {
	selection

	save     string
	check    string
	details  int
	detailed bool
}

func (inv *invocation) plan() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan [FILES…]",
		Short: "Show what apply would do",
		Long: `plan compares the files with the portal and shows every change that apply would make.
It only reads. With -o the plan is saved, values and all, for apply to carry out
exactly as it was reviewed.`,
		Example: `  contactsync plan crm/
  contactsync plan crm/ --portal hubspot -o plan.jsonl
  contactsync plan --format markdown > comment.md
  contactsync plan --check plan.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.check != "" {
				return inv.runCheck(cmd.Context(), args, f)
			}
			return inv.runPlan(cmd.Context(), args, f)
		},
	}
	set := cmd.Flags()
	f.register(set)
	inv.output.register(set, "text", "json", "markdown", "html")
	inv.output.registerEvents(set)
	set.StringVarP(&f.save, "out", "o", "", "save the plan to this `file` (mode 0600)")
	set.IntVar(&f.details, "details", 50, "changes shown in full before they are grouped; 0 shows all")
	set.StringVar(&f.check, "check", "", "plan nothing; see whether this saved `plan` still fits the portal, else end with 6")
	set.BoolVar(&f.detailed, "detailed-exitcode", false, "end with 2 when there are changes")
	return cmd
}

func (inv *invocation) runPlan(ctx context.Context, args []string, f planFlags) (err error) {
	format, err := inv.format("text", "json", "markdown", "html")
	if err != nil {
		return err
	}
	w, err := inv.prepare(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	options := inv.reportOptions(format)
	wait := inv.newReading()
	w.remote.options.Observe = wait.observe(w.remote.options.Observe)
	reader, err := hubspot.NewReader(w.remote.options)
	if err != nil {
		return err
	}
	made, err := inv.compare(ctx, w, reader, f.selection)
	wait.done()
	if err != nil {
		return err
	}
	inv.tellPlan(made)
	details := f.details
	if details <= 0 {
		details = -1 // all
	}
	if err := inv.showPlan(made, options.For(made.portal, w.remote.target.profile, details)); err != nil {
		return err
	}
	if f.save != "" {
		if err := writeFile(inv.path(f.save), func(to io.Writer) error { return made.plan.Encode(to) }); err != nil {
			return err
		}
		inv.remark("Saved with every value to %s (%s). To carry it out:", f.save, made.plan.Digest())
		inv.remark("  contactsync apply %s", f.save)
	}
	if f.detailed && !made.plan.Empty() {
		return ended(exitDifferences)
	}
	return nil
}

// showPlan writes the plan to standard output, and what was noticed on the way to
// standard error.
func (inv *invocation) showPlan(made *planned, options report.Options) error {
	if options.Format != report.JSON {
		if err := inv.warn(made.stats.Warnings); err != nil {
			return err
		}
	}
	inv.printed = options.Format == report.JSON
	return report.Plan(inv.env.Stdout, made.plan, made.stats, options)
}

// warn tells diagnostics on standard error.
func (inv *invocation) warn(list diag.List) error {
	if len(list) == 0 || inv.flags.quiet && !list.HasErrors() {
		return nil
	}
	options := inv.screenOptions(inv.env.StderrTerminal)
	return report.Diagnostics(inv.env.Stderr, inv.excerpts(list, options), options)
}

// excerpts adds the lines of the files to diagnostics of a plan, where they are shown.
func (inv *invocation) excerpts(list diag.List, options report.Options) diag.List {
	if options.PII != report.Full {
		return list
	}
	return spec.Excerpts(inv.read, list)
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/conformance"
	"github.com/contactsync/contactsync/report"
)

type conformanceFlags struct {
	yes, list bool
	only      []string
}

func (inv *invocation) conformance() *cobra.Command {
	var f conformanceFlags
	cmd := &cobra.Command{
		Use:   "conformance",
		Short: "Check a portal against the documented contract of HubSpot's API",
		Long: `conformance asks a portal whether it does what HubSpot documents: the local portal, or a
HubSpot test account. It writes: contacts and companies of its own, properties and
labels, whose names and addresses at example.com hold the id of the run, and which it
archives at the end, also after a failure or Ctrl-C. What it could not remove it names. Where sources disagree it
tells how this portal does it. A portal that breaks the contract ends with 2, records that
are left with 5.`,
		Example: `  contactsync conformance --portal mem: --yes
  contactsync conformance --portal hubspot --account 12345678
  contactsync conformance --list`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return inv.runConformance(cmd.Context(), f) },
	}
	set := cmd.Flags()
	set.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	set.BoolVar(&f.list, "list", false, "list the checks and where their facts come from, and run none")
	set.StringSliceVar(&f.only, "only", nil, "run only these `checks`, by name")
	return cmd
}

// checks are those that the flags choose.
func (f *conformanceFlags) checks() ([]conformance.Check, error) {
	all := conformance.Checks()
	if len(f.only) == 0 {
		return all, nil
	}
	names := make([]string, len(all))
	for i, check := range all {
		names[i] = check.Name
	}
	for _, name := range f.only {
		if !slices.Contains(names, name) {
			nearest, _ := diag.Nearest(name, names)
			return nil, unknownCheck(name, nearest)
		}
	}
	return slices.DeleteFunc(all, func(c conformance.Check) bool { return !slices.Contains(f.only, c.Name) }), nil
}

func (inv *invocation) runConformance(ctx context.Context, f conformanceFlags) (err error) {
	checks, err := f.checks()
	switch {
	case err != nil:
		return err
	case f.list:
		return inv.listChecks(checks)
	case !f.yes && (inv.flags.noInput || !inv.env.StdinTerminal):
		return needsYes(inv.command("--yes"))
	}
	p, list := inv.findProject(nil)
	if list.HasErrors() {
		return invalid(list)
	}
	t, err := inv.choosePortal(p)
	if err != nil {
		return err
	}
	r, err := inv.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	stats, err := inv.admitChecks(ctx, r, f)
	if err != nil {
		return err
	}
	probe, err := hubspot.NewProbe(r.options)
	if err != nil {
		return err
	}
	id := strings.ToLower(time.Now().UTC().Format("20060102t150405.000"))
	options := conformance.Options{Run: strings.ReplaceAll(id, ".", "")}
	if !inv.flags.json {
		options.Observe = inv.tellCheck
	}
	result, failed := conformance.Run(ctx, probe, checks, options)
	return inv.finishChecks(&checked{result, stats, options.Run, probe.Requests()}, failed)
}

// admitChecks refuses what may not be written to, shows which portal it is, and asks.
func (inv *invocation) admitChecks(ctx context.Context, r *remote, f conformanceFlags) (report.Stats, error) {
	reader, err := hubspot.NewReader(r.options)
	if err != nil {
		return report.Stats{}, err
	}
	account, err := reader.Account(ctx)
	if err != nil {
		return report.Stats{}, err
	}
	id := fmt.Sprint(account.PortalID)
	stats := report.Stats{Portal: r.target.shown, Account: id, Kind: account.AccountType, Version: string(r.options.Version)}
	if r.target.local() {
		stats.Kind = "local"
	}
	if err := errors.Join(r.checkPins(id), r.target.admits(id)); err != nil {
		return stats, err
	}
	if !inv.flags.json {
		err := report.Header(inv.env.Stdout, stats, inv.reportOptions(report.Text))
		if _, blank := io.WriteString(inv.env.Stdout, "\n"); err != nil || blank != nil {
			return stats, errors.Join(err, blank)
		}
	}
	if f.yes {
		return stats, nil
	}
	question, answer := `Only "yes" is accepted: `, "yes"
	if !r.target.local() {
		question, answer = "Type the account number "+id+" to write to it: ", id
	}
	return stats, inv.ask(ctx, "Contacts, companies, properties and labels will be created, changed and archived. "+question, answer)
}

// checked is a run of checks and what belongs to its report.
type checked struct {
	*conformance.Report

	stats    report.Stats
	run      string
	requests int64
}

// finishChecks prints the sum, or the document, and gives the exit.
func (inv *invocation) finishChecks(c *checked, failed error) error {
	var err error
	if inv.flags.json {
		inv.printChecks(c)
	} else {
		err = inv.sumChecks(c)
	}
	switch {
	case err != nil || failed != nil:
		return errors.Join(failed, err)
	case len(c.Left) > 0:
		return quietly(exitIncomplete)
	case c.Count(conformance.Failed) > 0:
		return quietly(exitDifferences)
	}
	return nil
}

const checkColumn = 26 // of what is said of a check, after its outcome and name

// tellCheck prints one result.
func (inv *invocation) tellCheck(r conformance.Result) {
	var out strings.Builder
	fmt.Fprintf(&out, "  %-8s %-*s %s\n", r.Outcome, checkColumn, r.Check.Name, r.Check.About)
	more := func(name, text string) {
		fmt.Fprintf(&out, "%*s %-9s %s\n", 10+checkColumn+1, "", name, report.Terminal(text))
	}
	if m := r.Mismatch; m != nil {
		more("request", m.Request)
		more("expected", m.Expected)
		more("got", m.Got)
		more("source", r.Check.Source)
	}
	if o := r.Observed; o != nil {
		more("here", o.Error())
		if !o.Default {
			more("sources", r.Check.Source)
			more("the same", "contactsync serve --ruling "+o.Error())
		}
	}
	if r.Reason != "" {
		more("because", r.Reason)
	}
	_, _ = io.WriteString(inv.env.Stdout, out.String()) // a closed pipe must not keep the run from cleaning up
}

// sumChecks prints the last lines of the text report.
func (inv *invocation) sumChecks(c *checked) error {
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s: %d passed, %d failed, %d differ by a ruling, %d skipped. %s made, in %s.\n",
		amount(len(c.Results), "check", "checks"), c.Count(conformance.Passed), c.Count(conformance.Failed),
		c.Count(conformance.Differs), c.Count(conformance.Skipped),
		amount(c.Made, "record", "records"), amount(int(c.requests), "request", "requests"))
	if len(c.Left) > 0 {
		fmt.Fprintf(&out, "\nNot removed (their names and addresses hold %s):\n", c.run)
		for _, left := range c.Left {
			fmt.Fprintf(&out, "  %s %s  %s\n", left.Type, left.ID, report.Terminal(left.Why))
		}
	}
	_, err := io.WriteString(inv.env.Stdout, out.String())
	return err
}

// listChecks prints the checks without running them.
func (inv *invocation) listChecks(checks []conformance.Check) error {
	if inv.flags.json {
		inv.printChecks(&checked{Report: &conformance.Report{Results: unasked(checks)}})
		return nil
	}
	var out strings.Builder
	for _, check := range checks {
		fmt.Fprintf(&out, "%-*s %s\n%*s (%s)\n", checkColumn, check.Name, check.About, checkColumn, "", check.Source)
	}
	_, err := io.WriteString(inv.env.Stdout, out.String())
	return err
}

func unasked(checks []conformance.Check) []conformance.Result {
	results := make([]conformance.Result, len(checks))
	for i, check := range checks {
		results[i].Check = check
	}
	return results
}

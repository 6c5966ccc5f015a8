package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/report"
)

func (inv *invocation) history() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List past runs",
		Long: `history lists the runs of this project by their journals, the last one first: finished,
running, interrupted (cut, and in the way of the next apply until it is resumed or abandoned),
abandoned, or damaged. "contactsync show RUN" tells how one ended.`,
		Example: "  contactsync history",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return inv.runHistory() },
	}
	cmd.AddCommand(inv.historyAbandon(), inv.historyPrune())
	return cmd
}

// runDocument is a run for programs.
type runDocument struct {
	Run     string `json:"run"`
	State   string `json:"state"` // finished, running, interrupted, abandoned, damaged, not begun, without journal
	Portal  string `json:"portal,omitempty"`
	Digest  string `json:"plan_digest,omitempty"`
	Version string `json:"tool_version,omitempty"`
	Changes int    `json:"changes"`
	Applied int    `json:"applied"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	Stale   int    `json:"stale"`
	Unknown int    `json:"unknown"`
}

func (inv *invocation) runHistory() error {
	p, _ := inv.findProject(nil) // whose errors do not concern past runs
	found, err := runs(p)
	if err != nil {
		return err
	}
	documents := make([]runDocument, len(found))
	for i, run := range found {
		documents[len(found)-1-i] = describeRun(run)
		if last := i == len(found)-1; last && run.state() == journal.Interrupted.String() && locked(p) {
			documents[0].State = "running"
		}
	}
	if inv.flags.json {
		inv.printJSON(struct {
			Version int           `json:"version"`
			Runs    []runDocument `json:"runs"`
		}{1, documents})
		return nil
	}
	if len(documents) == 0 {
		_, err := fmt.Fprintln(inv.env.Stdout, "Nothing was applied from here yet.")
		return err
	}
	table := tabwriter.NewWriter(inv.env.Stdout, 0, 0, 3, ' ', 0)
	row := func(cells ...string) { _, _ = fmt.Fprintln(table, strings.Join(cells, "\t")) } // Flush returns the error
	row("RUN", "STATE", "ACCOUNT", "CHANGES", "APPLIED", "UNKNOWN", "LEFT", "PLAN")
	for _, d := range documents {
		row(d.Run, d.State, report.Terminal(d.Portal), report.Number(d.Changes), report.Number(d.Applied),
			report.Number(d.Unknown), report.Number(d.Failed+d.Skipped+d.Stale), report.Terminal(shortDigest(d.Digest)))
	}
	return table.Flush()
}

// shortDigest is enough of a digest to tell plans apart by eye.
func shortDigest(digest string) string {
	return digest[:min(len(digest), len("sha256:")+12)]
}

func describeRun(run *pastRun) runDocument {
	d := runDocument{Run: run.id, State: run.state()}
	begin := run.log.Begin()
	if begin == nil {
		return d
	}
	d.Portal, d.Digest, d.Version, d.Changes = begin.Portal, begin.PlanDigest, begin.ToolVersion, begin.Changes
	if end := run.log.End(); end != nil && run.damage == nil {
		d.Applied, d.Failed, d.Skipped, d.Stale, d.Unknown = end.Applied, end.Failed, end.Skipped, end.Stale, end.Unknown
		return d
	}
	if _, result, err := run.review(); err == nil {
		c := result.Counts
		d.Failed, d.Skipped, d.Stale, d.Unknown = c.Failed, c.Skipped, c.Stale, c.Unknown
		d.Applied = len(result.Entries) - c.Failed - c.Skipped - c.Stale - c.Unknown
	}
	return d
}

func (inv *invocation) historyAbandon() *cobra.Command {
	return &cobra.Command{
		Use:   "abandon RUN",
		Short: "Give up a run that was cut",
		Long: `abandon gives up a run that was cut, so that the next apply may begin. What the run had
written stays; the next plan is made from what the portal holds.`,
		Example: "  contactsync history abandon 20261123T164210Z",
		Args:    oneRun,
		RunE:    func(_ *cobra.Command, args []string) error { return inv.runAbandon(args[0]) },
	}
}

func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return missingArgument(cmd.CommandPath(), "a run")
	}
	return oneArgument(cmd, args)
}

func (inv *invocation) runAbandon(id string) error {
	p, _ := inv.findProject(nil) // whose errors do not concern past runs
	if _, err := findRun(p, id); err != nil {
		return err
	}
	release, err := inv.lock(p)
	if err != nil {
		return err
	}
	defer release()
	run, err := findRun(p, id) // as it is now that nobody writes it
	switch {
	case err != nil:
		return err
	case run.putAside || run.damage == nil && run.log.State() != journal.Interrupted:
		return runEnded(run.id, run.state())
	}
	if err := run.abandon(); err != nil {
		return err
	}
	inv.remark("What the run had sent last may or may not be in the portal. Plan again to see what differs.")
	_, err = fmt.Fprintf(inv.env.Stdout, "Run %s is abandoned.\n", run.id)
	return err
}

func (inv *invocation) historyPrune() *cobra.Command {
	var keep int
	var older string
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove the journals of past runs",
		Long: `prune removes the folders of runs that ended: journals, plans and failed changes, which
hold personal data. A run that was removed can be neither shown nor undone. A run that
was cut is kept until it is resumed or abandoned.`,
		Example: "  contactsync history prune --keep 20\n  contactsync history prune --older-than 90d",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("keep") && older == "" {
				return missingArgument(cmd.CommandPath(), "--keep or --older-than")
			}
			if !cmd.Flags().Changed("keep") {
				keep = -1
			}
			return inv.runPrune(keep, older)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "keep the last `N` runs that ended")
	cmd.Flags().StringVar(&older, "older-than", "", "remove only what began so long ago: `age`, such as 90d or 12h")
	return cmd
}

// runPrune removes runs that ended, beyond the last keep of them (-1: whatever their
// number) and older than an age.
func (inv *invocation) runPrune(keep int, older string) error {
	age, err := parseAge(older)
	if err != nil || keep < -1 {
		return badValue("history prune", older, "--keep with a number from 0, --older-than with an age such as 90d or 12h")
	}
	p, _ := inv.findProject(nil) // whose errors do not concern past runs
	release, err := inv.lock(p)
	if err != nil {
		return err
	}
	defer release()
	found, err := runs(p)
	if err != nil {
		return err
	}
	before := time.Now().Add(-age).UTC().Format(runLayout)
	var ended []*pastRun
	for _, run := range found {
		if !run.unfinished() {
			ended = append(ended, run)
		}
	}
	removed := 0
	for i, run := range ended {
		if keep >= 0 && i >= len(ended)-keep || older != "" && run.id >= before {
			continue
		}
		if err := os.RemoveAll(run.folder); err != nil {
			return cannotWrite(run.folder, reason(err))
		}
		removed++
	}
	_, err = fmt.Fprintf(inv.env.Stdout, "%s removed, %s kept.\n", amount(removed, "run", "runs"), report.Number(len(found)-removed))
	return err
}

// parseAge reads a duration that may be in days.
func parseAge(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	age, err := time.ParseDuration(text)
	if err == nil && age < 0 {
		err = fmt.Errorf("%s is in the future", text)
	}
	return age, err
}

package cli

import (
	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/report"
)

func (inv *invocation) show() *cobra.Command {
	var details int
	cmd := &cobra.Command{
		Use:   "show PLAN | RUN",
		Short: "Show a saved plan, or how a run ended",
		Long: `show renders a plan that "contactsync plan -o" saved, or, by its journal, how a run that
"contactsync history" lists stands: text and json. It reads no portal.`,
		Example: "  contactsync show plan.jsonl --format html > plan.html\n  contactsync show 20261123T164210Z",
		Args:    oneArgument,
		RunE: func(_ *cobra.Command, args []string) error {
			if runName.MatchString(args[0]) && !exists(inv.path(args[0])) {
				return inv.showRun(args[0])
			}
			return inv.runShow(args[0], details)
		},
	}
	inv.output.register(cmd.Flags(), "text", "json", "markdown", "html")
	cmd.Flags().IntVar(&details, "details", 50, "changes shown in full before they are grouped; 0 shows all")
	return cmd
}

func (inv *invocation) runShow(name string, details int) error {
	format, err := inv.format("text", "json", "markdown", "html")
	if err != nil {
		return err
	}
	_, _ = inv.findProject(nil) // whose errors do not concern a plan that is only shown
	options := inv.reportOptions(format)
	saved, err := inv.readPlan(name)
	if err != nil {
		return err
	}
	if details <= 0 {
		details = -1 // all
	}
	inv.printed = options.Format == report.JSON
	stats := report.Stats{Portal: name, Account: saved.Portal, Kind: "saved plan"}
	return report.Plan(inv.env.Stdout, saved, stats, options.For(&crm.Portal{}, "", details))
}

// showRun renders how a run stands by its journal. Its changes are listed as apply lists
// them: those that did not come through.
func (inv *invocation) showRun(id string) error {
	format, err := inv.format("text", "json")
	if err != nil {
		return err
	}
	p, _ := inv.findProject(nil) // whose errors do not concern a run that is only shown
	run, err := findRun(p, id)
	if err != nil {
		return err
	}
	of, result, err := run.review()
	if err != nil {
		return err
	}
	exit := exitDone
	if !result.Complete() {
		exit = exitIncomplete
	}
	options := inv.reportOptions(format)
	stats := report.Stats{Portal: "account " + of.Portal, Account: of.Portal, Kind: "past run"}
	inv.printed = options.Format == report.JSON
	return report.Result(inv.env.Stdout, of, result, stats, report.Run{ID: id, Verdict: int(exit)}, options.For(&crm.Portal{}, "", 0))
}

package cli

import (
	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/report"
)

func (inv *invocation) show() *cobra.Command {
	var details int
	cmd := &cobra.Command{
		Use:     "show PLAN",
		Short:   "Show a saved plan",
		Long:    `show renders a plan that "contactsync plan -o" saved. It reads no portal.`,
		Example: "  contactsync show plan.jsonl --format html > plan.html",
		Args:    oneArgument,
		RunE:    func(_ *cobra.Command, args []string) error { return inv.runShow(args[0], details) },
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

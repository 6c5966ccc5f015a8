package cli

import (
	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/schema"
)

func (inv *invocation) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [desired | project | fixture]",
		Short: "Print a JSON Schema",
		Long: `schema prints the JSON Schema of desired-state files, of the project file, or of
fixtures, for editors and other tools.`,
		Example:   "  contactsync schema > contactsync.schema.json",
		ValidArgs: []string{"desired", "project", "fixture"},
		RunE: func(_ *cobra.Command, args []string) error {
			name := "desired"
			if len(args) > 0 {
				name = args[0]
			}
			kinds := map[string]schema.Kind{"desired": schema.Desired, "project": schema.Project, "fixture": schema.Fixture}
			kind, known := kinds[name]
			if !known || len(args) > 1 {
				return badValue("the schema", name, "desired, project or fixture")
			}
			inv.printed = true
			_, err := inv.env.Stdout.Write(schema.Text(kind))
			return err
		},
	}
}

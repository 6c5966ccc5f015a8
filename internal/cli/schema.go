package cli

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/schema"
	"github.com/contactsync/contactsync/spec"
)

// schemaNames are the schemas by the words that the command takes.
var schemaNames = map[string]schema.Kind{"desired": schema.Desired, "events": schema.Events, "faults": schema.Faults, "fixture": schema.Fixture, "project": schema.Project}

func (inv *invocation) schema() *cobra.Command {
	var live bool
	names := slices.Sorted(maps.Keys(schemaNames))
	cmd := &cobra.Command{
		Use:   "schema [desired | events | faults | fixture | project]",
		Short: "Print a JSON Schema",
		Long: `schema prints the JSON Schema of desired-state files, of the event stream, of fault
scenarios, of fixtures or of the project file, for editors and other tools.

With --live the schema of desired state offers the portal's own contact properties and
their options, and refuses others.`,
		Example: `  contactsync schema > contactsync.schema.json
  contactsync schema --live --portal hubspot > contactsync.schema.json`,
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "desired"
			if len(args) > 0 {
				name = args[0]
			}
			kind, known := schemaNames[name]
			switch {
			case !known || len(args) > 1:
				return badValue("the schema", name, orList(names))
			case live && kind != schema.Desired:
				return badValue("the schema", name, "desired with --live: the other files do not depend on a portal")
			case live:
				return inv.runLiveSchema(cmd.Context())
			}
			return inv.printSchema(schema.Text(kind))
		},
	}
	cmd.Flags().BoolVar(&live, "live", false, "offer the portal's properties and options; it is only read")
	return cmd
}

func (inv *invocation) printSchema(text []byte) error {
	inv.printed = true
	_, err := inv.env.Stdout.Write(report.InertJSON(text))
	return err
}

func (inv *invocation) runLiveSchema(ctx context.Context) (err error) {
	p, list := inv.findProject(nil)
	if list.HasErrors() {
		return invalid(list)
	}
	nothing := spec.NewDocument(nil)
	list = nothing.Adopt(p.file)
	if list.HasErrors() {
		return invalid(list)
	}
	r, err := inv.reach(ctx, p, nothing)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	portal, err := inv.describe(ctx, r, nothing)
	if err != nil {
		return err
	}
	text, err := schema.ForPortal(portal.ID, schemaProperties(portal))
	if err != nil {
		return err
	}
	inv.remark("The schema offers %s of account %s.", amount(len(portal.Properties), "property", "properties"), portal.ID)
	return inv.printSchema(text)
}

// schemaProperties are the portal's properties by name, with what crm.Property.Check
// lets each of them hold.
func schemaProperties(portal *crm.Portal) []schema.Property {
	properties := make([]schema.Property, 0, len(portal.Properties))
	for _, name := range slices.Sorted(maps.Keys(portal.Properties)) {
		definition := portal.Properties[name]
		property := schema.Property{Name: name, Label: definition.Label, Multiple: definition.Multiple(), ReadOnly: definition.ReadOnly}
		switch definition.Type {
		case "bool":
			property.Options = []string{"true", "false"}
		case "enumeration":
			for _, option := range definition.Options {
				property.Options = append(property.Options, option.Value)
			}
		}
		properties = append(properties, property)
	}
	return properties
}

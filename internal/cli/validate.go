package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

func (inv *invocation) validate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate [FILES…]",
		Short: "Check files without a portal",
		Long: `validate reads desired-state files and reports every problem at once, each with its
place and a way out. It needs no portal. A folder means every .yaml and .yml file
below it; - is standard input; without files the project's own are read.`,
		Example: "  contactsync validate crm/",
		RunE: func(_ *cobra.Command, args []string) error {
			return inv.runValidate(args)
		},
	}
	inv.output.register(cmd.Flags(), "text", "json")
	return cmd
}

func (inv *invocation) runValidate(args []string) error {
	begin := time.Now()
	format, err := inv.format("text", "json")
	if err != nil {
		return err
	}
	p, list := inv.findProject(args)
	document, found, err := inv.load(p, args)
	if err != nil {
		return err
	}
	list = append(list, found...)
	options := inv.reportOptions(format)
	read := report.Read{Files: len(document.Files()), Contacts: document.Len(), Elapsed: time.Since(begin)}
	inv.printed = options.Format == report.JSON
	if err := report.Validation(inv.env.Stdout, list, read, options); err != nil {
		return err
	}
	if list.HasErrors() {
		return ended(exitInvalid)
	}
	return nil
}

// load reads the desired state that the arguments name and lays the project's
// settings under it. The document stands even when the list has errors.
func (inv *invocation) load(p *project, args []string) (*spec.Document, diag.List, error) {
	sources, err := inv.sources(p, args)
	if err != nil {
		return nil, nil, err
	}
	document, list := spec.Load(sources)
	list = append(list, document.Adopt(p.file)...)
	if inv.flags.account != "" {
		list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Code == string(diag.IDsNeedAccount) })
	}
	list.Sort()
	return document, list, nil
}

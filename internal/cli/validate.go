package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

func (inv *invocation) validate() *cobra.Command {
	var live bool
	cmd := &cobra.Command{
		Use:   "validate [FILES…]",
		Short: "Check files, without a portal or against one",
		Long: `validate reads desired-state files and reports every problem at once, each with its
place and a way out. It needs no portal. A folder means every .yaml and .yml file
below it; - is standard input; without files the project's own are read.

With --live the files are also held against the portal: its properties and their
options, its owners, its association labels, the records that associations lead to.
No contact is read. A value that the portal would refuse is a warning, since a contact
may hold it from older days; plan makes it an error where it would be written.`,
		Example: `  contactsync validate crm/
  contactsync validate --live --portal hubspot`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return inv.runValidate(cmd.Context(), args, live)
		},
	}
	inv.output.register(cmd.Flags(), "text", "json")
	inv.output.registerEvents(cmd.Flags())
	cmd.Flags().BoolVar(&live, "live", false, "check against the portal, too; it is only read")
	return cmd
}

func (inv *invocation) runValidate(ctx context.Context, args []string, live bool) error {
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
	read := report.Read{Files: len(document.Files()), Contacts: document.Len()}
	switch {
	case live && list.HasErrors():
		inv.remark("The portal was not asked: the files have errors of their own.")
	case live:
		checked, stats, err := inv.checkLive(ctx, p, document)
		if err != nil {
			return err
		}
		list, read.Portal = append(list, checked...), stats
		list.Sort()
	}
	read.Elapsed = time.Since(begin)
	inv.describeEvents(nil)
	inv.events.Diagnostics(list)
	inv.printed = options.Format == report.JSON
	if err := report.Validation(inv.env.Stdout, inv.excerpts(list, options), read, options); err != nil {
		return err
	}
	if list.HasErrors() {
		return ended(exitInvalid)
	}
	return nil
}

// checkLive judges a document by everything about the portal but its contacts.
func (inv *invocation) checkLive(ctx context.Context, p *project, document *spec.Document) (_ diag.List, _ *report.Stats, err error) {
	r, err := inv.reach(ctx, p, document)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	portal, err := inv.describe(ctx, r, document)
	if err != nil {
		return nil, nil, err
	}
	stats := r.stats(portal)
	return plan.Check(document, portal), &stats, nil
}

// describe reads what a portal is, as far as a document needs it, and holds its
// account against those that are named.
func (inv *invocation) describe(ctx context.Context, r *remote, document *spec.Document) (*crm.Portal, error) {
	wait := inv.newReading()
	defer wait.done()
	r.options.Observe = wait.observe(r.options.Observe)
	reader, err := hubspot.NewReader(r.options)
	if err != nil {
		return nil, err
	}
	portal, err := snapshot.Portal(ctx, reader, document)
	if err != nil {
		return nil, err
	}
	return portal, r.checkPins(portal.ID)
}

// load reads the desired state that the arguments name and lays the project's
// settings under it. The document stands even when the list has errors.
func (inv *invocation) load(p *project, args []string) (*spec.Document, diag.List, error) {
	sources, err := inv.sources(p, args)
	if err != nil {
		return nil, nil, err
	}
	inv.read = slices.DeleteFunc(slices.Concat(p.read, sources), func(s spec.Source) bool { return s.Name == "-" }) // which cannot be read again
	forgotten, err := readForgotten(p)
	if err != nil {
		return nil, nil, err
	}
	document, list := spec.Load(sources)
	list = slices.Concat(list, document.Adopt(p.file), document.Refuse(forgotten))
	if inv.flags.account != "" {
		list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Code == string(diag.IDsNeedAccount) })
	}
	list.Sort()
	return document, list, nil
}

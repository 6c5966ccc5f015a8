package cli

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

type exportFlags struct {
	out          string
	layout       string
	properties   []string
	associations []string
	ids          bool
	check        bool
}

func (inv *invocation) export() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a portal's contacts as desired state",
		Long: `export writes every live contact of the portal as one YAML file that is true of it: a
plan of that file changes nothing. It only reads. The file holds personal data; it is
written with mode 0600.`,
		Example: `  contactsync export -o crm/contacts.yaml --associations company
  contactsync export -o crm/contacts.yaml --check`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return inv.runExport(cmd.Context(), f) },
	}
	set := cmd.Flags()
	set.StringVarP(&f.out, "out", "o", "", "`file` to write (default standard output)")
	set.StringVar(&f.layout, "layout", "single", "single: one file")
	set.StringSliceVar(&f.properties, "properties", nil, "`names` of properties to write (default: all that have a value and can be written)")
	set.StringSliceVar(&f.associations, "associations", nil, "object `types` whose associations are written: company, deal, …")
	set.BoolVar(&f.ids, "ids", false, "write ids, which tie the file to this one portal")
	set.BoolVar(&f.check, "check", false, "write nothing; end with 2 when the file differs")
	return cmd
}

func (inv *invocation) runExport(ctx context.Context, f exportFlags) (err error) {
	if f.layout != "single" {
		return badValue("--layout", f.layout, "single")
	}
	if f.out == "" && (f.check || inv.flags.json) {
		return exportNeedsFile()
	}
	options, err := f.options()
	if err != nil {
		return err
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
	document, portal, err := inv.readAll(ctx, r, options)
	if err != nil {
		return err
	}
	if err := r.checkPins(portal.ID); err != nil {
		return err
	}
	return inv.deliver(document, portal, f)
}

func (f *exportFlags) options() (snapshot.ExportOptions, error) {
	options := snapshot.ExportOptions{Properties: f.properties, IDs: f.ids}
	for _, name := range f.associations {
		objectType, known := crm.ParseObjectType(name)
		if !known {
			return options, badValue("--associations", name, "an object type such as company, deal, ticket, contact, note, or a custom object's id such as 2-123")
		}
		options.Associations = append(options.Associations, objectType)
	}
	return options, nil
}

func (inv *invocation) readAll(ctx context.Context, r *remote, options snapshot.ExportOptions) (*spec.Document, *crm.Portal, error) {
	wait := inv.newReading()
	defer wait.done()
	r.options.Observe = wait.observe(r.options.Observe)
	reader, err := hubspot.NewReader(r.options)
	if err != nil {
		return nil, nil, err
	}
	portal, err := snapshot.Portal(ctx, reader, spec.NewDocument(nil))
	if err != nil {
		return nil, nil, err
	}
	for _, name := range options.Properties {
		if _, known := portal.Properties[name]; !known {
			return nil, nil, unknownProperty(name, portal)
		}
	}
	options.LeftOut = func(contact crm.ObjectID, property, why string) {
		inv.remark("warning: contact %s is exported without its %s: %s, and no file may hold that", contact, property, why)
	}
	document, err := snapshot.Document(ctx, reader, portal, options)
	return document, portal, err
}

// deliver writes the document, or compares it with the file that is there.
func (inv *invocation) deliver(document *spec.Document, portal *crm.Portal, f exportFlags) error {
	if f.out == "" {
		return document.Encode(inv.env.Stdout)
	}
	path := inv.path(f.out)
	if f.check {
		return inv.checkExport(document, path, f)
	}
	if err := writeFile(path, func(w io.Writer) error { return document.Encode(w) }); err != nil {
		return err
	}
	return inv.exported(document, portal, f.out, true)
}

func (inv *invocation) checkExport(document *spec.Document, path string, f exportFlags) error {
	var wanted bytes.Buffer
	if err := document.Encode(&wanted); err != nil {
		return err
	}
	present, err := readSource(inv.source(f.out, path))
	if err != nil {
		return err
	}
	if bytes.Equal(present, wanted.Bytes()) {
		return inv.exported(document, nil, f.out, true)
	}
	if err := inv.exported(document, nil, f.out, false); err != nil {
		return err
	}
	return ended(exitDifferences)
}

// exported tells what was written, or whether the file is what would be written.
func (inv *invocation) exported(document *spec.Document, portal *crm.Portal, name string, same bool) error {
	if inv.flags.json {
		inv.printJSON(struct {
			Version  int    `json:"version"`
			File     string `json:"file"`
			Contacts int    `json:"contacts"`
			Same     bool   `json:"same"` // the file is what the portal holds
		}{1, name, document.Len(), same})
		return nil
	}
	switch {
	case !same:
		inv.remark("%s differs from the portal, which has %s.", name, amount(document.Len(), "contact", "contacts"))
	case portal == nil:
		inv.remark("%s is as the portal is: %s.", name, amount(document.Len(), "contact", "contacts"))
	default:
		inv.remark("%s of account %s written to %s.", amount(document.Len(), "contact", "contacts"), portal.ID, name)
	}
	return nil
}

package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

func (inv *invocation) explain() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain EMAIL [FILES…]",
		Short: "Say why a contact is planned as it is",
		Long: `explain says of one contact where it is declared, which live contact it is and how that
was found, and of each declared line what it does and by which rule. Of a contact that no file names
it says what prune does to it, where the project prunes. The contact is named by an
address or an id, a declared one also by the alias of a masked report. It only reads,
and judges as plan does.`,
		Example: `  contactsync explain ada@example.com
  contactsync explain c_562d5a5fe7 crm/`,
		Args: atLeastOne("an address or an id"),
		RunE: func(cmd *cobra.Command, args []string) error { return inv.runExplain(cmd.Context(), args[0], args[1:]) },
	}
	inv.output.register(cmd.Flags(), "text", "json")
	return cmd
}

func (inv *invocation) runExplain(ctx context.Context, name string, args []string) (err error) {
	format, err := inv.format("text", "json")
	if err != nil {
		return err
	}
	w, err := inv.prepare(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	if alias, _, _ := strings.Cut(name, "@"); strings.HasPrefix(alias, report.AliasPrefix) {
		name = inv.unmask(alias, name, w)
	}
	i, declared := plan.Find(w.document, name)
	var made explained
	var stats report.Stats
	if declared {
		made, stats, err = inv.explanation(ctx, w, i)
	} else {
		made, stats, err = inv.undeclared(ctx, w, name)
	}
	if err != nil {
		return err
	}
	options := inv.reportOptions(format).For(made.portal, w.remote.target.profile, 0)
	inv.printed = options.Format == report.JSON
	made.explanation.Problems = inv.excerpts(made.explanation.Problems, options)
	if err := report.Explanation(inv.env.Stdout, made.explanation, stats, options); err != nil {
		return err
	}
	if made.explanation.Problems.HasErrors() {
		return ended(exitInvalid)
	}
	return nil
}

// explained is an explanation and the portal that it was made from.
type explained struct {
	portal      *crm.Portal
	explanation plan.Explanation
}

// undeclared plans the whole project, where it prunes, to tell what becomes of a contact
// that no file names.
func (inv *invocation) undeclared(ctx context.Context, w *work, name string) (explained, report.Stats, error) {
	if prune := w.document.Settings().Prune; !w.whole || prune != spec.PruneArchive && prune != spec.PruneReport {
		return explained{}, report.Stats{}, notDeclared(name, w.document)
	}
	wait := inv.newReading()
	defer wait.done()
	w.remote.options.Observe = wait.observe(w.remote.options.Observe)
	reader, err := hubspot.NewReader(w.remote.options)
	if err != nil {
		return explained{}, report.Stats{}, err
	}
	made, err := inv.compare(ctx, w, reader, selection{})
	if err != nil {
		return explained{}, report.Stats{}, err
	}
	explanation, found := made.plan.ExplainUndeclared(name)
	if !found {
		return explained{}, report.Stats{}, notDeclared(name, w.document)
	}
	return explained{made.portal, explanation}, w.remote.stats(made.portal), nil
}

// explanation reads what the i-th contact needs and judges it.
func (inv *invocation) explanation(ctx context.Context, w *work, i int) (explained, report.Stats, error) {
	wait := inv.newReading()
	defer wait.done()
	w.remote.options.Observe = wait.observe(w.remote.options.Observe)
	reader, err := hubspot.NewReader(w.remote.options)
	if err != nil {
		return explained{}, report.Stats{}, err
	}
	around := plan.Around(w.document, i)
	portal, err := snapshot.Portal(ctx, reader, around)
	if err != nil {
		return explained{}, report.Stats{}, err
	}
	if err := w.remote.checkPins(portal.ID); err != nil {
		return explained{}, report.Stats{}, err
	}
	var live []crm.Contact
	for batch, err := range snapshot.ContactsInFull(ctx, reader, around, portal) {
		if err != nil {
			return explained{}, report.Stats{}, err
		}
		live = append(live, batch...)
	}
	return explained{portal, plan.Explain(w.document, i, portal, live, plan.Options{})}, w.remote.stats(portal), nil
}

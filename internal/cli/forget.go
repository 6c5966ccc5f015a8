package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

// forgottenFile stands beside the project file and is kept with the files.
const forgottenFile = "forgotten"

func (inv *invocation) forget() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "forget EMAIL [FILES…]",
		Short: "Remove a person from local files and block the address",
		Long: `forget takes a person who asked to be erased out of the files: the contact's lines, and
the associations that lead to it, in desired-state files and in what past runs left behind;
a run whose journal or plan holds the address loses both, and can then not be undone.
The address goes, as a keyed hash, into the file "forgotten" beside contactsync.yaml; a file
that declares it again is an error. Keep that file with the others. Nothing is written to
the portal: delete the contact there by HubSpot's own permanent delete.`,
		Example: "  contactsync forget lee@oldco.example",
		Args:    atLeastOne("an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return inv.runForget(cmd.Context(), args[0], args[1:], yes)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (inv *invocation) runForget(ctx context.Context, address string, args []string, yes bool) error {
	email, err := crm.ParseEmail(address)
	if err != nil {
		return noAddress(address, err)
	}
	if !yes && (inv.flags.noInput || !inv.env.StdinTerminal) {
		return needsYes(inv.command("--yes"))
	}
	p, _ := inv.findProject(args)
	sources, err := inv.sources(p, args)
	if err != nil {
		return err
	}
	sources, err = inv.withRuns(p, sources)
	if err != nil {
		return err
	}
	edits, err := inv.edits(sources, email)
	if err != nil {
		return err
	}
	held, err := runsOf(p, email)
	if err != nil {
		return err
	}
	if !yes {
		inv.tellEdits(edits, "would be")
		tellRuns(inv, held, "would be")
		if err := inv.ask(ctx, `Only "yes" is accepted: `, "yes"); err != nil {
			return err
		}
	}
	if err := inv.block(p, email); err != nil {
		return err
	}
	for _, one := range edits {
		if one.contacts+one.items == 0 {
			continue
		}
		if err := writeFile(one.path, func(w io.Writer) error { _, err := w.Write(one.text); return err }); err != nil {
			return err
		}
	}
	for _, run := range held {
		if err := run.forget(); err != nil {
			return err
		}
	}
	tellRuns(inv, held, "were")
	return inv.finishForget(p, edits)
}

func tellRuns(inv *invocation, held []*pastRun, verb string) {
	for _, run := range held {
		inv.say("run " + run.id + ": its journal and plan " + verb + " removed")
	}
}

// edit is what forgetting means for one file.
type edit struct {
	name, path      string
	text            []byte
	contacts, items int
	left            []int // lines that still hold the address
}

// withRuns adds the desired state that past runs left behind.
func (inv *invocation) withRuns(p *project, sources []spec.Source) ([]spec.Source, error) {
	found, err := filepath.Glob(p.state("runs", "*", "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(found)
	for _, path := range found {
		name, err := filepath.Rel(p.root, path)
		if err != nil {
			return nil, err
		}
		sources = append(sources, inv.source(p.name(name), path))
	}
	return slices.DeleteFunc(sources, func(s spec.Source) bool { return s.Name == "-" }), nil
}

// edits makes every file without the person, and writes none: a file that cannot be
// changed safely refuses the whole.
func (inv *invocation) edits(sources []spec.Source, email crm.Email) ([]edit, error) {
	var edits []edit
	for _, source := range sources {
		path := inv.path(source.Name)
		text, err := readSource(source)
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(bytes.ToLower(text), []byte(email)) {
			continue
		}
		before, list := spec.Load([]spec.Source{source})
		if list.HasErrors() {
			return nil, invalid(list)
		}
		erased, err := spec.Erase(text, email)
		if err != nil {
			return nil, eraseByHand(source.Name, err)
		}
		after, list := spec.Load([]spec.Source{{Name: source.Name, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(erased.Text)), nil
		}}})
		if list.HasErrors() || !before.Same(after, email) {
			return nil, eraseByHand(source.Name, errors.New("what would be left says something else"))
		}
		edits = append(edits, edit{source.Name, path, erased.Text, erased.Contacts, erased.Items, erased.Left})
	}
	return edits, nil
}

func (inv *invocation) tellEdits(edits []edit, verb string) {
	for _, one := range edits {
		if one.contacts+one.items > 0 {
			inv.say(fmt.Sprintf("%s: %s and %s %s removed", report.Terminal(one.name),
				amount(one.contacts, "contact", "contacts"), amount(one.items, "association", "associations"), verb))
		}
	}
	if len(edits) == 0 {
		inv.say("No file names this person.")
	}
}

// block puts the address on the project's list.
func (inv *invocation) block(p *project, email crm.Email) error {
	list, err := readForgotten(p)
	if err != nil {
		return err
	}
	if list == nil {
		if list, err = spec.NewForgotten(inv.env.Random); err != nil {
			return err
		}
	}
	list.Add(email)
	return writeFile(filepath.Join(p.root, forgottenFile), list.Encode)
}

// readForgotten reads the project's list; nil when it has none.
func readForgotten(p *project) (*spec.Forgotten, error) {
	name := p.name(forgottenFile)
	in, err := openOwn(filepath.Join(p.root, forgottenFile), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no list is a list of nobody
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	list, err := spec.ReadForgotten(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, forgottenDamaged(name, err)
	}
	return list, nil
}

func (inv *invocation) finishForget(p *project, edits []edit) error {
	inv.tellEdits(edits, "were")
	var rest []string
	for _, one := range edits {
		for _, line := range one.left {
			rest = append(rest, fmt.Sprintf("%s:%d", one.name, line))
		}
	}
	_, err := fmt.Fprintf(inv.env.Stdout, "The address is blocked in %s; keep that file with the others.\n", report.Terminal(p.name(forgottenFile)))
	if len(rest) > 0 {
		return addressLeft(rest)
	}
	inv.remark("The portal was not touched: delete the contact there, permanently, in HubSpot. Saved plans, exports and the history of version control may still hold the person.")
	return err
}

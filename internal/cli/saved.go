package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/snapshot"
)

// planMark begins the first line of every saved plan.
const planMark = `{"format":"contactsync.plan"`

// savedPlan reports whether the one file that was named is a saved plan, which is
// told by its first line, not by its name.
func (inv *invocation) savedPlan(args []string) (bool, error) {
	for _, arg := range args {
		marked, err := inv.marked(arg)
		if err != nil || !marked {
			continue // whatever is wrong with the file is told where it is read
		}
		if len(args) > 1 {
			return false, planAmongFiles(arg)
		}
		return true, nil
	}
	return false, nil
}

func (inv *invocation) marked(name string) (bool, error) {
	path := inv.path(name)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	file, err := os.Open(path) // #nosec G304 -- the user names the file
	if err != nil {
		return false, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	begin, err := bufio.NewReader(io.LimitReader(file, int64(len(planMark)))).ReadString(0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return begin == planMark, nil
}

// prepareSaved opens the way to the portal for a plan that needs no files.
func (inv *invocation) prepareSaved(ctx context.Context, name string) (*work, error) {
	p, list := inv.findProject(nil)
	if list.HasErrors() {
		return nil, invalid(list)
	}
	t, err := inv.choosePortal(p)
	if err != nil {
		return nil, err
	}
	if p.file != nil && p.file.Settings.Account != "" && t.profilePin() == "" {
		t.pins = append(t.pins, pin{p.file.Settings.Account, projectFile})
	}
	r, err := inv.open(ctx, t)
	if err != nil {
		return nil, err
	}
	return &work{project: p, list: list, remote: r, scope: name}, nil
}

// decodePlan reads the saved plan and holds it against the account and the definitions
// of the portal as they are now: a plan is not believed for having been made.
func (inv *invocation) decodePlan(ctx context.Context, w *work, reader *hubspot.Reader, name string) (*planned, error) {
	saved, err := inv.readPlan(name)
	if err != nil {
		return nil, err
	}
	portal, err := snapshot.Portal(ctx, reader, saved.Document())
	if err != nil {
		return nil, err
	}
	if err := w.remote.checkPins(portal.ID); err != nil {
		return nil, err
	}
	if saved.Portal != portal.ID {
		return nil, otherAccount(portal.ID, saved.Portal, "the plan")
	}
	if list := saved.Check(portal); list.HasErrors() {
		return nil, outdated(list)
	}
	made := &planned{plan: saved, portal: portal, stats: w.remote.stats(portal)}
	made.stats.Scope = name
	return made, nil
}

func (inv *invocation) readPlan(name string) (*plan.Plan, error) {
	file, err := inv.source(name, inv.path(name)).Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	if marked, err := inv.marked(name); err != nil || !marked {
		return nil, errors.Join(err, notSavedPlan(name))
	}
	return plan.Decode(file)
}

package cli

import (
	"context"
	"errors"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
)

// runCheck is plan --check: it reads the contacts of a saved plan again and says which
// changes the portal has overtaken.
func (inv *invocation) runCheck(ctx context.Context, args []string, f planFlags) (err error) {
	format, err := inv.format("text", "json")
	switch {
	case err != nil:
		return err
	case len(args) > 0:
		return unexpectedArgument("contactsync plan --check", args[0])
	case f.save != "":
		return excludedFlags("--check", "--out", "--check makes no plan.")
	}
	w, err := inv.prepareSaved(ctx, f.check)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remote.close()) }()
	options := inv.reportOptions(format)
	wait := inv.newReading()
	defer wait.done()
	w.remote.options.Observe = wait.observe(w.remote.options.Observe)
	reader, err := hubspot.NewReader(w.remote.options)
	if err != nil {
		return err
	}
	made, err := inv.decodePlan(ctx, w, reader, f.check)
	if err != nil {
		return err
	}
	stale, err := apply.Recheck(ctx, reader, made.plan)
	wait.done()
	if err != nil {
		return err
	}
	made.stats.Requests = reader.Requests()
	inv.printed = options.Format == report.JSON
	if err := report.Freshness(inv.env.Stdout, made.plan, stale, made.stats, options); err != nil {
		return err
	}
	if len(stale) > 0 {
		return ended(exitRefused)
	}
	return nil
}

package cli

import (
	"context"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
)

// events is the event stream of a command that was asked for one. The nil stream of
// every other run writes nothing.
type events struct {
	*report.Stream

	file io.Closer // nil on standard output
}

func (o *output) registerEvents(set *pflag.FlagSet) {
	set.StringVar(&o.events, "events", "", "write what happens as JSON Lines to this `file`; - is standard output, and the screen goes to standard error")
}

const eventsApart = "Both write to standard output. Name a file for the events."

// openEvents begins the event stream. On standard output it takes the place of the
// screen, which then goes to standard error.
func (inv *invocation) openEvents(command string) error {
	name := inv.output.events
	switch name {
	case "":
		return nil
	case "-":
		if inv.flags.json {
			return excludedFlags("--events -", "--json", eventsApart)
		}
		if format := inv.output.format; format != "" && format != report.Text.String() {
			return excludedFlags("--events -", "--format "+format, eventsApart)
		}
		inv.events.Stream = report.NewStream(inv.env.Stdout, release(), command)
		inv.env.Stdout, inv.env.StdoutTerminal = inv.env.Stderr, inv.env.StderrTerminal
	default:
		file, err := openEventsFile(inv.path(name))
		if err != nil {
			return cannotWrite(name, reason(err))
		}
		inv.events = events{report.NewStream(file, release(), command), file}
	}
	inv.describeEvents(nil)
	return nil
}

// openEventsFile opens the file that the user names, for its owner alone: a regular one
// or a device such as /dev/stderr, but no link to a regular one, which may be anybody's.
func openEventsFile(path string) (*os.File, error) {
	named, err := os.Lstat(path)
	if leads, failed := os.Stat(path); err == nil && failed == nil && named.Mode()&fs.ModeSymlink != 0 && leads.Mode().IsRegular() {
		return nil, errNotOwn
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // #nosec G304 -- the user names the file
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		return file, file.Chmod(0o600)
	}
	return file, nil
}

// describeEvents sets how people and values appear in the events: masked unless asked
// otherwise, whoever may be looking.
func (inv *invocation) describeEvents(portal *crm.Portal) {
	options := inv.screenOptions(false)
	if portal != nil {
		options = options.For(portal, "", 0)
	}
	inv.events.With(options)
}

// tellPlan puts a plan into the event stream.
func (inv *invocation) tellPlan(made *planned) {
	inv.describeEvents(made.portal)
	inv.events.Diagnostics(made.stats.Warnings)
	inv.events.Plan(made.plan, made.stats)
}

// tellEvent puts what the client tells of into the event stream. How many requests
// there were stands in other events.
func (inv *invocation) tellEvent(e hubspot.Event) {
	switch e.Kind {
	case hubspot.EventThrottled:
		inv.events.Throttled(e.Method, e.Path, e.Wait, e.Reason)
	case hubspot.EventRetry:
		inv.events.Retry(e.Method, e.Path, e.Status, e.Attempt, e.Wait, e.Reason)
	case hubspot.EventRequest:
	}
}

// observeApply passes what an apply tells of to its progress and to the event stream.
func (inv *invocation) observeApply(ctx context.Context, bars *progress) func(apply.Event) {
	return func(event apply.Event) {
		bars.step(event, ctx.Err() != nil)
		inv.events.Applying(event)
	}
}

// closeEvents ends the stream, and says if it is not complete.
func (inv *invocation) closeEvents() {
	err := inv.events.Err()
	if inv.events.file != nil {
		if closing := inv.events.file.Close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		inv.remark("warning: the events are not complete: %v", reason(err))
	}
}

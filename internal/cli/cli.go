// Package cli is the contactsync command: one file a command, each turning flags
// into calls, calls into a screen, and the outcome into an exit code.
//
// The process is reached through Env alone, so that a test can run any command with
// any terminal, environment and directory. Results go to Env.Stdout, everything else
// to Env.Stderr. Every message that ends a command stands in fatal*.go and names the
// next step; the codes stand in exit.go.
package cli

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

// Env is what the command sees of the process. Nil streams are not allowed; an
// empty Dir is the current directory.
type Env struct {
	Args           []string // without the command's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	LookupEnv      func(name string) (string, bool)
	Random         io.Reader // secret randomness: crypto/rand's
	Dir            string    // where relative paths begin

	StdinTerminal, StdoutTerminal, StderrTerminal bool
	Width                                         int // columns of the terminal; 0 = unknown
}

// Main runs the command and returns its exit code. When ctx is cancelled, requests
// in flight are finished, nothing new is begun, and the code is 130.
func Main(ctx context.Context, env Env) int {
	inv := &invocation{env: env}
	root := inv.root()
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	defer inv.closeEvents()
	return int(inv.finish(ctx, execute(ctx, root)))
}

// execute runs the command; a panic is an error that says where, and holds no value.
func execute(ctx context.Context, root *cobra.Command) (err error) {
	defer func() {
		if value := recover(); value != nil {
			callers := make([]uintptr, 64)
			err = apply.Defect(value, callers[:runtime.Callers(2, callers)])
		}
	}()
	return root.ExecuteContext(ctx)
}

// invocation is one run of the command.
type invocation struct {
	env     Env
	flags   globalFlags
	output  output
	events  events
	project *project      // once it was looked for
	read    []spec.Source // the files of the desired state, for the lines of a diagnostic
	printed bool          // a JSON document is on stdout already
	talk    sync.Mutex
}

func (inv *invocation) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "contactsync",
		Short: "Contacts as code for HubSpot",
		Long: `contactsync keeps the contacts of a HubSpot portal the way a set of YAML files says
they should be: it compares the files with the portal, shows what would change, and
applies it. Without a portal given it works on one of its own, in a local file.

` + exitHelp(),
		Example: `  contactsync validate crm/
  contactsync plan crm/
  contactsync apply crm/
  contactsync plan crm/ --portal hubspot --account 12345678`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(badFlag)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := errors.Join(inv.flags.check(), inv.output.check()); err != nil {
			return err
		}
		return inv.openEvents(cmd.Name())
	}
	inv.flags.register(root.PersistentFlags())
	root.AddCommand(inv.commands()...)
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpCommand(&cobra.Command{Use: "no-help", Hidden: true})
	return root
}

func (inv *invocation) commands() []*cobra.Command {
	return []*cobra.Command{
		inv.validate(),
		inv.plan(),
		inv.apply(),
		inv.export(),
		inv.show(),
		inv.explain(),
		inv.history(),
		inv.undo(),
		inv.forget(),
		inv.serve(),
		inv.portal(),
		inv.conformance(),
		inv.schema(),
		inv.version(),
	}
}

// finish says why the command ended, as text or as JSON, and gives its exit code.
func (inv *invocation) finish(ctx context.Context, err error) exitCode {
	var (
		quiet ended
		state *invalidState
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &quiet):
		return exitCode(quiet)
	case errors.As(err, &state):
		inv.describeEvents(nil)
		inv.events.Diagnostics(state.list)
		return inv.finishInvalid(state)
	}
	end := explain(ctx, err)
	inv.describeEvents(nil)
	inv.events.Failure(end.what, end.detail, end.next)
	if inv.wantsJSON() && !inv.printed {
		inv.printFailure(end)
	}
	inv.complain(end)
	return end.exit
}

// finishInvalid tells the diagnostics that refuse the desired state.
func (inv *invocation) finishInvalid(state *invalidState) exitCode {
	list := state.list
	if inv.wantsJSON() {
		inv.printed = true
		options := inv.screenOptions(false)
		options.Format = report.JSON
		if err := report.Diagnostics(inv.env.Stdout, list, options); err != nil {
			return exitError
		}
		return state.exit
	}
	if err := inv.warn(list); err != nil {
		return exitError
	}
	inv.say(amount(list.Errors(), "error", "errors") + "; " + state.end)
	return state.exit
}

// path makes a path that a flag or a file gave absolute or relative to where the
// process stands.
func (inv *invocation) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(inv.env.Dir, inv.flags.chdir, name)
}

const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Global flags:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

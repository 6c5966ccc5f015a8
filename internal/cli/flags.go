package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
)

// globalFlags hold for every command.
type globalFlags struct {
	portal     string
	account    string
	profile    string
	chdir      string
	color      string
	quiet      bool
	verbose    bool
	json       bool
	noInput    bool
	apiVersion string
	tokenFile  string
}

func (f *globalFlags) register(set *pflag.FlagSet) {
	set.StringVarP(&f.portal, "portal", "p", "", "`portal`: hubspot, http(s)://host, file:PATH or mem:")
	set.StringVar(&f.account, "account", "", "account `id` of the portal; needed to write to HubSpot")
	set.StringVar(&f.profile, "profile", "", "`name` of a profile in contactsync.yaml")
	set.StringVarP(&f.chdir, "chdir", "C", "", "work in this `folder`")
	set.StringVar(&f.color, "color", "auto", "auto, always or never")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "no progress and no remarks on stderr")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "tell every request on stderr")
	set.BoolVar(&f.json, "json", false, "one JSON document on stdout (same as --format json)")
	set.BoolVar(&f.noInput, "no-input", false, "never ask")
	set.StringVar(&f.apiVersion, "api-version", string(hubspot.V3), "HubSpot API `version`: v3, 2026-03 or 2026-09")
	set.StringVar(&f.tokenFile, "token-file", "", "`file` with the access token (mode 0600)")
}

// check refuses values that no command can use.
func (f *globalFlags) check() error {
	if !slices.Contains([]string{"auto", "always", "never"}, f.color) {
		return badValue("--color", f.color, "auto, always or never")
	}
	versions := []hubspot.Version{hubspot.V3, hubspot.V202603, hubspot.V202609}
	if !slices.Contains(versions, hubspot.Version(f.apiVersion)) {
		return badValue("--api-version", f.apiVersion, "v3, 2026-03 or 2026-09")
	}
	if f.account != "" && strings.Trim(f.account, "0123456789") != "" {
		return badValue("--account", f.account, "the account's number, digits only")
	}
	return nil
}

// badFlag turns a flag error of the parser into a message with the nearest flag.
func badFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return badUsage(cmd.CommandPath(), err)
	}
	name := unknown.GetSpecifiedName()
	var known []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { known = append(known, flag.Name) })
	nearest, _ := diag.Nearest(name, known)
	return unknownFlag(cmd.CommandPath(), name, nearest)
}

// knownCommand refuses a word that is no command, with the nearest one.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	nearest, _ := diag.Nearest(args[0], known)
	return unknownCommand(cmd.CommandPath(), args[0], nearest)
}

// noArguments and oneArgument check what stands beside the flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unexpectedArgument(cmd.CommandPath(), args[0])
	}
	return nil
}

func oneArgument(cmd *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return missingArgument(cmd.CommandPath(), "a file")
	case 1:
		return nil
	}
	return unexpectedArgument(cmd.CommandPath(), args[1])
}

// atLeastOne checks that a first argument is there; files may follow it.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return missingArgument(cmd.CommandPath(), what)
		}
		return nil
	}
}

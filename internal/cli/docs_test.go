package cli_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/internal/cli"
)

//go:generate go test -run TestCommandsDocument -update

var update = flag.Bool("update", false, "rewrite goldens and generated documents")

// docs/commands.md says of each command what the command says of itself.
func TestCommandsDocument(t *testing.T) {
	t.Parallel()
	const path = "../../docs/commands.md"
	var doc strings.Builder
	doc.WriteString("# Commands\n\nGenerated from the command itself by `go generate ./internal/cli`; do not edit.\n")
	root := cli.Commands()
	describe(&doc, root)
	if *update {
		if err := os.WriteFile(path, []byte(doc.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	present, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc.String(), string(present)); diff != "" {
		t.Errorf("%s is not current (-want +got); go generate ./internal/cli makes it:\n%s", path, diff)
	}
}

func describe(doc *strings.Builder, cmd *cobra.Command) {
	fmt.Fprintf(doc, "\n## %s\n\n%s.\n", cmd.CommandPath(), cmd.Short)
	if cmd.Long != "" && cmd.Name() != "completion" {
		long, codes, found := strings.Cut(cmd.Long, "Exit codes:\n")
		fmt.Fprintf(doc, "\n%s\n", strings.TrimSuffix(long, "\n\n"))
		if found {
			fmt.Fprintf(doc, "\nExit codes:\n\n```\n%s\n```\n", codes)
		}
	}
	if cmd.Runnable() && cmd.HasParent() {
		fmt.Fprintf(doc, "\n```\n%s\n```\n", cmd.UseLine())
	}
	if cmd.Example != "" {
		fmt.Fprintf(doc, "\n```console\n%s\n```\n", dedent(cmd.Example))
	}
	flags := cmd.LocalFlags()
	if flags.HasAvailableFlags() {
		doc.WriteString("\n| flag | meaning |\n|---|---|\n")
		flags.VisitAll(func(f *pflag.Flag) { describeFlag(doc, f) })
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && cmd.Name() != "completion" {
			describe(doc, sub)
		}
	}
}

func describeFlag(doc *strings.Builder, f *pflag.Flag) {
	if f.Hidden || f.Name == "help" {
		return
	}
	value, usage := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if value != "" {
		name += " " + value
	}
	usage = strings.ReplaceAll(usage, "|", `\|`)
	switch f.DefValue {
	case "", "false", "0", "[]", "0s":
	default:
		usage += " (default `" + f.DefValue + "`)"
	}
	fmt.Fprintf(doc, "| `%s` | %s |\n", name, usage)
}

func dedent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

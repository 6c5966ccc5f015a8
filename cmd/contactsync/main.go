// Command contactsync keeps a HubSpot portal's contacts the way YAML files say.
package main

import (
	"crypto/rand"
	"os"

	"golang.org/x/term"

	"github.com/contactsync/contactsync/internal/cli"
)

func main() {
	ctx := interruptible()
	terminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		width, _, _ = term.GetSize(int(os.Stderr.Fd())) // 0 when there is no terminal
	}
	os.Exit(cli.Main(ctx, cli.Env{
		Args: os.Args[1:], LookupEnv: os.LookupEnv, Random: rand.Reader,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		StdinTerminal: terminal(os.Stdin), StdoutTerminal: terminal(os.Stdout), StderrTerminal: terminal(os.Stderr),
		Width: width,
	}))
}

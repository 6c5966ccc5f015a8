package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/report"
)

// color reports whether a stream is written in colour: --color wins, then NO_COLOR,
// then CLICOLOR_FORCE, then whether it is a terminal.
func (inv *invocation) color(terminal bool) bool {
	switch inv.flags.color {
	case "always":
		return true
	case "never":
		return false
	}
	if value, set := inv.env.LookupEnv("NO_COLOR"); set && value != "" {
		return false
	}
	if value, set := inv.env.LookupEnv("CLICOLOR_FORCE"); set && value != "" && value != "0" {
		return true
	}
	if kind, _ := inv.env.LookupEnv("TERM"); kind == "dumb" {
		return false
	}
	return terminal
}

// wantsJSON also looks at the arguments, because a usage error may have stopped the
// parser before it met the flag.
func (inv *invocation) wantsJSON() bool {
	if inv.flags.json {
		return true
	}
	args := inv.env.Args
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	if slices.Contains(args, "--json") || slices.Contains(args, "--format=json") {
		return true
	}
	at := slices.Index(args, "--format")
	return at >= 0 && at+1 < len(args) && args[at+1] == "json"
}

// printFailure is the JSON document of a command that ended without one.
func (inv *invocation) printFailure(f *failure) {
	type failureDocument struct {
		Exit    int    `json:"exit"`
		Message string `json:"message"`
		Detail  string `json:"detail,omitempty"`
		Next    string `json:"next,omitempty"`
	}
	options := inv.screenOptions(false)
	inv.printJSON(struct {
		Version int             `json:"version"`
		Error   failureDocument `json:"error"`
	}{1, failureDocument{int(f.exit), options.Prose(f.what), options.Prose(f.detail), f.next}})
}

// printJSON writes the document of a command whose result is no report.
func (inv *invocation) printJSON(document any) {
	// Standard output that is gone (a closed pipe) leaves nobody to tell.
	_ = report.WriteJSON(inv.env.Stdout, document)
	inv.printed = true
}

// complain writes why the command failed to standard error.
func (inv *invocation) complain(f *failure) {
	head := "error:"
	if inv.color(inv.env.StderrTerminal) {
		head = "\x1b[1;31merror:\x1b[0m"
	}
	options := inv.screenOptions(inv.env.StderrTerminal)
	inv.say(head + " " + report.Terminal(options.Prose(f.what)))
	if f.detail != "" {
		inv.say("  " + report.Terminal(options.Prose(f.detail)))
	}
	for line := range strings.Lines(f.next) {
		inv.say(strings.TrimRight("  "+report.Terminal(strings.TrimSuffix(line, "\n")), " "))
	}
}

// remark tells something beside the result.
func (inv *invocation) remark(format string, args ...any) {
	if !inv.flags.quiet {
		inv.say(report.Terminal(fmt.Sprintf(format, args...)))
	}
}

// say writes one line to standard error.
func (inv *invocation) say(line string) { inv.put(report.Inert(line) + "\n") }

// put writes to standard error; requests tell of themselves from many goroutines. If
// standard error is gone, there is nobody to tell.
func (inv *invocation) put(text string) {
	inv.talk.Lock()
	defer inv.talk.Unlock()
	_, _ = io.WriteString(inv.env.Stderr, text)
}

func amount(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return report.Number(n) + " " + many
}

package cli

import (
	"fmt"
	"strings"
)

// exitCode is what the process tells the shell. Scripts branch on it, so a code
// never changes its meaning.
type exitCode int

const (
	exitDone        exitCode = 0
	exitError       exitCode = 1
	exitDifferences exitCode = 2
	exitInvalid     exitCode = 3
	exitDenied      exitCode = 4
	exitIncomplete  exitCode = 5
	exitRefused     exitCode = 6
	exitInterrupted exitCode = 130
)

// exits is what the help says of each code.
var exits = []struct {
	code    exitCode
	meaning string
}{
	{exitDone, "done; nothing to do, or done in full"},
	{exitError, "error: usage, file not found, network, disk"},
	{exitDifferences, "differences: plan --detailed-exitcode, export --check; conformance: a check failed"},
	{exitInvalid, "the desired state is invalid, by itself or for this portal"},
	{exitDenied, "the access token is missing or refused, or lacks a scope"},
	{exitIncomplete, "apply ended with failed, skipped, stale or unknown changes; conformance left records"},
	{exitRefused, "refused before the first write: over a limit, stale, damaged, another account, lock held,\n       a run that was cut and is not resumed"},
	{exitInterrupted, "interrupted; requests in flight were finished first"},
}

func exitHelp() string {
	var help strings.Builder
	help.WriteString("Exit codes:\n")
	for _, exit := range exits {
		fmt.Fprintf(&help, "  %3d  %s\n", exit.code, exit.meaning)
	}
	return strings.TrimSuffix(help.String(), "\n")
}

// ended ends a command whose report already said everything.
type ended exitCode

func (ended) Error() string { return "ended" }

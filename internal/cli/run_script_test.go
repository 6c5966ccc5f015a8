package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// runs VARIABLE names the last run.
func lastRun(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(".contactsync/runs/*"))
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("there are no runs")
	}
	// Of two runs that began in one second, the later has a number behind it.
	ts.Setenv(args[0], filepath.Base(slices.Max(found)))
}

// cut-journal RUN N leaves the first N records of a run's journal, and half of the next,
// as a run that was killed does.
func cutJournal(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(filepath.Join(".contactsync/runs", args[0], "journal"))
	text, err := os.ReadFile(path)
	ts.Check(err)
	lines := strings.SplitAfter(string(text), "\n")
	n := number(ts, args[1])
	left := strings.Join(lines[:n], "") + lines[n][:len(lines[n])/2]
	ts.Check(os.WriteFile(path, []byte(left), 0o600))
}

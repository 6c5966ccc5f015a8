// Package arch holds the rules about the shape of this module that the compiler does not know, and checks a
// source tree against them: which package may import which, which packages stay pure, where a client that can
// write may be made, how long a file may be, where a package is documented.
//
// The rules are about what a package ships. Test files (_test.go) may import and call anything; only their length
// is limited. What stands below tools and e2e is free in the same way, but no package may import it, since no row
// of the table allows that. Nested modules, testdata and the other folders that the go command passes over are
// not looked at.
//
// The check reads source files alone: it compiles nothing and runs no command, and it sees the files of every
// system, not only those that this one builds.
package arch

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
)

// Module is the import path that the rules are about.
const Module = "github.com/contactsync/contactsync"

// Imports says which packages of the module a package may import. A package without a row may not exist, and an
// import that a row does not name may not either. In rows and in entries * stands for one path element.
//
// A new edge is a design decision: it comes with a record in docs/decisions, and with docs/architecture.md.
var Imports = map[string][]string{
	"crm":     {},
	"diag":    {},
	"schema":  {},
	"hubspot": {},

	"spec":     {"crm", "diag", "schema"},
	"plan":     {"crm", "diag", "spec"},
	"snapshot": {"crm", "hubspot", "spec"},
	"journal":  {"crm", "plan"},
	"apply":    {"crm", "hubspot", "journal", "plan"},
	"sheet":    {"crm", "diag", "spec"},
	"report":   {"apply", "crm", "diag", "plan"},

	"portal":             {"crm", "hubspot", "portal/internal/*"},
	"portal/internal/*":  {"crm", "hubspot"},
	"portal/conformance": {"crm", "hubspot"},
	"portal/portaltest":  {"crm", "hubspot", "portal", "portal/conformance"},

	"internal/cli": {
		"apply", "crm", "diag", "hubspot", "journal", "plan", "portal", "portal/conformance",
		"report", "schema", "sheet", "snapshot", "spec",
	},
	"internal/arch":   {},
	"cmd/contactsync": {"internal/cli"},
}

// Problem is one place where a tree breaks a rule.
type Problem struct {
	File string // slash-separated, relative to the root of the tree
	Line int    // from 1
	Text string // what is wrong, and which way out there is
}

// String gives the problem in the form that editors jump to.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Check reads the module whose root is tree and returns every place that breaks a rule, sorted by file and line.
// A package that the table names and the tree lacks is no problem. The error is about reading: a folder that
// cannot be walked, a file that is not Go.
func Check(tree fs.FS) ([]Problem, error) {
	m, err := load(tree)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	for _, rule := range []func(module) []Problem{
		importTable, pureImports, planNetwork, libraryHomes,
		clockReads, wallClock, writingClients, cancelledWrites,
		fileLengths, packageDocs,
	} {
		problems = append(problems, rule(m)...)
	}
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	return problems, nil
}

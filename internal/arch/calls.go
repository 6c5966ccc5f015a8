package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
)

// writers are the functions of hubspot that make something which can write to a portal, and the files that may call
// them: the commands that ask before they write. portaltest stands beside them because only tests import it.
var writers = []struct {
	function string
	homes    []string
	advice   string
}{
	{
		"New",
		[]string{"internal/cli/apply.go", "internal/cli/undo.go"},
		"a client that can write is made in internal/cli/apply.go and undo.go alone; take a hubspot.Reader, or an interface with the writes you need",
	},
	{
		"NewProbe",
		[]string{"internal/cli/conformance.go"},
		"what sends any request is made in internal/cli/conformance.go alone; take a hubspot.Reader",
	},
}

// clockReads keeps the pure packages from asking for the time.
func clockReads(m module) []Problem {
	var problems []Problem
	for _, f := range m.files {
		if !slices.Contains(pure, f.dir) {
			continue
		}
		for _, u := range f.uses("time", "Now", "Since", "Until") {
			problems = append(problems, Problem{f.name, u.line, fmt.Sprintf(
				"%s uses time.%s, but it is a pure package: take the time from the caller", f.dir, u.name)})
		}
	}
	return problems
}

// wallClock keeps the packages that wait, give up and judge what is fresh on the monotonic clock, which no
// adjustment moves: a time of theirs must not lose its reading of it.
func wallClock(m module) []Problem {
	stripping := []string{"UTC", "Local", "Unix", "UnixMilli", "UnixMicro", "UnixNano"}
	var problems []Problem
	for _, f := range m.files {
		if f.dir != "hubspot" && f.dir != "apply" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) > 0 { // time.Unix(…) makes a time of a text
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(stripping, s.Sel.Name) {
				problems = append(problems, Problem{f.name, f.line(s.Sel), fmt.Sprintf(
					"%s uses %s, which takes the monotonic clock's reading off a time: a clock that is set would then decide", f.dir, s.Sel.Name)})
			}
			return true
		})
	}
	return problems
}

// writingClients keeps every command that does not ask first without a client that can write.
func writingClients(m module) []Problem {
	var problems []Problem
	for _, f := range m.files {
		if f.dir == "portal/portaltest" {
			continue
		}
		for _, w := range writers {
			if slices.Contains(w.homes, f.name) {
				continue
			}
			for _, u := range f.uses(path.Join(Module, "hubspot"), w.function) {
				problems = append(problems, Problem{f.name, u.line, fmt.Sprintf("%s uses hubspot.%s: %s", f.dir, w.function, w.advice)})
			}
		}
	}
	return problems
}

// cancelledWrites keeps conc's pools from cutting requests that are under way: the outcome of a write that was
// cut is unknown.
func cancelledWrites(m module) []Problem {
	var problems []Problem
	for _, f := range m.files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "WithCancelOnError" {
				problems = append(problems, Problem{f.name, f.line(s.Sel), fmt.Sprintf(
					"%s uses WithCancelOnError, which cuts writes whose outcome is then unknown: stop starting new ones instead", f.dir)})
			}
			return true
		})
	}
	return problems
}

type use struct {
	name string
	line int
}

// uses finds where a file names one of the functions of a package, called or not. A dot import of the package
// counts as a use of the first, since it hides the rest.
func (f file) uses(importPath string, functions ...string) []use {
	var all []use
	for _, i := range f.imports {
		if i.path != importPath {
			continue
		}
		if i.name == "." {
			all = append(all, use{functions[0], i.line})
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(functions, s.Sel.Name) {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == i.name {
				all = append(all, use{s.Sel.Name, f.line(s)})
			}
			return true
		})
	}
	return all
}

package arch

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// pure are the packages that judge and never act: the same input gives the same answer, anywhere, at any time.
var pure = []string{"crm", "plan", "spec"}

// libraries are packages of others that only some packages may import. Under a prefix everything below it counts.
var libraries = []struct {
	prefix string
	homes  []string
	why    string
}{
	{"gopkg.in/yaml.v3", []string{"schema", "spec"}, "YAML is read in spec and schema alone"},
	{"github.com/google/go-cmp", []string{"portal/portaltest"}, "go-cmp may panic on what it cannot compare and its text is not stable: it is for tests"},
	{"os/exec", nil, "no other program is started: what it were given could be read by every user of the machine"},
	{"text/template", nil, "it escapes nothing: html/template does"},
}

// importTable holds the module to Imports.
func importTable(m module) []Problem {
	var problems []Problem
	for dir, files := range m.packages() {
		if _, ok := rowOf(dir); !ok {
			first := files[0]
			problems = append(problems, Problem{first.name, first.line(first.syntax.Name), fmt.Sprintf(
				"package %s has no row in the import table (internal/arch/arch.go): a new package is a design decision and needs a record in docs/decisions", dir)})
		}
	}
	for f, i := range m.imports() {
		row, ok := rowOf(f.dir)
		to, inside := inModule(i.path)
		if ok && inside && !matchesAny(row, to) {
			problems = append(problems, Problem{f.name, i.line, fmt.Sprintf(
				"%s imports %s, an edge that the import table (internal/arch/arch.go) does not have: a new edge is a design decision and needs a record in docs/decisions", f.dir, to)})
		}
	}
	return problems
}

// pureImports keeps input and output, the process and cancellation out of the pure packages.
func pureImports(m module) []Problem {
	var problems []Problem
	for f, i := range m.imports() {
		acts := under(i.path, "net/http") || under(i.path, "os") || under(i.path, "context")
		if acts && slices.Contains(pure, f.dir) {
			problems = append(problems, Problem{f.name, i.line, fmt.Sprintf(
				"%s imports %s, but it is a pure package: take values or an io.Reader from the caller", f.dir, i.path)})
		}
	}
	return problems
}

// planNetwork keeps net/http out of what plan is built on. The pure packages have pureImports for that.
func planNetwork(m module) []Problem {
	graph := map[string][]string{}
	for f, i := range m.imports() {
		from := path.Join(Module, f.dir)
		graph[from] = append(graph[from], i.path)
	}
	chain := NetworkChain(graph, path.Join(Module, "plan"))
	if chain == nil {
		return nil
	}
	from, to := chain[len(chain)-2], chain[len(chain)-1]
	for f, i := range m.imports() {
		if path.Join(Module, f.dir) == from && i.path == to && !slices.Contains(pure, f.dir) {
			return []Problem{{f.name, i.line, "plan reaches the network: " + strings.Join(short(chain), " -> ")}}
		}
	}
	return nil
}

// NetworkChain returns a shortest way by imports from one package to net/http or a package below it, both ends
// included, and nil where there is none. The graph gives for an import path the paths that it imports.
func NetworkChain(graph map[string][]string, from string) []string {
	seen := map[string]bool{from: true}
	for queue := [][]string{{from}}; len(queue) > 0; queue = queue[1:] {
		chain := queue[0]
		end := chain[len(chain)-1]
		if under(end, "net/http") {
			return chain
		}
		for _, next := range graph[end] {
			if !seen[next] {
				seen[next] = true
				queue = append(queue, append(slices.Clone(chain), next))
			}
		}
	}
	return nil
}

// libraryHomes holds the module to libraries.
func libraryHomes(m module) []Problem {
	var problems []Problem
	for f, i := range m.imports() {
		for _, l := range libraries {
			if under(i.path, l.prefix) && !slices.Contains(l.homes, f.dir) {
				problems = append(problems, Problem{f.name, i.line, fmt.Sprintf("%s imports %s: %s", f.dir, i.path, l.why)})
			}
		}
	}
	return problems
}

func rowOf(dir string) ([]string, bool) {
	if row, ok := Imports[dir]; ok {
		return row, true
	}
	for pattern, row := range Imports {
		if matchesAny([]string{pattern}, dir) {
			return row, true
		}
	}
	return nil, false
}

func matchesAny(patterns []string, dir string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, dir)
		return ok && err == nil
	})
}

// inModule cuts the module's path off an import path.
func inModule(importPath string) (dir string, ok bool) {
	if importPath == Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, Module+"/")
}

// under reports whether an import path is prefix or a path below it.
func under(importPath, prefix string) bool {
	return importPath == prefix || strings.HasPrefix(importPath, prefix+"/")
}

func short(chain []string) []string {
	names := make([]string, len(chain))
	for i, importPath := range chain {
		names[i] = importPath
		if dir, ok := inModule(importPath); ok {
			names[i] = dir
		}
	}
	return names
}

package arch_test

import (
	"bufio"
	"bytes"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/contactsync/contactsync/internal/arch"
)

const root = "../.."

var update = flag.Bool("update", false, "rewrite the want files in testdata")

func TestThisModule(t *testing.T) {
	t.Parallel()
	problems, err := arch.Check(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// The libraries that plan is built on must not reach the network either; what they import only the go command knows.
func TestLibrariesOfPlan(t *testing.T) {
	t.Parallel()
	graph := dependencies(t, root)
	if _, ok := graph[arch.Module+"/internal/arch"]; !ok {
		t.Fatal("the dependencies do not hold this package: go list was run at the wrong place")
	}
	if chain := arch.NetworkChain(graph, arch.Module+"/plan"); chain != nil {
		t.Errorf("plan reaches the network: %s", strings.Join(chain, " -> "))
	}
}

func TestLibraryOnTheNetwork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.org/m\n\ngo 1.26\n")
	write(t, dir, "m.go", "package m\n\nimport _ \"net/rpc\"\n")
	chain := arch.NetworkChain(dependencies(t, dir), "example.org/m")
	if diff := cmp.Diff([]string{"example.org/m", "net/rpc", "net/http"}, chain); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
}

// Each file of testdata is a small module that breaks a rule, with the problems to be found in its file want.
func TestRules(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases in testdata (%v)", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree, want := fstest.MapFS{}, ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := check(t, tree)
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			if diff := diffLines(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongFiles(t *testing.T) {
	t.Parallel()
	lines := func(head string, n int) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(head + strings.Repeat("\n", n-strings.Count(head, "\n")))}
	}
	crm, command := "// Package crm is.\npackage crm\n", "// Command contactsync is.\npackage main\n"
	tree := fstest.MapFS{
		"crm/crm.go":              lines(crm, 500),
		"crm/long.go":             lines(crm, 501),
		"crm/long_test.go":        lines(crm, 502),
		"crm/testdata/long.go":    lines(crm, 501),
		"e2e/long_test.go":        lines(crm, 503),
		"cmd/contactsync/main.go": lines(command, 31),
	}
	want := `cmd/contactsync/main.go:31: 31 lines, 30 allowed: move the work to internal/cli
crm/long.go:501: 501 lines, 500 allowed: split it by concept
crm/long_test.go:501: 502 lines, 500 allowed: split it by concept
e2e/long_test.go:501: 503 lines, 500 allowed: split it by concept
`
	if diff := diffLines(want, check(t, tree)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	tree["cmd/contactsync/main.go"] = lines(command, 30)
	if got := check(t, tree); strings.Contains(got, "main.go") {
		t.Errorf("a main of 30 lines is a problem:\n%s", got)
	}
}

func TestNotGo(t *testing.T) {
	t.Parallel()
	_, err := arch.Check(fstest.MapFS{"crm/crm.go": {Data: []byte("pack age crm\n")}})
	if err == nil || !strings.HasPrefix(err.Error(), "parsing crm/crm.go: ") {
		t.Errorf("error is %v, want one that names crm/crm.go", err)
	}
}

// The table in the documentation is the one that is checked.
func TestDocumentedTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.HasPrefix(line, "| `") {
			continue
		}
		row := []string{}
		for quoted := range strings.FieldsSeq(cells[2]) {
			if quoted != "nothing" {
				row = append(row, strings.Trim(quoted, "`"))
			}
		}
		documented[strings.Trim(cells[1], " `")] = row
	}
	if diff := cmp.Diff(arch.Imports, documented); diff != "" {
		t.Errorf("docs/architecture.md differs from arch.Imports (-checked +documented):\n%s", diff)
	}
}

// A package that could reach itself by the table would let the layers melt.
func TestTableHasNoCycle(t *testing.T) {
	t.Parallel()
	open, closed := map[string]bool{}, map[string]bool{}
	var visit func(string, []string)
	visit = func(dir string, path []string) {
		path = append(slices.Clone(path), dir)
		if open[dir] {
			t.Errorf("cycle: %s", strings.Join(path, " -> "))
			return
		}
		if closed[dir] {
			return
		}
		row, ok := arch.Imports[dir]
		if !ok {
			t.Errorf("%s has no row of its own", dir)
		}
		open[dir] = true
		for _, to := range row {
			visit(to, path)
		}
		open[dir], closed[dir] = false, true
	}
	for _, dir := range slices.Sorted(maps.Keys(arch.Imports)) {
		visit(dir, nil)
	}
}

// check gives the problems of a tree, one a line.
func check(t *testing.T, tree fstest.MapFS) string {
	t.Helper()
	problems, err := arch.Check(tree)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, p := range problems {
		text.WriteString(p.String() + "\n")
	}
	return text.String()
}

func diffLines(want, got string) string {
	return cmp.Diff(strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n"))
}

// rewrite puts what was found into the want file of a case.
func rewrite(t *testing.T, name string, archive *txtar.Archive, got string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	if got != "" {
		archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

// dependencies asks the go command what the packages of the module in dir import, and what those import.
func dependencies(t *testing.T, dir string) map[string][]string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	list.Dir = dir
	list.Stderr = t.Output()
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	graph := map[string][]string{}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		words := strings.Fields(s.Text())
		graph[words[0]] = words[1:]
	}
	return graph
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

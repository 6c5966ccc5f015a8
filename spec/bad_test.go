package spec_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata/bad")

const badInputs = "../testdata/bad"

// environment is what project files of the tests may refer to.
func environment(name string) (string, bool) {
	value, ok := map[string]string{"ACCOUNT": "12345678", "EMPTY": ""}[name]
	return value, ok
}

// loadBad reads an input with the function that its name asks for.
func loadBad(t *testing.T, path string) diag.List {
	t.Helper()
	name := filepath.Base(path)
	if filepath.Ext(path) == ".txtar" {
		return loadArchive(t, path)
	}
	switch {
	case strings.HasPrefix(name, "project-"):
		_, list := spec.LoadProject(fileSource(path), environment)
		return list
	case strings.HasPrefix(name, "fixture-"):
		_, list := spec.LoadFixture(fileSource(path))
		return list
	case strings.HasPrefix(name, "faults-"):
		_, list := spec.LoadFaults(fileSource(path))
		return list
	}
	_, list := spec.Load([]spec.Source{fileSource(path)})
	return list
}

// loadArchive reads several files together; contactsync.yaml is the project's.
func loadArchive(t *testing.T, path string) diag.List {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var project *spec.Project
	var sources []spec.Source
	for _, file := range archive.Files {
		if file.Name != "contactsync.yaml" {
			sources = append(sources, source(file.Name, string(file.Data)))
			continue
		}
		var list diag.List
		if project, list = spec.LoadProject(source(file.Name, string(file.Data)), environment); len(list) > 0 {
			t.Fatal(list)
		}
	}
	document, list := spec.Load(sources)
	return append(list, document.Adopt(project)...)
}

func TestBadInputs(t *testing.T) {
	t.Parallel()
	paths := badPaths(t)
	if len(paths) < 120 {
		t.Errorf("%d bad inputs", len(paths))
	}
	rules := make(map[string]string)
	for _, path := range paths {
		list := loadBad(t, path)
		if len(list) == 0 {
			t.Errorf("%s: nothing is reported", path)
			continue
		}
		compareGolden(t, strings.TrimSuffix(path, filepath.Ext(path))+".golden", describe(list))
		if rule := template(list[0]); rules[rule] != "" {
			t.Errorf("%s and %s show the same rule: %s", path, rules[rule], rule)
		} else {
			rules[rule] = path
		}
	}
	goldens, err := filepath.Glob(badInputs + "/*.golden")
	if err != nil || len(goldens) != len(paths) {
		t.Errorf("%d goldens for %d inputs (%v)", len(goldens), len(paths), err)
	}
}

func badPaths(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(badInputs + "/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(badInputs + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return append(paths, archives...)
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

var varying = regexp.MustCompile(`\d+|"[^"]*"`)

// template is the rule that a diagnostic shows: its code, and its detail without
// what belongs to the file.
func template(d diag.Diagnostic) string {
	return d.Code + " " + varying.ReplaceAllString(d.Detail, "…")
}

func describe(list diag.List) string {
	var out strings.Builder
	for _, d := range list {
		fmt.Fprintf(&out, "%s[%s]: %s\n  at %s\n  detail: %s\n", d.Severity, d.Code, d.Summary, place(d.At), d.Detail)
		if d.Hint != "" {
			fmt.Fprintf(&out, "  hint: %s\n", d.Hint)
		}
		if d.Subject != "" {
			fmt.Fprintf(&out, "  contact: %s\n", short(d.Subject))
		}
		fmt.Fprintf(&out, "  line: %q\n", short(d.Line))
		for _, related := range d.Related {
			fmt.Fprintf(&out, "  and %s %s: %q\n", place(related.At), related.Note, short(related.Line))
		}
	}
	return out.String()
}

func place(at diag.Range) string {
	return fmt.Sprintf("%s:%d:%d-%d", at.File, at.Line, at.Column, at.EndColumn)
}

func short(text string) string {
	if len(text) > 200 {
		return text[:200] + "…"
	}
	return text
}

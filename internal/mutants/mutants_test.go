// Package mutants breaks the product on purpose, one small way at a time, and runs the tests that must notice.
// It is how the tests of what must never happen are tested themselves.
//
// A mutant is a file of testdata: one sentence about what it breaks, where it stands, which tests should catch it, and
// the text before and after, in the form of a txtar archive:
//
//	A write whose answer was lost is sent again.
//
//	file: hubspot/retry.go
//	test: ./hubspot TestRetries
//	core: yes
//	-- before --
//	case failed.sent && !c.reads:
//	-- after --
//	case failed.sent && !c.reads && t.counted >= maxAttempts:
//
// The text before stands exactly once in the file, and lines may move. "test" is a package and a pattern for go
// test's -run. "core" marks what promises of docs/invariants.md rest on: it is always caught. "survives" gives
// the reason why no test can catch a mutant; nothing else may survive.
//
// No source file is touched: go builds each mutant through an overlay. `make mutants` runs all of them.
package mutants_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const root = "../.."

// A mutant is one way to break the product.
type mutant struct {
	name, breaks  string
	file          string // slash-separated, from the root of the module
	before, after string
	tests         []test
	core          bool
	survives      string // why no test catches it
}

// A test names those that should catch a mutant.
type test struct{ pkg, run string }

// load reads every mutant.
func load(t *testing.T) []mutant {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	mutants := make([]mutant, len(paths))
	for i, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if mutants[i], err = parse(archive); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		mutants[i].name = strings.TrimSuffix(filepath.Base(path), ".txt")
	}
	return mutants
}

func parse(archive *txtar.Archive) (mutant, error) {
	var m mutant
	breaks, head, _ := strings.Cut(string(archive.Comment), "\n\n")
	m.breaks = breaks
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "file":
			m.file = value
		case "test":
			pkg, run, _ := strings.Cut(value, " ")
			m.tests = append(m.tests, test{pkg, run})
		case "core":
			m.core = value == "yes"
		case "survives":
			m.survives = value
		default:
			return m, fmt.Errorf("what is %q?", key)
		}
	}
	if len(archive.Files) != 2 || archive.Files[0].Name != "before" || archive.Files[1].Name != "after" {
		return m, fmt.Errorf("it has not the two parts before and after")
	}
	m.before = strings.TrimSuffix(string(archive.Files[0].Data), "\n")
	m.after = strings.TrimSuffix(string(archive.Files[1].Data), "\n")
	return m, nil
}

// source is the file that a mutant is about, and the same with the mutant in it.
func (m *mutant) source() (text, mutated string, err error) {
	bytes, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
	if err != nil {
		return "", "", err
	}
	text = string(bytes)
	if n := strings.Count(text, m.before); n != 1 {
		return "", "", fmt.Errorf("the text before stands %d times in %s, not once: make the mutant fit what became of it", n, m.file)
	}
	return text, strings.Replace(text, m.before, m.after, 1), nil
}

// The code moves on, and a mutant that fits it no more would prove nothing.
func TestMutantsFitTheCode(t *testing.T) {
	t.Parallel()
	mutants := load(t)
	survivors := 0
	for _, m := range mutants {
		text, mutated, err := m.source()
		switch {
		case err != nil:
			t.Errorf("%s: %v", m.name, err)
		case text == mutated:
			t.Errorf("%s changes nothing", m.name)
		}
		if m.breaks == "" || strings.Contains(m.breaks, "\n") || len(m.tests) == 0 {
			t.Errorf("%s wants one sentence about what it breaks, and a test that should catch it", m.name)
		}
		for _, test := range m.tests {
			m.wantTest(t, test)
		}
		if m.survives != "" {
			survivors++
			if m.core {
				t.Errorf("%s may not survive, it is at the core", m.name)
			}
		}
	}
	if len(mutants) < 60 || survivors*20 > len(mutants) {
		t.Errorf("%d mutants, of which %d survive: at least 60, and at most one in twenty", len(mutants), survivors)
	}
}

// docs/robustness.md tells how many mutants there are, and names every survivor with its
// reason.
func TestMutantsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "robustness.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Mutants\n")
	section, _, _ = strings.Cut(section, "\n## ")
	section = strings.Join(strings.Fields(section), " ")
	mutants := load(t)
	for _, m := range mutants {
		if m.survives != "" && !strings.Contains(section, fmt.Sprintf("`%s` | %s | %s", m.name, m.breaks, m.survives)) {
			t.Errorf("it does not tell of %s, which survives", m.name)
		}
	}
	if count := fmt.Sprintf("%d small ways", len(mutants)); !strings.Contains(section, count) {
		t.Errorf("it does not say %q", count)
	}
}

// wantTest looks for the tests of a pattern.
func (m *mutant) wantTest(t *testing.T, test test) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(test.pkg), "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Errorf("%s: there is no package of tests %s: %v", m.name, test.pkg, err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for name := range strings.SplitSeq(test.run, "|") {
		function, script, _ := strings.Cut(strings.Trim(name, "^$"), "/")
		if !regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`).MatchString(all.String()) {
			t.Errorf("%s: there is no test %s in %s", m.name, function, test.pkg)
		}
		if function != "TestScripts" {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, test.pkg, "testdata", "script", strings.Trim(script, "^$")+".txtar")); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

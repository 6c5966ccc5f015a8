package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var namedTest = regexp.MustCompile("`([a-z_]+)`")

// docs/damage.md promises a test for each of its ways: the scripts and transitions
// that it names stand where they should.
func TestDamageIsTested(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/damage.md")
	if err != nil {
		t.Fatal(err)
	}
	ways := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(cells[3], "`") {
			continue
		}
		ways++
		found := 0
		for _, name := range namedTest.FindAllStringSubmatch(cells[3], -1) {
			for _, folder := range []string{"testdata/script", "../../apply/testdata/transition"} {
				if _, err := os.Stat(filepath.Join(folder, name[1]+".txtar")); err == nil {
					found++
				}
			}
		}
		if found == 0 {
			t.Errorf("no test of this stands in the folders:\n%s", line)
		}
	}
	if ways != 12 {
		t.Errorf("the page has %d ways, and its title says twelve", ways)
	}
}

var (
	promisedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`")
	promisedScript = regexp.MustCompile("script `([a-z_]+)`")
)

// docs/invariants.md names tests that hold its promises: they exist.
func TestInvariantsAreTested(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/invariants.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := allTests(t)
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| I") {
			continue
		}
		names := promisedTest.FindAllStringSubmatch(line, -1)
		scripts := promisedScript.FindAllStringSubmatch(line, -1)
		if len(names)+len(scripts) == 0 {
			t.Errorf("nothing holds this promise:\n%s", line)
		}
		for _, name := range names {
			if !tests[name[1]] {
				t.Errorf("there is no test %s", name[1])
			}
		}
		for _, script := range scripts {
			if _, err := os.Stat(filepath.Join("testdata/script", script[1]+".txtar")); err != nil {
				t.Error(err)
			}
		}
	}
}

// allTests are the names of the module's tests and fuzz targets.
func allTests(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
	found := make(map[string]bool)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range declared.FindAllSubmatch(text, -1) {
			found[string(name[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

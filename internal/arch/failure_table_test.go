package arch_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A row of the failure table names the tests that show it, and they exist.
func TestFailureTableNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	known := make(map[string]bool)
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case strings.HasSuffix(path, ".txtar"):
			known[entry.Name()] = true
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path) // #nosec G304 -- a file of this repository
			if err != nil {
				return err
			}
			for _, match := range function.FindAllSubmatch(text, -1) {
				known[string(match[1])] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "robustness.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "## Failure table")
	table, _, _ = strings.Cut(table, "\n## ")
	rows, names := 0, regexp.MustCompile("`((?:Test|Fuzz)\\w+|\\w+\\.txtar)`")
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what goes wrong") {
			continue
		}
		rows++
		cells := strings.Split(strings.TrimSpace(line), " | ")
		shown := names.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 3 || len(shown) == 0 {
			t.Errorf("a row of %d cells names %d tests: %s", len(cells), len(shown), line)
		}
		for _, name := range shown {
			if !known[name[1]] {
				t.Errorf("there is no test %s, which shows: %s", name[1], cells[0])
			}
		}
	}
	if !found || rows < 20 {
		t.Errorf("docs/robustness.md has a failure table of %d rows", rows)
	}
}

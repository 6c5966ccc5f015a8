package arch_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Tables of docs whose rows name, in the last column, the tests that show what they say.
var shownTables = []struct {
	file, heading string
	columns, rows int // at least so many rows
}{
	{"robustness.md", "## Failure table", 3, 20},
	{"robustness.md", "## Bugs that were found", 4, 20},
	{"security.md", "## Promises", 2, 20},
}

// A row of these tables names tests, and they exist.
func TestTablesNameTestsThatExist(t *testing.T) {
	t.Parallel()
	known := knownTests(t)
	names := regexp.MustCompile("`((?:Test|Fuzz)\\w+|\\w+\\.txtar)`")
	for _, table := range shownTables {
		text, err := os.ReadFile(filepath.Join(root, "docs", table.file))
		if err != nil {
			t.Fatal(err)
		}
		_, below, found := strings.Cut(string(text), table.heading+"\n")
		below, _, _ = strings.Cut(below, "\n## ")
		_, body, _ := strings.Cut(below, "\n|--")
		rows := 0
		for line := range strings.Lines(body) {
			if !strings.HasPrefix(line, "| ") {
				continue
			}
			rows++
			cells := strings.Split(strings.TrimSpace(line), " | ")
			shown := names.FindAllStringSubmatch(cells[len(cells)-1], -1)
			if len(cells) != table.columns || len(shown) == 0 {
				t.Errorf("%s: a row of %d cells names %d tests: %s", table.file, len(cells), len(shown), line)
			}
			for _, name := range shown {
				if !known[name[1]] {
					t.Errorf("%s: there is no test %s, which shows: %s", table.file, name[1], cells[0])
				}
			}
		}
		if !found || rows < table.rows {
			t.Errorf("docs/%s has under %q a table of %d rows, want %d at least", table.file, table.heading, rows, table.rows)
		}
	}
}

// knownTests are the tests, fuzz targets and scripts of this module.
func knownTests(t *testing.T) map[string]bool {
	t.Helper()
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
	return known
}

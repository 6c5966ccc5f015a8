package cli_test

import (
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

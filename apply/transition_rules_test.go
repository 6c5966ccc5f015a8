package apply_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// showcases are the folders that testdata/transition/RULES.md names files of, each
// with the file and with what a refusal in it looks like.
var showcases = []struct {
	prefix, path, suffix string
	refuses              *regexp.Regexp
}{
	{"bad/", "../testdata/bad/", ".golden", regexp.MustCompile(`(?m)^(error|warning)\[CS\d{4}\]`)},
	{"script/", "../internal/cli/testdata/script/", ".txtar", regexp.MustCompile(`(?m)^exitcode [1-6] |(error|warning)\\\[CS`)},
	{"", transitions + "/", ".txtar", regexp.MustCompile(`(?m)^(error|warning)\[CS\d{4}\]|^-- (limits|result) --$`)},
}

var quotedName = regexp.MustCompile("`([a-z0-9_/-]+)`")

// Every rule of the format is shown and its refusal too, and every transition belongs
// to a rule.
func TestRulesAreShown(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile(transitions + "/RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	named, rules := make(map[string]bool), 0
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if !strings.HasPrefix(line, "| ") || line == "| rule | shows | refuses |\n" {
			continue
		}
		if len(cells) != 3 {
			t.Errorf("this is no rule: %s", line)
			continue
		}
		rules++
		shows, refuses := quotedName.FindAllStringSubmatch(cells[1], -1), quotedName.FindAllStringSubmatch(cells[2], -1)
		if len(shows) == 0 || len(refuses) == 0 && !strings.HasPrefix(cells[2], "nothing: ") {
			t.Errorf("nothing shows this rule or its refusal: %s", line)
		}
		for _, name := range shows {
			showcase(t, name[1], false)
			named[name[1]] = true
		}
		for _, name := range refuses {
			showcase(t, name[1], true)
			named[name[1]] = true
		}
	}
	if rules < 80 {
		t.Errorf("there are %d rules", rules)
	}
	files, err := filepath.Glob(transitions + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txtar"); !named[name] {
			t.Errorf("RULES.md does not say which rule %s shows", name)
		}
	}
}

// showcase demands that a file is there, and that something in it is refused.
func showcase(t *testing.T, name string, refuses bool) {
	t.Helper()
	for _, place := range showcases {
		if !strings.HasPrefix(name, place.prefix) {
			continue
		}
		content, err := os.ReadFile(place.path + strings.TrimPrefix(name, place.prefix) + place.suffix)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if refuses && !place.refuses.Match(content) {
			t.Errorf("%s refuses nothing", name)
		}
		return
	}
}

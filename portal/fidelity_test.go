package portal_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
)

//go:generate go test -run ^TestFidelityDocument$ -update

// docs/portal-fidelity.md says of each operation what the tables beside the code say.
func TestFidelityDocument(t *testing.T) {
	t.Parallel()
	const path = "../docs/portal-fidelity.md"
	want := portal.Fidelity()
	if *update {
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	present, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(present)); diff != "" {
		t.Errorf("%s is not current (-want +got); go generate ./portal makes it:\n%s", path, diff)
	}
}

// No operation is served without saying how far HubSpot is known to answer alike, and
// nothing is said of operations that are not served.
func TestEveryOperationHasRows(t *testing.T) {
	t.Parallel()
	served := make(map[string]bool)
	for _, operation := range portal.Operations() {
		served[operation.String()] = true
	}
	successes := make(map[string]int)
	for _, row := range portal.FidelityRows() {
		if row.Route == "" {
			continue
		}
		if !served[row.Route] {
			t.Errorf("there are rows of %s, which is no operation", row.Route)
		}
		if row.When == "success" && strings.HasPrefix(row.Answer, "2") {
			successes[row.Route]++
		}
	}
	for operation := range served {
		if successes[operation] != 1 {
			t.Errorf("%s has %d rows of success: portal/fidelity_*.go must say what it answers, and where that is known from", operation, successes[operation])
		}
	}
}

// Every ruling decides some row, and every row says how sure it is and from where.
func TestEveryRowSaysWhereItIsFrom(t *testing.T) {
	t.Parallel()
	others, own := portal.SourceNames()
	used, ruled := make(map[string]bool), make(map[string]bool)
	for _, row := range portal.FidelityRows() {
		ruling, sure := portal.IsSure(row.Sure)
		if !sure || row.When == "" || row.Answer == "" {
			t.Errorf("a row is not complete: %+v", row)
		}
		ruled[ruling] = true
		known := false
		for _, source := range slices.Concat(others, own) {
			if strings.Contains(row.Source, source) {
				used[source], known = true, true
			}
		}
		if !known {
			t.Errorf("the row names no source: %+v", row)
		}
	}
	for _, source := range others {
		if !used[source] {
			t.Errorf("no row refers to the source %q", source)
		}
	}
	for _, name := range portal.RulingNames() {
		if !ruled[name] {
			t.Errorf("no row says what the ruling %s decides", name)
		}
	}
	delete(ruled, "")
	if len(ruled) > len(portal.RulingNames()) {
		t.Errorf("rows name rulings that there are not: %v", ruled)
	}
}

// What the recorded conversations show of success stands in the tables: no operation
// answers 201 or 207 there without a row that says so.
func TestRowsTellTheRecordedSuccesses(t *testing.T) {
	t.Parallel()
	told := make(map[string]string)
	for _, row := range portal.FidelityRows() {
		told[row.Route] += row.Answer + "\n"
	}
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	compared := make(map[string]bool)
	for _, name := range names {
		c := readConversation(t, name)
		for _, e := range c.exchanges {
			route := portal.RouteOf(e.method, e.path)
			if e.answerAt < 0 || route == "" {
				continue
			}
			status := c.archive.Files[e.answerAt].Name
			if !strings.HasPrefix(status, "2") {
				continue
			}
			compared[route] = true
			if !strings.Contains(told[route], status) {
				t.Errorf("%s: %s answers %s, and no row of it says so", name, route, status)
			}
		}
	}
	if len(compared) < 30 {
		t.Errorf("the conversations show %d operations", len(compared))
	}
}

package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/plan"
)

// Programs read the consequences; a list without elements is [] for them.
func TestConsequencesOfNothingAreEmptyLists(t *testing.T) {
	t.Parallel()
	document, err := json.Marshal((&plan.Plan{}).Consequences())
	if err != nil {
		t.Fatal(err)
	}
	if text := string(document); strings.Contains(text, "null") || strings.Count(text, "[]") != 3 {
		t.Errorf("an empty plan's consequences read %s", text)
	}
}

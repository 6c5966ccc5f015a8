package plan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The published schema describes the lines that are written, and not others.
func TestPlanFilesFitTheirSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "schema", "plan.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.CompileString("plan.schema.json", string(text))
	if err != nil {
		t.Fatal(err)
	}
	fits := func(line string) error {
		var value any
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for line := range strings.Lines(string(encoded(t, fullPlan()))) {
		if err := fits(line); err != nil {
			t.Errorf("%s%v", line, err)
		}
		for _, spoiled := range []string{
			strings.Replace(line, `{"`, `{"x":1,"`, 1),
			strings.Replace(line, `"crc"`, `"check"`, 1),
		} {
			if fits(spoiled) == nil {
				t.Errorf("accepted: %s", spoiled)
			}
		}
	}
}

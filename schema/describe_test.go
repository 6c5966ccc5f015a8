package schema_test

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/schema"
)

var quoted = regexp.MustCompile("`([^`]+)`")

// described is a key of a file, or a definition, that an editor explains.
type described struct {
	pointer  string
	name     string // the key
	key      bool   // not a definition
	examples []string
}

// Every key that people write tells an editor what it is for, with an example,
// and the schema accepts its own examples.
func TestEveryKeyHasAnExampleThatHolds(t *testing.T) {
	t.Parallel()
	for _, kind := range written {
		all := descriptions(t, kind)
		references := make(map[string]any, len(all))
		for _, one := range all {
			references[one.pointer] = map[string]any{"$ref": published + kind.File() + "#" + one.pointer}
		}
		text, err := json.Marshal(map[string]any{"properties": references})
		if err != nil {
			t.Fatal(err)
		}
		judge, err := schema.Compile("urn:test:examples", text)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			for _, example := range one.examples {
				value := document(t, example)
				line := object(value)
				if inner, same := line[one.name]; same && len(line) == 1 {
					value = inner
				} else if one.key {
					t.Errorf("%s#%s: the example %s is about another key", kind.File(), one.pointer, example)
				}
				if err := judge.Validate(map[string]any{one.pointer: value}); err != nil {
					t.Errorf("%s#%s refuses its own example %s: %v", kind.File(), one.pointer, example, err)
				}
			}
		}
	}
}

// descriptions gathers what an editor shows, and reports what lacks an example.
func descriptions(t *testing.T, kind schema.Kind) []described {
	t.Helper()
	var all []described
	visit("", decode(t, kind), func(pointer string, parent map[string]any) {
		group := path.Base(pointer)
		keys := group == "properties" && !strings.HasSuffix(pointer, "/properties/properties") // the key of that name
		if !keys && group != "definitions" || strings.Contains(pointer, "/dependencies/") || strings.Contains(pointer, "/if/") || strings.Contains(pointer, "/then/") {
			return
		}
		for name, body := range parent {
			one := object(body)
			text, _ := one["description"].(string)
			_, elsewhere := one["$ref"]
			if _, refused := body.(bool); refused || elsewhere && text == "" {
				continue // there is nothing to show, or the definition shows it
			}
			about, examples, _ := strings.Cut(text, "Example: ")
			if about == "" || !strings.HasSuffix(examples, "`.") {
				t.Errorf("%s#%s/%s has no description that ends with an example", kind.File(), pointer, name)
				continue
			}
			d := described{pointer: pointer + "/" + name, name: strings.TrimSuffix(name, "_or_variable"), key: keys}
			for _, match := range quoted.FindAllStringSubmatch(examples, -1) {
				d.examples = append(d.examples, match[1])
			}
			all = append(all, d)
		}
	})
	return all
}

package schema_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/schema"
)

const (
	draft7    = "http://json-schema.org/draft-07/schema"
	published = "https://raw.githubusercontent.com/contactsync/contactsync/main/schema/"
)

// written are the kinds of files that people write.
var written = []schema.Kind{schema.Desired, schema.Project, schema.Fixture, schema.Faults}

func decode(t *testing.T, kind schema.Kind) map[string]any {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal(schema.Text(kind), &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// document resolves a YAML text as an editor does.
func document(t *testing.T, text string) any {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return schema.Value(&node)
}

func object(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}

// visit calls see with every object of a schema and the JSON Pointer to it.
func visit(pointer string, value any, see func(pointer string, object map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		see(pointer, value)
		for _, key := range slices.Sorted(maps.Keys(value)) {
			visit(pointer+"/"+key, value[key], see)
		}
	case []any:
		for _, item := range value {
			visit(pointer+"/-", item, see)
		}
	}
}

func TestSchemasAreDraft7(t *testing.T) {
	t.Parallel()
	meta := jsonschema.MustCompile(draft7)
	for _, kind := range schema.Kinds() {
		document := decode(t, kind)
		if err := meta.Validate(document); err != nil {
			t.Errorf("%s: %v", kind.File(), err)
		}
		if got := document["$schema"]; got != draft7+"#" {
			t.Errorf("%s: $schema is %v", kind.File(), got)
		}
		if got, want := document["$id"], published+kind.File(); got != want {
			t.Errorf("%s: $id is %v, want %s", kind.File(), got, want)
		}
		if text := schema.Text(kind); text[len(text)-1] != '\n' {
			t.Errorf("%s does not end with a line feed", kind.File())
		}
	}
}

// A schema needs no other file: an editor reads it alone. Every reference leads to
// one of its own definitions, and every definition is referred to.
func TestReferencesAndDefinitionsAreTheSame(t *testing.T) {
	t.Parallel()
	for _, kind := range schema.Kinds() {
		document := decode(t, kind)
		referred := make(map[string]bool)
		visit("", document, func(_ string, object map[string]any) {
			if ref, ok := object["$ref"].(string); ok {
				referred[ref] = true
			}
		})
		defined := make(map[string]bool)
		for name := range object(document["definitions"]) {
			defined["#/definitions/"+name] = true
		}
		if diff := cmp.Diff(defined, referred); diff != "" {
			t.Errorf("%s (-defined +referred to):\n%s", kind.File(), diff)
		}
	}
}

// The schemas repeat definitions, since each stands alone; the copies must agree.
// (The fixture's contacts, values and account are other things by design.)
func TestSharedDefinitionsAgree(t *testing.T) {
	t.Parallel()
	differ := []string{"account", "contact", "property_values"}
	type definition struct {
		file string
		body any
	}
	first := make(map[string]definition)
	for _, kind := range written {
		for name, body := range object(decode(t, kind)["definitions"]) {
			known, again := first[name]
			if !again {
				first[name] = definition{kind.File(), body}
				continue
			}
			if diff := cmp.Diff(known.body, body); diff != "" && !slices.Contains(differ, name) {
				t.Errorf("%s differs (-%s +%s):\n%s", name, known.file, kind.File(), diff)
			}
		}
	}
}

// Every mapping with keys of ours refuses the ones that it does not know.
func TestUnknownKeysAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	for _, kind := range schema.Kinds() {
		visit("", decode(t, kind), func(pointer string, object map[string]any) {
			if object["type"] != "object" || strings.HasSuffix(pointer, "/if") {
				return
			}
			if _, stated := object["additionalProperties"]; !stated {
				t.Errorf("%s#%s does not say what other keys mean", kind.File(), pointer)
			}
		})
	}
}

func TestOtherKindsHaveNoSchema(t *testing.T) {
	t.Parallel()
	for _, kind := range []schema.Kind{0, 200} {
		if kind.File() != "" || schema.Text(kind) != nil {
			t.Errorf("kind %d has a schema", kind)
		}
		if err := schema.Validate(kind, map[string]any{}); err == nil {
			t.Errorf("kind %d accepts a document", kind)
		}
	}
}

// The caller of Text may change what it was given.
func TestTextIsACopy(t *testing.T) {
	t.Parallel()
	text := schema.Text(schema.Desired)
	clear(text)
	if again := schema.Text(schema.Desired); again[0] != '{' {
		t.Errorf("the schema now begins with %q", again[0])
	}
}

package schema

import (
	"bytes"
	"encoding/json"
	"fmt"

	"gopkg.in/yaml.v3"
)

// Property is a contact property of one portal, as far as an editor is told of it.
type Property struct {
	Name     string
	Label    string   // as HubSpot shows it; may be empty
	Options  []string // internal values that it takes; empty: any text
	Multiple bool     // holds a set of its options
	ReadOnly bool     // files may name it in lists such as ignore, and give it no value
}

// ForPortal is the schema of desired state for one portal: it offers the names and
// options of its properties, and refuses others. So it is stricter than Text(Desired):
// an option that the portal has deleted may still stand in a file whose contacts hold
// it, and is refused here. The properties of associated records stay unknown.
//
// The account goes into the title. The schema has no $id, as it is published nowhere.
func ForPortal(account string, properties []Property) ([]byte, error) {
	var document map[string]any
	if err := json.Unmarshal(Text(Desired), &document); err != nil {
		return nil, fmt.Errorf("reading the schema of desired state: %w", err)
	}
	delete(document, "$id")
	document["title"] = fmt.Sprintf("%v of account %s", document["title"], account)
	definitions, err := object(document, "definitions")
	if err != nil {
		return nil, err
	}
	for name, definition := range definitions {
		if name != "where" { // it names properties of other records
			redirect(definition)
		}
	}
	if err := narrow(definitions, properties); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("writing the schema of account %s: %w", account, err)
	}
	return text.Bytes(), nil
}

const (
	anyProperty     = "#/definitions/property_name"
	contactProperty = "#/definitions/contact_property"
)

// redirect makes everything that refers to any property refer to the portal's.
func redirect(value any) {
	switch value := value.(type) {
	case map[string]any:
		if value["$ref"] == anyProperty {
			value["$ref"] = contactProperty
		}
		for _, below := range value {
			redirect(below)
		}
	case []any:
		for _, below := range value {
			redirect(below)
		}
	}
}

// narrow defines the portal's properties and what each of them takes.
func narrow(definitions map[string]any, properties []Property) error {
	given, err := object(definitions, "property_values")
	if err != nil {
		return err
	}
	described, err := object(given, "properties")
	if err != nil {
		return err
	}
	removed, err := object(definitions, "contact", "properties", "remove")
	if err != nil {
		return err
	}
	names, values := make([]any, 0, len(properties)), make(map[string]any, len(properties))
	for _, p := range properties {
		names = append(names, p.Name)
		if !p.ReadOnly {
			values[p.Name] = valueOf(p, described[p.Name])
		}
	}
	values["email"] = false // the key of a contact, never one of its properties
	given["properties"], given["additionalProperties"] = values, false
	delete(given, "patternProperties")
	removed["propertyNames"] = map[string]any{"$ref": contactProperty}
	definitions["contact_property"] = map[string]any{
		"description": "A contact property of this portal, by its internal name. Example: `jobtitle`.",
		"enum":        names,
	}
	return nil
}

// valueOf is the schema of one property's value. What the published schema says of the
// property is kept; else its label stands for it.
func valueOf(p Property, published any) map[string]any {
	schema := map[string]any{"allOf": []any{map[string]any{"$ref": "#/definitions/value"}}}
	if p.Label != "" {
		schema["description"] = p.Label
	}
	if known, ok := published.(map[string]any); ok {
		schema["description"] = known["description"]
	}
	if len(p.Options) == 0 {
		return schema
	}
	one := map[string]any{"enum": append(readings(p.Options), "")}
	schema["anyOf"] = []any{one}
	if p.Multiple {
		schema["anyOf"] = []any{
			one,
			map[string]any{"type": "array", "items": map[string]any{"enum": readings(p.Options)}},
			map[string]any{"type": "string", "pattern": ";"},
		}
	}
	return schema
}

// readings are texts as an editor may see them: true and 7 are no strings where they
// stand without quotes.
func readings(texts []string) []any {
	all := make([]any, 0, len(texts)+1)
	for _, text := range texts {
		all = append(all, text)
		switch plain := scalar(&yaml.Node{Kind: yaml.ScalarNode, Value: text}).(type) {
		case nil, string:
		default:
			all = append(all, plain)
		}
	}
	return all
}

// object finds an object inside a schema by its keys.
func object(from map[string]any, keys ...string) (map[string]any, error) {
	for _, key := range keys {
		below, ok := from[key].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("reading the schema of desired state: no object %s", key)
		}
		from = below
	}
	return from, nil
}

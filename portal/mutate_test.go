package portal_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// mutated changes a JSON text by its structure: a few times it puts another value
// in a place, drops or repeats an element, or gives a value another key, so that
// the text stays JSON and most of it stays as it was. 0 changes nothing, and so
// does any seed where the text is no JSON.
func mutated(text string, seed uint64) string {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var root any
	if seed == 0 || decoder.Decode(&root) != nil {
		return text
	}
	m := mutation{rand.New(rand.NewPCG(seed, 0))} // #nosec G404 -- a test's choice
	for range 1 + m.IntN(3) {
		root = m.change(root)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(root); err != nil {
		return text
	}
	return strings.TrimSpace(out.String())
}

type mutation struct{ *rand.Rand }

// change goes down to a random place and changes what stands there.
func (m mutation) change(node any) any {
	switch node := node.(type) {
	case map[string]any:
		if len(node) > 0 && m.IntN(4) > 0 {
			key := m.key(node)
			if m.IntN(8) == 0 {
				return m.rename(node, key)
			}
			node[key] = m.change(node[key])
			return node
		}
	case []any:
		if len(node) > 0 && m.IntN(4) > 0 {
			i := m.IntN(len(node))
			switch m.IntN(8) {
			case 0:
				return slices.Delete(node, i, i+1)
			case 1:
				return append(node, node[i])
			case 2:
				return slices.Repeat(node, 1+m.IntN(60))
			}
			node[i] = m.change(node[i])
			return node
		}
	}
	return m.value(node)
}

func (m mutation) key(object map[string]any) string {
	return slices.Sorted(maps.Keys(object))[m.IntN(len(object))]
}

func (m mutation) rename(object map[string]any, key string) any {
	value := object[key]
	delete(object, key)
	if m.IntN(2) == 0 {
		object[keys[m.IntN(len(keys))]] = value
	}
	return object
}

// value is something else to stand in the place of a value.
func (m mutation) value(old any) any {
	switch m.IntN(4) {
	case 0:
		return []any{old}
	case 1:
		return map[string]any{keys[m.IntN(len(keys))]: old}
	case 2:
		if text, ok := old.(string); ok {
			return text + oddTexts[m.IntN(len(oddTexts))]
		}
	}
	return odd[m.IntN(len(odd))]
}

// keys are words of the API's bodies and property names.
var keys = []string{
	"", "id", "inputs", "properties", "idProperty", "objectWriteTraceId", "from", "to", "types", "associations", "associationTypeId",
	"associationCategory", "label", "filterGroups", "filters", "values", "value", "highValue", "sorts", "after", "limit", "query",
	"email", "hs_additional_emails", "lifecyclestage", "hs_object_id", "createdate", "badge", "tier", "nope", "a'b\"c",
}

var oddTexts = []string{"", " ", ";", ";;a", "@", "%", "*", "'", "\x00", "\u2028", "\U0001F600", "é", "0", "-1", "9223372036854775808", strings.Repeat("x", 70000)}

var odd = []any{
	nil, true, false, "", "\x00", "151", "152", "badge", "gold", "customer", "edith@example.com", "2026-01-01", "9223372036854775807", "CONTAINS_TOKEN", "IN", "BETWEEN",
	json.Number("0"), json.Number("-1"), json.Number("1e400"), json.Number("0.1"), json.Number("279"), json.Number("151"), json.Number("9223372036854775807"),
	[]any{},
	map[string]any{},
	[]any{nil},
	strings.Repeat("y", 70000),
}

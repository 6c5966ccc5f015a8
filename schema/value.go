package schema

import (
	"math"

	"gopkg.in/yaml.v3"
)

// Value is a YAML document as an editor's YAML reader resolves it, for Validate:
// aliases followed, merge keys carried out, plain scalars turned into null,
// booleans and numbers. Infinities and not-a-number, which JSON lacks, dates and
// everything with a tag of its own stay the text that was written. Of a key that
// stands twice the last one counts.
//
// The node's aliases must not stand inside the nodes that they refer to, and what
// they expand to must be bounded by the caller.
func Value(node *yaml.Node) any {
	switch node.Kind {
	case yaml.DocumentNode:
		return Value(node.Content[0])
	case yaml.AliasNode:
		return Value(node.Alias)
	case yaml.MappingNode:
		return mapping(node)
	case yaml.SequenceNode:
		items := make([]any, len(node.Content))
		for i, item := range node.Content {
			items[i] = Value(item)
		}
		return items
	case yaml.ScalarNode:
	}
	return scalar(node)
}

// mapping resolves a mapping. Its own keys win over merged ones, and of merged
// mappings the first one wins.
func mapping(node *yaml.Node) map[string]any {
	values := make(map[string]any, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := node.Content[i]; key.ShortTag() != "!!merge" {
			values[key.Value] = Value(node.Content[i+1])
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].ShortTag() == "!!merge" {
			merge(values, node.Content[i+1])
		}
	}
	return values
}

// merge adds the keys of a mapping, or of each mapping of a list, that are not
// there yet.
func merge(values map[string]any, node *yaml.Node) {
	switch merged := Value(node).(type) {
	case map[string]any:
		adopt(values, merged)
	case []any:
		for _, item := range merged {
			if one, ok := item.(map[string]any); ok {
				adopt(values, one)
			}
		}
	}
}

func adopt(values, merged map[string]any) {
	for key, value := range merged {
		if _, own := values[key]; !own {
			values[key] = value
		}
	}
}

func scalar(node *yaml.Node) any {
	switch node.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		var resolved any
		if err := node.Decode(&resolved); err != nil {
			return node.Value
		}
		if number, ok := resolved.(float64); ok && (math.IsInf(number, 0) || math.IsNaN(number)) {
			return node.Value
		}
		return resolved
	}
	return node.Value
}

package hubspot

import (
	"encoding/json"
	"slices"
)

// Batches of creates and updates are most of what this package encodes. Their
// bodies are written by hand, to the byte as encoding/json writes them.

// appendText appends a JSON text.
func appendText(body []byte, text string) []byte {
	for i := range len(text) {
		switch b := text[i]; {
		case b < ' ', b > '~', b == '"', b == '\\', b == '<', b == '>', b == '&':
			encoded, err := json.Marshal(text)
			if err != nil {
				return append(body, `""`...) // a string always encodes
			}
			return append(body, encoded...)
		}
	}
	body = append(body, '"')
	body = append(body, text...)
	return append(body, '"')
}

// appendProperties appends properties in the order of their names.
func appendProperties(body []byte, properties map[string]string, names *[]string) []byte {
	if properties == nil {
		return append(body, `"properties":null`...)
	}
	sorted := (*names)[:0]
	for name := range properties {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	*names = sorted
	body = append(body, `"properties":{`...)
	for i, name := range sorted {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(appendText(body, name), ':')
		body = appendText(body, properties[name])
	}
	return append(body, '}')
}

// encodeCreates is the body of a batch create.
func encodeCreates(inputs []CreateInput) ([]byte, error) {
	body := append(make([]byte, 0, 512*len(inputs)), `{"inputs":[`...)
	var names []string
	for i, input := range inputs {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendProperties(append(body, '{'), input.Properties, &names)
		if len(input.Associations) > 0 {
			associations, err := json.Marshal(input.Associations)
			if err != nil {
				return nil, err
			}
			body = append(append(body, `,"associations":`...), associations...)
		}
		if input.ObjectWriteTraceID != "" {
			body = appendText(append(body, `,"objectWriteTraceId":`...), input.ObjectWriteTraceID)
		}
		body = append(body, '}')
	}
	return append(body, "]}"...), nil
}

// encodeUpdates is the body of a batch update.
func encodeUpdates(inputs []UpdateInput) []byte {
	body := append(make([]byte, 0, 512*len(inputs)), `{"inputs":[`...)
	var names []string
	for i, input := range inputs {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(appendText(append(body, `{"id":`...), input.ID), ',')
		if input.IDProperty != "" {
			body = append(appendText(append(body, `"idProperty":`...), input.IDProperty), ',')
		}
		body = appendProperties(body, input.Properties, &names)
		if input.ObjectWriteTraceID != "" {
			body = appendText(append(body, `,"objectWriteTraceId":`...), input.ObjectWriteTraceID)
		}
		body = append(body, '}')
	}
	return append(body, "]}"...)
}

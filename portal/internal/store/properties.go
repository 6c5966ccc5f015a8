package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// encode writes properties as a JSON object of texts, in their order.
func encode(properties crm.Properties) string {
	size := 2
	for _, value := range properties {
		size += len(value.Name) + len(value.Text) + 6
	}
	out := make([]byte, 0, size)
	out = append(out, '{')
	for i, value := range properties {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, value.Name)
		out = append(out, ':')
		out = appendText(out, value.Text)
	}
	return string(append(out, '}'))
}

func appendText(out []byte, text string) []byte {
	if !plain(text) {
		quoted, err := json.Marshal(text)
		if err == nil { // a string always marshals
			return append(out, quoted...)
		}
	}
	out = append(out, '"')
	out = append(out, text...)
	return append(out, '"')
}

// plain reports whether a text stands in JSON as it is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return c >= utf8.RuneSelf && utf8.ValidString(text) && !strings.ContainsAny(text, "\"\\\u2028\u2029") && !hasControl(text)
		}
	}
	return true
}

func hasControl(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < ' ' }) >= 0
}

// decode reads what encode wrote. What another tool wrote is read as well, as
// long as it is a JSON object of texts.
func decode(text string) (crm.Properties, error) {
	if properties, ok := decodePlain(text); ok {
		return properties, nil
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, fmt.Errorf("reading stored properties: %w", err)
	}
	values := make([]crm.Value, 0, len(texts))
	for name, value := range texts {
		values = append(values, crm.Value{Name: name, Text: value})
	}
	return crm.NewProperties(values...), nil
}

// decodePlain reads the form without escapes and white space, in which all names
// and texts are parts of the one string. ok is false for anything else.
func decodePlain(text string) (properties crm.Properties, ok bool) {
	if len(text) < 2 || text[0] != '{' || text[len(text)-1] != '}' || strings.IndexByte(text, '\\') >= 0 {
		return nil, false
	}
	if text == "{}" {
		return nil, true
	}
	properties = make(crm.Properties, 0, strings.Count(text, `":"`))
	last := ""
	for rest := text[1:]; ; rest = rest[1:] {
		name, after, found := quoted(rest)
		if !found || name <= last || after == "" || after[0] != ':' {
			return nil, false
		}
		value, end, found := quoted(after[1:])
		if !found || end == "" {
			return nil, false
		}
		properties = append(properties, crm.Value{Name: name, Text: value})
		last, rest = name, end
		switch {
		case rest == "}":
			return properties, true
		case rest[0] != ',':
			return nil, false
		}
	}
}

func quoted(text string) (inside, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	return strings.Cut(text[1:], `"`)
}

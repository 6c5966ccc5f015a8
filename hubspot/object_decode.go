package hubspot

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Records are most of what this package decodes, and nearly all of them have one
// plain shape. So the records of an answer are cut out and read by hand, and the
// small rest goes through encoding/json. The hand accepts only what it can read
// for certain as encoding/json would: whatever else a record holds, that record
// goes through encoding/json, and whatever else surrounds it, the whole answer.

// decodeObjects reads an answer whose "results" are records; envelope takes its
// other fields. It reports false for an answer it does not understand.
func decodeObjects(body []byte, envelope any) ([]Object, bool) {
	from, to, ok := findResults(body)
	if !ok {
		return nil, false
	}
	rest := make([]byte, 0, len(body)-(to-from)+2)
	rest = append(append(append(rest, body[:from]...), "[]"...), body[to:]...)
	if json.Unmarshal(rest, envelope) != nil {
		return nil, false
	}
	objects := make([]Object, 0, MaxBatch)
	names := map[string]string{}
	at := skipSpace(body, from+1)
	for at < to-1 {
		end := valueEnd(body, at)
		if end < 0 || end > to-1 {
			return nil, false
		}
		raw := body[at:end]
		object, ok := parseObject(string(raw), names)
		if !ok {
			object = Object{}
			if json.Unmarshal(raw, &object) != nil {
				return nil, false
			}
		}
		objects = append(objects, object)
		at = skipSpace(body, end)
		if at == to-1 {
			break
		}
		if body[at] != ',' {
			return nil, false
		}
		if at = skipSpace(body, at+1); at == to-1 {
			return nil, false // a comma before the end
		}
	}
	return objects, true
}

// findResults is where the array "results" of a top-level object stands.
func findResults(body []byte) (from, to int, ok bool) {
	at := skipSpace(body, 0)
	if at >= len(body) || body[at] != '{' {
		return 0, 0, false
	}
	at = skipSpace(body, at+1)
	for at < len(body) && body[at] == '"' {
		end := valueEnd(body, at)
		if end < 0 {
			return 0, 0, false
		}
		key := string(body[at+1 : end-1])
		at = skipSpace(body, end)
		if at >= len(body) || body[at] != ':' || strings.Contains(key, `\`) {
			return 0, 0, false
		}
		at = skipSpace(body, at+1)
		if end = valueEnd(body, at); end < 0 {
			return 0, 0, false
		}
		if strings.EqualFold(key, "results") {
			if key != "results" || ok || body[at] != '[' || body[end-1] != ']' {
				return 0, 0, false
			}
			from, to, ok = at, end, true
		}
		at = skipSpace(body, end)
		if at < len(body) && body[at] == ',' {
			at = skipSpace(body, at+1)
		}
	}
	return from, to, ok
}

func skipSpace(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t') {
		at++
	}
	return at
}

// valueEnd is the end of the JSON value that begins at at, found by its quotes
// and brackets alone; -1 if it has none.
func valueEnd(data []byte, at int) int {
	depth := 0
	for i := at; i < len(data); i++ {
		switch data[i] {
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if i >= len(data) {
				return -1
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ',', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i // after a number or a word
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
		if depth < 0 {
			return i
		}
	}
	return -1
}

// cursor reads one record. failed sticks.
type cursor struct {
	text   string
	at     int
	failed bool
}

// parseObject reads a record of the plain shape. Its texts are parts of text;
// the names of its properties are shared with the other records of the answer.
func parseObject(text string, names map[string]string) (Object, bool) {
	c := &cursor{text: text}
	var o Object
	seen := 0
	for key := range c.fields {
		var bit int
		switch key {
		case "id":
			bit, o.ID = 1, c.string()
		case "createdAt":
			bit, o.CreatedAt = 2, c.string()
		case "updatedAt":
			bit, o.UpdatedAt = 4, c.string()
		case "archivedAt":
			bit, o.ArchivedAt = 8, c.string()
		case "objectWriteTraceId":
			bit, o.ObjectWriteTraceID = 16, c.string()
		case "archived":
			bit, o.Archived = 32, c.bool()
		case "properties":
			bit, o.Properties = 64, c.properties(names)
		default:
			c.failed = true
		}
		c.failed = c.failed || seen&bit != 0
		seen |= bit
	}
	return o, !c.failed && c.at == len(text)
}

// fields yields the keys of an object; the loop's body reads each value.
func (c *cursor) fields(yield func(string) bool) {
	if !c.take('{') {
		return
	}
	for first := true; !c.failed; first = false {
		if c.at < len(c.text) && c.text[c.at] == '}' && first {
			c.at++
			return
		}
		key := c.string()
		if !c.take(':') || !yield(key) {
			return
		}
		c.space()
		if c.at < len(c.text) && c.text[c.at] == '}' {
			c.at++
			return
		}
		c.take(',')
		c.space()
	}
}

func (c *cursor) properties(names map[string]string) map[string]*string {
	properties := map[string]*string{}
	texts := make([]string, 0, 16)
	for key := range c.fields {
		name, known := names[key]
		if !known {
			name = strings.Clone(key)
			names[name] = name
		}
		if c.word("null") {
			properties[name] = nil
			continue
		}
		if len(texts) == cap(texts) {
			texts = make([]string, 0, 2*cap(texts))
		}
		texts = append(texts, c.string())
		properties[name] = &texts[len(texts)-1]
	}
	return properties
}

// string reads a text without escapes.
func (c *cursor) string() string {
	if !c.take('"') {
		return ""
	}
	from := c.at
	ascii := true
	for ; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; {
		case b == '"':
			text := c.text[from:c.at]
			c.at++
			c.failed = c.failed || !ascii && !utf8.ValidString(text)
			return text
		case b == '\\' || b < ' ':
			c.failed = true
			return ""
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	c.failed = true
	return ""
}

func (c *cursor) bool() bool {
	if c.word("true") {
		return true
	}
	c.failed = c.failed || !c.word("false")
	return false
}

// word takes a word if it is next.
func (c *cursor) word(word string) bool {
	c.space()
	if !strings.HasPrefix(c.text[c.at:], word) {
		return false
	}
	c.at += len(word)
	return true
}

// take takes a character, which must be next.
func (c *cursor) take(b byte) bool {
	c.space()
	if c.failed || c.at >= len(c.text) || c.text[c.at] != b {
		c.failed = true
		return false
	}
	c.at++
	return true
}

func (c *cursor) space() {
	for c.at < len(c.text) && strings.IndexByte(" \n\r\t", c.text[c.at]) >= 0 {
		c.at++
	}
}

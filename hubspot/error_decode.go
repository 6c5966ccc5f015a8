package hubspot

import "encoding/json"

// Batch reads of associations answer with one error for each record that has none,
// so errors can be most of an answer. They too are read by hand where they have the
// plain shape, and otherwise as ErrorBody says.

// parseError reads an error whose values are texts, with a context of lists of texts.
func parseError(text string) (ErrorBody, bool) {
	c := &cursor{text: text}
	var b ErrorBody
	seen := 0
	for key := range c.fields {
		var bit int
		switch key {
		case "status":
			bit, b.Status = 1, c.string()
		case "message":
			bit, b.Message = 2, c.string()
		case "correlationId":
			bit, b.CorrelationID = 4, c.string()
		case "category":
			bit, b.Category = 8, c.string()
		case "subCategory":
			bit, b.SubCategory = 16, c.quoted()
		case "context":
			bit, b.Context = 32, c.lists()
		default:
			c.failed = true
		}
		c.failed = c.failed || seen&bit != 0
		seen |= bit
	}
	return b, !c.failed && c.at == len(text)
}

// quoted reads a text and leaves it as it is written.
func (c *cursor) quoted() json.RawMessage {
	c.space()
	from := c.at
	c.string()
	return json.RawMessage(c.text[from:c.at])
}

// lists reads an object of lists, of which none is empty.
func (c *cursor) lists() map[string][]string {
	lists := make(map[string][]string, 3)
	for key := range c.fields {
		c.failed = c.failed || lists[key] != nil
		for item := range c.items {
			lists[key] = append(lists[key], item)
		}
	}
	c.failed = c.failed || len(lists) == 0
	return lists
}

// items yields the texts of a list that is not empty.
func (c *cursor) items(yield func(string) bool) {
	if !c.take('[') {
		return
	}
	for !c.failed && yield(c.string()) {
		c.space()
		if c.at < len(c.text) && c.text[c.at] == ']' {
			c.at++
			return
		}
		c.take(',')
	}
}

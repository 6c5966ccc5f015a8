package portal

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/hubspot"
)

// The wire types of requests, as lenient as HubSpot is: ids and values may be
// JSON numbers, a null value is an empty one, keys it does not know are ignored.

type createInput struct {
	Properties         texts            `json:"properties"`
	Associations       []newAssociation `json:"associations"`
	ObjectWriteTraceID string           `json:"objectWriteTraceId"`
}

type newAssociation struct {
	To    hubspot.RecordID `json:"to"`
	Types []typeSpec       `json:"types"`
}

// typeSpec names an association type by category and id or, in a create, by its
// label.
type typeSpec struct {
	Category string         `json:"associationCategory"`
	TypeID   hubspot.FlexID `json:"associationTypeId"`
	Label    string         `json:"label"`
}

type updateInput struct {
	ID                 hubspot.FlexID `json:"id"`
	IDProperty         string         `json:"idProperty"`
	Properties         texts          `json:"properties"`
	ObjectWriteTraceID string         `json:"objectWriteTraceId"`
}

type readRequest struct {
	Properties            []string           `json:"properties"`
	PropertiesWithHistory []string           `json:"propertiesWithHistory"`
	IDProperty            string             `json:"idProperty"`
	Inputs                []hubspot.RecordID `json:"inputs"`
}

type inputs[T any] struct {
	Inputs []T `json:"inputs"`
}

// texts are the written values of one record by property.
type texts map[string]string

var (
	errNotText   = errors.New("a property value must be a string, a number or a boolean")
	errNotValues = errors.New("properties must be an object")
)

// UnmarshalJSON reads an object of strings, numbers, booleans and nulls.
func (t *texts) UnmarshalJSON(data []byte) error {
	if plain, ok := plainTexts(string(data)); ok {
		*t = plain
		return nil
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(data, &raw) != nil {
		return errNotValues
	}
	*t = make(texts, len(raw))
	for name, value := range raw {
		text, err := scalar(value)
		if err != nil {
			return err
		}
		(*t)[name] = text
	}
	return nil
}

// plainTexts reads what nearly every request holds, an object without escapes, whose
// texts are parts of the one string. It is given valid JSON; what it does not read is
// left to encoding/json.
func plainTexts(object string) (texts, bool) {
	const space = " \t\r\n"
	if object[0] != '{' || strings.IndexByte(object, '\\') >= 0 || !utf8.ValidString(object) {
		return nil, false
	}
	plain := make(texts, strings.Count(object, ":"))
	for {
		_, rest, more := strings.Cut(object, `"`)
		if !more {
			return plain, true
		}
		name, rest, _ := strings.Cut(rest, `"`)
		value := strings.TrimLeft(rest, space+":")
		switch value[0] {
		case '{', '[':
			return nil, false
		case '"':
			plain[name], object, _ = strings.Cut(value[1:], `"`)
			continue
		}
		end := strings.IndexAny(value, space+",}")
		plain[name], object = strings.TrimSuffix(value[:end], "null"), value[end:]
	}
}

// scalar is a JSON scalar as the text that HubSpot makes of it.
func scalar(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '{', '[':
		return "", errNotText
	case 'n':
		return "", nil
	case '"':
		inside := raw[1 : len(raw)-1]
		if utf8.Valid(inside) && !strings.ContainsRune(string(inside), '\\') {
			return string(inside), nil
		}
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	}
	return string(raw), nil
}

// decode reads the body of a request.
func decode[T any](c *call) (T, error) {
	var value T
	if err := json.Unmarshal(c.body, &value); err != nil {
		return value, malformed(c.body, err)
	}
	return value, nil
}

// decodeInputs reads the inputs of a batch call of at most limit.
func decodeInputs[T any](c *call, limit int) ([]T, error) {
	request, err := decode[inputs[T]](c)
	if err != nil {
		return nil, err
	}
	if len(request.Inputs) > limit {
		return nil, tooMany(limit)
	}
	return request.Inputs, nil
}

// recordID reads a record id; false for a text that is none.
func recordID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0 && text[0] != '+'
}

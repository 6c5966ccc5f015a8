package conformance

import (
	"context"
	"net/http"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

// valueCase is a value as it is written, and what becomes of it: how it reads back,
// or the refusal when that is "".
type valueCase struct{ written, read string }

func valueChecks() []Check {
	return []Check{
		{"value-number", "a number is kept as it was written; one with a comma is refused", "changelog of 2023 on contact updates", valuesOf("number", "number", valueCase{"17", "17"}, valueCase{"-1.5", "-1.5"}, valueCase{"1,5", ""}, valueCase{"many", ""})},
		{"value-bool", "a boolean is true or false in lower case", "field report", valuesOf("bool", "booleancheckbox", valueCase{"true", "true"}, valueCase{"false", "false"}, valueCase{"True", ""})},
		{"value-date", "a date is written in ISO 8601 or as midnight in milliseconds, and reads back in ISO 8601", "properties guide; FAQ on timestamps", valuesOf("date", "date", valueCase{"2020-02-29", "2020-02-29"}, valueCase{"1582934400000", "2020-02-29"}, valueCase{"1582934400001", ""}, valueCase{"2020-02-30", ""})},
		{"value-datetime", "a time is written in ISO 8601 or in milliseconds, and reads back in ISO 8601 with milliseconds", "properties guide", valuesOf("datetime", "date", valueCase{"2020-02-29T03:30:17.000Z", "2020-02-29T03:30:17.000Z"}, valueCase{"1582947017000", "2020-02-29T03:30:17.000Z"}, valueCase{"yesterday", ""})},
		{"value-option", "an option goes by its internal value, in its case", "properties guide", valuesOf("enumeration", "select", valueCase{"one", "one"}, valueCase{"One", ""})},
		{"value-append", "options that begin with a semicolon are added to those that are set", "properties guide", valuesOf("enumeration", "checkbox", valueCase{"one", "one"}, valueCase{";two", "one;two"}, valueCase{"two", "two"}, valueCase{"two;three", ""})},
		{"value-length", "a text of more than 65,536 characters is refused", "properties guide", valuesOf("string", "textarea", valueCase{strings.Repeat("x", 65_536), strings.Repeat("x", 65_536)}, valueCase{strings.Repeat("x", 65_537), ""})},
	}
}

// valuesOf writes values of a property of its own type to one contact, one after
// the other.
func valuesOf(kind, fieldType string, cases ...valueCase) func(context.Context, *Target) error {
	return func(ctx context.Context, t *Target) error {
		definition := t.definition()
		definition.Type, definition.FieldType = kind, fieldType
		if kind == "bool" {
			definition.Options = []hubspot.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false", DisplayOrder: 1}}
		} else if kind != "enumeration" {
			definition.Options = nil
		}
		if _, err := t.define(ctx, definition); err != nil {
			return err
		}
		contact, err := t.contact(ctx, nil)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if err := t.writeValue(ctx, contact.ID, definition.Name, c); err != nil {
				return err
			}
		}
		return nil
	}
}

func (t *Target) writeValue(ctx context.Context, id, property string, c valueCase) error {
	path := t.object(contacts, id)
	r, err := t.send(ctx, "PATCH", path, written(map[string]string{property: c.written}))
	if err != nil {
		return err
	}
	what := clip(c.written)
	if c.read == "" {
		return holds(r.request, r.StatusCode == http.StatusBadRequest, "status 400 for the value "+quote(what), r.shown())
	}
	if r.StatusCode != http.StatusOK {
		return first(r.want(200), holds(r.request, false, "status 200 for the value "+quote(what), r.shown()))
	}
	values, err := t.read(ctx, contacts, id, property)
	return first(err, holds("GET "+path, values[property] == c.read, quote(clip(c.read))+" after "+quote(what), clip(values[property])))
}

package spec

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

var (
	definitionKeys = []string{
		"name", "label", "type", "field_type", "options", "unique", "read_only", "calculated", "external_options",
		"references", "sensitivity", "rules",
	}
	optionKeys    = []string{"value", "label", "hidden"}
	ruleKeys      = []string{"type", "arguments", "normalises"}
	propertyTypes = []string{"string", "number", "bool", "date", "datetime", "enumeration", "phone_number"}
	sensitivities = []string{"non_sensitive", "sensitive", "highly_sensitive"}
	fieldTypes    = []string{
		"text", "textarea", "html", "number", "date", "select", "radio", "checkbox", "booleancheckbox", "phonenumber",
		"file", "calculation_equation",
	}
)

// fieldTypesOf are the form fields that HubSpot offers for each type.
var fieldTypesOf = map[string][]string{
	"string":       {"text", "textarea", "html", "phonenumber", "file", "calculation_equation"},
	"number":       {"number", "calculation_equation"},
	"bool":         {"booleancheckbox", "calculation_equation"},
	"date":         {"date"},
	"datetime":     {"date", "calculation_equation"},
	"enumeration":  {"select", "radio", "checkbox", "booleancheckbox", "calculation_equation"},
	"phone_number": {"phonenumber"},
}

// definition reads the definition of a contact property.
func (f *fixtureReader) definition(at field, fields []field) {
	var p crm.Property
	var kind, options *field
	for _, one := range fields {
		switch one.key {
		case "name":
			if text, ok := f.text(one); ok && f.propertyName(one, text) {
				p.Name = f.intern(text)
				f.once("property", f.of+p.Name, f.at(one))
			}
		case "label":
			p.Label, _ = f.text(one)
		case "type":
			kind = &one
			p.Type = f.propertyWord(one, propertyTypes)
		case "field_type":
			kind = &one
			p.FieldType = f.propertyWord(one, fieldTypes)
		case "options":
			options = &one
			p.Options = f.options(one)
		case "unique":
			p.Unique = f.flag(one)
		case "read_only":
			p.ReadOnly = f.flag(one)
		case "calculated":
			p.Calculated = f.flag(one)
		case "external_options":
			p.External = f.flag(one)
		case "references":
			p.References = f.filled(one)
		case "sensitivity":
			p.Sensitivity, _ = f.word(one, sensitivities...)
		case "rules":
			p.Rules = f.rules(one)
		default:
			f.unknown(diag.UnknownFixtureKey, one, definitionKeys)
		}
	}
	f.require(at, fields, definitionKeys, []string{"name"})
	if p.Type != "" && p.FieldType != "" && !slices.Contains(fieldTypesOf[p.Type], p.FieldType) {
		f.report(diag.FieldTypeDiffers, f.at(*kind), "The field type does not belong to the type.", "write one of "+either(fieldTypesOf[p.Type]))
	}
	switch {
	case options != nil && p.Type != "" && p.Type != "enumeration":
		f.report(diag.FixtureOption, f.at(*options), "Only an enumeration has options.", "correct the type or remove the options")
	case options == nil && p.Type == "enumeration" && !p.External:
		f.report(diag.FixtureOption, f.at(at), "An enumeration needs options.", "add options:")
	}
	f.fixture.Properties = append(f.fixture.Properties, p)
}

func (f *fixtureReader) propertyWord(one field, words []string) string {
	text, ok := f.text(one)
	if ok && !slices.Contains(words, text) {
		f.report(diag.PropertyType, f.at(one), "HubSpot has no such type; there are "+either(words)+".", suggest(text, words))
		return ""
	}
	return text
}

// filled reads a text that is not empty.
func (f *fixtureReader) filled(one field) string {
	text, ok := f.text(one)
	if ok && text == "" {
		f.report(diag.MissingValue, f.at(one), "The text is empty.", "write a value or remove the line")
	}
	return text
}

// options reads the values of an enumeration, in their order.
func (f *fixtureReader) options(list field) []crm.Option {
	items, ok := f.items(list, "options")
	if !ok {
		return nil
	}
	options := make([]crm.Option, 0, len(items))
	seen := make(map[string]bool, len(items))
	for i, one := range items {
		option, at := f.option(one)
		if option.Value == "" {
			continue
		}
		if seen[option.Value] {
			f.report(diag.DuplicateRecord, f.at(at), "The property already has this option.", "remove one of the two")
		}
		seen[option.Value] = true
		option.DisplayOrder = i
		options = append(options, option)
	}
	return options
}

// option reads a value alone, or a mapping of a value and what goes with it; the
// field is where the value stands.
func (f *fixtureReader) option(one field) (crm.Option, field) {
	if one.value.Kind != yaml.MappingNode {
		return crm.Option{Value: f.optionValue(one)}, one
	}
	var option crm.Option
	fields, _ := f.fields(one)
	at := one
	for _, part := range fields {
		switch part.key {
		case "value":
			option.Value, at = f.optionValue(part), part
		case "label":
			option.Label, _ = f.text(part)
		case "hidden":
			option.Hidden = f.flag(part)
		default:
			f.unknown(diag.UnknownFixtureKey, part, optionKeys)
		}
	}
	f.require(one, fields, optionKeys, []string{"value"})
	return option, at
}

func (f *fixtureReader) optionValue(one field) string {
	texts := f.listTexts([]field{one})
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

func (f *fixtureReader) rules(list field) []crm.ValidationRule {
	items, ok := f.items(list, "rules")
	if !ok {
		return nil
	}
	var rules []crm.ValidationRule
	for _, one := range items {
		fields, ok := f.fields(one)
		if !ok {
			continue
		}
		var rule crm.ValidationRule
		for _, part := range fields {
			switch part.key {
			case "type":
				rule.Type = f.filled(part)
			case "arguments":
				rule.Arguments = f.arguments(part)
			case "normalises":
				rule.Normalises = f.flag(part)
			default:
				f.unknown(diag.UnknownFixtureKey, part, ruleKeys)
			}
		}
		f.require(one, fields, ruleKeys, []string{"type"})
		rules = append(rules, rule)
	}
	return rules
}

func (f *fixtureReader) arguments(list field) []string {
	items, ok := f.items(list, "texts")
	if !ok {
		return nil
	}
	var arguments []string
	for _, one := range items {
		if text, ok := f.text(one); ok {
			arguments = append(arguments, text)
		}
	}
	return arguments
}

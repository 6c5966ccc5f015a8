package portal

import (
	"reflect"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// propertyInput is the body of a create or an update of a property. What is absent
// or null is not given.
type propertyInput struct {
	Name                 *string          `json:"name"`
	Label                *string          `json:"label"`
	Type                 *string          `json:"type"`
	FieldType            *string          `json:"fieldType"`
	GroupName            *string          `json:"groupName"`
	Description          *string          `json:"description"`
	Options              []hubspot.Option `json:"options"`
	DisplayOrder         *int             `json:"displayOrder"`
	HasUniqueValue       *bool            `json:"hasUniqueValue"`
	Hidden               *bool            `json:"hidden"`
	FormField            *bool            `json:"formField"`
	ExternalOptions      *bool            `json:"externalOptions"`
	DataSensitivity      *string          `json:"dataSensitivity"`
	ReferencedObjectType *string          `json:"referencedObjectType"`
	CalculationFormula   *string          `json:"calculationFormula"`
	NumberDisplayHint    *string          `json:"numberDisplayHint"`
	TextDisplayHint      *string          `json:"textDisplayHint"`
	CurrencyPropertyName *string          `json:"currencyPropertyName"`
	ShowCurrencySymbol   *bool            `json:"showCurrencySymbol"`
}

// missing are the fields that a create must give and does not.
func (in *propertyInput) missing() []string {
	var missing []string
	for _, field := range []struct {
		name  string
		value *string
	}{{"name", in.Name}, {"label", in.Label}, {"type", in.Type}, {"fieldType", in.FieldType}, {"groupName", in.GroupName}} {
		if field.value == nil || *field.value == "" {
			missing = append(missing, field.name)
		}
	}
	return missing
}

// onlyOptions reports whether the input gives options and nothing else that can
// change.
func (in *propertyInput) onlyOptions() bool {
	rest := *in
	rest.Options, rest.Name, rest.HasUniqueValue, rest.DataSensitivity, rest.ReferencedObjectType, rest.ExternalOptions = nil, nil, nil, nil, nil, nil
	return in.Options != nil && reflect.ValueOf(rest).IsZero()
}

// update writes what the input gives of the fields that can change.
func (in *propertyInput) update(p *hubspot.Property) {
	give(&p.Label, in.Label)
	give(&p.Type, in.Type)
	give(&p.FieldType, in.FieldType)
	give(&p.GroupName, in.GroupName)
	give(&p.Description, in.Description)
	give(&p.DisplayOrder, in.DisplayOrder)
	give(&p.Hidden, in.Hidden)
	give(&p.FormField, in.FormField)
	give(&p.CalculationFormula, in.CalculationFormula)
	give(&p.NumberDisplayHint, in.NumberDisplayHint)
	give(&p.TextDisplayHint, in.TextDisplayHint)
	give(&p.CurrencyPropertyName, in.CurrencyPropertyName)
	if in.ShowCurrencySymbol != nil {
		p.ShowCurrencySymbol = in.ShowCurrencySymbol
	}
	if in.Options != nil {
		p.Options = slices.Clone(in.Options)
	}
	if in.CalculationFormula != nil && *in.CalculationFormula != "" {
		p.FieldType = fieldCalculation
	}
	if in.FieldType != nil || in.CalculationFormula != nil {
		metadata := *p.ModificationMetadata
		metadata.ReadOnlyValue = p.FieldType == fieldCalculation
		p.Calculated, p.ModificationMetadata = metadata.ReadOnlyValue, &metadata
	}
}

func give[T any](into *T, value *T) {
	if value != nil {
		*into = *value
	}
}

const fieldCalculation = "calculation_equation"

// fieldTypesOf are the field types that each type may have, by the properties
// guide.
var fieldTypesOf = map[string][]string{
	"bool":         {"booleancheckbox", fieldCalculation},
	"enumeration":  {"booleancheckbox", "checkbox", "radio", "select", fieldCalculation},
	"date":         {"date"},
	"datetime":     {"date"},
	"string":       {"file", "text", "textarea", fieldCalculation, "html", "phonenumber"},
	"number":       {"number", fieldCalculation},
	"phone_number": {"phonenumber"},
}

// hints are the display hints that HubSpot takes.
var hints = map[string][]string{
	"numberDisplayHint": {"currency", "duration", "formatted", "percentage", "probability", "unformatted"},
	"textDisplayHint": {
		"domain_name", "email", "ip_address", "multi_line", "phone_number", "physical_address", "postal_code", "unformatted_single_line",
	},
}

// sensitivities are the values of dataSensitivity.
var sensitivities = []string{nonSensitive, "sensitive", "highly_sensitive"}

// check refuses a definition for what the input gave of it.
func (c *catalog) check(objectType crm.ObjectType, in propertyInput, p hubspot.Property) error {
	allowed, known := fieldTypesOf[p.Type]
	switch {
	case strings.TrimSpace(p.Label) == "":
		return invalid("The label of a property cannot be empty")
	case in.Type != nil && !known:
		return invalid("There is no property type %q", p.Type)
	case (in.Type != nil || in.FieldType != nil) && known && !slices.Contains(allowed, p.FieldType):
		return invalid("The field type %q is not valid for a property of type %q: it can be %s", p.FieldType, p.Type, strings.Join(allowed, ", "))
	case in.GroupName != nil && !c.hasGroup(objectType, p.GroupName):
		return invalid("Property group %q does not exist", p.GroupName)
	case !slices.Contains(sensitivities, p.DataSensitivity):
		return invalid("There is no data sensitivity %q: it can be %s", p.DataSensitivity, strings.Join(sensitivities, ", "))
	case p.FieldType == fieldCalculation && p.CalculationFormula == "":
		return invalid("A calculated property needs a calculationFormula")
	case p.CurrencyPropertyName != "" && (p.ShowCurrencySymbol == nil || !*p.ShowCurrencySymbol):
		return invalid("Only a property with showCurrencySymbol can have a currencyPropertyName").because("ONLY_CURRENCY_PROPERTIES_CAN_SPECIFY_CURRENCY")
	}
	for name, given := range map[string]*string{"numberDisplayHint": in.NumberDisplayHint, "textDisplayHint": in.TextDisplayHint} {
		if given != nil && !slices.Contains(hints[name], *given) {
			return invalid("There is no %s %q", name, *given)
		}
	}
	if in.Options != nil || in.Type != nil {
		return checkOptions(p)
	}
	return nil
}

// checkOptions refuses options that do not fit the type of a property: an
// enumeration has some unless they live elsewhere, a bool has exactly true and
// false, and no value or label stands twice.
func checkOptions(p hubspot.Property) error {
	values, labels := make(map[string]bool), make(map[string]bool)
	for _, option := range p.Options {
		value, label := strings.TrimSpace(option.Value), strings.TrimSpace(option.Label)
		switch {
		case value == "" || label == "":
			return invalid("An option needs a label and a value")
		case values[value] || labels[label]:
			return invalid("The options of property %s are not unique: %s, %s", p.Name, label, value)
		case strings.Contains(value, ";"):
			return invalid("The value of an option cannot contain a semicolon: %s", value)
		}
		values[value], labels[label] = true, true
	}
	external := p.ExternalOptions && p.ReferencedObjectType != ""
	switch {
	case p.Type == "bool" && (len(values) != 2 || !values["true"] || !values["false"]):
		return invalid("A bool property has exactly two options, with the values true and false").because("INVALID_BOOLEAN_OPTION")
	case p.ExternalOptions && !external:
		return invalid("A property with external options needs a referencedObjectType")
	case external && len(values) > 0:
		return invalid("A property with external options cannot list options")
	case p.Type == "enumeration" && !external && len(values) == 0 && p.FieldType != fieldCalculation:
		return invalid("An enumeration needs options")
	}
	return nil
}

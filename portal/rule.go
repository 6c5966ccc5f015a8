package portal

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// ruleType is a kind of validation rule: which properties can have it, and the
// arguments that it takes. It follows the table of the property validations guide.
type ruleType struct {
	types      []string // of properties
	fieldTypes []string // nil = any
	least      int      // arguments
	most       int
	words      []string // the arguments that it knows; nil = any
	number     bool     // its argument is a number
}

var (
	lines     = []string{"text", "textarea"}
	weekdays  = []string{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
	ofText    = []string{"string"}
	ofDate    = []string{"date"}
	ofTime    = []string{"datetime"}
	ofNumber  = []string{"number"}
	ruleTypes = map[string]ruleType{
		"ALPHANUMERIC":             {ofText, lines, 1, 1, []string{"ALPHANUMERIC", "ALPHA_ONLY", "NUMERIC_ONLY"}, false},
		"FORMAT":                   {ofText, lines, 1, 1, []string{"CAPITALIZATION", "UPPER", "LOWER"}, false},
		"SPECIAL_CHARACTERS":       {ofText, lines, 1, 1, []string{"NOT_ALLOWED"}, false},
		"WHITESPACE":               {ofText, lines[:1], 0, 1, []string{"ALL", "TRIM"}, false},
		"REGEX":                    {ofText, lines, 1, 2, nil, false},
		"MIN_LENGTH":               {ofText, append(lines, "phonenumber"), 1, 1, nil, true},
		"MAX_LENGTH":               {ofText, append(lines, "phonenumber"), 1, 1, nil, true},
		"DOMAIN":                   {ofText, lines[:1], 0, 0, nil, false},
		"EMAIL":                    {ofText, lines[:1], 0, 0, nil, false},
		"URL":                      {ofText, lines[:1], 0, 0, nil, false},
		"EMAIL_ALLOWED_DOMAINS":    {ofText, lines[:1], 1, 20, nil, false},
		"EMAIL_BLOCKED_DOMAINS":    {ofText, lines[:1], 1, 20, nil, false},
		"URL_ALLOWED_DOMAINS":      {ofText, lines[:1], 1, 20, nil, false},
		"URL_BLOCKED_DOMAINS":      {ofText, lines[:1], 1, 20, nil, false},
		"MIN_NUMBER":               {ofNumber, nil, 1, 1, nil, true},
		"MAX_NUMBER":               {ofNumber, nil, 1, 1, nil, true},
		"DECIMAL":                  {ofNumber, nil, 1, 1, nil, true},
		"START_DATE":               {ofDate, nil, 1, 1, nil, true},
		"END_DATE":                 {ofDate, nil, 1, 1, nil, true},
		"BEFORE_DURATION":          {ofDate, nil, 1, 1, nil, false},
		"AFTER_DURATION":           {ofDate, nil, 1, 1, nil, false},
		"START_DATETIME":           {ofTime, nil, 1, 1, nil, true},
		"END_DATETIME":             {ofTime, nil, 1, 1, nil, true},
		"BEFORE_DATETIME_DURATION": {ofTime, nil, 1, 1, nil, false},
		"AFTER_DATETIME_DURATION":  {ofTime, nil, 1, 1, nil, false},
		"DAYS_OF_WEEK":             {[]string{"date", "datetime"}, nil, 1, 7, weekdays, false},
		"PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE": {[]string{"string", "phone_number"}, []string{"phonenumber"}, 0, 1, nil, false},
	}
)

// check refuses a rule for a property that it does not fit, or with arguments that
// mean nothing. The words are this portal's.
func (r ruleType) check(property hubspot.Property, rule hubspot.ValidationRule) error {
	if !slices.Contains(r.types, property.Type) || r.fieldTypes != nil && !slices.Contains(r.fieldTypes, property.FieldType) {
		return invalid("A rule of type %s does not fit property %s of type %s, field type %s", rule.RuleType, property.Name, property.Type, property.FieldType)
	}
	if count := len(rule.RuleArguments); count < r.least || count > r.most {
		return invalid("A rule of type %s takes %d to %d arguments, not %d", rule.RuleType, r.least, r.most, count)
	}
	for _, argument := range rule.RuleArguments {
		_, err := strconv.ParseFloat(argument, 64)
		if r.number && err != nil || r.words != nil && !slices.Contains(r.words, argument) {
			return invalid("%q is not an argument of a rule of type %s", argument, rule.RuleType)
		}
	}
	if rule.RuleType == "REGEX" {
		if _, err := regexp.Compile(rule.RuleArguments[0]); err != nil {
			return invalid("The expression of the rule cannot be read: %s", err)
		}
	}
	return nil
}

// putRule is PUT /crm/v3/property-validations/{type}/{name}/rule-type/{ruleType}:
// 204. It overwrites the rule of that type that the property has.
func putRule(c *call) (answer, error) {
	objectType, property, err := c.pathProperty()
	if err != nil {
		return answer{}, err
	}
	rule, err := decode[hubspot.ValidationRule](c)
	if err != nil {
		return answer{}, err
	}
	rule.RuleType = c.values["ruleType"]
	if rule.RuleArguments == nil {
		rule.RuleArguments = []string{}
	}
	kind, known := ruleTypes[rule.RuleType]
	if !known {
		return answer{}, invalid("There is no validation rule of type %q", rule.RuleType)
	}
	if err := kind.check(property, rule); err != nil {
		return answer{}, err
	}
	rules := slices.DeleteFunc(slices.Clone(c.catalog.rules[objectType][property.Name]), ofRuleType(rule.RuleType))
	rules = append(rules, rule)
	slices.SortFunc(rules, func(a, b hubspot.ValidationRule) int { return strings.Compare(a.RuleType, b.RuleType) })
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		return tx.Define(ctx, store.Definition{Type: objectType, Property: property, Rules: rules})
	})
	return answer{status: http.StatusNoContent}, err
}

func ofRuleType(ruleType string) func(hubspot.ValidationRule) bool {
	return func(rule hubspot.ValidationRule) bool { return rule.RuleType == ruleType }
}

// readRules is GET …/{type}/{name}: the rules of one property.
func readRules(c *call) (answer, error) {
	objectType, property, err := c.pathProperty()
	if err != nil {
		return answer{}, err
	}
	rules := append([]hubspot.ValidationRule{}, c.catalog.rules[objectType][property.Name]...)
	return answer{http.StatusOK, hubspot.Page[hubspot.ValidationRule]{Results: rules}}, nil
}

// readRule is GET …/{type}/{name}/rule-type/{ruleType}.
func readRule(c *call) (answer, error) {
	objectType, property, err := c.pathProperty()
	if err != nil {
		return answer{}, err
	}
	rules := c.catalog.rules[objectType][property.Name]
	i := slices.IndexFunc(rules, ofRuleType(c.values["ruleType"]))
	if i < 0 {
		return answer{}, refuse(http.StatusNotFound, categoryNotFound, "Property "+property.Name+" has no validation rule of type "+c.values["ruleType"])
	}
	return answer{http.StatusOK, rules[i]}, nil
}

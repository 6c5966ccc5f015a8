// Package values holds HubSpot's rules for a written property value: what is
// refused, with which code and message, and which text is stored for what is
// accepted.
//
// The rules are those of HubSpot's properties guide and of answers seen from
// real portals. They look at one value and its definition. What needs other
// records (unique values, existing owners) or a second request (pipelines) is
// the store's business.
package values

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/hubspot"
)

// maxText is the most characters a value may have, by HubSpot's properties guide.
const maxText = 65536

// Codes of problems. Those marked "seen" occur in HubSpot's documentation or in
// its answers; HubSpot documents no code for the others.
const (
	PropertyDoesntExist = "PROPERTY_DOESNT_EXIST" // seen
	ReadOnlyValue       = "READ_ONLY_VALUE"       // seen
	InvalidEmail        = "INVALID_EMAIL"         // seen
	InvalidOption       = "INVALID_OPTION"        // seen
	InvalidNumber       = "INVALID_INTEGER"       // seen, for any number
	InvalidTime         = "INVALID_LONG"          // seen, for a text that is no time
	InvalidDate         = "INVALID_DATE"          // seen, for a time that is not midnight
	InvalidAlpha        = "INVALID_ALPHA"         // seen, for a rule that asks for letters
	InvalidBoolean      = "INVALID_BOOLEAN"
	ValueTooLong        = "VALUE_TOO_LONG"
	InvalidFormat       = "INVALID_FORMAT" // a value that breaks another rule of the portal
)

// Problem is why HubSpot refuses a value, in its words: an item of the error
// body's errors. Message may quote the value.
type Problem struct {
	Code    string
	Message string
}

// Unknown is the problem of a property that the portal does not define.
func Unknown(name string) *Problem {
	return &Problem{PropertyDoesntExist, fmt.Sprintf("Property %q does not exist", name)}
}

// Store returns the text that HubSpot keeps when text is written over old, or
// the problem for which it refuses the write. Empty text clears the property.
// Lifecycle stages are judged by their options alone; see Stage.
func Store(def hubspot.Property, text, old string) (string, *Problem) {
	if metadata := def.ModificationMetadata; metadata != nil && metadata.ReadOnlyValue {
		return "", readOnly(def)
	}
	return Accept(def, text, old)
}

func readOnly(def hubspot.Property) *Problem {
	kind := "read only"
	if def.Calculated || def.Name == "hs_object_id" || strings.HasPrefix(def.FieldType, "calculation_") {
		kind = "calculated"
	}
	return &Problem{ReadOnlyValue, fmt.Sprintf("%q is a %s property; its value cannot be set", def.Name, kind)}
}

// Accept is Store for values that HubSpot itself sets: it judges and stores a
// value of a read-only property like any other.
func Accept(def hubspot.Property, text, old string) (string, *Problem) {
	if text == "" {
		return "", nil
	}
	if utf8.RuneCountInString(text) > maxText {
		return "", &Problem{ValueTooLong, fmt.Sprintf("%s is longer than %d characters", def.Name, maxText)}
	}
	if def.HubSpotDefined {
		switch def.Name {
		case "email":
			return email(text)
		case "hs_additional_emails":
			return emails(text)
		}
	}
	// HubSpot announced that white space around a value that is no text would be
	// refused, and called it off.
	switch bare := strings.TrimSpace(text); def.Type {
	case "number":
		return number(def, bare)
	case "bool":
		if bare != "true" && bare != "false" {
			return "", &Problem{InvalidBoolean, fmt.Sprintf("%s was not a valid boolean", text)}
		}
		return bare, nil
	case "date":
		return date(bare)
	case "datetime":
		return datetime(bare)
	case "enumeration":
		if def.FieldType == "checkbox" {
			return options(def, text, old)
		}
		return option(def, text)
	}
	return text, nil
}

// number keeps the text as it was sent, but for white space around it: "1.50" stays
// "1.50".
func number(def hubspot.Property, text string) (string, *Problem) {
	if !isNumber(text) {
		return "", &Problem{InvalidNumber, fmt.Sprintf("%s was not a valid number", def.Name)}
	}
	return text, nil
}

// isNumber accepts a sign, digits with at most one point, and an exponent, in
// ASCII. Thousands separators have been refused since 2023.
func isNumber(text string) bool {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific && !digits(unsigned(exponent)) {
		return false
	}
	whole, fraction, _ := strings.Cut(unsigned(mantissa), ".")
	return digits(whole + fraction)
}

func unsigned(text string) string {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		return text[1:]
	}
	return text
}

// digits reports whether the text is made of ASCII digits, at least one.
func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// option accepts one internal value, in its exact case. A definition without
// options takes any text: its values live elsewhere, or form an open set.
func option(def hubspot.Property, text string) (string, *Problem) {
	if !allowed(def, text) {
		return "", invalidOption(def, text)
	}
	return text, nil
}

// options accepts a set of internal values joined by semicolons. A leading
// semicolon adds them to the old ones. A value that stands twice is kept once;
// the order is the writer's.
func options(def hubspot.Property, text, old string) (string, *Problem) {
	var kept []string
	if strings.HasPrefix(text, ";") {
		kept = parts(nil, old)
	}
	for _, part := range parts(nil, text) {
		if !allowed(def, part) {
			return "", invalidOption(def, part)
		}
	}
	return strings.Join(parts(kept, text), ";"), nil
}

// parts appends the members of a set to those already kept, each once.
func parts(kept []string, text string) []string {
	for part := range strings.SplitSeq(text, ";") {
		if part != "" && !slices.Contains(kept, part) {
			kept = append(kept, part)
		}
	}
	return kept
}

func allowed(def hubspot.Property, text string) bool {
	return len(def.Options) == 0 ||
		slices.ContainsFunc(def.Options, func(o hubspot.Option) bool { return o.Value == text })
}

func invalidOption(def hubspot.Property, text string) *Problem {
	names := make([]string, len(def.Options))
	for i, o := range def.Options {
		names[i] = o.Value
	}
	return &Problem{InvalidOption, fmt.Sprintf("%s was not one of the allowed options: [%s]", text, strings.Join(names, ", "))}
}

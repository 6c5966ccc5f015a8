package crm

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxText is the most characters a value may have, by HubSpot's properties guide.
const maxText = 65536

// RuleAlphaOnly is the rule of a portal by which a text may hold letters alone.
const RuleAlphaOnly = "rule-alpha"

// ValueError says why a text is no value of a property. Detail is a sentence
// without the property's name and without a full stop, and may quote the text.
type ValueError struct {
	Rule   string // a stable word: number, date, option, read-only, …
	Detail string
	// Part is the text at fault: one member of a multi-select, else all of it.
	Part string
	// Nearest is the accepted value that was meant, where that is sure: the
	// internal value behind a label, or another case. Empty otherwise.
	Nearest string
}

func (e *ValueError) Error() string { return e.Detail }

// Canonical is the text that stands for a value in comparisons: two texts are the
// same value of the property exactly when their canonical texts are equal. Empty
// stays empty. The error is a *ValueError: the text is no value of this type.
//
//   - email: the normalised address
//   - number: the decimal value, exact, of any size
//   - bool: true or false
//   - date: the day, YYYY-MM-DD
//   - datetime: the instant, YYYY-MM-DDTHH:MM:SS.sssZ
//   - enumeration: the internal value; of a multi-select, the sorted set
//   - a phone number that the portal normalises: E.164
//   - anything else: the text
//
// Whether a value is one of the options is no question of equality; see Check.
func (p Property) Canonical(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if p.Name == "email" {
		return canonicalEmail(text)
	}
	switch p.Type {
	case "number":
		return canonicalNumber(text)
	case "bool":
		return canonicalBool(text)
	case "date":
		return canonicalDate(text)
	case "datetime":
		return canonicalDatetime(text)
	}
	switch {
	case p.Multiple():
		return canonicalSet(text)
	case p.normalisesPhone():
		return E164(text), nil
	}
	return text, nil
}

// Equal reports whether two texts are the same value. Texts that are no values of
// the property's type, which a portal may hold from older days, are compared as
// they stand.
func (p Property) Equal(a, b string) bool {
	if a == b {
		return true
	}
	first, err := p.Canonical(a)
	if err != nil {
		return false
	}
	second, err := p.Canonical(b)
	return err == nil && first == second
}

// Check says whether a text may be written: the property takes values, and the
// text is one of them, by the property's type and by the portal's own rules. Empty
// clears and is always a value. Options are checked where the definition lists any.
// The error is a *ValueError.
func (p Property) Check(text string) error {
	switch {
	case p.ReadOnly:
		return &ValueError{Rule: "read-only", Detail: p.readOnlyReason()}
	case text == "":
		return nil
	case !utf8.ValidString(text):
		return &ValueError{Rule: "encoding", Detail: "the value is not valid UTF-8"}
	case strings.ContainsRune(text, 0):
		return &ValueError{Rule: "nul", Detail: "the value contains a NUL character", Part: text}
	case utf8.RuneCountInString(text) > maxText:
		return &ValueError{Rule: "length", Detail: "the value has more than 65,536 characters"}
	}
	if _, err := p.Canonical(text); err != nil {
		return err
	}
	if _, err := Conform(p.Rules, text); err != nil {
		return err
	}
	if p.Type != "enumeration" || len(p.Options) == 0 {
		return nil
	}
	if !p.Multiple() {
		return p.checkOption(text)
	}
	for part := range strings.SplitSeq(text, ";") {
		if part == "" {
			continue
		}
		if err := p.checkOption(part); err != nil {
			return err
		}
	}
	return nil
}

// readOnlyReason tells from the definition who sets the value. A definition may
// say calculated and still take values, so that word alone decides nothing.
func (p Property) readOnlyReason() string {
	if strings.HasPrefix(p.Name, "hs_marketable_") {
		return "HubSpot lets nobody set the marketing status of a contact through its API"
	}
	if p.Calculated || strings.HasPrefix(p.FieldType, "calculation") {
		return "HubSpot calculates this property"
	}
	return "HubSpot sets this property itself"
}

func (p Property) checkOption(text string) error {
	if slices.ContainsFunc(p.Options, func(o Option) bool { return o.Value == text }) {
		return nil
	}
	meant := ""
	for _, option := range p.Options {
		if strings.EqualFold(option.Label, text) || strings.EqualFold(option.Value, text) {
			meant = option.Value
			break
		}
	}
	return &ValueError{Rule: "option", Detail: fmt.Sprintf("%q is none of the property's options", text), Part: text, Nearest: meant}
}

func (p Property) normalisesPhone() bool {
	return slices.ContainsFunc(p.Rules, func(r ValidationRule) bool {
		return r.Normalises && strings.HasPrefix(r.Type, "PHONE_NUMBER")
	})
}

func canonicalEmail(text string) (string, error) {
	email, err := ParseEmail(text)
	if err != nil {
		return "", &ValueError{Rule: "email", Detail: err.Error(), Part: text}
	}
	return string(email), nil
}

// HubSpot takes the two words in lower case alone.
func canonicalBool(text string) (string, error) {
	if text == "true" || text == "false" {
		return text, nil
	}
	wrong := &ValueError{Rule: "bool", Detail: fmt.Sprintf("%q is neither true nor false", text), Part: text}
	switch strings.ToLower(text) {
	case "true", "yes", "y", "on", "1":
		wrong.Nearest = "true"
	case "false", "no", "n", "off", "0":
		wrong.Nearest = "false"
	}
	return "", wrong
}

// A leading semicolon means "add to what is there" in HubSpot, so such a text is
// no set that could be compared.
func canonicalSet(text string) (string, error) {
	if text[0] == ';' {
		return "", &ValueError{Rule: "append", Detail: "a list that starts with a semicolon would be added to the live one", Part: text}
	}
	if !strings.Contains(text, ";") {
		return text, nil
	}
	return JoinSet(SplitSet(text)), nil
}

// SplitSet returns the members of a multi-select's text, sorted, each once.
func SplitSet(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ";") {
		if part != "" {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// JoinSet is the text of a multi-select with these members.
func JoinSet(parts []string) string { return strings.Join(parts, ";") }

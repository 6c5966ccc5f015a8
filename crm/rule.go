package crm

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Conform judges a text by a portal's own rules for its property, as
// /crm/v3/property-validations lists them, and returns the text that the portal
// keeps: a rule may normalise. Empty text satisfies every rule. Rules that compare
// with the present day, and those of types not named in this file, are not judged;
// neither is a rule whose arguments cannot be read. The error is a *ValueError whose
// Detail is the portal's own message.
func Conform(rules []ValidationRule, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	for _, rule := range rules {
		var argument string
		if len(rule.Arguments) > 0 {
			argument = rule.Arguments[0]
		}
		if rule.Type == phoneRule {
			dialled, ok := phone(text, argument)
			if !ok {
				return "", rule.broken("Enter a valid phone number with its country code", text)
			}
			if rule.Normalises {
				text = dialled
			}
			continue
		}
		if message := conform(rule, argument, text); message != "" {
			return "", rule.broken(message, text)
		}
	}
	return text, nil
}

const phoneRule = "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE"

// AlphaOnly reports whether the rule is the one that HubSpot has a code of its own
// for: only letters.
func (r ValidationRule) AlphaOnly() bool {
	return r.Type == "ALPHANUMERIC" && len(r.Arguments) > 0 && r.Arguments[0] == "ALPHA_ONLY"
}

func (r ValidationRule) broken(message, text string) error {
	word := "rule"
	if r.AlphaOnly() {
		word = RuleAlphaOnly
	}
	return &ValueError{Rule: word, Detail: message, Part: text}
}

// conform judges by a rule that does not normalise, and says what is wrong.
func conform(rule ValidationRule, argument, text string) string {
	switch rule.Type {
	case "ALPHANUMERIC":
		return characters(argument, text)
	case "SPECIAL_CHARACTERS":
		if strings.ContainsFunc(text, func(r rune) bool { return !letter(r) && !digit(r) && !unicode.IsSpace(r) }) {
			return "Special characters are not allowed"
		}
	case "WHITESPACE":
		if argument == "TRIM" && strings.TrimSpace(text) != text || argument != "TRIM" && strings.ContainsFunc(text, unicode.IsSpace) {
			return "Remove the spaces"
		}
	case "FORMAT":
		return letterCase(argument, text)
	case "MIN_LENGTH", "MAX_LENGTH":
		return length(rule.Type, argument, text)
	case "MIN_NUMBER", "MAX_NUMBER":
		return bounds(rule.Type, argument, text)
	case "DECIMAL":
		places, err := strconv.Atoi(argument)
		_, fraction, _ := strings.Cut(text, ".")
		if err == nil && len(fraction) > places {
			return fmt.Sprintf("Enter a number with at most %d decimal places", places)
		}
	case "START_DATE", "START_DATETIME", "END_DATE", "END_DATETIME":
		return period(rule.Type, argument, text)
	case "REGEX":
		return pattern(rule.Arguments, text)
	}
	return ""
}

func characters(which, text string) string {
	rules := map[string]struct {
		message string
		accepts func(rune) bool
	}{
		"ALPHA_ONLY":   {"Enter only letters", letter},
		"NUMERIC_ONLY": {"Enter only numbers", digit},
		"ALPHANUMERIC": {"Enter only letters and numbers", func(r rune) bool { return letter(r) || digit(r) }},
	}
	rule, ok := rules[which]
	if ok && strings.ContainsFunc(text, func(r rune) bool { return !rule.accepts(r) }) {
		return rule.message
	}
	return ""
}

// letter counts the marks that complete a letter in many scripts as part of it.
func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

func digit(r rune) bool { return r >= '0' && r <= '9' }

func letterCase(which, text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case which == "UPPER" && strings.ToUpper(text) != text:
		return "Enter only upper case"
	case which == "LOWER" && strings.ToLower(text) != text:
		return "Enter only lower case"
	case which == "CAPITALIZATION" && unicode.ToTitle(first) != first:
		return "Start with a capital letter"
	}
	return ""
}

func length(which, argument, text string) string {
	limit, err := strconv.Atoi(argument)
	count := utf8.RuneCountInString(text)
	switch {
	case err != nil:
	case which == "MAX_LENGTH" && count > limit:
		return fmt.Sprintf("Enter at most %d characters", limit)
	case which == "MIN_LENGTH" && count < limit:
		return fmt.Sprintf("Enter at least %d characters", limit)
	}
	return ""
}

func bounds(which, argument, text string) string {
	limit, ok := new(big.Rat).SetString(argument)
	value, valid := new(big.Rat).SetString(text)
	switch {
	case !ok || !valid:
	case which == "MAX_NUMBER" && value.Cmp(limit) > 0:
		return "Enter a number of at most " + argument
	case which == "MIN_NUMBER" && value.Cmp(limit) < 0:
		return "Enter a number of at least " + argument
	}
	return ""
}

func period(which, argument, text string) string {
	limit, readable := anyInstant(argument)
	at, valid := anyInstant(text)
	switch {
	case !readable || !valid:
	case strings.HasPrefix(which, "START") && at.Before(limit):
		return "Enter a date that is not before " + limit.Format(time.DateOnly)
	case strings.HasPrefix(which, "END") && at.After(limit):
		return "Enter a date that is not after " + limit.Format(time.DateOnly)
	}
	return ""
}

// anyInstant reads a day, an instant or milliseconds.
func anyInstant(text string) (time.Time, bool) {
	if day, ok := parseDay(text); ok {
		at, err := time.Parse(time.DateOnly, day)
		return at, err == nil
	}
	if at, ok := parseMilliseconds(text); ok {
		return at, true
	}
	return parseInstant(text)
}

// pattern takes an expression in RE2 syntax and, after it, the portal's own
// message for values that do not match.
func pattern(arguments []string, text string) string {
	if len(arguments) == 0 {
		return ""
	}
	expression, err := regexp.Compile(arguments[0])
	if err != nil || expression.MatchString(text) {
		return ""
	}
	message := slices.Concat(arguments[1:], []string{"Enter a value in the expected format"})[0]
	return message
}

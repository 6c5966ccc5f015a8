package values

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

	"github.com/contactsync/contactsync/hubspot"
)

// Conform judges a stored text by the portal's own rules for its property, as
// /crm/v3/property-validations lists them, and returns the text to keep: a rule
// may normalise. Empty text satisfies every rule. Rules that compare with the
// present day, and those of types not named in this file, are not enforced;
// neither is a rule whose arguments cannot be read.
func Conform(rules []hubspot.ValidationRule, text string) (string, *Problem) {
	if text == "" {
		return "", nil
	}
	for _, rule := range rules {
		var argument string
		if len(rule.RuleArguments) > 0 {
			argument = rule.RuleArguments[0]
		}
		if rule.RuleType == "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE" {
			dialled, ok := phone(text, argument)
			if !ok {
				return "", &Problem{InvalidFormat, "Enter a valid phone number with its country code"}
			}
			if rule.ShouldApplyNormalization {
				text = dialled
			}
			continue
		}
		if problem := conform(rule, argument, text); problem != nil {
			return "", problem
		}
	}
	return text, nil
}

// conform judges by a rule that does not normalise.
func conform(rule hubspot.ValidationRule, argument, text string) *Problem {
	switch rule.RuleType {
	case "ALPHANUMERIC":
		return characters(argument, text)
	case "SPECIAL_CHARACTERS":
		if strings.ContainsFunc(text, func(r rune) bool { return !letter(r) && !digit(r) && !unicode.IsSpace(r) }) {
			return &Problem{InvalidFormat, "Special characters are not allowed"}
		}
	case "WHITESPACE":
		if argument == "TRIM" && strings.TrimSpace(text) != text || argument != "TRIM" && strings.ContainsFunc(text, unicode.IsSpace) {
			return &Problem{InvalidFormat, "Remove the spaces"}
		}
	case "FORMAT":
		return letterCase(argument, text)
	case "MIN_LENGTH", "MAX_LENGTH":
		return length(rule.RuleType, argument, text)
	case "MIN_NUMBER", "MAX_NUMBER":
		return bounds(rule.RuleType, argument, text)
	case "DECIMAL":
		places, err := strconv.Atoi(argument)
		_, fraction, _ := strings.Cut(text, ".")
		if err == nil && len(fraction) > places {
			return &Problem{InvalidFormat, fmt.Sprintf("Enter a number with at most %d decimal places", places)}
		}
	case "START_DATE", "START_DATETIME", "END_DATE", "END_DATETIME":
		return period(rule.RuleType, argument, text)
	case "REGEX":
		return pattern(rule.RuleArguments, text)
	}
	return nil
}

func characters(which, text string) *Problem {
	rules := map[string]struct {
		code, message string
		accepts       func(rune) bool
	}{
		"ALPHA_ONLY":   {InvalidAlpha, "Enter only letters", letter},
		"NUMERIC_ONLY": {InvalidFormat, "Enter only numbers", digit},
		"ALPHANUMERIC": {InvalidFormat, "Enter only letters and numbers", func(r rune) bool { return letter(r) || digit(r) }},
	}
	rule, ok := rules[which]
	if ok && strings.ContainsFunc(text, func(r rune) bool { return !rule.accepts(r) }) {
		return &Problem{rule.code, rule.message}
	}
	return nil
}

// letter counts the marks that complete a letter in many scripts as part of it.
func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

func digit(r rune) bool { return r >= '0' && r <= '9' }

func letterCase(which, text string) *Problem {
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case which == "UPPER" && strings.ToUpper(text) != text:
		return &Problem{InvalidFormat, "Enter only upper case"}
	case which == "LOWER" && strings.ToLower(text) != text:
		return &Problem{InvalidFormat, "Enter only lower case"}
	case which == "CAPITALIZATION" && unicode.ToTitle(first) != first:
		return &Problem{InvalidFormat, "Start with a capital letter"}
	}
	return nil
}

func length(which, argument, text string) *Problem {
	limit, err := strconv.Atoi(argument)
	count := utf8.RuneCountInString(text)
	switch {
	case err != nil:
	case which == "MAX_LENGTH" && count > limit:
		return &Problem{InvalidFormat, fmt.Sprintf("Enter at most %d characters", limit)}
	case which == "MIN_LENGTH" && count < limit:
		return &Problem{InvalidFormat, fmt.Sprintf("Enter at least %d characters", limit)}
	}
	return nil
}

func bounds(which, argument, text string) *Problem {
	limit, ok := new(big.Rat).SetString(argument)
	value, valid := new(big.Rat).SetString(text)
	switch {
	case !ok || !valid:
	case which == "MAX_NUMBER" && value.Cmp(limit) > 0:
		return &Problem{InvalidFormat, "Enter a number of at most " + argument}
	case which == "MIN_NUMBER" && value.Cmp(limit) < 0:
		return &Problem{InvalidFormat, "Enter a number of at least " + argument}
	}
	return nil
}

func period(which, argument, text string) *Problem {
	limit, problem := instant(argument)
	at, invalid := instant(text)
	switch {
	case problem != nil || invalid != nil:
	case strings.HasPrefix(which, "START") && at.Before(limit):
		return &Problem{InvalidFormat, "Enter a date that is not before " + limit.Format(time.DateOnly)}
	case strings.HasPrefix(which, "END") && at.After(limit):
		return &Problem{InvalidFormat, "Enter a date that is not after " + limit.Format(time.DateOnly)}
	}
	return nil
}

// pattern takes an expression in RE2 syntax and, after it, the portal's own
// message for values that do not match.
func pattern(arguments []string, text string) *Problem {
	if len(arguments) == 0 {
		return nil
	}
	expression, err := regexp.Compile(arguments[0])
	if err != nil || expression.MatchString(text) {
		return nil
	}
	message := slices.Concat(arguments[1:], []string{"Enter a value in the expected format"})[0]
	return &Problem{InvalidFormat, message}
}

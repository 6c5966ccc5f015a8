package crm

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// Numbers longer than this are written with an exponent in their canonical form.
	plainDigits = 40
	// A larger exponent is a slip of the keyboard, not a number.
	maxExponent = 999_999
)

// canonicalNumber brings a decimal number into one form per value: no sign on
// zero, no plus, no zeros that say nothing. It works on the digits, so a number
// keeps its exact value whatever its size.
func canonicalNumber(text string) (string, error) {
	mantissa, exponentText, scientific := strings.Cut(text, "e")
	if !scientific {
		mantissa, exponentText, scientific = strings.Cut(text, "E")
	}
	negative, unsigned := cutSign(mantissa)
	whole, fraction, _ := strings.Cut(unsigned, ".")
	if !digits(whole + fraction) {
		return "", notNumber(text)
	}
	exponent := 0
	if scientific {
		below, size := cutSign(exponentText)
		if !digits(size) {
			return "", notNumber(text)
		}
		size = strings.TrimLeft(size, "0")
		if len(size) > 9 {
			return "", beyondNumbers(text)
		}
		exponent, _ = strconv.Atoi("0" + size)
		if below {
			exponent = -exponent
		}
	}
	exponent -= len(fraction)
	significant := strings.TrimLeft(whole+fraction, "0")
	if significant == "" {
		return "0", nil
	}
	trimmed := strings.TrimRight(significant, "0")
	exponent += len(significant) - len(trimmed)
	if exponent > maxExponent || exponent < -maxExponent {
		return "", beyondNumbers(text)
	}
	if negative {
		return "-" + decimal(trimmed, exponent), nil
	}
	return decimal(trimmed, exponent), nil
}

// decimal writes digits × 10^exponent, plainly where that stays readable.
func decimal(significant string, exponent int) string {
	point := len(significant) + exponent
	switch {
	case exponent >= 0 && point <= plainDigits:
		return significant + strings.Repeat("0", exponent)
	case exponent < 0 && point > 0:
		return significant[:point] + "." + significant[point:]
	case exponent < 0 && -exponent <= plainDigits:
		return "0." + strings.Repeat("0", -point) + significant
	}
	return significant + "e" + strconv.Itoa(exponent)
}

func beyondNumbers(text string) error {
	return &ValueError{Rule: "number", Detail: fmt.Sprintf("%q has an exponent beyond all numbers", text), Part: text}
}

func notNumber(text string) error {
	wrong := &ValueError{Rule: "number", Detail: fmt.Sprintf("%q is not a number", text), Part: text}
	if plain := strings.ReplaceAll(text, ",", ""); plain != text {
		if _, err := canonicalNumber(plain); err == nil {
			wrong.Detail = fmt.Sprintf("%q has a comma; HubSpot takes digits and one point", text)
		}
	}
	return wrong
}

func cutSign(text string) (negative bool, rest string) {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		return text[0] == '-', text[1:]
	}
	return false, text
}

// digits reports whether the text is ASCII digits, at least one.
func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

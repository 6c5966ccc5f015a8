package spec

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// Whether a text may stand without quotes depends on who reads it. Readers of YAML
// 1.1 and 1.2 resolve different plain scalars to something other than text, and a
// file should mean the same to all of them: it is quoted where any of them would
// resolve it, or could not read it back, and nowhere else.

// indicators cannot begin a plain scalar, or look as if they could not.
const indicators = "-?:,[]{}#&*!|>'\"%@`"

// words resolve to null, true, false, merge or default in YAML 1.1 or 1.2.
var words = map[string]bool{
	"~": true, "null": true, "Null": true, "NULL": true, "<<": true, "=": true,
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "n": true, "N": true, "no": true, "No": true, "NO": true,
	"true": true, "True": true, "TRUE": true, "false": true, "False": true, "FALSE": true,
	"on": true, "On": true, "ON": true, "off": true, "Off": true, "OFF": true,
	".inf": true, ".Inf": true, ".INF": true, "+.inf": true, "+.Inf": true, "+.INF": true,
	".nan": true, ".NaN": true, ".NAN": true, ".": true,
}

// longestWord bounds the look-up in words.
const longestWord = 5

// plain reports whether a text may stand without quotes as a key or a value on one
// line of a block.
func plain(text string) bool {
	if text == "" || strings.IndexByte(indicators, text[0]) >= 0 || text[len(text)-1] == ':' {
		return false
	}
	if len(text) <= longestWord && words[text] {
		return false
	}
	if c := text[0]; ('0' <= c && c <= '9' || c == '+' || c == '.') && (numeric(text) || timestamp(text)) {
		return false
	}
	return unbroken(text)
}

// unbroken reports whether a text has no character that must be escaped, no space
// at its ends, and nothing inside that would end a plain scalar.
func unbroken(text string) bool {
	if text[0] == ' ' || text[len(text)-1] == ' ' {
		return false
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f || c == ' ' && text[i+1] == '#' || c == ':' && text[i+1] == ' ' {
				return false
			}
			i++
			continue
		}
		char, size := utf8.DecodeRuneInString(text[i:])
		if escaped(char, size) {
			return false
		}
		i += size
	}
	return true
}

// escaped reports whether a character is written as an escape: a reader could not
// see it, or a parser would take it for a line break or refuse it.
func escaped(char rune, size int) bool {
	return char == utf8.RuneError && size == 1 || unicode.IsControl(char) || crm.Invisible(char) ||
		char == '\u2028' || char == '\u2029' || char == '\ufffe' || char == '\uffff'
}

// numeric reports whether YAML 1.1 or 1.2, or a common reader of either, takes a
// text for a number: decimal, hexadecimal, octal, binary or of base 60.
func numeric(text string) bool {
	text = strings.TrimPrefix(text, "+")
	if len(text) > 2 && text[0] == '0' {
		switch text[1] {
		case 'x', 'X':
			return digits(text[2:], "0123456789abcdefABCDEF_")
		case 'o', 'O':
			return digits(text[2:], "01234567_")
		case 'b', 'B':
			return digits(text[2:], "01_")
		}
	}
	return decimal(text) || sexagesimal(text)
}

func digits(text, allowed string) bool {
	return text != "" && strings.Trim(text, allowed) == ""
}

// decimal accepts digits and underscores with at most one point, and an exponent.
func decimal(text string) bool {
	mantissa := text
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		exponent := strings.TrimLeft(text[i+1:], "+-")
		if len(text[i+1:])-len(exponent) > 1 || !digits(exponent, "0123456789_") || strings.Trim(exponent, "_") == "" {
			return false
		}
		mantissa = text[:i]
	}
	return digits(mantissa, "0123456789_.") && strings.Count(mantissa, ".") <= 1 && strings.ContainsAny(mantissa, "0123456789")
}

// sexagesimal accepts what YAML 1.1 reads as a number of base 60: 12:30:45.
func sexagesimal(text string) bool {
	whole, fraction, pointed := strings.Cut(text, ".")
	parts := strings.Split(whole, ":")
	if len(parts) < 2 || !digits(parts[0], "0123456789_") || pointed && strings.Trim(fraction, "0123456789_") != "" {
		return false
	}
	return !slices.ContainsFunc(parts[1:], func(part string) bool {
		return !digits(part, "0123456789") || len(part) > 2 || len(part) == 2 && part[0] > '5'
	})
}

// timestamp accepts a date, alone or with a time of day and a zone.
func timestamp(text string) bool {
	date, clock := text, ""
	if i := strings.IndexAny(text, "Tt "); i >= 0 {
		date, clock = text[:i], strings.TrimLeft(text[i+1:], " ")
		if clock == "" {
			return false
		}
	}
	parts := strings.Split(date, "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return false
	}
	for i, part := range parts {
		if !digits(part, "0123456789") || i > 0 && len(part) > 2 {
			return false
		}
	}
	return clock == "" || strings.Count(clock, ":") >= 2 && strings.Trim(clock, "0123456789:.+-Zz ") == ""
}

const hexDigits = "0123456789abcdef"

// appendQuoted adds a text in double quotes, on one line, with what cannot be seen
// as escapes.
func appendQuoted(out []byte, text string) []byte {
	out = append(out, '"')
	for i := 0; i < len(text); {
		char, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case char == '"' || char == '\\':
			out = append(out, '\\', byte(char))
		case char == '\n':
			out = append(out, `\n`...)
		case char == '\r':
			out = append(out, `\r`...)
		case char == '\t':
			out = append(out, `\t`...)
		case !escaped(char, size):
			out = append(out, text[i:i+size]...)
		default:
			out = appendEscape(out, char)
		}
		i += size
	}
	return append(out, '"')
}

func appendEscape(out []byte, char rune) []byte {
	letter, width := byte('x'), 2
	if char > 0xffff {
		letter, width = 'U', 8
	} else if char > 0xff {
		letter, width = 'u', 4
	}
	out = append(out, '\\', letter)
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		out = append(out, hexDigits[char>>shift&0xf])
	}
	return out
}

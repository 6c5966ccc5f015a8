package spec

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// A text is written plain when every reader, of YAML 1.1, YAML 1.2 or something in
// between, takes it for that very text. Readers decide by the first character what
// a text might be besides a text, so a plain one begins with a letter: numbers in
// any notation, dates, times, "=", "<<", "~" and all indicators begin with
// something else. What is left are a few words, what ends a plain text early, and
// characters that cannot be seen. Everything else stands in double quotes, the
// only style that can hold any text on one line.

// context is where a text stands.
type context uint8

const (
	inBlock context = iota + 1 // alone after "key:"
	inFlow                     // in brackets or braces
)

// asciiClass says where an ASCII character may stand in a plain text.
type asciiClass uint8

const (
	nowhere    asciiClass = iota
	anywhere              // in block and in flow
	outOfFlow             // in block only
	notLast               // a space
	afterText             // "#": not after a space, where a comment begins
	beforeText            // ":": in block only, and neither last nor before a space
)

var asciiClasses = func() (classes [utf8.RuneSelf]asciiClass) {
	for c := '!'; c <= '~'; c++ {
		classes[c] = anywhere
	}
	for _, c := range ",[]{}?" {
		classes[c] = outOfFlow
	}
	classes[' '], classes['#'], classes[':'] = notLast, afterText, beforeText
	return classes
}()

// scalar writes a text, in double quotes where it needs them.
func (e *encoder) scalar(text string, in context) {
	if plain(text, in) {
		e.raw(text)
		return
	}
	e.quoted(text)
}

func plain(text string, in context) bool {
	if !letterFirst(text) || reserved(text) {
		return false
	}
	for i := 0; i < len(text); {
		if text[i] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !visible(r, size) {
				return false
			}
			i += size
			continue
		}
		switch asciiClasses[text[i]] {
		case anywhere:
		case outOfFlow:
			if in == inFlow {
				return false
			}
		case notLast:
			if i == len(text)-1 {
				return false
			}
		case afterText:
			if text[i-1] == ' ' || logCommand(text[i:]) { // never the first character
				return false
			}
		case beforeText:
			if in == inFlow || i == len(text)-1 || text[i+1] == ' ' {
				return false
			}
		case nowhere:
			return false
		}
		i++
	}
	return true
}

func letterFirst(text string) bool {
	if text == "" {
		return false
	}
	if c := text[0]; c < utf8.RuneSelf {
		return 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

// reserved reports words that some reader takes for a truth value, for nothing or
// for a number. Some readers compare them without case, so this does as well.
func reserved(text string) bool {
	const longest = len("infinity")
	if len(text) > longest {
		return false
	}
	var lower [longest]byte
	for i := range len(text) {
		lower[i] = text[i] | 0x20 // letters in lower case; no other text becomes one of these words by it
	}
	switch string(lower[:len(text)]) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "infinity", "nan":
		return true
	}
	return false
}

// visible reports whether a character can be seen for what it is. Controls,
// spaces other than the common one, line separators, characters of no width and
// those that change the direction of text cannot, nor what is no character.
func visible(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size == 1:
		return false
	case !unicode.IsPrint(r), crm.Invisible(r):
		return false
	}
	return !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// logCommand reports whether a text begins as a command for the runner of GitHub Actions
// does wherever it stands in a line that a step prints (actions/runner, issue 4692), which
// an export may be.
func logCommand(text string) bool { return strings.HasPrefix(text, "##[") }

// quoted writes a text in double quotes.
func (e *encoder) quoted(text string) {
	e.raw(`"`)
	written := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if r == '"' || r == '\\' || !visible(r, size) || r == '#' && logCommand(text[i:]) {
			e.raw(text[written:i])
			e.escape(r, size)
			written = i + size
		}
		i += size
	}
	e.raw(text[written:])
	e.raw(`"`)
}

// escape writes one character so that JSON's readers would know it too, where JSON
// has an escape for it.
func (e *encoder) escape(r rune, size int) {
	switch {
	case r == 0:
		e.fail(errNUL)
	case r == utf8.RuneError && size == 1:
		e.fail(errNotUTF8)
	case r == '"':
		e.raw(`\"`)
	case r == '\\':
		e.raw(`\\`)
	case r == '\n':
		e.raw(`\n`)
	case r == '\r':
		e.raw(`\r`)
	case r == '\t':
		e.raw(`\t`)
	case r <= 0xffff:
		e.raw(`\u`)
		e.hex(r, 4)
	default:
		e.raw(`\U`)
		e.hex(r, 8)
	}
}

func (e *encoder) hex(r rune, digits int) {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		e.buf = append(e.buf, "0123456789ABCDEF"[r>>shift&0xf])
	}
}

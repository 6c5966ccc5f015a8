package crm

import (
	"fmt"
	"unicode"
)

// Invisible reports whether a character changes what a reader sees without being
// seen: zero-width characters, bidirectional controls, fillers, tags, the byte order
// mark. Variation selectors are not among them: emoji need them.
func Invisible(r rune) bool {
	switch {
	case r == '\u00ad', r == '\u061c', r == '\u180e', r == '\ufeff',
		r >= '\u200b' && r <= '\u200f',
		r >= '\u202a' && r <= '\u202e',
		r >= '\u2060' && r <= '\u206f',
		r == '\u034f', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0',
		r >= '\ufff9' && r <= '\ufffb',
		r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// Hidden reports whether a character acts on what shows it (a terminal, a page) or is
// not seen there: control and format characters, line breaks, what is Invisible.
func Hidden(r rune) bool {
	return unicode.IsControl(r) || Invisible(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// Escape writes a character as readers of Go and JSON know it: \n, \x1b, \u202e.
func Escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

package portal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// piece is a piece of a text: characters as they are, or one that would act on
// the page or not be seen there, written out.
type piece struct {
	Text   string
	Hidden bool
	Break  bool // a line ends after it
}

// pieces divides a text so that nothing in it can reorder, hide or imitate what
// stands around it: control and format characters, bidirectional controls among
// them, become escapes such as \u202e that the page sets off. A line break is
// written out and kept.
func pieces(text string) []piece {
	var out []piece
	plain := 0 // where the characters that stand as they are begin
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		invalid := r == utf8.RuneError && size == 1
		if invalid || crm.Hidden(r) {
			if plain < i {
				out = append(out, piece{Text: text[plain:i]})
			}
			escape := crm.Escape(r)
			if invalid {
				escape = fmt.Sprintf(`\x%02x`, text[i])
			}
			out = append(out, piece{Text: escape, Hidden: true, Break: r == '\n'})
			plain = i + size
		}
		i += size
	}
	if plain < len(text) {
		out = append(out, piece{Text: text[plain:]})
	}
	return out
}

// visible is pieces in one line, for a window's title and for attributes.
func visible(text string) string {
	var b strings.Builder
	for _, part := range pieces(text) {
		b.WriteString(part.Text)
	}
	return b.String()
}

// clip shortens a text to so many characters and says that it did.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for i := range text {
		if most--; most < 0 {
			return text[:i] + "…"
		}
	}
	return text
}

// groupedNumber writes 1234567 as 1,234,567.
func groupedNumber(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

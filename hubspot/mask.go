package hubspot

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// What may identify a person in a message of HubSpot's: an address anywhere, a
// quoted value of a uniqueness refusal.
var (
	addressPattern = regexp.MustCompile(`[^\s"'<>(),:;=\[\]{}]+@[^\s"'<>(),:;=\[\]{}]+`)
	valuePattern   = regexp.MustCompile(`value=[^}]*\}`)
)

// mask hides addresses and quoted values in a message from outside.
func mask(message string) string {
	message = addressPattern.ReplaceAllString(message, "[address]")
	return valuePattern.ReplaceAllString(message, "value=[hidden]}")
}

// printable makes a text from outside safe for a terminal and short: control,
// format and undecodable characters become escapes, space runs one space.
func printable(text string, limit int) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if limit == 0 {
			b.WriteString("…")
			break
		}
		limit--
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

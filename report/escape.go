package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// Terminal makes text safe to print on a terminal, in one line: control characters,
// escape sequences, line breaks, bidirectional controls, zero-width characters and
// invalid UTF-8 become visible escapes such as \x1b and \u202e. Other text is kept
// as it is.
func Terminal(text string) string {
	if clean(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, text[i])
		} else {
			b.WriteString(visible(r))
		}
		i += size
	}
	return b.String()
}

// Inert makes a line of a log harmless to the runner of GitHub Actions, which takes
// commands from what a step prints: a line that begins with :: and a name, after any space,
// and ##[ wherever it stands (actions/runner, issue 4692). A backslash breaks them and stays visible.
func Inert(line string) string {
	line = strings.ReplaceAll(line, "##[", `#\#[`)
	text := strings.TrimLeftFunc(line, unicode.IsSpace)
	if name, found := strings.CutPrefix(text, "::"); found && strings.IndexFunc(name, unicode.IsLetter) == 0 {
		return line[:len(line)-len(text)] + `\` + text
	}
	return line
}

func clean(text string) bool {
	for _, r := range text {
		if r == utf8.RuneError || crm.Hidden(r) {
			return false
		}
	}
	return true
}

func visible(r rune) string {
	if crm.Hidden(r) {
		return crm.Escape(r)
	}
	return string(r)
}

// MarkdownCode makes text a code span that renders as that text, in one line and in
// any table cell: the fence is longer than any run of backticks inside, pipes are
// escaped, line breaks are shown as ⏎, and no mention, link, image or tag can begin.
func MarkdownCode(text string) string {
	text = markdownText(text)
	if text == "" {
		return "` `"
	}
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	// A code span drops one space on either side when both are there; the padding
	// keeps a leading or trailing backtick away from the fence.
	if text[0] == '`' || text[len(text)-1] == '`' || (text[0] == ' ' && text[len(text)-1] == ' ') {
		text = " " + text + " "
	}
	return fence + text + fence
}

// markdownText does the replacements that hold inside a code span: no line break,
// no cell border, no mention that a tool would notify, no command of a log.
func markdownText(text string) string {
	text = strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎").Replace(text)
	text = Terminal(text)
	// A backslash before the pipe would be taken together with the one that escapes
	// it, so a zero-width space keeps the two apart.
	return strings.NewReplacer(`\|`, "\\\u200b\\|", "|", `\|`, "@", "@\u200b", "##[", "##\u200b[").Replace(text)
}

func longestRun(text string, char byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != char {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

package report

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// cells is how many columns of a terminal a text takes: two for wide characters,
// none for combining ones. The text has been through Terminal.
func cells(text string) int {
	return (&runewidth.Condition{StrictEmojiNeutral: true}).StringWidth(text)
}

// pad fills a text with spaces up to a number of columns.
func pad(text string, width int) string {
	if missing := width - cells(text); missing > 0 {
		return text + strings.Repeat(" ", missing)
	}
	return text
}

// clip cuts a text to a number of columns; the last one then shows that it was cut.
func clip(text string, width int) string {
	if cells(text) <= width {
		return text
	}
	used := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		w := cells(string(r))
		if used+w > width-1 {
			return text[:i] + "…"
		}
		used += w
		i += size
	}
	return text
}

// clipMiddle cuts a text to a number of columns and keeps both of its ends: of a path
// or an address the end tells as much as the beginning.
func clipMiddle(text string, width int) string {
	if cells(text) <= width || width < 3 {
		return clip(text, width)
	}
	runes := []rune(text)
	head, tail := 0, len(runes)
	for cells(string(runes[:head+1])) <= width/2 {
		head++
	}
	for cells(string(runes[tail-1:])) <= (width-1)/2 {
		tail--
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// wrap breaks a text at spaces into lines of at most so many columns. A word that is
// longer stands on a line of its own. Line breaks of the text are kept, and an
// indented line, which is a command to copy, is never broken.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(paragraph, "  ") {
			lines = append(lines, Terminal(paragraph))
			continue
		}
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			word = Terminal(word)
			switch {
			case line == "":
				line = word
			case cells(line)+1+cells(word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

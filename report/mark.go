package report

import (
	"strings"

	"github.com/contactsync/contactsync/diag"
)

const tabStop = 4

// mark makes a line of a file printable and finds where its marked range stands:
// the line, the columns before the range, and the columns of the range (at least
// one). Tabs become spaces up to the next stop, wide characters count two, hidden
// ones stand as escapes. A long line is cut around the range.
func mark(line string, at diag.Range, width int) (text string, from, length int) {
	var shown []string // one a character of the line
	used := 0
	for _, r := range line {
		part := visible(r)
		if r == '\t' {
			part = strings.Repeat(" ", tabStop-used%tabStop)
		}
		used += cells(part)
		shown = append(shown, part)
	}
	begin := min(max(at.Column-1, 0), len(shown))
	end := min(max(at.EndColumn-1, begin), len(shown))
	first := window(shown, begin, end, width)
	lead := ""
	if first > 0 {
		lead = "…"
	}
	from = cells(lead + strings.Join(shown[first:begin], ""))
	length = max(1, cells(strings.Join(shown[begin:end], "")))
	text = clip(lead+strings.Join(shown[first:], ""), width)
	return text, from, min(length, max(1, width-from))
}

// window is the first character to show so that the range from begin to end is seen
// within so many columns; if it is too long for that, its beginning is seen.
func window(shown []string, begin, end, width int) int {
	if cells(strings.Join(shown[:end], "")) < width {
		return 0
	}
	const context = 12 // columns kept before the range
	first := begin
	for kept := 0; first > 0 && kept < context; first-- {
		kept += cells(shown[first-1])
	}
	return first
}

package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/diag"
)

// Read is what was read of the desired state: for the closing line of validate.
type Read struct {
	Files    int
	Contacts int
	Elapsed  time.Duration
	Portal   *Stats // that it was held against; nil without one
}

// Diagnostics writes every diagnostic, in the order of the list, as screens with the
// marked line of the file, and in JSON as one document {version, diagnostics}.
// Markdown and HTML are those of a plan; here they are text.
func Diagnostics(w io.Writer, list diag.List, o Options) error {
	if o.Format == JSON {
		return WriteJSON(w, struct {
			Version     int              `json:"version"`
			Diagnostics []jsonDiagnostic `json:"diagnostics"`
		}{documentVersion, jsonDiagnostics(list, o)})
	}
	s := &screen{Options: o, paint: painter{o.Color}}
	s.diagnostics(list)
	return s.flush(w)
}

// Validation writes the screen of validate: the diagnostics and one closing line;
// in JSON {version, valid, portal, files, contacts, diagnostics}. Where a portal was
// asked, the screen begins with it; else the document has no portal.
func Validation(w io.Writer, list diag.List, read Read, o Options) error {
	if o.Format == JSON {
		var portal *portalDocument
		if p := read.Portal; p != nil {
			portal = &portalDocument{p.Portal, p.Account, p.Kind, p.Version}
		}
		return WriteJSON(w, struct {
			Version     int              `json:"version"`
			Valid       bool             `json:"valid"`
			Portal      *portalDocument  `json:"portal,omitempty"`
			Files       int              `json:"files"`
			Contacts    int              `json:"contacts"`
			Diagnostics []jsonDiagnostic `json:"diagnostics"`
		}{documentVersion, !list.HasErrors(), portal, read.Files, read.Contacts, jsonDiagnostics(list, o)})
	}
	s := &screen{Options: o, paint: painter{o.Color}}
	if read.Portal != nil {
		s.header(*read.Portal)
		s.line("")
	}
	s.diagnostics(list)
	s.verdict(list, read)
	return s.flush(w)
}

// A screen shows so many diagnostics of one code, and so many that say the very same:
// after some dozens of one mistake nobody reads on, and a wrong name that stands in
// every contact would push the other wrong names off the screen.
const (
	maxAlike = 50
	maxSame  = 5
)

// sameness is what diagnostics have in common that differ in their places alone.
type sameness struct{ code, detail string }

// diagnostics writes each diagnostic and, where there are very many alike, how many
// more there are. JSON documents have them all.
func (s *screen) diagnostics(list diag.List) {
	shown, hidden := make(map[string]int), make(map[string]int)
	same, repeated := make(map[sameness]int), make(map[sameness]int)
	example := make(map[sameness]diag.Diagnostic)
	for _, d := range list {
		key := sameness{d.Code, d.Detail}
		switch {
		case d.Detail != "" && same[key] == maxSame:
			repeated[key]++
			example[key] = d
		case shown[d.Code] == maxAlike:
			hidden[d.Code]++
		default:
			shown[d.Code]++
			same[key]++
			s.diagnostic(d)
		}
	}
	byText := func(a, b sameness) int { return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.detail, b.detail)) }
	for _, key := range slices.SortedFunc(maps.Keys(repeated), byText) {
		what := "of " + key.code
		if detail := s.explained(example[key]); detail != "" {
			what += " that say: " + detail
		}
		s.more(repeated[key], what)
	}
	for _, code := range slices.Sorted(maps.Keys(hidden)) {
		s.more(hidden[code], fmt.Sprintf("of %s; --json lists them all.", code))
	}
}

// more tells of diagnostics that are not shown one by one.
func (s *screen) more(n int, what string) {
	for _, line := range wrap("and "+plural(n, "more", "more")+" "+what, s.width()) {
		s.line("%s", line)
	}
	s.line("")
}

func (s *screen) verdict(list diag.List, read Read) {
	failed, warned := list.Errors(), len(list)-list.Errors()
	found := plural(failed, "error", "errors")
	if warned > 0 {
		found += ", " + plural(warned, "warning", "warnings")
	}
	scope := fmt.Sprintf("%s (%s, %s)", plural(read.Files, "file", "files"), plural(read.Contacts, "contact", "contacts"), seconds(read.Elapsed))
	switch {
	case failed > 0:
		s.line("%s in %s.", s.paint.alarm(found), scope)
	case warned > 0:
		s.line("%s, with %s in %s.", s.paint.green("Valid"), s.paint.yellow(plural(warned, "warning", "warnings")), scope)
	default:
		s.line("%s: %s.", s.paint.green("Valid"), scope)
	}
}

// gutter is the width of line numbers before the bar.
const gutter = 3

// diagnostic writes one: the code and its summary, the place, the marked line with
// the hint beside the mark if it fits, other places, and the sentences below.
func (s *screen) diagnostic(d diag.Diagnostic) {
	word := fmt.Sprintf("%s[%s]", d.Severity, d.Code)
	if d.Severity == diag.Error {
		word = s.paint.alarm(word)
	} else {
		word = s.paint.paint(word, warningColour...)
	}
	s.line("%s: %s", word, s.paint.bold(Terminal(d.Summary)))
	if !d.At.IsZero() {
		s.line("%s %s", s.paint.cyan(strings.Repeat(" ", gutter)+"-->"), Terminal(place(d.At)))
	}
	hint := s.said(d, d.Hint)
	if s.excerpt(d, hint) {
		hint = ""
	}
	for _, related := range d.Related {
		s.line("%s %s %s", s.paint.cyan(strings.Repeat(" ", gutter)+":::"), Terminal(place(related.At)), Terminal(s.said(d, related.Note)))
	}
	s.sentences("", s.explained(d))
	s.sentences("help: ", hint)
	s.line("")
}

// excerpt shows the marked line and reports whether the hint was put beside the mark.
// The line holds personal data, so it is shown only in full reports.
func (s *screen) excerpt(d diag.Diagnostic, hint string) bool {
	if d.Line == "" || d.At.Line == 0 || s.PII != Full {
		return false
	}
	number := fmt.Sprintf("%*d", gutter, d.At.Line)
	bar := s.paint.cyan(strings.Repeat(" ", max(gutter, len(number))) + " |")
	text, from, length := mark(d.Line, d.At, s.width()-gutter-3)
	s.line("%s", bar)
	s.line("%s %s", s.paint.cyan(number+" |"), text)
	carets := strings.Repeat("^", length)
	beside := hint != "" && !strings.Contains(hint, "\n") && gutter+3+from+length+1+cells(Terminal(hint)) <= s.width()
	marked := s.paint.red(carets)
	if d.Severity == diag.Warning {
		marked = s.paint.yellow(carets)
	}
	if beside {
		marked += " " + Terminal(hint)
	}
	s.line("%s %s%s", bar, strings.Repeat(" ", from), marked)
	return beside
}

// sentences writes explanatory text under a diagnostic, wrapped.
func (s *screen) sentences(lead, text string) {
	if text == "" {
		return
	}
	const mark = "= "
	indent := strings.Repeat(" ", gutter+1)
	width := s.width() - len(indent) - len(mark)
	for i, line := range wrap(lead+text, width) {
		before := "  "
		if i == 0 {
			before = s.paint.cyan(mark)
		}
		s.line("%s%s%s", indent, before, line)
	}
}

// place writes file:line:column as editors and terminals make links of it.
func place(at diag.Range) string {
	text := at.File
	if at.Line > 0 {
		text += ":" + strconv.Itoa(at.Line)
	}
	if at.Column > 0 {
		text += ":" + strconv.Itoa(at.Column)
	}
	return text
}

// spot is place without the column: enough to find a contact.
func spot(at diag.Range) string {
	at.Column = 0
	return place(at)
}

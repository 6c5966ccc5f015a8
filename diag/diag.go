// Package diag holds diagnostics: what is told to the person who wrote a file or
// ran a command, with the place it is about and what to do next.
//
// A diagnostic's Summary is constant for its Code and holds no user data. The
// Detail says what is wrong and why; the Hint what to do. Diagnostics are
// collected in a List, so that every problem of a run is told at once.
package diag

import (
	"cmp"
	"slices"
)

// Severity says whether a diagnostic stops the command.
type Severity uint8

// An Error refuses the plan; a Warning is told and changes nothing.
const (
	Error Severity = iota + 1
	Warning
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "unknown"
}

// Range is a stretch of one line of a file. Line and columns count from 1, columns
// in characters; EndColumn is the column after the last character. The zero Range
// means no place.
type Range struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndColumn int    `json:"end_column,omitempty"`
}

// IsZero reports whether the range points nowhere.
func (r Range) IsZero() bool { return r == Range{} }

// Compare orders ranges by file, line and column.
func (r Range) Compare(other Range) int {
	return cmp.Or(
		cmp.Compare(r.File, other.File),
		cmp.Compare(r.Line, other.Line),
		cmp.Compare(r.Column, other.Column),
		cmp.Compare(r.EndColumn, other.EndColumn),
	)
}

// Related is another place that belongs to a diagnostic: the first of two
// declarations.
type Related struct {
	At   Range  `json:"at"`
	Note string `json:"note"`
	Line string `json:"line,omitempty"` // the text of that line
}

// Diagnostic is one problem.
type Diagnostic struct {
	Severity Severity  `json:"severity"`
	Code     string    `json:"code"`             // CS1003
	Summary  string    `json:"summary"`          // constant for its code
	Detail   string    `json:"detail,omitempty"` // full sentences
	Hint     string    `json:"hint,omitempty"`   // what to do; short enough to stand beside the marked text
	At       Range     `json:"at"`
	Line     string    `json:"line,omitempty"`     // the text of the line At points into
	Subject  string    `json:"subject,omitempty"`  // the contact it is about: address or id, as written
	Property string    `json:"property,omitempty"` // the property it is about, where it is about one
	Related  []Related `json:"related,omitempty"`
	// Values are the texts of contacts that Detail and Hint quote, as %q writes them: what
	// a report that hides personal data leaves out.
	Values []string `json:"-"`
}

// MarshalText writes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// List is any number of diagnostics. The nil List is empty.
type List []Diagnostic

// HasErrors reports whether any diagnostic refuses the plan.
func (l List) HasErrors() bool { return l.Errors() > 0 }

// Errors counts the diagnostics that refuse the plan.
func (l List) Errors() int {
	count := 0
	for _, d := range l {
		if d.Severity == Error {
			count++
		}
	}
	return count
}

// Sort orders the list by place, then by code and detail, and keeps equal ones in
// the order they were found.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail))
	})
}

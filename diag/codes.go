package diag

import (
	"cmp"
	"slices"
)

// Code names one rule. Codes are never reused: a rule that goes leaves a gap.
//
// CS10xx are about files and YAML, CS11xx about who a contact is, CS12xx about
// values, CS13xx about associations, CS14xx about defaults and ownership, CS15xx
// about the project file, CS16xx about fixtures, CS17xx about fault scenarios,
// CS2xxx about the files as seen from a live portal and, CS24xx, from earlier runs.
type Code string

// Entry is what the catalogue knows about a code.
type Entry struct {
	Code        Code
	Severity    Severity
	Summary     string // constant, without user data
	Explanation string // why the rule exists
	Fix         string // what to do
}

// catalogue holds every code once; tables are joined here and nowhere else.
var catalogue = index(fileCodes, identityCodes, valueCodes, associationCodes, defaultsCodes, projectCodes, fixtureCodes, faultsCodes, planCodes, pruneCodes, runCodes)

func index(tables ...[]Entry) map[Code]Entry {
	entries := make(map[Code]Entry)
	for _, table := range tables {
		for _, entry := range table {
			entries[entry.Code] = entry
		}
	}
	return entries
}

// Codes returns the whole catalogue, sorted by code.
func Codes() []Entry {
	entries := make([]Entry, 0, len(catalogue))
	for _, entry := range catalogue {
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Code, b.Code) })
	return entries
}

// Lookup returns the catalogue's entry of a code.
func Lookup(code Code) (Entry, bool) {
	entry, ok := catalogue[code]
	return entry, ok
}

// New makes a diagnostic of a code, with the severity and the summary that the
// catalogue gives it. Line, Subject and Related are the caller's to add.
func New(code Code, at Range, detail, hint string) Diagnostic {
	entry := catalogue[code]
	return Diagnostic{
		Severity: entry.Severity,
		Code:     string(code),
		Summary:  entry.Summary,
		Detail:   detail,
		Hint:     hint,
		At:       at,
	}
}

package spec

import (
	"crypto/sha256"

	"github.com/contactsync/contactsync/diag"
)

// Counts are what a file took of the budgets.
type Counts = counts

// The budgets.
const (
	MaxDepth         = maxDepth
	ExpansionFactor  = expansionFactor
	ExpansionAllowed = expansionAllowed
)

// Measure loads one source and says what it took of the budgets.
func Measure(source Source) (Counts, diag.List) {
	l := &loader{settings: newSettings(), digest: sha256.New()}
	l.load(source)
	return l.counts, l.list
}

// LoadWithin reads a source of at most limit bytes and returns what is wrong with
// it as a text.
func LoadWithin(source Source, limit int64) diag.List {
	var list diag.List
	open(source, limit, &list)
	return list
}

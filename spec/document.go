package spec

import (
	"cmp"
	"iter"
	"slices"
)

// Document is the desired state of all files that were read together.
type Document struct {
	contacts []Contact
	settings Settings
	given    map[string]place // settings that a file of this document gives
	firstID  place            // of the first id of a record, if files name any
	files    []string
	digest   string
}

// NewDocument makes a document of contacts, sorted by address and id: what export
// writes.
func NewDocument(contacts []Contact) *Document {
	sorted := slices.Clone(contacts)
	slices.SortStableFunc(sorted, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID))
	})
	return &Document{contacts: sorted, settings: defaultSettings()}
}

// Len is the number of declared contacts, archived ones included.
func (d *Document) Len() int { return len(d.contacts) }

// Contact returns the i-th contact, in the order of the files.
func (d *Document) Contact(i int) Contact { return d.contacts[i] }

// All yields every contact with its index.
func (d *Document) All() iter.Seq2[int, Contact] {
	return func(yield func(int, Contact) bool) {
		for i, contact := range d.contacts {
			if !yield(i, contact) {
				return
			}
		}
	}
}

// Select is the document with some of its contacts alone, by their indexes.
func (d *Document) Select(indexes ...int) *Document {
	selected := *d
	selected.contacts = make([]Contact, len(indexes))
	for i, index := range indexes {
		selected.contacts[i] = d.contacts[index]
	}
	return &selected
}

// Settings are those of the project, or of the lone file that was read.
func (d *Document) Settings() Settings { return d.settings }

// Files are the names of the files that were read, in the order they were given.
func (d *Document) Files() []string { return slices.Clone(d.files) }

// Digest is "sha256:" and the digest of the files' contents in their order.
func (d *Document) Digest() string { return d.digest }

package crm

import (
	"cmp"
	"slices"
)

// Value is one property of one record: its internal name and the text HubSpot
// holds for it. Empty text, null and an absent property are the same.
type Value struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Properties are a record's values, sorted by name, each name once. Names may be
// shared between records; there is no map per contact.
type Properties []Value

// NewProperties sorts values by name. Of several values with one name the last
// one stands.
func NewProperties(values ...Value) Properties {
	sorted := slices.Clone(values)
	slices.SortStableFunc(sorted, func(a, b Value) int { return cmp.Compare(a.Name, b.Name) })
	kept := sorted[:0]
	for i, value := range sorted {
		if i+1 < len(sorted) && sorted[i+1].Name == value.Name {
			continue
		}
		kept = append(kept, value)
	}
	return kept
}

// Text is the value of the named property, "" when the record has none.
func (p Properties) Text(name string) string {
	text, _ := p.Lookup(name)
	return text
}

// Lookup returns the named property's text and whether it is present at all.
func (p Properties) Lookup(name string) (string, bool) {
	i, found := slices.BinarySearchFunc(p, name, func(v Value, name string) int { return cmp.Compare(v.Name, name) })
	if !found {
		return "", false
	}
	return p[i].Text, true
}

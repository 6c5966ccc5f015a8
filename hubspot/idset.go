package hubspot

import "strconv"

// idSet remembers ids. HubSpot's are decimal numbers, which take a fifth of the
// room of texts: a list of a million records is followed with some 30 MB.
type idSet struct {
	numbers map[uint64]struct{}
	texts   map[string]struct{}
}

func newIDSet() idSet {
	return idSet{numbers: map[uint64]struct{}{}, texts: map[string]struct{}{}}
}

// add reports whether id is new.
func (s idSet) add(id string) bool {
	if n, err := strconv.ParseUint(id, 10, 64); err == nil && strconv.FormatUint(n, 10) == id {
		before := len(s.numbers)
		s.numbers[n] = struct{}{}
		return len(s.numbers) > before
	}
	before := len(s.texts)
	s.texts[id] = struct{}{}
	return len(s.texts) > before
}

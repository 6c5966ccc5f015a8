package values

import "slices"

// Stage returns the lifecycle stage that a contact or company has after newer
// was written over old: stages move only forward in the portal's order, and a
// write backward changes nothing and is no error. An empty stage can be set and
// reached from anywhere; a stage that the order no longer has holds nothing back.
func Stage(order []string, old, newer string) string {
	if old == "" || newer == "" {
		return newer
	}
	if slices.Index(order, newer) < slices.Index(order, old) {
		return old
	}
	return newer
}

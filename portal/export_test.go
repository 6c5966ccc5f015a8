package portal

import (
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Operations are the operations of the API by method and first path, with the
// names of the path's values in braces.
func Operations() []string {
	var labels []string
	for _, r := range routes() {
		labels = append(labels, r.method+" "+r.patterns[0])
	}
	return labels
}

// IsObjectType reports whether a part of a path is an object type or stands for
// one.
func IsObjectType(segment string) bool {
	if _, ok := crm.ParseObjectType(segment); ok {
		return true
	}
	return slices.Contains([]string{"type", "toType", "from", "to"}, strings.Trim(segment, "{}"))
}

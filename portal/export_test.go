package portal

import (
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Operation is an operation of the API: its method, and its path in each of its
// versions with the names of the path's values in braces.
type Operation struct {
	Method   string
	Patterns []string
}

// Operations are all of them.
func Operations() []Operation {
	var all []Operation
	for _, r := range routes() {
		all = append(all, Operation{r.method, r.patterns})
	}
	return all
}

// String is the method and the first path, as in the keys of Requests.
func (o Operation) String() string { return o.Method + " " + o.Patterns[0] }

// IsObjectType reports whether a part of a path is an object type or stands for
// one.
func IsObjectType(segment string) bool {
	if _, ok := crm.ParseObjectType(segment); ok {
		return true
	}
	return slices.Contains([]string{"type", "toType", "from", "to"}, strings.Trim(segment, "{}"))
}

package spec

import (
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Holds reports whether a live contact meets the condition. Values are compared as
// the property's definition compares them; of a multi-select, In asks for any of
// its members. A count of associated records that is 0 is no value: HubSpot leaves
// it behind when the last record goes.
func (c *Condition) Holds(live crm.Properties, definitions map[string]crm.Property) bool {
	text, definition := live.Text(c.Property), definitions[c.Property]
	switch {
	case c.Has != nil:
		empty := text == "" || strings.HasPrefix(c.Property, "num_associated_") && definition.Equal(text, "0")
		return *c.Has != empty
	case c.Equals != nil:
		return definition.Equal(text, *c.Equals)
	}
	return slices.ContainsFunc(c.In, func(one string) bool {
		return definition.Equal(text, one) || definition.Multiple() && slices.Contains(crm.SplitSet(text), one)
	})
}

// String says the condition in words: managed_by = contactsync.
func (c *Condition) String() string {
	switch {
	case c.Has != nil && *c.Has:
		return c.Property + " has a value"
	case c.Has != nil:
		return c.Property + " has no value"
	case c.Equals != nil && *c.Equals == "":
		return c.Property + " is empty"
	case c.Equals != nil:
		return c.Property + " = " + *c.Equals
	}
	return c.Property + " is " + strings.Join(c.In, " or ")
}

// Holds reports whether the scope takes a live contact in without its being named.
func (s *Scope) Holds(live crm.Properties, definitions map[string]crm.Property) bool {
	switch s.Kind {
	case ScopeAll:
		return true
	case ScopeWhere:
		for i := range s.Where {
			if !s.Where[i].Holds(live, definitions) {
				return false
			}
		}
		return len(s.Where) > 0
	case ScopeListed:
	}
	return false
}

// String says the scope in words, as it stands in the file.
func (s *Scope) String() string {
	switch s.Kind {
	case ScopeAll:
		return "all"
	case ScopeWhere:
		words := make([]string, len(s.Where))
		for i := range s.Where {
			words[i] = s.Where[i].String()
		}
		return strings.Join(words, " and ")
	case ScopeListed:
	}
	return "listed"
}

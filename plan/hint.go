package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// hints are what was probably meant by words that the portal does not know. A
// mistake is rarely made once: the same wrong word may stand in every contact of a
// file, and a search goes through everything that the portal knows. So each word is
// searched once. A judge's contacts are judged one after another, so it has no lock.
type hints map[mistaken]string

// mistaken is a word of one kind: kind says what it should have named.
type mistaken struct{ kind, word string }

// of returns the hint for a word; search is called when the word is met first.
func (h hints) of(m mistaken, search func() string) string {
	hint, known := h[m]
	if !known {
		hint = search()
		h[m] = hint
	}
	return hint
}

// propertyHint names the property that was probably meant: by its internal name,
// or by the label that HubSpot shows.
func (j *judge) propertyHint(name string) string {
	return j.hints.of(mistaken{"property", name}, func() string {
		names := slices.Sorted(maps.Keys(j.portal.Properties))
		separators := strings.NewReplacer(" ", "", "_", "", "-", "")
		plain := func(text string) string { return separators.Replace(strings.ToLower(text)) }
		wanted := plain(name)
		for _, known := range names {
			if plain(known) == wanted || plain(j.portal.Properties[known].Label) == wanted {
				return fmt.Sprintf("did you mean %q?", known)
			}
		}
		if nearest, ok := diag.Nearest(name, names); ok {
			return fmt.Sprintf("did you mean %q?", nearest)
		}
		return "write the internal name, as HubSpot's property settings show it"
	})
}

func (j *judge) ownerHint(owner crm.Email) string {
	return j.hints.of(mistaken{"owner", string(owner)}, func() string {
		addresses := make([]string, 0, len(j.portal.Owners))
		for address := range j.portal.Owners {
			addresses = append(addresses, string(address))
		}
		slices.Sort(addresses)
		if nearest, ok := diag.Nearest(string(owner), addresses); ok {
			return fmt.Sprintf("did you mean %s?", nearest)
		}
		return "owners are users of the portal; check the address"
	})
}

// optionHint names the nearest option, or all of them where they are few.
func (j *judge) optionHint(def *crm.Property, text string) string {
	return j.hints.of(mistaken{"option of " + def.Name, text}, func() string {
		values := make([]string, len(def.Options))
		for i, option := range def.Options {
			values[i] = option.Value
		}
		if nearest, ok := diag.Nearest(text, values); ok {
			return fmt.Sprintf("did you mean %q?", nearest)
		}
		const few = 8
		if len(values) <= few {
			return "one of " + strings.Join(values, ", ")
		}
		return fmt.Sprintf("write one of the %d internal values of this property", len(values))
	})
}

func (j *judge) labelHint(to crm.ObjectType, label string) string {
	return j.hints.of(mistaken{"label of " + string(to), label}, func() string {
		var labels []string
		for _, t := range j.pair(to) {
			if t.Label != "" {
				labels = append(labels, t.Label)
			}
		}
		if nearest, ok := diag.Nearest(label, labels); ok {
			return fmt.Sprintf("did you mean %q?", nearest)
		}
		if len(labels) == 0 {
			return "this pair has no labels; create one in HubSpot, or remove labels:"
		}
		slices.SortFunc(labels, func(a, b string) int { return cmp.Compare(a, b) })
		return "one of " + strings.Join(labels, ", ")
	})
}

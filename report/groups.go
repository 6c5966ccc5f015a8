package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// group is a number of changes that do the same: to one property, or creates of one
// domain.
type group struct {
	name    string // property or domain
	what    string // lead -> customer, filled, changed, cleared; empty for creates
	count   int
	example crm.Email
}

// groupsOf counts what changes do: the transitions of each property, most frequent
// first, and the creates of each domain. Values that may not be shown, and texts,
// of which each is another, count as filled, changed or cleared.
func (o Options) groupsOf(changes []plan.Change) (transitions, creates []group) {
	byTransition, byDomain := make(map[[2]string]group), make(map[string]group)
	for _, change := range changes {
		if change.Action == plan.Create {
			domain := change.Email.Domain()
			if o.PII == None {
				domain = "contacts"
			}
			g := byDomain[domain]
			byDomain[domain] = group{name: domain, count: g.count + 1, example: change.Email}
			continue
		}
		for _, property := range change.Properties {
			if property.Origin == plan.OriginRename {
				continue
			}
			key := [2]string{property.Name, o.kindOfChange(property)}
			g, seen := byTransition[key]
			if !seen {
				g = group{name: key[0], what: key[1], example: change.Email}
			}
			g.count++
			byTransition[key] = g
		}
	}
	return sortedGroups(maps.Values(byTransition)), sortedGroups(maps.Values(byDomain))
}

func sortedGroups(groups func(func(group) bool)) []group {
	return slices.SortedFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name), cmp.Compare(a.what, b.what))
	})
}

func (o Options) kindOfChange(p plan.PropertyChange) string {
	definition, known := o.Definitions[p.Name]
	if known && o.PII != None && !personal(definition) && !sensitive(definition) && definition.Type != "date" && definition.Type != "datetime" {
		return cmp.Or(p.Before, "(empty)") + " -> " + cmp.Or(p.After, "(cleared)")
	}
	return changeKind(p)
}

// maxGroups is how many rows a grouped table has before the rest is summed up.
const maxGroups = 20

// groups writes the table of a long plan.
func (s *screen) groups(a arranged) {
	transitions, creates := s.groupsOf(a.rest)
	s.table("~", "by property", transitions)
	s.table("+", "to create, by domain", creates)
}

func (s *screen) table(symbol, title string, groups []group) {
	if len(groups) == 0 {
		return
	}
	s.line("")
	s.line("  %s %s", symbol, s.paint.bold(title))
	shown := first(groups, maxGroups)
	names, whats, counts := minNames, 0, 0
	for _, g := range shown {
		names = max(names, cells(Terminal(g.name)))
		whats = max(whats, cells(Terminal(g.what)))
		counts = max(counts, len(Number(g.count)))
	}
	for _, g := range shown {
		line := blockIndent + pad(Terminal(g.name), names)
		if whats > 0 {
			line += "  " + pad(Terminal(g.what), whats)
		}
		count := Number(g.count)
		line += "  " + pad("", counts-len(count)) + count
		if example := Terminal(s.person(g.example, "")); g.example != "" && s.PII != None && cells(line)+3+cells(example) <= s.width() {
			line += "   " + s.paint.faint(example)
		}
		s.line("%s", line)
	}
	if hidden := groups[len(shown):]; len(hidden) > 0 {
		total := 0
		for _, g := range hidden {
			total += g.count
		}
		s.line("%sand %s with %s", blockIndent, plural(len(hidden), "more row", "more rows"), plural(total, "change", "changes"))
	}
}

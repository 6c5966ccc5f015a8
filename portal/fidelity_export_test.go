package portal

import (
	"slices"
	"strings"
)

// FidelityRow is a row of the tables about HubSpot.
type FidelityRow struct{ Route, When, Answer, Sure, Source string }

// FidelityRows are all rows; those of no operation have no Route.
func FidelityRows() []FidelityRow {
	var rows []FidelityRow
	add := func(route string, facts []fact) {
		for _, f := range facts {
			rows = append(rows, FidelityRow{route, f.when, f.answer, string(f.sure), f.source})
		}
	}
	for _, g := range fidelity() {
		add("", g.facts)
		for _, o := range g.operations {
			add(o.route, o.facts)
		}
	}
	return rows
}

// RulingNames are all rulings.
func RulingNames() []string { return rulingNames() }

// SourceNames are what a row may refer to, those of the portal's own among them.
func SourceNames() (others, own []string) {
	for _, s := range sources {
		others = append(others, s[0])
	}
	return others, slices.Clone(ownSources)
}

// IsSure reports whether a row says how sure it is in one of the words for it, or names
// a ruling, which is then returned.
func IsSure(text string) (ruling string, ok bool) {
	if name, found := strings.CutPrefix(text, "ruling `"); found {
		return strings.TrimSuffix(name, "`"), true
	}
	return "", slices.Contains([]certainty{documented, seen, chosen, unknown, differs}, certainty(text))
}

// RouteOf is the name of the operation that a method and a path lead to, "" for none.
func RouteOf(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	if found, _, _ := match(routes(), method, path); found != nil {
		return found.name()
	}
	return ""
}

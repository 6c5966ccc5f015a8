package report

import (
	"strings"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
)

// row is one line that names a contact: what happens, to whom, and where the file
// says so.
type row struct {
	symbol string
	verb   string
	who    string
	at     diag.Range
	below  []string // lines under it, ready to print
}

// rows are the blocks of changes, and their associations line by line.
func (s *screen) rows(changes []plan.Change) (blocks, links []row) {
	for _, change := range changes {
		if block, ok := s.block(change); ok {
			blocks = append(blocks, block)
		}
		links = append(links, s.links(change)...)
	}
	return blocks, links
}

func (s *screen) blocks(blocks []row, column int) {
	for _, block := range blocks {
		s.line("")
		s.row(block, column)
	}
}

func (s *screen) associations(links []row) {
	column := s.spotColumn(links)
	for i, link := range links {
		if i == 0 {
			s.line("")
		}
		s.row(link, column)
	}
}

// block is the row of a change without its associations; false when it has nothing
// else.
func (s *screen) block(change plan.Change) (row, bool) {
	who := Terminal(s.person(change.Email, change.ID))
	r := row{who: who, at: change.At}
	switch change.Action {
	case plan.Create:
		r.symbol, r.verb = s.paint.green("+"), "create"
	case plan.Archive:
		r.symbol, r.verb = s.paint.alarm("-"), "archive"
		if parts := s.liveParts(change.Live); len(parts) > 0 {
			r.below = s.note(strings.Join(parts, ", "))
		}
	case plan.Update:
		r.symbol, r.verb = s.paint.yellow("~"), "update"
		if change.From != "" {
			r.verb, r.who = "rename", Terminal(s.person(change.From, change.ID))+" -> "+who
		}
	}
	r.below = append(r.below, s.properties(change)...)
	if change.Action == plan.Update && change.From == "" && len(change.Properties) == 0 {
		return r, false
	}
	for _, reason := range change.Reasons {
		r.below = append(r.below, s.note(s.Prose(reason.Text))...)
	}
	return r, true
}

const (
	blockIndent = "        "
	minNames    = 16 // columns of property names, so that short blocks align with each other
	minLeft     = 48 // columns before the place in a file
	verbWidth   = 9
)

// liveParts are what a reviewer wants to know of a contact that is to be archived.
func (o Options) liveParts(l plan.Live) []string {
	var parts []string
	if l.Name != "" && o.PII == Full {
		parts = append(parts, l.Name)
	}
	if day, _, _ := strings.Cut(l.LastModified, "T"); day != "" && o.PII != None {
		parts = append(parts, "last modified "+day)
	}
	if day, _, _ := strings.Cut(l.LastActivity, "T"); day != "" && o.PII != None {
		parts = append(parts, "last activity "+day)
	}
	if l.Deals > 0 {
		parts = append(parts, plural(l.Deals, "associated deal", "associated deals"))
	}
	return parts
}

func (s *screen) note(text string) []string {
	var lines []string
	for _, line := range wrap(text, s.width()-len(blockIndent)) {
		lines = append(lines, blockIndent+s.paint.faint(line))
	}
	return lines
}

// properties are the lines before -> after of a change, aligned within it.
func (s *screen) properties(change plan.Change) []string {
	type pair struct{ name, before, after, origin string }
	names, befores := minNames, 0
	var pairs []pair
	for _, property := range change.Properties {
		if property.Origin == plan.OriginRename {
			continue
		}
		p := pair{Terminal(property.Name), s.shown(property, property.Before), s.shown(property, property.After), whence(property)}
		names = max(names, cells(p.name)+1)
		befores = max(befores, cells(p.before))
		pairs = append(pairs, p)
	}
	room := s.width() - len(blockIndent) - names - 1
	var lines []string
	for _, p := range pairs {
		lead := blockIndent + pad(p.name, names) + " "
		if change.Action == plan.Create {
			lines = append(lines, lead+s.paint.green(clip(p.after, room))+origin(p.origin, room-cells(p.after), s.paint))
			continue
		}
		lines = append(lines, s.transition(lead, p.before, p.after, p.origin, befores, room)...)
	}
	return lines
}

// shown is a value in one safe line; the empty one says what became of it.
func (o Options) shown(property plan.PropertyChange, text string) string {
	switch {
	case text != "":
		return Terminal(o.value(property.Name, text))
	case property.After == "":
		return "(cleared)"
	}
	return "(empty)"
}

// transition is before -> after on one line or, where that is too narrow, on two.
func (s *screen) transition(lead, before, after, from string, befores, room int) []string {
	const arrow = "  ->  "
	paintAfter := s.paint.green
	if after == "(cleared)" {
		paintAfter = s.paint.red
	}
	if left := room - len(arrow) - cells(after); befores <= left {
		rest := left - befores
		return []string{lead + pad(before, befores) + arrow + paintAfter(after) + origin(from, rest, s.paint)}
	} else if cells(before) <= left {
		return []string{lead + before + arrow + paintAfter(after)}
	}
	below := strings.Repeat(" ", max(0, cells(lead)-3)) + "-> "
	return []string{lead + clip(before, room), below + paintAfter(clip(after, room))}
}

// whence says where a value comes from, and what is out of the ordinary about it.
func whence(p plan.PropertyChange) string {
	if p.Backward {
		return "moves back: cleared, then set"
	}
	return originText(p.Origin)
}

func originText(o plan.Origin) string {
	switch o {
	case plan.OriginContact, plan.OriginRename:
		return ""
	case plan.OriginDefaults:
		return "from defaults"
	case plan.OriginOwner:
		return "from owner"
	case plan.OriginRule:
		return "live and declared values together"
	}
	return ""
}

// origin says where a value comes from, if there is room for it.
func origin(text string, room int, p painter) string {
	if text == "" || room < len(text)+6 {
		return ""
	}
	return "   " + p.faint("("+text+")")
}

// spotColumn is where the places in files begin: the same column for all rows that
// leave room for it.
func (s *screen) spotColumn(rows []row) int {
	column, spots := minLeft, 0
	for _, r := range rows {
		spots = max(spots, cells(Terminal(spot(r.at))))
	}
	limit := s.width() - spots
	for _, r := range rows {
		if left := rowLead + cells(r.who) + 2; left <= limit {
			column = max(column, left)
		}
	}
	return min(column, limit)
}

// rowLead is the width of symbol and verb.
const rowLead = 2 + 2 + verbWidth + 1

func (s *screen) row(r row, column int) {
	left := "  " + r.symbol + " " + pad(r.verb, verbWidth) + " " + s.paint.bold(r.who)
	at := Terminal(spot(r.at))
	switch used := rowLead + cells(r.who); {
	case at == "":
		s.line("%s", left)
	case used+2 <= column:
		s.line("%s%s%s", left, strings.Repeat(" ", column-used), s.paint.faint(at))
	case used+2+cells(at) <= s.width():
		s.line("%s  %s", left, s.paint.faint(at))
	default:
		s.folded(r)
		s.line("%s%s", blockIndent, s.paint.faint(at))
	}
	for _, line := range r.below {
		s.line("%s", line)
	}
}

// folded is a row on a line of its own or, where that is too narrow, its two sides
// on two.
func (s *screen) folded(r row) {
	left := "  " + r.symbol + " " + pad(r.verb, verbWidth) + " "
	before, after, two := strings.Cut(r.who, " -> ")
	if !two || rowLead+cells(r.who) <= s.width() {
		s.line("%s%s", left, s.paint.bold(r.who))
		return
	}
	s.line("%s%s", left, s.paint.bold(before))
	s.line("%s-> %s", strings.Repeat(" ", rowLead-len("-> ")), s.paint.bold(after))
}

package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

// archivesInFull is how many archives are always listed, however long the plan.
const archivesInFull = 200

// planText writes the screen of a plan: where it was made, each change or groups of
// them, what follows from it, and what it costs.
func planText(w io.Writer, p *plan.Plan, s Stats, o Options) error {
	sc := &screen{Options: o, paint: painter{o.Color}}
	sc.header(s)
	if p.Empty() {
		sc.strays(p)
		sc.kept(s)
		sc.line("")
		sc.line("%s", sc.paint.green("No changes.")+" "+nothingToDo(p, s))
		sc.prune(p)
		return sc.flush(w)
	}
	sc.body(p)
	sc.strays(p)
	sc.kept(s)
	sc.line("")
	if s.Undo != "" {
		sc.margin("Not undone: ", neverReturns)
	}
	sc.margin("Consequences: ", strings.Join(consequenceSentences(sc.consequences(p)), " "))
	sc.margin("Plan: ", summaryText(p.Summary())+".")
	sc.prune(p)
	sc.margin("API:  ", costText(p, s))
	return sc.flush(w)
}

// body writes the changes: archives first, then either all or, of a long plan,
// groups and the first ones in full.
func (s *screen) body(p *plan.Plan) {
	a := arrange(p)
	shown, limit := a.rest, s.details()
	grouped := limit > 0 && len(p.Changes) > limit
	if grouped {
		shown = first(a.rest, limit)
	}
	archives := a.archives
	if limit > 0 {
		archives = first(archives, max(archivesInFull, limit))
	}
	archiveBlocks, _ := s.rows(archives)
	blocks, links := s.rows(shown)
	column := s.spotColumn(append(append([]row(nil), archiveBlocks...), blocks...))
	s.blocks(archiveBlocks, column)
	if hidden := len(a.archives) - len(archives); hidden > 0 {
		s.line("")
		s.line("  %s", s.paint.alarm("and "+plural(hidden, "more archive", "more archives")))
	}
	if grouped {
		s.groups(a)
	}
	s.blocks(blocks, column)
	s.associations(links)
	if grouped && len(shown) > 0 {
		s.line("")
		s.line("  %s", s.paint.faint(plural(len(shown), "change", "changes")+" in full; all of them: --details 0."))
	}
}

func nothingToDo(p *plan.Plan, s Stats) string {
	what := matched(p)
	switch {
	case s.Undo != "":
		what = "Nothing of run " + Terminal(s.Undo) + " is left to undo"
	case s.Scope != "":
		what += " " + Terminal(s.Scope)
	}
	if s.Elapsed == 0 {
		return what + "."
	}
	return fmt.Sprintf("%s (%s).", what, seconds(s.Elapsed))
}

// matched says how many declared contacts are as they should be where nothing changes.
// Of those that were left out for errors of their own, nobody knows.
func matched(p *plan.Plan) string {
	n := p.Counts.Declared - p.Counts.LeftOut
	text := plural(n, "contact matches", "contacts match")
	if p.Counts.LeftOut > 0 {
		text += fmt.Sprintf(", %d left out", p.Counts.LeftOut)
	}
	return text
}

// arranged are a plan's changes in reading order: archives, then updates (those of
// watched properties first), renames, creates; associations stand after all.
type arranged struct {
	archives []plan.Change
	rest     []plan.Change
}

func arrange(p *plan.Plan) arranged {
	watched := make(map[string]bool, len(p.Watch))
	for _, name := range p.Watch {
		watched[name] = true
	}
	var a arranged
	var seen, updates, renames, creates []plan.Change
	for _, change := range p.Changes {
		switch {
		case change.Action == plan.Archive:
			a.archives = append(a.archives, change)
		case change.Action == plan.Create:
			creates = append(creates, change)
		case change.From != "":
			renames = append(renames, change)
		case touches(change, watched):
			seen = append(seen, change)
		default:
			updates = append(updates, change)
		}
	}
	a.rest = append(append(append(seen, updates...), renames...), creates...)
	return a
}

func touches(change plan.Change, names map[string]bool) bool {
	for _, property := range change.Properties {
		if names[property.Name] {
			return true
		}
	}
	return false
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// margin writes a text behind a bold word, wrapped beside it.
func (s *screen) margin(word, text string) {
	for i, line := range wrap(text, s.width()-len(word)) {
		if i == 0 {
			s.line("%s%s", s.paint.bold(word), line)
			continue
		}
		s.line("%s%s", strings.Repeat(" ", len(word)), line)
	}
}

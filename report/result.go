package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/plan"
)

// Run is what is told of an apply beside its result.
type Run struct {
	ID      string // 20261123T164210Z
	Failed  string // file with the failed changes; empty when there are none
	Again   string // the command that goes on; empty when nothing is left to do
	Rest    string // the command that applies the file of failed changes; empty without one
	Undo    string // the command that puts back what was written; empty when nothing was, or all went well
	Verdict int    // exit code, for the JSON document
}

// Result writes how an apply ended: each change that did not come through, one
// sentence of counts, and what to do next. Markdown and HTML are those of a plan;
// here they are text.
func Result(w io.Writer, p *plan.Plan, r *apply.Result, stats Stats, run Run, o Options) error {
	if o.Format == JSON {
		return resultJSON(w, p, r, stats, run, o)
	}
	s := &screen{Options: o, paint: painter{o.Color}}
	s.troubles(p, r)
	s.verdictOf(r)
	if r.Stopped != "" {
		s.margin("Reason   ", o.Prose(r.Stopped))
	}
	if run.Failed != "" {
		s.line("Run      %s   failed changes: %s", run.ID, Terminal(run.Failed))
	}
	if run.ID != "" && s.PII != Full && slices.ContainsFunc(r.Entries, func(e apply.Entry) bool { return e.Message != "" }) {
		s.line("Told     contactsync show %s --pii full   (what HubSpot said to each change)", run.ID)
	}
	if run.Again != "" {
		s.line("Next     %s", Terminal(run.Again))
	}
	if run.Rest != "" {
		s.line("or       %s", Terminal(run.Rest))
	}
	if run.Undo != "" {
		s.line("Undo     %s", Terminal(run.Undo))
	}
	return s.flush(w)
}

// maxTroubles is how many changes are listed one by one; the file of failed changes
// has them all.
const maxTroubles = 100

// troubles lists the changes that did not come through, those that failed first.
// Changes that were merely not begun are counted by the reason.
func (s *screen) troubles(p *plan.Plan, r *apply.Result) {
	listed, hidden := 0, 0
	for _, outcome := range []apply.Outcome{apply.Failed, apply.Unknown, apply.Stale} {
		for i, entry := range r.Entries {
			if entry.Outcome != outcome {
				continue
			}
			if listed++; listed > maxTroubles {
				hidden++
				continue
			}
			s.trouble(p.Changes[i], entry)
		}
	}
	if hidden > 0 {
		s.line("  and %s", plural(hidden, "more", "more"))
	}
	skipped := s.skipped(r)
	if listed+skipped > 0 {
		s.line("")
	}
}

func (s *screen) skipped(r *apply.Result) int {
	reasons := make(map[string]int)
	for _, entry := range r.Entries {
		if entry.Outcome == apply.Skipped {
			reasons[s.Prose(entry.Reason)]++
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		s.line("  %s %s not begun: %s", s.paint.yellow("○"), plural(reasons[reason], "change", "changes"), Terminal(reason))
	}
	return len(reasons)
}

func (s *screen) trouble(change plan.Change, entry apply.Entry) {
	mark, word := s.paint.red("✗"), outcomeWord(entry.Outcome)
	if entry.Outcome == apply.Stale {
		mark = s.paint.yellow("○")
	}
	who := Terminal(s.person(change.Email, change.ID))
	head := fmt.Sprintf("  %s %s  %s %s", mark, s.paint.bold(who), actionWord(change), word)
	at := Terminal(spot(change.At))
	if used := 4 + cells(who) + 2 + len(actionWord(change)) + 1 + len(word); at != "" && used+3+cells(at) <= s.width() {
		head += "   " + s.paint.faint(at)
	}
	s.line("%s", head)
	for _, text := range []string{s.reason(entry), s.message(entry)} {
		if text == "" {
			continue
		}
		for _, line := range wrap(text, s.width()-4) {
			s.line("    %s", line)
		}
	}
}

func outcomeWord(o apply.Outcome) string {
	switch o {
	case apply.Applied:
		return "applied"
	case apply.Failed:
		return "failed"
	case apply.Skipped:
		return "not begun"
	case apply.Stale:
		return "changed meanwhile, left alone"
	case apply.Unknown:
		return "sent, outcome unknown"
	}
	return ""
}

func actionWord(change plan.Change) string {
	switch change.Action {
	case plan.Create:
		return "create"
	case plan.Update:
		if change.From != "" {
			return "rename"
		}
		return "update"
	case plan.Archive:
		return "archive"
	}
	return ""
}

// verdictOf is the one sentence of an apply.
func (s *screen) verdictOf(r *apply.Result) {
	c := r.Counts
	var done, left []string
	count := func(list *[]string, n int, words string) {
		if n > 0 {
			*list = append(*list, Number(n)+" "+words)
		}
	}
	count(&done, c.Created, "created")
	count(&done, c.Updated, "updated")
	count(&done, c.Archived, "archived")
	count(&done, c.Associated, "associated")
	count(&done, c.Dissociated, "separated")
	if len(done) == 0 {
		done = []string{"nothing written"}
	}
	count(&done, c.Already, "as planned already")
	count(&left, c.Failed, "failed")
	count(&left, c.Unknown, "of unknown outcome")
	count(&left, c.Stale, "changed meanwhile")
	count(&left, c.Skipped, "not begun")
	head, took := s.paint.green("Applied"), " in "+seconds(r.Duration)
	switch {
	case r.Stopped != "":
		head, took = s.paint.alarm("Stopped"), " after "+seconds(r.Duration)
	case len(left) > 0:
		head = s.paint.alarm("Applied with errors")
	}
	if r.Duration == 0 { // of a run that was cut, nobody knows
		took = ""
	}
	s.line("%s%s: %s.", head, took, strings.Join(append(done, left...), ", "))
}

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// Strays are contacts in scope that no file names and that the plan leaves alone.
// Every report has them, also one without changes: prune that only reports is asked
// for their sake.

// straySummary is one sentence of what prune found; "" where it found nobody.
func straySummary(p *plan.Plan) string {
	if p.Counts.Undeclared == 0 {
		return ""
	}
	s := p.Summary()
	text := plural(p.Counts.Undeclared, "contact", "contacts") + " in scope that no file names: " + Number(s.Pruned) + " to archive"
	if s.Reported > 0 {
		text += ", " + Number(s.Reported) + " only reported"
	}
	return text + fmt.Sprintf(", %s left alone.", Number(s.Spared))
}

func (s *screen) prune(p *plan.Plan) {
	if text := straySummary(p); text != "" {
		s.margin("Prune: ", text)
	}
}

// arrangeStrays puts strays into reading order: first those that prune would archive,
// then the others by why they are left alone.
func arrangeStrays(p *plan.Plan) []plan.Stray {
	return slices.SortedStableFunc(slices.Values(p.Strays), func(a, b plan.Stray) int { return cmp.Compare(a.Standing, b.Standing) })
}

// straySymbol stands before a stray on screen.
const straySymbol = "="

// strays writes the strays of a plan below its changes: those that prune would
// archive are listed as archives are, so that they can be reviewed.
func (s *screen) strays(p *plan.Plan) {
	shown := arrangeStrays(p)
	if limit := s.details(); limit > 0 {
		shown = first(shown, max(archivesInFull, limit))
	}
	rows := make([]row, len(shown))
	for i, stray := range shown {
		rows[i] = row{
			symbol: s.paint.faint(straySymbol), verb: stray.Standing.String(), who: Terminal(s.person(stray.Email, stray.ID)),
		}
		if parts := s.liveParts(stray.Live); len(parts) > 0 {
			rows[i].below = s.note(strings.Join(parts, ", "))
		}
		rows[i].below = append(rows[i].below, s.note(s.Prose(stray.Text))...)
		if stray.Standing == plan.StrayReported {
			rows[i].symbol = s.paint.yellow(straySymbol)
		}
	}
	s.blocks(rows, minLeft)
	if hidden := len(p.Strays) - len(shown); hidden > 0 {
		s.line("")
		s.line("  %s", s.paint.faint("and "+plural(hidden, "more contact", "more contacts")+" that no file names; all of them: --details 0."))
	}
}

// strayText is who a stray is and why it is left alone.
func (o Options) strayText(stray plan.Stray) string {
	return strings.Join(append(o.liveParts(stray.Live), o.Prose(stray.Text)), ", ")
}

type strayDocument struct {
	Standing string       `json:"standing"` // reported, renamed, associated, protected, young
	Email    string       `json:"email,omitempty"`
	ID       crm.ObjectID `json:"id,omitempty"`
	Live     *plan.Live   `json:"live,omitempty"`
	Text     string       `json:"text"`
}

func (o Options) strayDocument(stray plan.Stray) strayDocument {
	d := strayDocument{Standing: stray.Standing.String(), Live: o.liveDocument(stray.Live), Text: o.Prose(stray.Text)}
	if o.PII != None {
		d.Email, d.ID = o.address(stray.Email), stray.ID
	}
	return d
}

func (m *markdown) strays(p *plan.Plan) {
	var rows []string
	for _, stray := range arrangeStrays(p) {
		rows = append(rows, fmt.Sprintf("- %s %s: %s\n", stray.Standing, m.code(m.person(stray.Email, stray.ID)), markdownProse(clip(Terminal(m.strayText(stray)), 300))))
	}
	if len(rows) > 0 && m.add(fmt.Sprintf("\n#### %s that no file names, left alone\n\n", plural(len(rows), "contact", "contacts")), markdownReserve) {
		m.rows(rows, "contact")
	}
}

type pageStray struct{ Standing, Who, Text string }

func (o Options) pageStrays(p *plan.Plan) []pageStray {
	var view []pageStray
	for _, stray := range arrangeStrays(p) {
		view = append(view, pageStray{stray.Standing.String(), Terminal(o.person(stray.Email, stray.ID)), Terminal(o.strayText(stray))})
	}
	return view
}

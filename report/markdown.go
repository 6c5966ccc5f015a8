package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// markdownLimit is the size of a Markdown report in bytes. GitHub cuts a comment at
// 65,536 characters, in the middle of whatever stands there.
const markdownLimit = 60_000

// markdownReserve is kept for the lines that say what was left out.
const markdownReserve = 400

// maxCell is how many characters of one value stand in a table.
const maxCell = 120

// markdown gathers whole lines as long as they fit.
type markdown struct {
	Options
	buf strings.Builder
}

// add appends text if it fits, and says whether it did.
func (m *markdown) add(text string, reserve int) bool {
	if m.buf.Len()+len(text) > markdownLimit-reserve {
		return false
	}
	m.buf.WriteString(text)
	return true
}

// rows appends rows as long as they fit and says how many were left out.
func (m *markdown) rows(rows []string, noun string) {
	for i, row := range rows {
		if !m.add(row, markdownReserve) {
			m.add(fmt.Sprintf("\n… and %s that did not fit here.\n", plural(len(rows)-i, noun, noun+"s")), 0)
			return
		}
	}
}

func (m *markdown) code(text string) string { return MarkdownCode(clip(Terminal(text), maxCell)) }

// planMarkdown writes a plan for a pull request: by construction it fits in one
// comment, and its first line, which is not shown, lets a bot find and replace it.
func planMarkdown(w io.Writer, p *plan.Plan, s Stats, o Options) error {
	m := &markdown{Options: o}
	m.add(fmt.Sprintf("<!-- contactsync:plan:%s -->\n", markerName(o.Profile)), markdownReserve)
	m.add(fmt.Sprintf("### contactsync plan for account %s\n\n", m.code(s.Account)), markdownReserve)
	m.add(fmt.Sprintf("%s, %s, API %s\n\n", m.code(s.Portal), m.code(s.Kind), m.code(s.Version)), markdownReserve)
	if p.Empty() {
		m.add(fmt.Sprintf("**No changes.** %s.\n", matched(p)), markdownReserve)
	} else {
		m.add(fmt.Sprintf("**Plan:** %s.\n\n", summaryText(p.Summary())), markdownReserve)
		if sentences := consequenceSentences(m.consequences(p)); len(sentences) > 0 {
			m.add(clip("Consequences: "+markdownProse(strings.Join(sentences, " ")), 4000)+"\n\n", markdownReserve)
		}
		m.add("API: "+costText(p, s)+"\n", markdownReserve)
	}
	if text := straySummary(p); text != "" {
		m.add("\nPrune: "+text+"\n", markdownReserve)
	}
	m.warnings(s)
	changes := arrange(p)
	m.archives(changes)
	m.strays(p)
	m.groups(changes)
	m.details(changes)
	if _, err := io.WriteString(w, m.buf.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// markerName keeps what cannot end the comment that it stands in.
func markerName(profile string) string {
	if profile == "" {
		return "default"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.':
			return r
		}
		return '_'
	}, clip(profile, 64))
}

// markdownProse makes our own sentences, which may quote data, inert.
func markdownProse(text string) string {
	text = markdownText(text)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "!", "\\!", "#", "\\#", "~", "\\~").Replace(text)
}

func (m *markdown) warnings(s Stats) {
	var rows []string
	for _, d := range s.Warnings {
		rows = append(rows, fmt.Sprintf("- **%s** %s: %s %s\n", d.Code, markdownProse(d.Summary), markdownProse(clip(Terminal(m.explained(d)), 500)), m.code(spot(d.At))))
	}
	if len(rows) > 0 && m.add("\n#### Warnings\n\n", markdownReserve) {
		m.rows(rows, "warning")
	}
}

func (m *markdown) archives(a arranged) {
	var rows []string
	for _, change := range a.archives {
		line := "- " + m.code(m.person(change.Email, change.ID))
		if change.Live.Deals > 0 {
			line += ", " + plural(change.Live.Deals, "associated deal", "associated deals")
		}
		if change.Live.Active {
			line += ", active in the last 30 days"
		}
		if change.Pruned() {
			line += ", named by no file"
		}
		rows = append(rows, line+" "+m.code(spot(change.At))+"\n")
	}
	if len(rows) > 0 && m.add(fmt.Sprintf("\n#### %s to archive\n\n", plural(len(rows), "contact", "contacts")), markdownReserve) {
		m.rows(rows, "archive")
	}
}

func (m *markdown) groups(a arranged) {
	transitions, creates := m.groupsOf(a.rest)
	var rows []string
	for _, g := range transitions {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", m.code(g.name), m.code(g.what), Number(g.count)))
	}
	for _, g := range creates {
		rows = append(rows, fmt.Sprintf("| create | %s | %s |\n", m.code(g.name), Number(g.count)))
	}
	if len(rows) > 0 && m.add("\n| property | change | contacts |\n|---|---|--:|\n", markdownReserve) {
		m.rows(first(rows, 100), "row")
	}
}

func (m *markdown) details(a arranged) {
	var rows []string
	for _, change := range a.rest {
		rows = append(rows, m.detail(change)...)
	}
	const begin, end = "\n<details><summary>Every change</summary>\n\n| | contact | property | before | after | file |\n|---|---|---|---|---|---|\n", "\n</details>\n"
	if len(rows) == 0 || !m.add(begin, markdownReserve+len(end)) {
		return
	}
	m.rows(rows, "row")
	m.add(end, 0)
}

// detail are the table rows of one change.
func (m *markdown) detail(change plan.Change) []string {
	who, file := m.code(m.person(change.Email, change.ID)), m.code(spot(change.At))
	var rows []string
	if change.From != "" {
		rows = append(rows, fmt.Sprintf("| rename | %s | `email` | %s | %s | %s |\n", who, m.code(m.person(change.From, change.ID)), who, file))
	}
	for _, property := range change.Properties {
		if property.Origin != plan.OriginRename {
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", change.Action, who, m.code(property.Name),
				m.code(m.shown(property, property.Before)), m.code(m.shown(property, property.After)), file))
		}
	}
	for _, association := range change.Associations {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", linkVerb(association), who, m.code(m.target(association)),
			m.linkCell(association.Before), m.linkCell(association.After), file))
	}
	if len(rows) == 0 {
		rows = append(rows, fmt.Sprintf("| %s | %s | | | | %s |\n", change.Action, who, file))
	}
	return rows
}

func (m *markdown) linkCell(types []crm.AssociationType) string {
	if text := m.linkText(types); text != "" {
		return m.code(text)
	}
	return ""
}

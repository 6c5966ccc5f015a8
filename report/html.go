package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

//go:embed plan.html
var planPage string

//go:embed plan.css
var planStyle string

// page is what the template of a plan shows; every text in it is data and is
// escaped by html/template for the place where it stands.
type page struct {
	Policy       template.HTMLAttr
	Style        template.CSS
	Stats        Stats
	Empty        bool
	Declared     string
	Summary      string
	Consequences []string
	Cost         string
	Prune        string
	Warnings     []pageWarning
	Groups       []pageGroup
	Sections     []pageSection
	Strays       []pageStray
}

type pageWarning struct{ Code, Summary, Detail, At string }

type pageGroup struct{ Property, Change, Count string }

type pageSection struct {
	Title   string
	Class   string
	Changes []pageChange
}

type pageChange struct {
	Who, At, Live string
	Rows          []pageRow
	Reasons       []string
}

type pageRow struct {
	Name, Before, After, Origin string
}

// planHTML writes a plan as one file that needs neither network nor scripts: its
// policy forbids everything but its own style.
func planHTML(w io.Writer, p *plan.Plan, s Stats, o Options) error {
	sum := sha256.Sum256([]byte(planStyle))
	s.Portal, s.Account, s.Kind, s.Version = Terminal(s.Portal), Terminal(s.Account), Terminal(s.Kind), Terminal(s.Version)
	view := page{
		Policy:   template.HTMLAttr(fmt.Sprintf(`content="default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"`, base64.StdEncoding.EncodeToString(sum[:]))), // #nosec G203 -- a hash in base64
		Style:    template.CSS(planStyle),                                                                                                                                               // #nosec G203 -- our own embedded style
		Stats:    s,
		Empty:    p.Empty(),
		Declared: matched(p),
		Summary:  summaryText(p.Summary()), Cost: costText(p, s), Prune: straySummary(p), Strays: o.pageStrays(p),
		Consequences: consequenceSentences(o.consequences(p)),
	}
	for _, d := range s.Warnings {
		view.Warnings = append(view.Warnings, pageWarning{d.Code, d.Summary, Terminal(o.explained(d)), Terminal(place(d.At))})
	}
	changes := arrange(p)
	transitions, creates := o.groupsOf(changes.rest)
	for _, g := range transitions {
		view.Groups = append(view.Groups, pageGroup{Terminal(g.name), Terminal(g.what), Number(g.count)})
	}
	for _, g := range creates {
		view.Groups = append(view.Groups, pageGroup{"create", Terminal(g.name), Number(g.count)})
	}
	view.Sections = o.sections(changes)
	t, err := template.New("plan").Parse(planPage)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if _, err := w.Write(bytes.ReplaceAll(text.Bytes(), []byte("##["), []byte("#&#35;["))); err != nil { // a command of a log
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (o Options) sections(a arranged) []pageSection {
	sections := []pageSection{{Title: "Archive", Class: "archive"}, {Title: "Update", Class: "update"}, {Title: "Rename", Class: "rename"}, {Title: "Create", Class: "create"}}
	place := map[string]int{"archive": 0, "update": 1, "rename": 2, "create": 3}
	for _, change := range append(append([]plan.Change(nil), a.archives...), a.rest...) {
		section := &sections[place[actionWord(change)]]
		section.Changes = append(section.Changes, o.pageChange(change))
	}
	var filled []pageSection
	for _, section := range sections {
		if len(section.Changes) > 0 {
			section.Title += " " + Number(len(section.Changes))
			filled = append(filled, section)
		}
	}
	return filled
}

func (o Options) pageChange(change plan.Change) pageChange {
	view := pageChange{Who: Terminal(o.person(change.Email, change.ID)), At: Terminal(spot(change.At))}
	if change.From != "" {
		view.Who = Terminal(o.person(change.From, change.ID)) + " → " + view.Who
	}
	if change.Action == plan.Archive {
		view.Live = Terminal(strings.Join(o.liveParts(change.Live), ", "))
	}
	for _, property := range change.Properties {
		if property.Origin != plan.OriginRename {
			view.Rows = append(view.Rows, pageRow{Terminal(property.Name), o.shown(property, property.Before), o.shown(property, property.After), originText(property.Origin)})
		}
	}
	for _, association := range change.Associations {
		view.Rows = append(view.Rows, pageRow{
			Name: Terminal(o.target(association)), Before: Terminal(o.linkText(association.Before)), After: Terminal(o.linkText(association.After)),
		})
	}
	for _, reason := range change.Reasons {
		view.Reasons = append(view.Reasons, Terminal(o.Prose(reason.Text)))
	}
	return view
}

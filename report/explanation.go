package report

import (
	"io"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

// Explanation writes why a contact is planned as it is: where it is declared, which
// live contact it is, and of each declared line what it does and by which rule; in
// JSON as one document. Markdown and HTML are those of a plan; here they are text.
func Explanation(w io.Writer, e plan.Explanation, s Stats, o Options) error {
	if o.Format == JSON {
		return explanationJSON(w, e, s, o)
	}
	sc := &screen{Options: o, paint: painter{o.Color}}
	sc.header(s)
	sc.line("")
	sc.identity(e)
	sc.rules(e)
	sc.linkRules(e)
	sc.line("")
	sc.margin("Outcome  ", Terminal(sc.Prose(outcomeText(e))))
	for i, reason := range e.Change.Reasons {
		if i == 0 {
			sc.margin("Reasons  ", sc.Prose(reason.Text)+".")
			continue
		}
		sc.margin("         ", sc.Prose(reason.Text)+".")
	}
	if len(e.Free) > 0 {
		sc.margin("Unmanaged  ", plural(len(e.Free), "property has a value", "properties have values")+" that no line names, and stay as they are: "+strings.Join(e.Free, ", ")+".")
	}
	if len(e.Problems) > 0 {
		sc.line("")
		sc.diagnostics(e.Problems)
	}
	return sc.flush(w)
}

// identity says who is meant, by the files and in the portal.
func (s *screen) identity(e plan.Explanation) {
	who, where := Terminal(s.named(e.Contact)), spot(e.At)
	if e.Undeclared {
		where = "declared by no file"
	}
	s.line("%s%s  %s", "Contact  ", s.paint.bold(who), s.paint.faint(Terminal(where)))
	known := e.Why()
	if e.Live != "" {
		known = "contact " + string(e.Live) + ", " + known
		if e.Email != "" && string(e.Email) != e.Contact {
			known += "; its address is " + s.Prose(string(e.Email))
		}
	}
	known = s.Prose(known)
	parts := s.liveParts(e.Known)
	if e.Known.OptedOut {
		parts = append(parts, "opted out of email")
	}
	if len(parts) > 0 {
		known += "; " + strings.Join(parts, ", ")
	}
	s.margin("Live     ", known)
}

// named is how the files name a contact: by its address or id.
func (o Options) named(contact string) string {
	if o.PII == None {
		return o.person("", "")
	}
	return o.Prose(contact)
}

// rules are the declared properties: what becomes of each, and below it where it is
// declared and, where that is not plain, why.
func (s *screen) rules(e plan.Explanation) {
	names := minNames
	for _, rule := range e.Rules {
		names = max(names, cells(Terminal(rule.Property))+1)
	}
	for i, rule := range e.Rules {
		text := pad(Terminal(rule.Property), names) + " " + s.held(rule.Property, rule.Live)
		if rule.Changes {
			text += "  ->  " + s.shown(plan.PropertyChange{Name: rule.Property, Before: rule.Live, After: rule.After}, rule.After)
		}
		why := rule.Why()
		switch {
		case rule.Rule == "managed":
			why = originText(rule.Origin)
		case !rule.Changes && rule.Declared != "" && rule.Declared != rule.Live:
			why = "says " + Terminal(s.value(rule.Property, rule.Declared)) + "; " + why
		}
		s.judged(i == 0, rule.Changes, text, why, spot(rule.At))
	}
}

// linkRules are the associations, as rules are.
func (s *screen) linkRules(e plan.Explanation) {
	for i, rule := range e.Links {
		text := "-> " + Terminal(s.target(plan.AssociationChange{To: rule.To, Name: rule.Name}))
		if labels := s.labelTexts(rule.After); len(labels) > 0 {
			text += "  " + Terminal(strings.Join(labels, " "))
		}
		s.judged(i == 0, rule.Changes(), text, rule.Why(), spot(rule.At))
	}
}

// held is what a property of the live contact holds.
func (o Options) held(name, text string) string {
	if text == "" {
		return "(empty)"
	}
	return Terminal(o.value(name, text))
}

// judged writes one judgement: a mark for what changes, and below it where it comes
// from. The first of a block stands apart.
func (s *screen) judged(first, changes bool, text, why, at string) {
	if first {
		s.line("")
	}
	mark := s.paint.faint("=")
	if changes {
		mark = s.paint.yellow("~")
	}
	s.line("  %s %s", mark, clip(text, s.width()-len("  ~ ")))
	if below := strings.TrimSpace(at + " " + why); below != "" {
		for _, line := range s.note(below) {
			s.line("%s", line)
		}
	}
}

// outcomeText says in one sentence what a plan would do with the contact.
func outcomeText(e plan.Explanation) string {
	switch {
	case e.Problems.HasErrors():
		return "refused: " + plural(e.Problems.Errors(), "error", "errors") + ", below."
	case e.Undeclared && e.Change.Action == 0:
		return "the contact is in scope, and left alone."
	case e.Undeclared:
		return "the contact is archived, as prune: archive says."
	case e.Change.Action == 0 && e.Archive:
		return "nothing changes: there is no live contact to archive."
	case e.Change.Action == 0:
		return "nothing changes."
	case e.Change.Action == plan.Archive:
		return "the contact is archived, as ensure: archived says."
	case e.Change.Action == plan.Create:
		return "the contact is created."
	}
	var parts []string
	if e.Change.From != "" {
		parts = append(parts, "a new address for "+string(e.Change.From))
	}
	values := 0
	for _, property := range e.Change.Properties {
		if property.Origin != plan.OriginRename {
			values++
		}
	}
	if values > 0 {
		parts = append(parts, plural(values, "property", "properties"))
	}
	if n := len(e.Change.Associations); n > 0 {
		parts = append(parts, plural(n, "association", "associations"))
	}
	return "the contact is updated: " + strings.Join(parts, ", ") + "."
}

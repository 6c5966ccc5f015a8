package report

import (
	"fmt"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// links are the rows of a change's associations.
func (s *screen) links(change plan.Change) []row {
	rows := make([]row, 0, len(change.Associations))
	who := Terminal(s.person(change.Email, change.ID))
	for _, association := range change.Associations {
		r := row{symbol: s.paint.cyan(">"), verb: linkVerb(association), at: change.At}
		labels := s.labelTexts(association.After)
		if len(association.After) == 0 {
			r.symbol, labels = s.paint.red("x"), s.labelTexts(association.Before)
		}
		r.who = who + " -> " + Terminal(s.target(association))
		if len(labels) > 0 {
			r.who += "  " + Terminal(strings.Join(labels, " "))
		}
		if association.PrimaryFrom.ID != "" {
			r.below = s.note(s.primaryText(association))
		}
		rows = append(rows, r)
	}
	return rows
}

// primaryText says which record loses the primary type to another.
func (o Options) primaryText(a plan.AssociationChange) string {
	from := plan.AssociationChange{To: a.PrimaryFrom}
	return "Primary: " + Terminal(o.target(from)) + " -> " + Terminal(o.target(a))
}

func linkVerb(a plan.AssociationChange) string {
	switch {
	case len(a.After) == 0:
		return "separate"
	case len(a.Before) > 0:
		return "relabel"
	}
	return "associate"
}

// target names the other record: its type, how the file calls it, its id.
func (o Options) target(a plan.AssociationChange) string {
	text := string(a.To.Type)
	if name := o.targetName(a); name != "" {
		text += " " + name
	}
	if a.To.ID != "" && o.PII != None {
		text += " (" + string(a.To.ID) + ")"
	}
	return text
}

// targetName is how a file calls the other record; a person goes by the alias.
func (o Options) targetName(a plan.AssociationChange) string {
	if a.To.Email != "" {
		return o.person(a.To.Email, a.To.ID)
	}
	if o.PII == None {
		return ""
	}
	return o.Prose(a.Name)
}

// labelTexts are the labels of a pair, quoted; its unlabeled type has none.
func (o Options) labelTexts(types []crm.AssociationType) []string {
	var texts []string
	for _, t := range types {
		if t.Label != "" && o.PII != None {
			texts = append(texts, fmt.Sprintf("%q", t.Label))
		}
	}
	return texts
}

// linkText is one side of an association: its labels, or that there is one.
func (o Options) linkText(types []crm.AssociationType) string {
	labels := o.labelTexts(types)
	if len(labels) == 0 && len(types) > 0 {
		return "associated"
	}
	return strings.Join(labels, ", ")
}

package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// properties compares every declared property with the live one. Whether a
// property exists and takes values at all is judged by check; here only values
// that change are judged, so that what a portal holds already is never an error.
func (j *judge) properties(d *decision, c *spec.Contact, live *crm.Contact, explain bool) {
	for i := range c.Properties {
		j.property(d, c, live, &c.Properties[i], explain)
	}
	if owner, ok := j.ownerProperty(c); ok {
		j.property(d, c, live, &owner, explain)
	}
	byName := func(a, b PropertyChange) int { return cmp.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(d.change.Properties, byName) {
		slices.SortFunc(d.change.Properties, byName)
	}
}

func (j *judge) property(d *decision, c *spec.Contact, live *crm.Contact, p *spec.Property, explain bool) {
	def, known := j.portal.Properties[p.Name]
	if !known {
		return
	}
	before := ""
	if live != nil {
		before = live.Properties.Text(p.Name)
	}
	want := j.desire(c, p, &def, before, live != nil)
	if explain {
		d.rules = append(d.rules, Rule{
			Property: p.Name, Declared: p.Text, Live: before, After: want.text,
			Rule: want.rule, Origin: origin(p.Origin), Changes: !def.Equal(want.text, before), At: p.At,
		})
	}
	if def.Equal(want.text, before) {
		return
	}
	if want.refused {
		d.problems = append(d.problems, about(p.Name, c, diag.StageBackward, p.At, stageBackDetail(before, want.text),
			"remove lifecycle: exact to mean at least this stage, or write lifecycle: allow_backward"))
		return
	}
	if problem, bad := j.valueProblem(c, p, &def, want.text); bad {
		d.problems = append(d.problems, problem)
		return
	}
	d.change.Properties = append(d.change.Properties, PropertyChange{
		Name: p.Name, Before: before, After: want.text, Origin: want.origin, Backward: want.backward,
	})
}

// ownerProperty is the property behind a contact's owner line. An owner that does
// not resolve is check's to report.
func (j *judge) ownerProperty(c *spec.Contact) (spec.Property, bool) {
	id, known := j.portal.Owners[c.Owner]
	if c.Owner == "" || !known {
		return spec.Property{}, false
	}
	return spec.Property{
		Name: propertyOwner, Text: string(id), Set: true,
		Mode: spec.Managed, Origin: spec.FromOwner, At: c.OwnerAt, NameAt: c.OwnerAt,
	}, true
}

// valueProblem says why a text cannot be written, with the value that was
// probably meant.
func (j *judge) valueProblem(c *spec.Contact, p *spec.Property, def *crm.Property, text string) (diag.Diagnostic, bool) {
	err := def.Check(text)
	if err == nil {
		return diag.Diagnostic{}, false
	}
	detail := fmt.Sprintf("%s cannot be written: %s.", p.Name, err)
	hint := "correct the value"
	var refused *crm.ValueError
	if !errors.As(err, &refused) {
		return about(p.Name, c, diag.RefusedValue, p.At, detail, hint), true
	}
	switch {
	case refused.Rule == "option" && !declares(p, refused.Part):
		detail = fmt.Sprintf("%s cannot be written: the live contact holds %q, which is no option any more, and HubSpot refuses the whole list.", p.Name, refused.Part)
		hint = fmt.Sprintf("take it out with remove: {%s: [%q]}", p.Name, refused.Part)
	case refused.Nearest != "":
		hint = fmt.Sprintf("did you mean %q?", refused.Nearest)
	case refused.Rule == "option":
		hint = j.optionHint(def, refused.Part)
	case strings.HasPrefix(refused.Rule, "rule"):
		detail = fmt.Sprintf("%s cannot be written: a rule of the portal says %q.", p.Name, refused.Detail)
	case refused.Rule == "append":
		hint = "write a list without the semicolon in front; additive: keeps what is there"
	case refused.Rule == "read-only":
		hint = "remove the line"
	}
	problem := about(p.Name, c, diag.RefusedValue, p.At, detail, hint)
	problem.Values = quoted(def, err, text)
	return problem, true
}

// quoted are the values that a refusal may quote and that a masked report hides: all
// but those of lists of options.
func quoted(def *crm.Property, err error, text string) []string {
	if def.Type == "enumeration" || def.Type == "bool" {
		return nil
	}
	if refused, ok := errors.AsType[*crm.ValueError](err); ok {
		return []string{refused.Part, text}
	}
	return []string{text}
}

// declares reports whether the file itself names a member of a multi-select.
func declares(p *spec.Property, part string) bool {
	return p.Mode != spec.Additive && len(p.Remove) == 0 || slices.Contains(crm.SplitSet(p.Text), part)
}

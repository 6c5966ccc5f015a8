package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Check judges a document by everything about a portal but its contacts: unknown
// and read-only properties, owners, targets, labels. The list is sorted.
//
// A value that the portal would refuse is a warning here. It is an error only
// where it would be written, which takes the live contacts to know: a portal may
// hold values from older days, and a value that stays is never an error.
func Check(doc *spec.Document, portal *crm.Portal) diag.List {
	j := newJudge(portal, doc.Settings())
	declared := make(map[crm.Email]struct{}, doc.Len())
	for _, c := range doc.All() {
		declared[c.Email] = struct{}{}
	}
	others := peers{of: func(email crm.Email) peer {
		if _, ok := declared[email]; ok && email != "" {
			return peer{state: peerLive, ref: crm.Ref{Type: crm.TypeContact, Email: email}}
		}
		return peer{state: peerUndeclared}
	}}
	list := j.checkPruning()
	for _, c := range doc.All() {
		list = append(list, j.check(&c, others)...)
		list = append(list, j.checkValues(&c)...)
	}
	list.Sort()
	return list
}

// check is what can be said of one contact without its live side.
func (j *judge) check(c *spec.Contact, others peers) diag.List {
	if c.Ensure == spec.Archived {
		return nil
	}
	var list diag.List
	report := func(d diag.Diagnostic) { list = append(list, d) }
	for i := range c.Properties {
		j.checkProperty(c, &c.Properties[i], report)
	}
	j.checkOwner(c, report)
	j.links(c, others, report)
	return list
}

func (j *judge) checkProperty(c *spec.Contact, p *spec.Property, report func(diag.Diagnostic)) {
	if _, ignored := slices.BinarySearch(c.Ignore, p.Name); ignored {
		return
	}
	def, known := j.portal.Properties[p.Name]
	switch {
	case !known:
		report(about(p.Name, c, diag.UnknownProperty, p.NameAt,
			fmt.Sprintf("The portal has no contact property %q.", p.Name), j.propertyHint(p.Name)))
	case def.ReadOnly:
		detail := fmt.Sprintf("%s cannot be written.", p.Name)
		if err := def.Check(""); err != nil {
			detail = fmt.Sprintf("%s cannot be written: %s.", p.Name, err)
		}
		report(about(p.Name, c, diag.ReadOnlyProperty, p.NameAt, detail, "remove the line"))
	case sensitive(def) && !slices.Contains(j.settings.Sensitive, p.Name):
		report(about(p.Name, c, diag.SensitiveProperty, p.NameAt,
			fmt.Sprintf("HubSpot marks %s as %s data, which does not belong in files by accident.", p.Name, strings.ReplaceAll(def.Sensitivity, "_", " ")),
			"remove the line, or name the property in policy.sensitive of the project file"))
	case p.List && !def.Multiple():
		report(about(p.Name, c, diag.ListForOneValue, p.At,
			fmt.Sprintf("%s holds one value, and the file gives a list.", p.Name), "write one value"))
	case (p.Mode == spec.Additive || len(p.Remove) > 0) && !def.Multiple():
		report(about(p.Name, c, diag.NotMultiSelect, p.NameAt,
			fmt.Sprintf("%s holds one value, so nothing can be added to it or taken out of it.", p.Name),
			"take it out of additive: or remove:"))
	}
}

func sensitive(def crm.Property) bool {
	return def.Sensitivity != "" && def.Sensitivity != "non_sensitive"
}

func (j *judge) checkOwner(c *spec.Contact, report func(diag.Diagnostic)) {
	if c.Owner == "" {
		return
	}
	if _, known := j.portal.Owners[c.Owner]; known {
		return
	}
	if id, former := j.portal.FormerOwners[c.Owner]; former {
		report(refusal(c, diag.FormerOwner, c.OwnerAt,
			fmt.Sprintf("%s belongs only to the deactivated owner %s.", c.Owner, id), "name an active owner"))
		return
	}
	report(refusal(c, diag.UnknownOwner, c.OwnerAt, fmt.Sprintf("No owner in the portal has the address %s.", c.Owner), j.ownerHint(c.Owner)))
}

// checkValues says which declared values the portal would refuse if they had to
// be written.
func (j *judge) checkValues(c *spec.Contact) diag.List {
	if c.Ensure == spec.Archived {
		return nil
	}
	var list diag.List
	for i := range c.Properties {
		p := &c.Properties[i]
		def, known := j.portal.Properties[p.Name]
		if _, ignored := slices.BinarySearch(c.Ignore, p.Name); ignored || !known || def.ReadOnly {
			continue
		}
		if problem, bad := j.valueProblem(c, p, &def, p.Text); bad {
			problem.Severity = diag.Warning
			list = append(list, problem)
		}
	}
	return list
}

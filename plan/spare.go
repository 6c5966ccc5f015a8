package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// noteStray tells of a stray that a declared contact has to do with.
func (a *assembly) noteStray(s *stray) {
	p := a.planner
	switch s.standing {
	case StrayRenamed:
		c := p.doc.Contact(int(s.declared))
		p.note(s.declared, diag.List{a.probableRename(s, &c)})
	case StrayAssociated:
		link := p.pruning.linked[s.id]
		c := p.doc.Contact(int(link.contact))
		p.note(link.contact, diag.List{warning(&c, diag.StrayAssociation, link.at,
			fmt.Sprintf("%s is in scope, and no file names it but this association. It is left alone.", s.named()),
			"declare that contact as well")})
	case StrayReported, StrayProtected, StrayYoung:
	}
}

// probableRename refuses a plan that would create a contact under an address that a
// candidate had before, and archive that candidate.
func (a *assembly) probableRename(s *stray, c *spec.Contact) diag.Diagnostic {
	created := slices.ContainsFunc(a.planned, func(one planned) bool { return one.contact == s.declared && one.change.Action == Create })
	was := s.named() + " goes by a name of this contact"
	if s.address != "" {
		was = fmt.Sprintf("%s had the address %s before", s.named(), s.address)
	}
	if !created || !a.planner.pruning.archive {
		return warning(c, diag.ProbableRename, c.At, was+". It is left alone: a rename is no reason to archive.",
			"declare it as well, or archive it with ensure: archived")
	}
	hint := fmt.Sprintf("declare it under the address it has now, or add previous_email: %s to give it this one", s.email)
	if s.email == "" {
		hint = fmt.Sprintf("if it is the same person, add id: %q", s.id)
	}
	return refusal(c, diag.ProbableRename, c.At,
		fmt.Sprintf("%s, and this plan would create %s anew: one person would have two records.", was, c.Key()), hint)
}

func (s *stray) named() string {
	if s.email != "" {
		return fmt.Sprintf("Contact %s (%s)", s.id, s.email)
	}
	return fmt.Sprintf("Contact %s", s.id)
}

// noteSpared tells how many strays each guard spares.
func (a *assembly) noteSpared() {
	p := a.planner
	settings := &p.judge.settings
	young, protected := 0, make([]int, len(settings.Protect))
	for _, s := range a.strays {
		switch s.Standing {
		case StrayYoung:
			young++
		case StrayProtected:
			protected[p.pruning.strays[s.ID].guard]++
		case StrayReported, StrayRenamed, StrayAssociated:
		}
	}
	for i, n := range protected {
		if n == 0 {
			continue
		}
		condition := &settings.Protect[i]
		at := condition.At
		if at.IsZero() {
			at = settings.PruneAt // one of the defaults
		}
		p.list = append(p.list, spared(diag.StrayProtection, at, n, condition.String(), "name them in the files, or archive them with ensure: archived"))
	}
	if young > 0 {
		p.list = append(p.list, spared(diag.StrayAge, settings.PruneAt, young,
			fmt.Sprintf("not known to be older than %s (prune_min_age)", age(settings.PruneMinAge)), "name them in the files, or wait"))
	}
}

func spared(code diag.Code, at diag.Range, n int, why, hint string) diag.Diagnostic {
	who := "1 contact in scope that no file names is"
	if n > 1 {
		who = fmt.Sprintf("%d contacts in scope that no file names are", n)
	}
	return diag.New(code, at, fmt.Sprintf("%s left alone: %s.", who, why), hint)
}

// checkLookalikes refuses a plan that archives a contact which no file names and
// creates one with the same name and phone number: most likely one person whose
// address was changed in a file.
func (a *assembly) checkLookalikes() {
	p := a.planner
	if len(a.pruned) == 0 {
		return
	}
	people := make(map[string]*stray)
	for _, change := range a.pruned {
		s := p.pruning.strays[change.ID]
		if _, taken := people[s.person]; !taken && s.person != "" {
			people[s.person] = s
		}
	}
	for i := range a.planned {
		one := &a.planned[i]
		if one.change.Action != Create {
			continue
		}
		key := personKey(func(name string) string { return after(one.change.Properties, name) })
		s, alike := people[key]
		if !alike {
			continue
		}
		c := p.doc.Contact(int(one.contact))
		hint := fmt.Sprintf("if they are one person, add previous_email: %s; if not, declare that one with ensure: archived", s.email)
		if s.email == "" {
			hint = fmt.Sprintf("if they are one person, add id: %q; if not, declare that one with ensure: archived", s.id)
		}
		d := refusal(&c, diag.Lookalike, c.At,
			fmt.Sprintf("This plan would create %s and archive %s, which no file names. Both have the same name and the same phone number, or none.", c.Key(), lower(s.named())), hint)
		d.Related = []diag.Related{{At: p.judge.settings.PruneAt, Note: "archives what no file names"}}
		p.note(one.contact, diag.List{d})
	}
}

func after(properties []PropertyChange, name string) string {
	for i := range properties {
		if properties[i].Name == name {
			return properties[i].After
		}
	}
	return ""
}

func lower(text string) string { return string(text[0]|0x20) + text[1:] }

// checkPruning judges the settings of scope and prune by what a portal is.
func (j *judge) checkPruning() diag.List {
	var list diag.List
	settings := &j.settings
	for _, condition := range slices.Concat(settings.Scope.Where, settings.Protect) {
		if _, known := j.portal.Properties[condition.Property]; !known && !condition.At.IsZero() {
			list = append(list, diag.New(diag.ConditionProperty, condition.At,
				fmt.Sprintf("The portal has no contact property %q, so no contact could meet this condition.", condition.Property),
				j.propertyHint(condition.Property)))
		}
	}
	if settings.Prune == spec.PruneArchive && settings.Scope.Kind == spec.ScopeAll && j.portal.Kind != crm.LocalKind {
		list = append(list, diag.New(diag.PruneEverything, settings.PruneAt,
			"With scope: all, every contact of the account that no file names would be archived.",
			"narrow the scope with where, or write prune: report"))
	}
	return list
}

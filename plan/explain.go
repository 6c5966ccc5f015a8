package plan

import (
	"cmp"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Explanation says why a contact is planned as it is.
type Explanation struct {
	Contact string // as declared: address or id
	Archive bool   // the files say ensure: archived
	// Undeclared says that no file names the contact, which is in scope.
	Undeclared bool
	At         diag.Range   // where it is declared; of one that is pruned, the prune line
	Live       crm.ObjectID // the live contact it is; empty for none
	Email      crm.Email    // the primary address of that one
	Matched    string       // how it was found: id, address, secondary address, previous address, further address
	Known      Live         // what a reviewer wants to know of it
	Bin        crm.ObjectID // an archived contact of the same name, where no live one is; empty for none
	Change     Change       // Action is 0 when nothing changes
	Rules      []Rule       // one a declared property, by name
	Links      []LinkRule   // declared associations in their order, then live ones of the same object types that no line declares
	Free       []string     // properties with a value that could be managed and that no line names, sorted
	Problems   diag.List    // of this contact, sorted
}

// Rule is how one declared property was judged.
type Rule struct {
	Property string
	Declared string
	Live     string
	After    string // what it should be, all rules applied
	Rule     string // managed, ignored, create-only, fill-only, additive, remove, lifecycle-at-least, …
	Origin   Origin
	Changes  bool       // the live value and After are not the same value
	At       diag.Range // of the declared value
}

// LinkRule is how one association was judged.
type LinkRule struct {
	To     crm.Ref
	Name   string // how the file names the record
	Before []crm.AssociationType
	After  []crm.AssociationType // the same as Before when nothing changes
	Rule   string                // declared, absent, undeclared, spared, declared-there
	At     diag.Range            // zero for one that no line declares
}

// Rules of associations, as Explain names them.
const (
	ruleDeclared   = "declared"
	ruleAbsent     = "absent"
	ruleUndeclared = "undeclared"
	ruleSpared     = "spared"
	ruleMutual     = "declared-there"
)

// Find returns the declared contact that a person means by an address or an id: its
// own before one that it had or also has.
func Find(doc *spec.Document, name string) (int, bool) {
	email, err := crm.ParseEmail(name)
	second := none
	for i, c := range doc.All() {
		switch {
		case err == nil && c.Email == email, err != nil && string(c.ID) == name:
			return i, true
		case err == nil && second == none && (slices.Contains(c.PreviousEmails, email) || slices.Contains(c.Also, email)):
			second = i
		}
	}
	return second, second != none
}

// Around is what must be read to explain the i-th contact of a document: the contact,
// those it is associated with or that are associated with it, and those that share an
// address with it.
func Around(doc *spec.Document, i int) *spec.Document {
	c := doc.Contact(i)
	names := make(map[crm.Email]bool)
	for _, email := range addressesOf(&c) {
		names[email] = true
	}
	for _, a := range c.Associations {
		if a.To.Email != "" {
			names[a.To.Email] = true
		}
	}
	own := addressesOf(&c)
	leadsHere := func(a spec.Association) bool {
		return a.To.Type == crm.TypeContact && (a.To.ID != "" && a.To.ID == c.ID || slices.Contains(own, a.To.Email))
	}
	selected := []int{i}
	for k, other := range doc.All() {
		if k == i {
			continue
		}
		if slices.ContainsFunc(addressesOf(&other), func(email crm.Email) bool { return names[email] }) ||
			slices.ContainsFunc(other.Associations, leadsHere) {
			selected = append(selected, k)
		}
	}
	return doc.Select(selected...)
}

func addressesOf(c *spec.Contact) []crm.Email {
	all := slices.Concat([]crm.Email{c.Email}, c.PreviousEmails, c.Also)
	return slices.DeleteFunc(all, func(email crm.Email) bool { return email == "" })
}

// Explain explains the i-th contact of a document by planning it: live is what was
// read for Around. It sees what a plan of the whole document would see, but for what
// only other live contacts could tell.
func Explain(doc *spec.Document, i int, portal *crm.Portal, live []crm.Contact, options Options) Explanation {
	p := New(doc, portal, options)
	p.explains = int32(i) // #nosec G115 -- documents hold fewer contacts
	p.Add(live...)
	p.settle()
	c := doc.Contact(i)
	e := Explanation{Contact: c.Key(), Archive: c.Ensure == spec.Archived, At: c.At, Bin: p.bin[p.explains].id}
	a := assembly{planner: p}
	a.pair()
	others := a.peers(p.explains, &c)
	known, d := p.meant(), decision{}
	switch {
	case known != nil:
		e.Live, e.Email, e.Known = known.live.ID, known.live.Email, LiveOf(known.live)
		e.Matched = known.role.String()
		d = p.judge.decide(&c, known.live, others, true)
		e.Free = p.judge.unmanaged(&c, known.live)
	case c.Ensure == spec.Archived:
		d.problems = p.nothingToArchive(p.explains, &c)
	default:
		d = a.create(p.explains, &c, true)
	}
	p.note(p.explains, d.problems)
	e.Change, e.Rules = d.change, d.rules
	e.Links = p.judge.explainLinks(&c, known, others, d.change.Associations)
	slices.SortFunc(e.Rules, func(a, b Rule) int { return cmp.Compare(a.Property, b.Property) })
	e.Problems = p.about(&c)
	if e.Problems.HasErrors() {
		e.Change.Action = 0
	}
	return e
}

// meant is the live contact that the explained one is, or would be if it were not for
// an error; nil for none.
func (p *Planner) meant() *candidate {
	if chosen, ok := p.chosen(p.explains); ok {
		return chosen
	}
	if s := &p.slots[p.explains]; s.blocked && len(s.candidates) > 0 {
		return &s.candidates[0]
	}
	return nil
}

// about lists what was found about one contact, each thing once.
func (p *Planner) about(c *spec.Contact) diag.List {
	var list diag.List
	for _, d := range slices.Concat(p.list, p.problems[p.explains], p.judge.checkValues(c)) {
		same := func(other diag.Diagnostic) bool { return other.Code == d.Code && other.At == d.At }
		if d.Subject == c.Key() && !slices.ContainsFunc(list, same) {
			list = append(list, d)
		}
	}
	list.Sort()
	return list
}

// explainLinks says of each association whether it is declared, and what becomes of
// it.
func (j *judge) explainLinks(c *spec.Contact, known *candidate, others peers, changes []AssociationChange) []LinkRule {
	if c.Ensure == spec.Archived {
		return nil
	}
	var there []crm.Association
	if known != nil {
		there = known.live.Associations
	}
	var rules []LinkRule
	add := func(rule LinkRule) {
		for _, a := range there {
			if sameRecord(a.To, rule.To) {
				rule.Before = union(nil, a.Types...)
			}
		}
		rule.After = rule.Before
		for _, change := range changes {
			if sameRecord(change.To, rule.To) {
				rule.After = change.After
			}
		}
		rules = append(rules, rule)
	}
	types := make(map[crm.ObjectType]bool)
	for _, l := range j.links(c, others, func(diag.Diagnostic) {}) {
		rule := LinkRule{To: l.to, Name: l.name, Rule: ruleDeclared, At: l.at}
		if l.absent {
			rule.Rule = ruleAbsent
		}
		add(rule)
	}
	for _, a := range c.Associations {
		types[a.To.Type] = true
	}
	declared := len(rules)
	for _, a := range there {
		exact := j.exact(a.To.Type)
		known := slices.ContainsFunc(rules[:declared], func(rule LinkRule) bool { return sameRecord(rule.To, a.To) })
		if (types[a.To.Type] || exact) && !known {
			add(LinkRule{To: a.To, Rule: ruleUndeclared})
			switch last := &rules[len(rules)-1]; {
			case others.declared(a.To):
				last.Rule = ruleMutual
			case exact && sameTypes(last.Before, last.After):
				last.Rule = ruleSpared
			}
		}
	}
	return rules
}

// unmanaged are the properties that hold a value, can be written, and stand in no
// line of the contact.
func (j *judge) unmanaged(c *spec.Contact, live *crm.Contact) []string {
	var names []string
	if c.Ensure == spec.Archived {
		return names
	}
	for _, value := range live.Properties {
		def, known := j.portal.Properties[value.Name]
		if !known || def.ReadOnly || value.Name == propertyEmail || value.Name == propertyAdditional {
			continue
		}
		named := slices.ContainsFunc(c.Properties, func(p spec.Property) bool { return p.Name == value.Name })
		if !named && (value.Name != propertyOwner || c.Owner == "") {
			names = append(names, value.Name)
		}
	}
	return names
}

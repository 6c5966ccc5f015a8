package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// judgeStray holds a candidate against the guards of prune, in the order of how much
// each tells.
func (p *Planner) judgeStray(live *crm.Contact) *stray {
	s := &stray{
		id: live.ID, email: live.Email, live: p.judge.archiveContext(live),
		person: personKey(live.Properties.Text), expect: p.expectations(live),
	}
	switch {
	case p.wasDeclared(s, live):
		s.standing = StrayRenamed
		s.text = "it goes by a name that is declared"
		if s.address != "" {
			s.text = fmt.Sprintf("it had the address %s, which is declared: a rename, and nobody to archive", s.address)
		}
	case p.isLinked(live.ID):
		s.standing, s.text = StrayAssociated, "a declared association leads to it"
	case p.isProtected(s, live):
		s.standing, s.text = StrayProtected, "protected: "+p.judge.settings.Protect[s.guard].String()
	default:
		if text, young := p.isYoung(live); young {
			s.standing, s.text = StrayYoung, text
		}
	}
	return s
}

// wasDeclared looks for a declared contact that this one is or was. It is by what
// was read just now: when the declared contacts were looked up, none was this one.
func (p *Planner) wasDeclared(s *stray, live *crm.Contact) bool {
	for _, email := range slices.Concat([]crm.Email{live.Email}, live.Additional, live.Former) {
		if i, ok := p.index.declared(email); ok {
			s.declared, s.address = i, email
			return true
		}
	}
	if found := p.index.match(live, nil); len(found) > 0 {
		s.declared = found[0].contact
		return true
	}
	return false
}

func (p *Planner) isLinked(id crm.ObjectID) bool {
	_, ok := p.pruning.linked[id]
	return ok
}

// isProtected tries the conditions of protect in the order of the file. Protection
// takes letters for equal in either case, which a scope does not.
func (p *Planner) isProtected(s *stray, live *crm.Contact) bool {
	for i := range p.judge.settings.Protect {
		condition := &p.judge.settings.Protect[i]
		text := live.Properties.Text(condition.Property)
		folded := func(one string) bool { return strings.EqualFold(one, text) }
		if condition.Holds(live.Properties, p.judge.portal.Properties) ||
			condition.Equals != nil && folded(*condition.Equals) || slices.ContainsFunc(condition.In, folded) {
			s.guard = i
			return true
		}
	}
	return false
}

// isYoung compares the age with prune_min_age. A contact whose age nobody knows is
// young.
func (p *Planner) isYoung(live *crm.Contact) (text string, young bool) {
	least := p.judge.settings.PruneMinAge
	if least <= 0 {
		return "", false
	}
	created, known := instant(live.Properties.Text("createdate"))
	switch {
	case !known:
		return "when it was created is not known", true
	case created.Add(least).After(p.options.Now):
		return fmt.Sprintf("created on %s, and prune_min_age is %s", created.Format(time.DateOnly), age(least)), true
	}
	return "", false
}

func instant(text string) (time.Time, bool) {
	canonical, err := crm.Property{Type: "datetime"}.Canonical(text)
	if err != nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, canonical)
	return at, err == nil
}

// age says a duration in the largest unit of the files that it is a multiple of.
func age(d time.Duration) string {
	if hours := d / time.Hour; hours%24 != 0 {
		return fmt.Sprintf("%dh", hours)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}

// expectations are the values that an archive relies on: the address, the scope,
// and that nothing protects the contact.
func (p *Planner) expectations(live *crm.Contact) []crm.Value {
	settings := &p.judge.settings
	names := []string{propertyEmail}
	for _, condition := range slices.Concat(settings.Scope.Where, settings.Protect) {
		names = append(names, condition.Property)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	expect := make([]crm.Value, len(names))
	for i, name := range names {
		expect[i] = crm.Value{Name: name, Text: live.Properties.Text(name)}
	}
	return expect
}

// personKey is what two records of one person have in common where their addresses
// differ: first and last name, and the digits of the phone number. It is "" where
// that is too little to tell people apart.
func personKey(text func(string) string) string {
	fold := func(name string) string { return strings.ToLower(strings.Join(strings.Fields(text(name)), " ")) }
	first, last := fold("firstname"), fold("lastname")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text(propertyPhone))
	if first == "" && last == "" || digits == "" && (first == "" || last == "") {
		return ""
	}
	return first + "\n" + last + "\n" + digits
}

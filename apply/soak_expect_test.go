package apply_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

// The types of the associations of a soak.
const (
	plainFirm      = "HUBSPOT_DEFINED 279"
	billingFirm    = "HUBSPOT_DEFINED 931"
	plainColleague = "HUBSPOT_DEFINED 449"
)

// An expectation is what a plan has to say, by the words of the file format and by
// nothing of the planner: a line for each change, and the wishes that are left out for
// errors of their own.
type expectation struct {
	lines map[string]string // by address of the wish
	left  map[string]bool   // by address of the wish
}

// expecting works out an expectation.
type expecting struct {
	doc     []wish
	live    map[string]lawContact
	holders map[string]string // by address, primary or secondary: the id
	found   [][]namesake      // of each wish, the best first
	chosen  []string          // of each wish; "" for none
	frees   []int             // of each wish, the one whose rename frees its address, or -1
	blocked map[int]bool
	left    map[int]bool
	needs   map[int][]int // wishes that must be planned for this one to be
}

// A namesake is a contact that a wish may mean: by its address, a secondary address,
// a previous one.
type namesake struct {
	id   string
	role int
}

const (
	asPrimary = iota + 1
	asSecondary
	asPrevious
)

func (s *soak) expect() expectation {
	e := &expecting{
		doc: s.doc, live: s.now.live, holders: s.holders(),
		found: make([][]namesake, len(s.doc)), chosen: make([]string, len(s.doc)), frees: make([]int, len(s.doc)),
		blocked: make(map[int]bool), left: make(map[int]bool), needs: make(map[int][]int),
	}
	e.identify()
	lines := make(map[int]string)
	for i := range e.doc {
		if line, ok := e.decide(i); ok {
			lines[i] = line
		}
	}
	e.dropDependents(lines)
	x := expectation{lines: make(map[string]string), left: make(map[string]bool)}
	for i, line := range lines {
		x.lines[e.doc[i].email] = line
	}
	for i := range e.left {
		x.left[e.doc[i].email] = true
	}
	return x
}

// identify finds who each wish is.
func (e *expecting) identify() {
	shared := make(map[string][]int)
	for i, w := range e.doc {
		e.frees[i] = -1
		if id, held := e.holders[w.email]; held {
			role := asSecondary
			if e.live[id].properties["email"] == w.email {
				role = asPrimary
			}
			e.found[i] = append(e.found[i], namesake{id, role})
		}
		if id, held := e.holders[w.previous]; held && !w.archived && (len(e.found[i]) == 0 || e.found[i][0].id != id) {
			e.found[i] = append(e.found[i], namesake{id, asPrevious})
		}
		for _, n := range e.found[i] {
			shared[n.id] = append(shared[n.id], i)
		}
		if len(e.found[i]) > 0 {
			e.chosen[i] = e.found[i][0].id
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shared)) {
		e.yield(id, shared[id])
	}
	for i := range e.doc {
		if e.chosen[i] != "" && len(e.found[i]) > 1 && !e.taken(e.found[i][1].id, i) {
			e.blocked[i], e.left[i] = true, true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shared)) {
		owners := slices.DeleteFunc(slices.Clone(shared[id]), func(i int) bool { return e.chosen[i] != id || e.blocked[i] })
		if len(owners) < 2 {
			continue
		}
		for _, i := range owners {
			e.blocked[i], e.left[i] = true, true
		}
	}
}

// yield lets a wish go that only shares the address which another is renamed from: it
// is a new contact then.
func (e *expecting) yield(id string, sharing []int) {
	var renamed, goes []int
	for _, i := range sharing {
		switch {
		case e.chosen[i] != id:
		case e.found[i][0].role == asPrevious:
			renamed = append(renamed, i)
		case e.found[i][0].role == asPrimary && !e.doc[i].archived && len(e.found[i]) == 1 && e.doc[i].previous == "":
			goes = append(goes, i)
		}
	}
	if len(renamed) == 1 && len(goes) == 1 {
		e.chosen[goes[0]], e.frees[goes[0]] = "", renamed[0]
		e.needs[goes[0]] = append(e.needs[goes[0]], renamed[0])
	}
}

// taken reports whether another wish has chosen a contact.
func (e *expecting) taken(id string, but int) bool {
	for i := range e.doc {
		if i != but && e.chosen[i] == id {
			return true
		}
	}
	return false
}

// decide says what is to be done for a wish.
func (e *expecting) decide(i int) (string, bool) {
	w, id := &e.doc[i], e.chosen[i]
	switch {
	case e.blocked[i]:
		return "", false
	case w.archived && id == "":
		return "", false
	case w.archived && e.found[i][0].role != asPrimary:
		e.left[i] = true
		return "", false
	case w.archived:
		return "archive " + id, true
	case e.contradicts(i):
		e.left[i] = true
		return "", false
	}
	live := e.live[id]
	says, wrong := e.values(i, live)
	links, bad := e.links(i, live)
	says = append(says, links...)
	switch {
	case wrong || bad:
		e.left[i] = true
		return "", false
	case id == "":
		return strings.Join(append([]string{"create " + w.email}, says...), " "), true
	case len(says) == 0:
		return "", false
	}
	return strings.Join(append([]string{"update " + id}, says...), " "), true
}

// values are the properties that differ, the address among them.
func (e *expecting) values(i int, live lawContact) (says []string, wrong bool) {
	w := &e.doc[i]
	if address := live.properties["email"]; e.chosen[i] != "" && !slices.Contains(live.addresses(), w.email) {
		if wrong = address != w.previous; wrong {
			return nil, wrong
		}
		says = append(says, fmt.Sprintf("email:%q>%q", address, w.email))
	}
	wanted := maps.Clone(w.values)
	if w.stage != "" {
		wanted["lifecyclestage"] = w.stage
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		was, want := live.properties[name], wanted[name]
		backward := name == "lifecyclestage" && slices.Index(ownStages, want) < slices.Index(ownStages, was)
		if was == want || backward && !w.back {
			continue
		}
		text := fmt.Sprintf("%s:%q>%q", name, was, want)
		if backward {
			text += "(back)"
		}
		says = append(says, text)
	}
	return says, false
}

// contradicts reports whether a wish wants an association gone that the one at its
// other end asks for, be it one of several that mean the contact there.
func (e *expecting) contradicts(i int) bool {
	for email, b := range e.doc[i].colleagues {
		k := e.wished(email)
		if !b.absent {
			continue
		}
		asked := false
		for other := range e.doc {
			if e.doc[other].archived || !e.same(other, k) {
				continue
			}
			for back, said := range e.doc[other].colleagues {
				if e.same(e.wished(back), i) {
					asked = asked || !said.absent
				}
			}
		}
		if asked {
			return true
		}
	}
	return false
}

// same reports whether two wishes mean one contact.
func (e *expecting) same(a, b int) bool {
	return a == b || e.chosen[a] != "" && e.chosen[a] == e.chosen[b]
}

func (e *expecting) wished(email string) int {
	return slices.IndexFunc(e.doc, func(w wish) bool { return w.email == email })
}

// links are the associations that differ, sorted as plans sort them.
func (e *expecting) links(i int, live lawContact) (says []string, wrong bool) {
	w := &e.doc[i]
	type line struct{ to, text string }
	var lines []line
	for _, email := range slices.Sorted(maps.Keys(w.colleagues)) {
		b, k := w.colleagues[email], e.wished(email)
		other := e.chosen[k]
		switch {
		case e.doc[k].archived, e.blocked[k]:
			wrong = wrong || !b.absent
			continue
		case other == "" && b.absent:
			continue
		case other == "":
			e.needs[i] = append(e.needs[i], k)
			lines = append(lines, line{email, fmt.Sprintf("%s:[]>[%s]", email, plainColleague)})
			continue
		case other == e.chosen[i]:
			wrong = true
			continue
		}
		was, want := live.links["contacts/"+other], []string{plainColleague}
		if b.absent {
			want = nil
		}
		if !slices.Equal(was, want) {
			lines = append(lines, line{other, fmt.Sprintf("contacts/%s:%v>%v", other, was, want)})
		}
	}
	for _, firm := range slices.Sorted(maps.Keys(w.firms)) {
		was, want, differs := w.firm(firm, live)
		if differs {
			lines = append(lines, line{firm, fmt.Sprintf("companies/%s:%v>%v", firm, was, want)})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.text, b.text) })
	for _, l := range lines {
		says = append(says, l.text)
	}
	return says, wrong
}

// firm is what a wish makes of the association with a company. What a primary type
// that moves to another company takes from it is no change of its own.
func (w *wish) firm(firm string, live lawContact) (was, want []string, differs bool) {
	b := w.firms[firm]
	was = live.links["companies/"+firm]
	kept := slices.Clone(was)
	for other, said := range w.firms {
		if other != firm && said.primary && !said.absent {
			kept = slices.DeleteFunc(kept, func(one string) bool { return one == primaryCompany })
		}
	}
	if !b.absent {
		want = append(slices.Clone(kept), plainFirm)
		if b.primary {
			want = append(want, primaryCompany)
		}
		if b.billing {
			want = append(want, billingFirm)
		}
		slices.Sort(want)
		want = slices.Compact(want)
	}
	return was, want, !slices.Equal(kept, want)
}

// dropDependents leaves out what needs a wish that is not planned.
func (e *expecting) dropDependents(lines map[int]string) {
	for dropped := true; dropped; {
		dropped = false
		for i := range e.doc {
			if _, planned := lines[i]; !planned {
				continue
			}
			for _, k := range e.needs[i] {
				if _, planned := lines[k]; !planned {
					delete(lines, i)
					e.left[i], dropped = true, true
				}
			}
		}
	}
}

// planLines are the changes of a plan as an expectation says them, sorted.
func planLines(p *plan.Plan) []string {
	var lines []string
	for i := range p.Changes {
		change := &p.Changes[i]
		says := []string{change.Action.String() + " " + cmp.Or(string(change.ID), string(change.Email))}
		for _, property := range change.Properties {
			text := fmt.Sprintf("%s:%q>%q", property.Name, property.Before, property.After)
			if property.Backward {
				text += "(back)"
			}
			says = append(says, text)
		}
		slices.Sort(says[1:])
		var links []string
		for _, link := range change.Associations {
			to := string(link.To.Email)
			if link.To.ID != "" {
				to = link.To.Type.Plural() + "/" + string(link.To.ID)
			}
			links = append(links, fmt.Sprintf("%s:%v>%v", to, typeTexts(link.Before), typeTexts(link.After)))
		}
		slices.Sort(links)
		lines = append(lines, strings.Join(append(says, links...), " "))
	}
	slices.Sort(lines)
	return lines
}

package apply_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// A judgement holds what a process left in the portal against the plan, and against
// what the process says of it. Whatever it was cut by, each value is one of two: what
// was there before, or what the plan makes of that; where the report says which, it is
// that one. What others wrote since the plan was made stays.
type judgement struct {
	plan          *plan.Plan
	before, after lawState
	result        *apply.Result     // nil: it cannot be relied on
	earlier       *apply.Result     // what the journal said when the process began; nil: it began the run
	written       map[int]bool      // changes whose values it said were applied, their stages apart
	merged        map[string]string // contacts that were merged, and what they became

	changes map[string]int // by id
	created map[string]int // by address
	said    []string
}

func (j *judgement) say(format string, args ...any) {
	j.said = append(j.said, fmt.Sprintf(format, args...))
}

func (j *judgement) broken() []string {
	j.changes, j.created = make(map[string]int), make(map[string]int)
	for i, change := range j.plan.Changes {
		if change.Action == plan.Create {
			j.created[string(change.Email)] = i
		} else {
			j.changes[string(change.ID)] = i
		}
	}
	for _, id := range slices.Sorted(maps.Keys(j.before.live)) {
		at, changes := j.changes[id]
		if _, lives := j.after.live[id]; !lives {
			j.gone(id, at, changes)
			continue
		}
		if changes {
			j.outcome(id, at)
			j.values(id, &j.plan.Changes[at])
		} else {
			j.untouched(id)
		}
		j.links(id)
	}
	for id := range j.before.binned {
		if !j.after.binned[id] {
			j.say("contact %s left the recycle bin", id)
		}
	}
	holders := make(map[string]string)
	for _, id := range slices.Sorted(maps.Keys(j.after.live)) {
		if _, lived := j.before.live[id]; !lived {
			j.fresh(id)
		}
		for _, email := range j.after.live[id].addresses() {
			if other, held := holders[email]; held {
				j.say("the contacts %s and %s have the address %s", other, id, email)
			}
			holders[email] = id
		}
	}
	j.missing()
	return j.said
}

// reported is how the contact of a change ended; zero when that is not known.
func (j *judgement) reported(at int) apply.Outcome {
	if j.result == nil {
		return 0
	}
	return j.result.Entries[at].Contact
}

// decided reports whether an earlier process had a contact applied: others may have
// changed it since.
func (j *judgement) decided(at int) bool {
	return j.earlier != nil && j.earlier.Entries[at].Contact == apply.Applied
}

// heldBack is a create or rename that is not applied, beside which nobody is archived.
func (j *judgement) heldBack() string {
	for i, change := range j.plan.Changes {
		if (change.Action == plan.Create || change.From != "") && j.reported(i) != apply.Applied {
			return string(change.Email)
		}
	}
	return ""
}

// gone judges a contact that lives no more.
func (j *judgement) gone(id string, at int, changes bool) {
	was := j.before.live[id]
	switch {
	case !j.after.binned[id]:
		j.say("contact %s is gone, and not in the recycle bin", id)
	case !changes || j.plan.Changes[at].Action != plan.Archive:
		j.say("contact %s was archived, and no change says so", id)
	case !slices.Contains(was.addresses(), string(j.plan.Changes[at].Email)):
		j.say("contact %s was archived, and it bore the address %s by then", id, was.properties["email"])
	}
	if j.result == nil || !changes {
		return
	}
	if reported := j.reported(at); reported != apply.Applied && reported != apply.Unknown {
		j.say("contact %s was archived, and its change is reported as %s", id, reported)
	}
	if other := j.heldBack(); other != "" {
		j.say("contact %s was archived, although %s did not come through", id, other)
	}
}

// untouched judges the values of a contact that no change is about.
func (j *judgement) untouched(id string) {
	if was, is := j.before.live[id].properties, j.after.live[id].properties; !maps.Equal(was, is) {
		j.say("contact %s became %v from %v, and no change is about it", id, is, was)
	}
}

// movedOn reports whether others changed a contact since it was planned, so that
// nothing of its values is to be written.
func movedOn(change *plan.Change, was lawContact) bool {
	own := was.addresses()
	if !slices.Contains(own, string(change.Email)) && (change.From == "" || !slices.Contains(own, string(change.From))) {
		return true
	}
	return slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool {
		text := was.properties[p.Name]
		return text != p.Before && text != p.After && (!p.Backward || text != "")
	})
}

// values judges the properties of a contact that a change is about.
func (j *judgement) values(id string, change *plan.Change) {
	was, is := j.before.live[id], j.after.live[id]
	names := maps.Clone(was.properties)
	maps.Copy(names, is.properties)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, after := was.properties[name], is.properties[name]
		if before == after {
			continue
		}
		at := slices.IndexFunc(change.Properties, func(p plan.PropertyChange) bool { return p.Name == name })
		if at < 0 {
			j.say("%s of contact %s became %q from %q, and its change does not say so", name, id, after, before)
			continue
		}
		p := change.Properties[at]
		setting := p.Backward && before == "" && after == p.After
		switch {
		case movedOn(change, was) && !setting:
			j.say("%s of contact %s became %q from %q, although others had changed the contact", name, id, after, before)
		case after != p.After && (!p.Backward || after != ""):
			j.say("%s of contact %s became %q from %q, and its change says %q", name, id, after, before, p.After)
		case before != p.Before && !setting:
			j.say("%s of contact %s became %q from %q, and its change begins with %q", name, id, after, before, p.Before)
		}
	}
}

// outcome holds a contact against what is reported of it.
func (j *judgement) outcome(id string, at int) {
	change := &j.plan.Changes[at]
	was, is := j.before.live[id], j.after.live[id]
	back := slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool { return p.Backward })
	switch reported := j.reported(at); reported {
	case apply.Applied:
		if change.Action == plan.Archive && !j.decided(at) {
			j.say("contact %s is reported as archived, and lives", id)
		}
		for _, p := range change.Properties {
			text := is.properties[p.Name]
			long := j.decided(at) || j.written[at] && !p.Backward // others may have changed it since
			if text != p.After && (!long || text != was.properties[p.Name]) {
				j.say("contact %s is reported as applied, and its %s is %q, not %q", id, p.Name, text, p.After)
			}
		}
	case apply.Failed, apply.Skipped, apply.Stale:
		for _, p := range change.Properties {
			if text := is.properties[p.Name]; text != was.properties[p.Name] && !back {
				j.say("contact %s is reported as %s, and its %s became %q", id, reported, p.Name, text)
			}
		}
	case apply.Unknown:
	}
}

// links judges the associations of a contact that was there before.
func (j *judgement) links(id string) {
	was, is := j.before.live[id].links, j.after.live[id].links
	for to := range mergedKeys(was, is) {
		if slices.Equal(was[to], is[to]) {
			continue
		}
		if other, is := strings.CutPrefix(to, "contacts/"); is {
			_, lives := j.after.live[other]
			_, lived := j.before.live[other]
			if !lives || !lived {
				continue // its end, or judged with the new one
			}
		}
		if !slices.ContainsFunc(j.options(id, to), func(types []string) bool { return slices.Equal(types, is[to]) }) {
			j.say("the association of contact %s with %s became %v from %v, and could become %v", id, to, is[to], was[to], j.options(id, to))
		}
	}
	if at, changes := j.linking(id); changes && j.result != nil {
		j.linkOutcomes(id, at)
	}
}

// linking is the change whose associations a contact may get: its own, or the create of
// somebody whom others created meanwhile just so, which a run adopts.
func (j *judgement) linking(id string) (int, bool) {
	if at, changes := j.changes[id]; changes {
		return at, true
	}
	was := j.before.live[id]
	at, created := j.created[was.properties["email"]]
	return at, created && !slices.ContainsFunc(j.plan.Changes[at].Properties, func(p plan.PropertyChange) bool {
		return was.properties[p.Name] != p.After
	})
}

// options are what an association may be beside what it was. Where the run makes another
// company primary, each of them may have lost that, too.
func (j *judgement) options(id, to string) [][]string {
	was := j.before.live[id].links[to]
	var options [][]string
	loses := false
	add := func(link *plan.AssociationChange) {
		if types, ok := made(link, was); ok {
			options = append(options, types)
		}
	}
	if at, changes := j.linking(id); changes {
		for k := range j.plan.Changes[at].Associations {
			link := &j.plan.Changes[at].Associations[k]
			if j.key(link) == to {
				add(link)
			}
			loses = loses || j.key(link) != to && j.takesPrimary(link)
		}
	}
	if other, is := strings.CutPrefix(to, "contacts/"); is {
		if at, changes := j.linking(other); changes {
			for k := range j.plan.Changes[at].Associations {
				if link := &j.plan.Changes[at].Associations[k]; j.key(link) == "contacts/"+id {
					add(link)
				}
			}
		}
	}
	if loses {
		for _, types := range append([][]string{was}, options...) {
			options = append(options, slices.DeleteFunc(slices.Clone(types), func(one string) bool { return one == primaryCompany }))
		}
	}
	return options
}

// key is the record of a link as holdings name it. A contact that was merged since is
// the one that it became, one that was created the one that bears the address.
func (j *judgement) key(link *plan.AssociationChange) string {
	id := string(link.To.ID)
	for into, merged := j.merged[id]; merged; into, merged = j.merged[id] {
		id = into
	}
	if id == "" {
		id = j.idOf(link.To.Email)
	}
	return link.To.Type.Plural() + "/" + id
}

func (j *judgement) takesPrimary(link *plan.AssociationChange) bool {
	return slices.Contains(typeTexts(link.After), primaryCompany) && !slices.Contains(typeTexts(link.Before), primaryCompany)
}

// made is what a change makes of an association that bears certain types; false for
// one that others took away, which is not made anew.
func made(link *plan.AssociationChange, was []string) ([]string, bool) {
	before, after := typeTexts(link.Before), typeTexts(link.After)
	if len(after) == 0 {
		return nil, true
	}
	if len(was) == 0 && len(before) > 0 {
		return nil, false
	}
	types := slices.DeleteFunc(slices.Clone(was), func(one string) bool { return slices.Contains(before, one) && !slices.Contains(after, one) })
	for _, one := range after {
		if !slices.Contains(before, one) {
			types = append(types, one)
		}
	}
	slices.Sort(types)
	return slices.Compact(types), true
}

// linkOutcomes holds the associations of a contact against what is reported of them.
func (j *judgement) linkOutcomes(id string, at int) {
	change := &j.plan.Changes[at]
	for k := range change.Associations {
		link := &change.Associations[k]
		to := j.key(link)
		was, is := j.before.live[id].links[to], j.after.live[id].links[to]
		switch reported := j.result.Entries[at].Associations[k].Outcome; reported {
		case apply.Applied:
			if j.earlier != nil && j.earlier.Entries[at].Associations[k].Outcome == apply.Applied {
				continue // others may have changed it since
			}
			wants := typeTexts(link.After)
			lacks := slices.ContainsFunc(wants, func(one string) bool {
				return !slices.Contains(typeTexts(link.Before), one) && !slices.Contains(is, one)
			})
			if lacks || len(wants) == 0 && len(is) > 0 {
				j.say("the association of contact %s with %s is reported as applied, and is %v", id, to, is)
			}
		case apply.Failed, apply.Skipped, apply.Stale:
			kept := slices.DeleteFunc(slices.Clone(was), func(one string) bool { return one == primaryCompany && !slices.Contains(is, one) })
			if !slices.Equal(kept, is) && link.To.Type == crm.TypeCompany {
				j.say("the association of contact %s with %s is reported as %s, and became %v from %v", id, to, reported, is, was)
			}
		case apply.Unknown:
		}
	}
}

// idOf is the live contact with an address.
func (j *judgement) idOf(email crm.Email) string {
	for id, c := range j.after.live {
		if c.properties["email"] == string(email) {
			return id
		}
	}
	return ""
}

// fresh judges a contact that was not there before: it is whole.
func (j *judgement) fresh(id string) {
	is := j.after.live[id]
	at, created := j.created[is.properties["email"]]
	if !created {
		j.say("contact %s (%s) is new, and no change creates it", id, is.properties["email"])
		return
	}
	change := &j.plan.Changes[at]
	want := map[string]string{"email": string(change.Email)}
	for _, p := range change.Properties {
		want[p.Name] = p.After
	}
	if !maps.Equal(want, is.properties) {
		j.say("contact %s was created as %v, and its change says %v", id, is.properties, want)
	}
	planned := make(map[string][]string)
	for k := range change.Associations {
		if link := &change.Associations[k]; link.To.ID != "" {
			planned[j.key(link)] = typeTexts(link.After)
		}
	}
	for to := range mergedKeys(planned, is.links) {
		other, colleague := strings.CutPrefix(to, "contacts/")
		_, lives := j.after.live[other]
		switch {
		case colleague && !lives, slices.Equal(planned[to], is.links[to]):
		case colleague && planned[to] == nil && j.colleagues(change, other):
		default:
			j.say("contact %s was created with %v to %s, and its change says %v", id, is.links[to], to, planned[to])
		}
	}
	switch j.reported(at) {
	case apply.Failed, apply.Skipped, apply.Stale:
		j.say("contact %s was created, and its change is reported as %s", id, j.reported(at))
	case apply.Applied, apply.Unknown:
	}
}

// colleagues reports whether the plan associates a contact that it creates with another.
func (j *judgement) colleagues(created *plan.Change, other string) bool {
	names := func(change *plan.Change, id string, email string) bool {
		return slices.ContainsFunc(change.Associations, func(link plan.AssociationChange) bool {
			return link.To.ID != "" && j.key(&link) == "contacts/"+id || link.To.ID == "" && string(link.To.Email) == email
		})
	}
	address := j.after.live[other].properties["email"]
	if names(created, other, address) {
		return true
	}
	at, changes := j.changes[other]
	if !changes {
		at, changes = j.created[address]
	}
	return changes && names(&j.plan.Changes[at], "", string(created.Email))
}

// missing finds creates that are reported as applied, and whose contact is not there.
func (j *judgement) missing() {
	for _, email := range slices.Sorted(maps.Keys(j.created)) {
		if j.reported(j.created[email]) == apply.Applied && j.idOf(crm.Email(email)) == "" && !j.decided(j.created[email]) {
			j.say("%s is reported as created, and is not there", email)
		}
	}
}

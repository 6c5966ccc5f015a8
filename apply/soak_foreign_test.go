package apply_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// What others do in the portal. Each step is made there and in the model, and what was
// planned before it is not fresh any more.

const soakPeople = 12 // alive, at most

// somebody is a live contact, often one that a plan is about which is yet to be carried
// out.
func (s *soak) somebody(what string) string {
	ids := slices.SortedFunc(maps.Keys(s.now.live), func(a, b string) int { return crm.ObjectID(a).Compare(crm.ObjectID(b)) })
	if len(ids) == 0 {
		s.t.Skip("nobody is there")
	}
	if change := s.pending(func(change *plan.Change) bool { return s.now.live[string(change.ID)].properties != nil }); change != nil {
		return string(change.ID)
	}
	return rapid.SampledFrom(ids).Draw(s.t, what)
}

// pending is often a change of a certain kind that is yet to be carried out; else nil.
func (s *soak) pending(is func(*plan.Change) bool) *plan.Change {
	p := s.plan
	if s.run != nil && (p == nil || s.cut()) {
		p = s.run.plan
	}
	if p == nil {
		return nil
	}
	var changes []*plan.Change
	for i := range p.Changes {
		if is(&p.Changes[i]) {
			changes = append(changes, &p.Changes[i])
		}
	}
	if len(changes) == 0 || rapid.IntRange(0, 3).Draw(s.t, "of the plan") == 0 {
		return nil
	}
	return rapid.SampledFrom(changes).Draw(s.t, "change")
}

// others lets somebody do something.
func (s *soak) others() {
	rapid.SampledFrom([]func(){
		s.foreignValue, s.foreignValue, s.foreignRename, s.foreignCreate, s.foreignCreate, s.foreignDelete, s.foreignMerge, s.foreignRelink, s.foreignRelink,
	}).Draw(s.t, "others")()
}

// disturb notes that others wrote to contacts.
func (s *soak) disturb(ids ...string) {
	time.Sleep(2 * time.Minute) // what was read before is read again
	s.foreign++
	for _, id := range ids {
		s.touched[id] = s.foreign
	}
}

// holders are the live contacts by all their addresses.
func (s *soak) holders() map[string]string {
	holders := make(map[string]string)
	for id, c := range s.now.live {
		for _, email := range c.addresses() {
			holders[email] = id
		}
	}
	return holders
}

// freeAddress is one that nobody bears.
func (s *soak) freeAddress() string {
	var email string
	if change := s.pending(func(change *plan.Change) bool { return change.Action == plan.Create || change.From != "" }); change != nil {
		email = string(change.Email)
	} else {
		email = soakAddress(rapid.IntRange(0, soakAddresses-1).Draw(s.t, "address"))
	}
	if _, held := s.holders()[email]; held {
		s.t.Skip("the address is taken")
	}
	return email
}

func (s *soak) foreignValue() {
	id := s.somebody("whom")
	names := []string{"jobtitle", "lastname", "lifecyclestage"}
	if change := s.pending(func(change *plan.Change) bool { return string(change.ID) == id && len(change.Properties) > 0 }); change != nil {
		names = nil
		for _, p := range change.Properties {
			if p.Name != "email" {
				names = append(names, p.Name)
			}
		}
	}
	if len(names) == 0 {
		s.t.Skip("it is a rename alone")
	}
	name := s.pick("property", names)
	var text string
	if name == "lifecyclestage" {
		text = s.pick("stage", append([]string{""}, soakStages...))
		s.write(id, name, "") // or it would not move back
	} else {
		text = s.pick(name, soakValues[name])
	}
	s.write(id, name, text)
	s.disturb(id)
}

func (s *soak) foreignRename() {
	id := s.somebody("whom")
	s.write(id, "email", s.freeAddress())
	s.disturb(id)
}

// write sets one property of a contact, in the portal and in the model.
func (s *soak) write(id, name, text string) {
	if _, err := s.bench.own.UpdateObject(s.bench.t.Context(), "contacts", id, map[string]string{name: text}); err != nil {
		s.t.Fatalf("changing contact %s: %v", id, err)
	}
	if text == "" {
		delete(s.now.live[id].properties, name)
	} else {
		s.now.live[id].properties[name] = text
	}
}

func (s *soak) foreignCreate() {
	if len(s.now.live) >= soakPeople {
		s.t.Skip("enough people")
	}
	properties := map[string]string{"email": s.freeAddress()}
	for name, texts := range map[string][]string{"lastname": soakValues["lastname"], "lifecyclestage": append([]string{""}, soakStages...)} {
		if text := s.pick(name, texts); text != "" {
			properties[name] = text
		}
	}
	results, err := s.bench.own.BatchCreate(s.bench.t.Context(), "contacts", []hubspot.CreateInput{{Properties: properties}})
	if err != nil || results[0].Err != nil {
		s.t.Fatalf("creating %v: %v", properties, err)
	}
	id := results[0].Object.ID
	s.now.live[id] = lawContact{properties, make(map[string][]string)}
	s.disturb(id)
}

func (s *soak) foreignDelete() {
	if len(s.now.live) < soakPeople/2 {
		s.t.Skip("few people are left")
	}
	id := s.somebody("whom")
	if err := s.bench.own.BatchArchive(s.bench.t.Context(), "contacts", []string{id}); err != nil {
		s.t.Fatalf("archiving contact %s: %v", id, err)
	}
	s.disturb(append(s.leave(id), id)...)
	s.now.binned[id] = true
}

// leave takes a contact out of the model, and returns the colleagues that it had.
func (s *soak) leave(id string) []string {
	delete(s.now.live, id)
	var colleagues []string
	for other, c := range s.now.live {
		if _, linked := c.links["contacts/"+id]; linked {
			delete(c.links, "contacts/"+id)
			colleagues = append(colleagues, other)
		}
	}
	return colleagues
}

// foreignMerge makes one contact of two, which has a new id: the values of the first,
// and those of the second where the first has none.
func (s *soak) foreignMerge() {
	first, second := s.somebody("into"), s.somebody("what")
	if first == second {
		s.t.Skip("one contact is not merged with itself")
	}
	a, b := s.now.live[first], s.now.live[second]
	known := s.bench.holdings(s.t, nil, []string{"email"}).live
	send(s.bench.t, s.bench.portal, http.MethodPost, "/crm/v3/objects/contacts/merge", map[string]string{"primaryObjectId": first, "objectIdToMerge": second})
	merged := ""
	for id := range s.bench.holdings(s.t, nil, []string{"email"}).live {
		if _, was := known[id]; !was {
			merged = id
		}
	}
	c := lawContact{maps.Clone(b.properties), make(map[string][]string)}
	maps.Copy(c.properties, a.properties)
	delete(c.properties, "hs_additional_emails")
	if more := slices.Concat(a.addresses(), b.addresses()); len(more) > 1 {
		c.properties["hs_additional_emails"] = sortedSet(slices.DeleteFunc(more, func(email string) bool { return email == c.properties["email"] }))
	}
	for to := range mergedKeys(a.links, b.links) {
		types := slices.Concat(a.links[to], b.links[to])
		if primaryOf(a) != "" && primaryOf(a) != to {
			types = slices.DeleteFunc(types, func(one string) bool { return one == primaryCompany })
		}
		slices.Sort(types)
		c.links[to] = slices.Compact(types)
	}
	delete(c.links, "contacts/"+first)
	delete(c.links, "contacts/"+second)
	colleagues := append(s.leave(first), s.leave(second)...)
	s.now.live[merged] = c
	for to, types := range c.links {
		if other, is := strings.CutPrefix(to, "contacts/"); is {
			s.now.live[other].links["contacts/"+merged] = types
		}
	}
	s.merged[first], s.merged[second] = merged, merged
	s.disturb(append(colleagues, merged, first, second)...)
}

func mergedKeys(a, b map[string][]string) map[string][]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// primaryOf is the company whose association is a contact's primary one.
func primaryOf(c lawContact) string {
	for to, types := range c.links {
		if slices.Contains(types, primaryCompany) {
			return to
		}
	}
	return ""
}

// foreignRelink gives the association of a contact other types, or takes it away.
func (s *soak) foreignRelink() {
	id := s.somebody("whom")
	if rapid.IntRange(0, 2).Draw(s.t, "colleague") == 0 {
		other := s.somebody("colleague")
		if other == id {
			s.t.Skip("nobody is his own colleague")
		}
		s.relink(id, "contacts/"+other, nil)
		s.disturb(id, other)
		return
	}
	firm := s.pick("company", soakFirms)
	links := func(change *plan.Change) bool {
		return string(change.ID) == id && slices.ContainsFunc(change.Associations, func(link plan.AssociationChange) bool { return link.To.Type == crm.TypeCompany })
	}
	if change := s.pending(links); change != nil {
		firm = string(change.Associations[slices.IndexFunc(change.Associations, func(link plan.AssociationChange) bool { return link.To.Type == crm.TypeCompany })].To.ID)
	}
	types := map[string][]string{
		"plain": {plainFirm}, "primary": {primaryCompany, plainFirm}, "billing": {plainFirm, billingFirm}, "both": {primaryCompany, plainFirm, billingFirm},
	}
	s.relink(id, "companies/"+firm, types[s.pick("bond", []string{"plain", "primary", "billing", "both", "none"})])
	s.disturb(id)
}

// relink writes the types of one association. Two colleagues change from associated to
// not, or back.
func (s *soak) relink(id, to string, types []string) {
	kind, other, _ := strings.Cut(to, "/")
	pair := [2]hubspot.RecordID{{ID: hubspot.FlexID(id)}, {ID: hubspot.FlexID(other)}}
	if kind == "contacts" && len(s.now.live[id].links[to]) == 0 {
		types = []string{plainColleague}
	}
	ctx, own := s.bench.t.Context(), s.bench.own
	if len(types) == 0 {
		err := own.BatchDissociate(ctx, "contacts", kind, []hubspot.DissociationInput{{From: pair[0], To: pair[1:]}})
		if err != nil {
			s.t.Fatalf("dissociating: %v", err)
		}
		delete(s.now.live[id].links, to)
		if kind == "contacts" {
			delete(s.now.live[other].links, "contacts/"+id)
		}
		return
	}
	input := hubspot.AssociationInput{From: pair[0], To: pair[1]}
	for _, one := range types {
		spec := hubspot.AssociationSpec{}
		if _, err := fmt.Sscan(one, &spec.AssociationCategory, &spec.AssociationTypeID); err != nil {
			s.t.Fatalf("%q is no type: %v", one, err)
		}
		input.Types = append(input.Types, spec)
	}
	if _, err := own.BatchAssociate(ctx, "contacts", kind, []hubspot.AssociationInput{input}); err != nil {
		s.t.Fatalf("associating: %v", err)
	}
	if slices.Contains(types, primaryCompany) {
		for firm, held := range s.now.live[id].links {
			s.now.live[id].links[firm] = slices.DeleteFunc(slices.Clone(held), func(one string) bool { return one == primaryCompany })
		}
	}
	s.now.live[id].links[to] = types
	if kind == "contacts" {
		s.now.live[other].links["contacts/"+id] = types
	}
}

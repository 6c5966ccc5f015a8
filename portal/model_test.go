package portal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Whatever is created, changed, merged, archived, restored and erased, in any order:
// an address leads to the one live contact that has it, and no second one gets it; a
// former id leads to the contact that its own became part of; lists and counts know
// the contacts that are there and no others.
func TestAddressesAndFormerIDsLeadToOneLiveContact(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	for _, ruling := range []string{"new", "primary"} {
		t.Run(ruling, func(t *testing.T) {
			t.Parallel()
			p := ruledPortal(t, "merge-id", ruling)
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				m := addressBook{
					p: p, run: run, keepsID: ruling == "primary",
					live: map[string][]string{}, binned: map[string][]string{}, former: map[string]string{},
				}
				m.first = m.create(rt)
				m.before = count(rt, p)
				rt.Repeat(map[string]func(*rapid.T){
					"create":  func(rt *rapid.T) { m.create(rt) },
					"change":  m.change,
					"merge":   m.merge,
					"archive": m.archive,
					"restore": m.restore,
					"erase":   m.erase,
					"":        m.check,
				})
			})
		})
	}
}

// addressBook is what the portal should hold: the addresses of each contact by id,
// and the contact that each former id leads to.
type addressBook struct {
	p            *portal.Portal
	run          int
	keepsID      bool         // a merge keeps the primary contact's id
	first        string       // the first id of this run; all others are larger
	before       portal.Count // the contacts that were there when only the first was of this run
	live, binned map[string][]string
	former       map[string]string
}

func count(rt *rapid.T, p *portal.Portal) portal.Count {
	stats, err := p.Stats(rt.Context())
	if err != nil {
		rt.Fatal(err)
	}
	return stats.Objects["contact"]
}

func (m *addressBook) address(rt *rapid.T, label string) string {
	return fmt.Sprintf("a%d@run%d.example", rapid.IntRange(0, 4).Draw(rt, label), m.run)
}

// draw gives one to three different addresses.
func (m *addressBook) draw(rt *rapid.T) []string {
	var addresses []string
	for i := range rapid.IntRange(1, 3).Draw(rt, "count") {
		if next := m.address(rt, fmt.Sprint(i)); !strings.Contains(strings.Join(addresses, " "), next) {
			addresses = append(addresses, next)
		}
	}
	return addresses
}

func body(addresses []string) string {
	return `{"properties":{"email":"` + addresses[0] + `","hs_additional_emails":"` + strings.Join(addresses[1:], ";") + `"}}`
}

// taken reports whether another live contact has one of the addresses.
func (m *addressBook) taken(addresses []string, except string) bool {
	for id, held := range m.live {
		for _, address := range held {
			if id != except && strings.Contains(" "+strings.Join(addresses, " ")+" ", " "+address+" ") {
				return true
			}
		}
	}
	return false
}

// create returns the new contact's id, "" for a create that was refused.
func (m *addressBook) create(rt *rapid.T) string {
	addresses := m.draw(rt)
	status := 201
	if m.taken(addresses, "") {
		status = 409
	}
	got := want(rt, m.p, status, "POST", contactsPath, body(addresses))
	if status != 201 {
		return ""
	}
	id := idOf(rt, got)
	m.live[id] = addresses
	return id
}

func idOf(rt *rapid.T, got reply) string {
	var o object
	if err := json.Unmarshal([]byte(got.Body), &o); err != nil {
		rt.Fatal(err)
	}
	return o.ID
}

func (m *addressBook) change(rt *rapid.T) {
	id := pick(rt, m.live)
	addresses := m.draw(rt)
	status := 200
	if m.taken(addresses, id) {
		status = 409
	}
	want(rt, m.p, status, "PATCH", contactsPath+"/"+m.alias(rt, id), body(addresses))
	if status == 200 {
		m.live[id] = addresses
	}
}

// alias draws an id that leads to a contact: its own or a former one.
func (m *addressBook) alias(rt *rapid.T, id string) string {
	ids := []string{id}
	for _, former := range slices.Sorted(maps.Keys(m.former)) {
		if m.former[former] == id {
			ids = append(ids, former)
		}
	}
	return rapid.SampledFrom(ids).Draw(rt, "alias")
}

func (m *addressBook) merge(rt *rapid.T) {
	primary, other := pick(rt, m.live), pick(rt, m.live)
	status := 200
	if primary == other {
		status = 400
	}
	got := want(rt, m.p, status, "POST", contactsPath+"/merge", `{"primaryObjectId":"`+primary+`","objectIdToMerge":"`+other+`"}`)
	if status != 200 {
		return
	}
	id := idOf(rt, got)
	if (id == primary) != m.keepsID || id == other {
		rt.Fatalf("%s and %s became %s", primary, other, id)
	}
	both := append(m.live[primary], m.live[other]...)
	for _, part := range []string{primary, other} {
		delete(m.live, part)
		for former, into := range m.former {
			if into == part {
				m.former[former] = id
			}
		}
		if part != id {
			m.former[part] = id
		}
	}
	m.live[id] = both
}

// erase takes a contact by an id, or all with an address, the bin's among them.
func (m *addressBook) erase(rt *rapid.T) {
	if rapid.Bool().Draw(rt, "by address") {
		address := m.address(rt, "address")
		want(rt, m.p, 204, "POST", contactsPath+"/gdpr-delete", `{"objectId":"`+address+`","idProperty":"email"}`)
		for _, set := range []map[string][]string{m.live, m.binned} {
			for id, held := range set {
				if slices.Contains(held, address) {
					m.forget(id)
				}
			}
		}
		return
	}
	set := m.live
	if rapid.Bool().Draw(rt, "in the bin") {
		set = m.binned
	}
	id := pick(rt, set)
	want(rt, m.p, 204, "POST", contactsPath+"/gdpr-delete", `{"objectId":"`+m.alias(rt, id)+`"}`)
	m.forget(id)
}

func (m *addressBook) forget(id string) {
	delete(m.live, id)
	delete(m.binned, id)
	for former, into := range m.former {
		if into == id {
			m.former[former] = "" // leads nowhere from now on
		}
	}
}

func (m *addressBook) archive(rt *rapid.T) {
	id := pick(rt, m.live)
	want(rt, m.p, 204, "DELETE", contactsPath+"/"+m.alias(rt, id), "")
	m.binned[id] = m.live[id]
	delete(m.live, id)
}

func (m *addressBook) restore(rt *rapid.T) {
	id := pick(rt, m.binned)
	_, err := m.p.Restore(rt.Context(), "contact", m.alias(rt, id))
	if m.taken(m.binned[id], "") {
		if err == nil {
			rt.Fatal("a contact came back with an address that another one has")
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	m.live[id] = m.binned[id]
	delete(m.binned, id)
}

func (m *addressBook) check(rt *rapid.T) {
	m.checkAddresses(rt)
	for former, into := range m.former {
		got := ask(rt, m.p, "GET", contactsPath+"/"+former, "")
		_, alive := m.live[into]
		if alive != (got.Status == 200) || alive && idOf(rt, got) != into {
			rt.Fatalf("the former id %s of %q answered %d: %s", former, into, got.Status, got.Body)
		}
	}
	for query, expected := range map[string]map[string][]string{"": m.live, "&archived=true": m.binned} {
		var listed struct{ Results []object }
		got := want(rt, m.p, 200, "GET", contactsPath+"?limit=100&after="+m.first+query, "")
		if err := json.Unmarshal([]byte(got.Body), &listed); err != nil {
			rt.Fatal(err)
		}
		var ids []string
		for _, o := range listed.Results {
			ids = append(ids, o.ID)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(expected)), ids); diff != "" {
			rt.Fatalf("listed %q (-want +got):\n%s", query, diff)
		}
	}
	expected := portal.Count{Live: m.before.Live - 1 + int64(len(m.live)), Archived: m.before.Archived + int64(len(m.binned))}
	if got := count(rt, m.p); got != expected {
		rt.Fatalf("counted %+v, want %+v", got, expected)
	}
}

func (m *addressBook) checkAddresses(rt *rapid.T) {
	holders, found := map[string]string{}, map[string]string{}
	for id, addresses := range m.live {
		for _, address := range addresses {
			holders[address] = id
		}
	}
	for i := range 5 {
		address := fmt.Sprintf("a%d@run%d.example", i, m.run)
		got := ask(rt, m.p, "GET", contactsPath+"/"+address+"?idProperty=email", "")
		if got.Status != 200 {
			continue
		}
		found[address] = idOf(rt, got)
	}
	if diff := cmp.Diff(holders, found); diff != "" {
		rt.Fatalf("addresses (-want +got):\n%s", diff)
	}
}

// pick draws a contact of a set; a step that finds none is skipped.
func pick(rt *rapid.T, set map[string][]string) string {
	if len(set) == 0 {
		rt.Skip("there is none")
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(set))).Draw(rt, "id")
}

func TestRestoreBringsAssociationsBack(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+a+"/associations/default/contacts/"+b, "")
	want(t, p, 204, "DELETE", contactsPath+"/"+a, "")
	if id, err := p.Restore(t.Context(), "contact", "A@example.com"); err != nil || string(id) != a {
		t.Errorf("restored %s, %v", id, err)
	}
	demandLinks(t, p, "contacts", b, "contacts", a+": 449")
	if _, err := p.Restore(t.Context(), "contact", a); !errors.Is(err, portal.ErrNotArchived) {
		t.Errorf("restoring a live contact answered %v", err)
	}
}

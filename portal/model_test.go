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

// Whatever is created, changed, archived and restored, in any order: an address
// leads to the one live contact that has it, and no second one gets it.
func TestAddressesBelongToOneLiveContact(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		m := addressBook{p: p, run: run, live: map[string][]string{}, binned: map[string][]string{}}
		rt.Repeat(map[string]func(*rapid.T){
			"create":  m.create,
			"change":  m.change,
			"archive": m.archive,
			"restore": m.restore,
			"":        m.check,
		})
	})
}

// addressBook is what the portal should hold: the addresses of each contact by id.
type addressBook struct {
	p            *portal.Portal
	run          int
	live, binned map[string][]string
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

func (m *addressBook) create(rt *rapid.T) {
	addresses := m.draw(rt)
	status := 201
	if m.taken(addresses, "") {
		status = 409
	}
	got := want(rt, m.p, status, "POST", contactsPath, body(addresses))
	if status != 201 {
		return
	}
	var o object
	if err := json.Unmarshal([]byte(got.Body), &o); err != nil {
		rt.Fatal(err)
	}
	m.live[o.ID] = addresses
}

func (m *addressBook) change(rt *rapid.T) {
	id := pick(rt, m.live)
	addresses := m.draw(rt)
	status := 200
	if m.taken(addresses, id) {
		status = 409
	}
	want(rt, m.p, status, "PATCH", contactsPath+"/"+id, body(addresses))
	if status == 200 {
		m.live[id] = addresses
	}
}

func (m *addressBook) archive(rt *rapid.T) {
	id := pick(rt, m.live)
	want(rt, m.p, 204, "DELETE", contactsPath+"/"+id, "")
	m.binned[id] = m.live[id]
	delete(m.live, id)
}

func (m *addressBook) restore(rt *rapid.T) {
	id := pick(rt, m.binned)
	_, err := m.p.Restore(rt.Context(), "contact", id)
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
		var o object
		if err := json.Unmarshal([]byte(got.Body), &o); err != nil {
			rt.Fatal(err)
		}
		found[address] = o.ID
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

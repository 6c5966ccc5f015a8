package apply_test

import (
	"fmt"
	"testing"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// Two contacts may name each other, each with labels of its own: a write from one
// side must not take away what the other side wrote.
func TestContactsThatNameEachOther(t *testing.T) {
	t.Parallel()
	for live := range 3 {
		for _, labels := range [][2][]string{
			{{"Boss"}, nil}, {nil, {"Boss"}}, {{"Boss"}, {"Friend"}}, {nil, nil}, {{"Friend"}, {"Friend"}},
		} {
			t.Run(fmt.Sprintf("%d live, %q", live, labels), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, portal.Config{}, nil)
				if err := b.portal.Fill(t.Context(), &crm.Fixture{Labels: []crm.FixtureLabel{
					{From: crm.TypeContact, To: crm.TypeContact, Label: "Boss", TypeID: 36},
					{From: crm.TypeContact, To: crm.TypeContact, Label: "Friend", TypeID: 46},
				}}); err != nil {
					t.Fatal(err)
				}
				b.people(live)
				var contacts []spec.Contact
				for i, own := range labels {
					contacts = append(contacts, spec.Contact{
						Email: crm.Email(address(i)), Written: address(i), Ensure: spec.Present, Lifecycle: spec.AtLeast,
						Associations: []spec.Association{{To: crm.Target{Type: crm.TypeContact, Email: crm.Email(address(1 - i))}, Labels: own}},
					})
				}
				doc := spec.NewDocument(contacts)
				p := b.planned(t, doc)
				allow(p)
				result, err := apply.Run(t.Context(), b.remote, p, apply.Options{})
				if err != nil || !result.Complete() {
					t.Fatalf("%v, %+v", err, result)
				}
				b.demandNothing(t, doc)
			})
		}
	}
}

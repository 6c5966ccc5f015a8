package apply_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// applySaved applies changes as a plan that was made long ago.
func (b *bench) applySaved(changes ...plan.Change) *apply.Result {
	b.t.Helper()
	result, err := apply.Run(b.t.Context(), b.remote, b.plan(changes...), apply.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// Associations of a contact that was merged, or renamed by others, are not written to
// the contact that its id leads to now.
func TestAssociationsOfAnotherContactAreStale(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]string{"merged": "merge %s %s", "gone": "archive %s\narchive %s"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			ids := b.people(2)
			company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
			act(t, b.portal, fmt.Sprintf(meanwhile, ids[0], ids[1]))
			result := b.applySaved(associate(ids[0], address(0), company, billing))
			if diff := cmp.Diff([]apply.Outcome{apply.Stale}, outcomes(result)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			for id, contact := range b.holdings(t, []string{"companies"}, []string{"email"}).live {
				if len(contact.links) > 0 {
					t.Errorf("contact %s has %v", id, contact.links)
				}
			}
		})
	}
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	b.set(id, "email", "other@example.com")
	if result := b.applySaved(associate(id, address(0), company)); result.Entries[0].Outcome != apply.Stale || b.links(id, crm.TypeCompany) != 0 {
		t.Errorf("a renamed contact: %+v", result.Entries)
	}
}

// Nor are they written where the record at the other end is another one by now.
func TestAssociationsWithAnotherRecordAreStale(t *testing.T) {
	t.Parallel()
	for _, kind := range []crm.ObjectType{crm.TypeContact, crm.TypeCompany} {
		b := newBench(t, portal.Config{}, nil)
		ids := b.people(3)
		companies := b.add("companies", map[string]string{"domain": "a.example"}, map[string]string{"domain": "b.example"})
		change := associate(ids[2], address(2), companies[0])
		merged := companies
		if kind == crm.TypeContact {
			merged = ids[:2]
			change.Associations[0].To = crm.Ref{Type: crm.TypeContact, ID: ids[0]}
			change.Associations[0].After = []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}}
		}
		send(t, b.portal, http.MethodPost, "/crm/v3/objects/"+kind.Plural()+"/merge", map[string]crm.ObjectID{"primaryObjectId": merged[0], "objectIdToMerge": merged[1]})
		result := b.applySaved(change)
		if diff := cmp.Diff([]apply.Outcome{apply.Stale}, outcomes(result)); diff != "" || b.links(ids[2], kind) != 0 {
			t.Errorf("%s: %d associations; outcomes (-want +got):\n%s", kind, b.links(ids[2], kind), diff)
		}
	}
}

// A contact that a cut run had created, and that was merged before the run goes on, is
// another one, too, at either end of an association.
func TestAssociationsOfAMergedCreateAreStale(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, portal.Config{}, nil)
			other := b.people(1)[0]
			change := create("new1@example.com")
			change.Associations = []plan.AssociationChange{{
				To:    crm.Ref{Type: crm.TypeContact, Email: "new0@example.com"},
				After: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}},
			}}
			p := b.plan(create("new0@example.com"), change)
			disk, _, _, _ := b.process(p, nil, crash{record: 3}) // begin, the creates' intent and their outcome
			send(t, b.portal, http.MethodPost, "/crm/v3/objects/contacts/merge",
				map[string]crm.ObjectID{"primaryObjectId": other, "objectIdToMerge": b.lookup(fmt.Sprintf("new%d@example.com", i))})
			_, _, result, err := b.process(p, disk, crash{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Stale}, outcomes(result)); diff != "" {
				t.Errorf("new%d was merged; outcomes (-want +got):\n%s", i, diff)
			}
			for id, contact := range b.holdings(t, []string{"contacts"}, []string{"email"}).live {
				if len(contact.links) > 0 {
					t.Errorf("contact %s has %v", id, contact.links)
				}
			}
		})
	}
}

// A create that is found by reading back has its associations written by themselves; what
// they lead to may have been merged meanwhile.
func TestAssociationsOfAnAdoptedCreateWithAnotherRecordAreStale(t *testing.T) {
	t.Parallel()
	for _, kind := range []crm.ObjectType{crm.TypeContact, crm.TypeCompany} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, portal.Config{}, nil)
			targets := b.people(2)
			change := create("new@example.com", crm.Value{Name: "lastname", Text: "New"})
			if kind == crm.TypeCompany {
				targets = b.add("companies", map[string]string{"domain": "a.example"}, map[string]string{"domain": "b.example"})
				change.Associations = associate("", "", targets[1]).Associations
			} else {
				change.Associations = []plan.AssociationChange{{
					To: crm.Ref{Type: kind, ID: targets[1]}, After: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}},
				}}
			}
			p := b.plan(change)
			disk, _, _, _ := b.process(p, nil, crash{record: 2}) // the create's intent is the last
			created := b.add("contacts", map[string]string{"email": "new@example.com", "lastname": "New"})[0]
			send(t, b.portal, http.MethodPost, "/crm/v3/objects/"+kind.Plural()+"/merge", map[string]crm.ObjectID{"primaryObjectId": targets[0], "objectIdToMerge": targets[1]})
			_, _, result, err := b.process(p, disk, crash{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]apply.Outcome{apply.Stale}, outcomes(result)); diff != "" || b.links(created, kind) != 0 {
				t.Errorf("%s: %d associations; outcomes (-want +got):\n%s", kind, b.links(created, kind), diff)
			}
		})
	}
}

// A create that is found by reading back may be the very contact that it was to be
// associated with, renamed meanwhile: nobody is associated with oneself.
func TestNobodyIsAssociatedWithOneself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		id := b.people(1)[0]
		change := create("new@example.com")
		change.Associations = []plan.AssociationChange{{
			To: crm.Ref{Type: crm.TypeContact, ID: id}, After: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}},
		}}
		p := b.plan(change)
		disk, _, _, _ := b.process(p, nil, crash{record: 2}) // begin and the create's intent
		b.set(id, "email", "new@example.com")
		before := b.portal.Requests().Mutations()
		_, _, result, err := b.process(p, disk, crash{})
		if err != nil || result.Entries[0].Associations[0].Outcome != apply.Stale || b.portal.Requests().Mutations() != before {
			t.Errorf("%v, %+v, after %d writes", err, result.Entries, b.portal.Requests().Mutations()-before)
		}
	})
}

// A contact of the plan that others gave the address of a create is not adopted: it was
// there before, and is somebody else by the plan.
func TestContactOfThePlanIsNotAdopted(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	change := create("new@example.com")
	change.Associations = associate("", "", company).Associations
	b.set(id, "email", "new@example.com")
	result := b.applySaved(update(id, address(0), "lastname", "Before", "After"), change)
	if diff := cmp.Diff([]apply.Outcome{apply.Stale, apply.Stale}, outcomes(result)); diff != "" || b.links(id, crm.TypeCompany) != 0 {
		t.Errorf("%d associations; outcomes (-want +got):\n%s", b.links(id, crm.TypeCompany), diff)
	}
}

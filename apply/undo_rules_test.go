package apply_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

func TestUndoKeepsAnAddressThatWasChangedSince(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	records := b.recorded(rename(id, address(0), "new@example.com"))
	b.set(id, "email", "married@example.com")
	b.wantKept([]apply.Kept{{
		ID: id, Email: "married@example.com", Property: "email", Now: "married@example.com", Reason: "it was changed since",
	}}, b.undone(records))
}

func TestUndoTakesNoAddressAway(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.add("contacts", map[string]string{"firstname": "Nameless"})[0]
	given := update(id, "ada@example.com", "email", "", "ada@example.com")
	given.Properties[0].Origin = plan.OriginRename
	kept := b.undone(b.recorded(given))
	if len(kept) != 1 || kept[0].Property != "email" || b.text(id, "email") != "ada@example.com" {
		t.Errorf("kept: %+v", kept)
	}
}

// What the run did not write is not undone, though the portal holds the same value.
func TestUndoPassesOverWritesThatDidNotHappen(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]journal.Outcome{
		"refused whole": {Op: 1, HTTP: 400},
		"stale":         {Op: 1, Items: []journal.Item{{Outcome: "stale"}}},
		"failed":        {Op: 1, Items: []journal.Item{{Outcome: "failed"}}},
	} {
		b := newBench(t, portal.Config{}, nil)
		id := b.people(1)[0]
		records := b.recorded(update(id, address(0), "lastname", "Before", "After"))
		for i := range records {
			if records[i].Outcome != nil {
				records[i].Outcome = &outcome
			}
		}
		if p, kept := b.undo(t, records); !p.Empty() || len(kept) > 0 {
			t.Errorf("%s: planned %+v, kept %+v", name, p.Changes, kept)
		}
	}
}

// A stage that was cleared on its way back is empty for a moment; empty since then, it
// is somebody's.
func TestUndoKeepsAStageThatWasClearedSince(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "customer")
	back := update(id, address(0), "lifecyclestage", "customer", "lead")
	back.Properties[0].Backward = true
	records := b.recorded(back)
	b.set(id, "lifecyclestage", "")
	b.wantKept([]apply.Kept{{
		ID: id, Email: crm.Email(address(0)), Property: "lifecyclestage", Reason: "it was changed since",
	}}, b.undone(records))
}

// The record that loses the primary type to its former holder has no change of its own.
func TestUndoMovesAPrimaryTypeByOneChange(t *testing.T) {
	t.Parallel()
	l := newLinking(t)
	l.link(0, companyPrimary)
	l.link(1, unlabeledCompany)
	p, _ := l.undo(t, l.recorded(plan.Change{Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: movePrimary(l)}))
	if len(p.Changes) != 1 || len(p.Changes[0].Associations) != 1 {
		t.Fatalf("planned: %+v", p.Changes)
	}
	link := p.Changes[0].Associations[0]
	if diff := cmp.Diff([]crm.Ref{l.company(0), l.company(1)}, []crm.Ref{link.To, link.PrimaryFrom}); diff != "" {
		t.Errorf("to and from (-want +got):\n%s", diff)
	}
}

// A link to a contact that the same run created goes by the id that it got.
func TestUndoSeparatesFromContactsOfTheSameRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	knows := plan.Change{Action: plan.Update, ID: id, Email: crm.Email(address(0)), Associations: []plan.AssociationChange{{
		To:    crm.Ref{Type: crm.TypeContact, Email: "new@example.com"},
		After: types(crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 449}),
	}}}
	p, _ := b.undo(t, b.recorded(create("new@example.com"), knows))
	if len(p.Changes) != 2 || len(p.Changes[1].Associations) != 1 {
		t.Fatalf("planned: %+v", p.Changes)
	}
	want := crm.Ref{Type: crm.TypeContact, ID: b.lookup("new@example.com"), Email: "new@example.com"}
	if link := p.Changes[1].Associations[0]; link.To != want || len(link.After) > 0 {
		t.Errorf("planned: %+v", link)
	}
}

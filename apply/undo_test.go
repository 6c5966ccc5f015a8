package apply_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// undo makes the plan that undoes a run, from what the portal is now.
func (b *bench) undo(t fataler, records []journal.Record) (*plan.Plan, []apply.Kept) {
	described, live := b.readFootprint(t, apply.FootprintOf(records))
	p, kept := apply.Undo(records, live, described)
	allow(p)
	var file bytes.Buffer
	if err := p.Encode(&file); err != nil {
		t.Fatalf("the undo is no ordinary plan: %v", err)
	}
	again, err := plan.Decode(&file)
	if err != nil {
		t.Fatalf("the undo cannot be read back: %v", err)
	}
	if diff := cmp.Diff(p, again, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the undo changed when it was saved (-made +read):\n%s", diff)
	}
	if list := p.Check(described); len(list) > 0 {
		t.Fatalf("the undo cannot be applied: %v", list)
	}
	return p, kept
}

// readFootprint reads what an undo asks for.
func (b *bench) readFootprint(t fataler, f apply.Footprint) (*crm.Portal, []crm.Contact) {
	var declared []spec.Contact
	for _, id := range f.IDs {
		contact := spec.Contact{ID: id, Ensure: spec.Present}
		for _, name := range f.Properties {
			contact.Properties = append(contact.Properties, spec.Property{Name: name})
		}
		for _, to := range f.Associations {
			contact.Associations = append(contact.Associations, spec.Association{To: crm.Target{Type: to, ID: "1"}})
		}
		declared = append(declared, contact)
	}
	for _, email := range f.Emails {
		declared = append(declared, spec.Contact{Email: email, Ensure: spec.Present})
	}
	doc := spec.NewDocument(declared)
	described, err := snapshot.Portal(b.t.Context(), b.own.Reader, doc)
	if err != nil {
		t.Fatalf("reading the portal: %v", err)
	}
	var live []crm.Contact
	for batch, err := range snapshot.Contacts(b.t.Context(), b.own.Reader, doc, described) {
		if err != nil && !errors.Is(err, snapshot.ErrBinUnchecked) {
			t.Fatalf("reading contacts: %v", err)
		}
		live = append(live, batch...)
	}
	return described, live
}

// carry applies a plan and returns its journal.
func (b *bench) carry(t fataler, p *plan.Plan) []journal.Record {
	n := &notebook{bench: b}
	result, err := apply.Run(b.t.Context(), b.remote, p, apply.Options{ReadAt: time.Now(), Journal: n, Run: "r1"})
	if err != nil || !result.Complete() {
		t.Fatalf("%v, %+v", err, result)
	}
	return n.records
}

// undone undoes a run, and expects of a second undo that it finds nothing to do.
func (b *bench) undone(records []journal.Record) []apply.Kept {
	b.t.Helper()
	p, kept := b.undo(b.t, records)
	b.carry(b.t, p)
	if again, _ := b.undo(b.t, records); !again.Empty() {
		b.t.Errorf("undone twice, there is still to do:\n%s", cmp.Diff([]plan.Change(nil), again.Changes))
	}
	return kept
}

func (b *bench) wantKept(want, got []apply.Kept) {
	b.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestUndoPutsValuesBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "lead")
	records := b.recorded(plan.Change{
		Action: plan.Update, ID: id, Email: crm.Email(address(0)), Properties: []plan.PropertyChange{
			{Name: "firstname", After: "Ada", Origin: plan.OriginContact},
			{Name: "lastname", Before: "Before", After: "After", Origin: plan.OriginContact},
			{Name: "lifecyclestage", Before: "lead", After: "customer", Origin: plan.OriginContact},
		},
	})
	b.wantKept(nil, b.undone(records))
	for name, want := range map[string]string{"firstname": "", "lastname": "Before", "lifecyclestage": "lead"} {
		if got := b.text(id, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// A stage that moved back was cleared and set; undone, it moves forward again.
func TestUndoOfAStageThatMovedBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "customer")
	back := update(id, address(0), "lifecyclestage", "customer", "lead")
	back.Properties[0].Backward = true
	records := b.recorded(back)
	p, kept := b.undo(t, records)
	b.wantKept(nil, kept)
	want := []plan.PropertyChange{{Name: "lifecyclestage", Before: "lead", After: "customer", Origin: plan.OriginContact}}
	if diff := cmp.Diff(want, p.Changes[0].Properties); diff != "" {
		t.Errorf("the undo (-want +got):\n%s", diff)
	}
	b.undone(records)
	if got := b.text(id, "lifecyclestage"); got != "customer" {
		t.Errorf("the stage is %q", got)
	}
}

// Moving a stage back is over every limit unless it is allowed by its number.
func TestUndoThatMovesAStageBackNeedsAnAllowance(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "lead")
	p, _ := b.undo(t, b.recorded(update(id, address(0), "lifecyclestage", "lead", "customer")))
	p.Limits = plan.ResolveLimits(spec.NewDocument(nil).Settings().Limits, 0)
	p.Limits.Update = plan.NoLimit
	_, err := apply.Run(t.Context(), b.remote, p, apply.Options{})
	var limit *apply.LimitError
	if !errors.As(err, &limit) || limit.Excess[0].Flag != "--allow-stage-back 1" {
		t.Fatalf("the error is %v", err)
	}
	one := 1
	if _, err := apply.Run(t.Context(), b.remote, p, apply.Options{Allow: plan.Allowances{StageBack: &one}}); err != nil {
		t.Fatal(err)
	}
	if got := b.text(id, "lifecyclestage"); got != "lead" {
		t.Errorf("the stage is %q", got)
	}
}

func TestUndoLeavesWhatWasChangedSince(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	records := b.recorded(b.updates(ids)...)
	b.set(ids[0], "lastname", "Married")
	b.wantKept([]apply.Kept{{
		ID: ids[0], Email: crm.Email(address(0)), Property: "lastname", Now: "Married", Reason: "it was changed since",
	}}, b.undone(records))
	if got := b.text(ids[0], "lastname"); got != "Married" {
		t.Errorf("the foreign value became %q", got)
	}
	if got := b.text(ids[1], "lastname"); got != "Before" {
		t.Errorf("the other one is %q", got)
	}
}

func TestUndoLeavesContactsThatAreGone(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(3)
	records := b.recorded(b.updates(ids)...)
	act(t, b.portal, fmt.Sprintf("archive %s\nmerge %s %s", ids[0], ids[1], ids[2]))
	merged := b.lookup(address(1))
	kept := b.undone(records)
	if len(kept) != 3 || kept[0].Reason != "the contact was archived or deleted since" {
		t.Errorf("kept: %+v", kept)
	}
	for _, k := range kept[1:] {
		if k.Reason != "it was merged into contact "+string(merged)+" since" {
			t.Errorf("kept: %+v", k)
		}
	}
}

func TestUndoOfValuesThatThePortalTakesNoMore(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "hs_lead_status", "NEW")
	records := b.recorded(plan.Change{
		Action: plan.Update, ID: id, Email: crm.Email(address(0)), Properties: []plan.PropertyChange{
			{Name: "hs_lead_status", Before: "NEW", After: "OPEN", Origin: plan.OriginContact},
			{Name: "lastname", Before: "Before", After: "After", Origin: plan.OriginContact},
		},
	})
	described, live := b.readFootprint(t, apply.FootprintOf(records))
	status := described.Properties["hs_lead_status"]
	status.Options = status.Options[1:]
	described.Properties["hs_lead_status"] = status
	delete(described.Properties, "lastname")
	p, kept := apply.Undo(records, live, described)
	if !p.Empty() {
		t.Errorf("planned: %+v", p.Changes)
	}
	ada := crm.Email(address(0))
	b.wantKept([]apply.Kept{
		{ID: id, Email: ada, Property: "hs_lead_status", Now: "OPEN", Reason: "its former value is none that the portal takes any more"},
		{ID: id, Email: ada, Property: "lastname", Now: "After", Reason: "the property does not exist any more"},
	}, kept)
}

func rename(id crm.ObjectID, from, to string) plan.Change {
	change := update(id, to, "email", from, to)
	change.From, change.Properties[0].Origin = crm.Email(from), plan.OriginRename
	return change
}

func TestUndoOfARename(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.wantKept(nil, b.undone(b.recorded(rename(id, address(0), "new@example.com"))))
	if got := b.text(id, "email"); got != address(0) {
		t.Errorf("the address is %q", got)
	}
}

func TestUndoKeepsAnAddressThatOptedOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	records := b.recorded(rename(id, address(0), "new@example.com"))
	described, live := b.readFootprint(t, apply.FootprintOf(records))
	live[0].Properties = crm.NewProperties(append(live[0].Properties, crm.Value{Name: "hs_email_optout", Text: "true"})...)
	p, kept := apply.Undo(records, live, described)
	if !p.Empty() || len(kept) != 1 || kept[0].Property != "email" || kept[0].Now != "new@example.com" {
		t.Errorf("planned %+v, kept %+v", p.Changes, kept)
	}
}

// The address that a rename freed went to a contact that the same run created: the
// first undo archives that one, the second gives the address back.
func TestUndoOfARenameWhoseAddressWentToANewContact(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	records := b.recorded(rename(id, address(0), "z@example.com"), create(address(0), crm.Value{Name: "lastname", Text: "Other"}))
	first, kept := b.undo(t, records)
	if len(first.Changes) != 1 || first.Changes[0].Action != plan.Archive || len(kept) != 1 || kept[0].Property != "email" {
		t.Fatalf("planned %+v, kept %+v", first.Changes, kept)
	}
	b.carry(t, first)
	b.wantKept(nil, b.undone(records))
	if got := b.text(id, "email"); got != address(0) {
		t.Errorf("the address is %q", got)
	}
}

func TestUndoArchivesWhatWasCreated(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	ada := create("ada@example.com", crm.Value{Name: "firstname", Text: "Ada"})
	ada.Associations = []plan.AssociationChange{{To: crm.Ref{Type: crm.TypeCompany, ID: company}, After: []crm.AssociationType{unlabeledCompany}}}
	records := b.recorded(ada)
	p, _ := b.undo(t, records)
	if p.Changes[0].Pruned() || p.Document().Len() != 0 {
		t.Error("the archive counts as one of prune, or would be declared in a file")
	}
	b.wantKept(nil, b.undone(records))
	if n := b.holders("ada@example.com"); n != 0 {
		t.Errorf("%d contacts hold the address", n)
	}
}

var unlabeledCompany = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 279}

func TestUndoListsWhatWasArchived(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	records := b.recorded(archive(id, address(0)))
	b.wantKept([]apply.Kept{{
		ID: id, Email: crm.Email(address(0)), Archived: true, Reason: "HubSpot's API cannot bring an archived contact back",
	}}, b.undone(records))
	if _, err := b.portal.Restore(t.Context(), crm.TypeContact, string(id)); err != nil {
		t.Fatal(err)
	}
	b.wantKept(nil, b.undone(records))
}

// A contact with a life of its own is not archived, whoever created it.
func TestUndoKeepsCreatedContactsThatSomebodyWorkedWith(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	records := b.recorded(create("ada@example.com", crm.Value{Name: "firstname", Text: "Ada"}))
	ada := b.lookup("ada@example.com")
	for objectType, typeID := range map[string]int{"deals": 4, "tickets": 15, "notes": 201, "tasks": 203, "meetings": 199, "emails": 197, "calls": 193} {
		properties := map[string]string{"hs_timestamp": "2026-11-01T10:00:00Z"}
		switch objectType {
		case "deals":
			properties = map[string]string{"dealname": "Big"}
		case "tickets":
			properties = map[string]string{"subject": "Help"}
		}
		other := b.add(objectType, properties)[0]
		if err := b.own.Associate(t.Context(), "contacts", string(ada), objectType, string(other), typeID); err != nil {
			t.Fatalf("%s: %v", objectType, err)
		}
		p, kept := b.undo(t, records)
		if to, _ := crm.ParseObjectType(objectType); !p.Empty() || len(kept) != 1 || kept[0].To != (crm.Ref{Type: to, ID: other}) {
			t.Errorf("%s: planned %+v, kept %+v", objectType, p.Changes, kept)
		}
		if err := b.own.BatchArchive(t.Context(), objectType, []string{string(other)}); err != nil {
			t.Fatal(err)
		}
	}
	described, live := b.readFootprint(t, apply.FootprintOf(records))
	plain := live[0].Properties
	for name, text := range map[string]string{
		"num_associated_deals": "1", "num_notes": "2", "num_contacted_notes": "1", "num_conversion_events": "1",
		"hs_sales_email_last_replied": "2026-11-01T10:00:00Z", "notes_last_contacted": "2026-11-01T10:00:00Z",
		"engagements_last_meeting_booked": "2026-11-01T10:00:00Z", "email": "ada@other.example", "firstname": "Augusta",
	} {
		grown := live[0]
		grown.Properties = crm.NewProperties(append(slices.Clip(plain), crm.Value{Name: name, Text: text})...)
		if name == "email" {
			grown.Email = crm.Email(text)
		}
		p, kept := apply.Undo(records, []crm.Contact{grown}, described)
		if !p.Empty() || len(kept) != 1 || kept[0].Property != name || kept[0].Now != text {
			t.Errorf("%s: planned %+v, kept %+v", name, p.Changes, kept)
		}
	}
	grown := live[0]
	grown.Properties = crm.NewProperties(append(slices.Clip(plain), crm.Value{Name: "num_notes", Text: "0"})...)
	if p, kept := apply.Undo(records, []crm.Contact{grown}, described); p.Summary().Archive != 1 || len(kept) != 0 {
		t.Errorf("a count of 0 kept it: planned %+v, kept %+v", p.Changes, kept)
	}
}

// docs/undo.md names all that is looked at.
func TestDocumentationNamesWhatSpeaksAgainstAnArchive(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/undo.md")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, portal.Config{}, nil)
	f := apply.FootprintOf(b.recorded(create("ada@example.com")))
	for _, name := range f.Properties {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("it does not name %s", name)
		}
	}
	for _, to := range f.Associations {
		if !strings.Contains(string(text), " "+string(to)) {
			t.Errorf("it does not name a %s", to)
		}
	}
}

// What was looked at for the archive is looked at again just before it.
func TestUndoDoesNotArchiveWhatChangedSinceItWasPlanned(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	records := b.recorded(create("ada@example.com"))
	described, live := b.readFootprint(t, apply.FootprintOf(records))
	stale := func(seen crm.Contact, reason string) {
		t.Helper()
		p, _ := apply.Undo(records, []crm.Contact{seen}, described)
		p.Limits.Archive = 1
		result, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now()})
		if err != nil || result.Entries[0].Outcome != apply.Stale || !strings.Contains(result.Entries[0].Reason, reason) {
			t.Errorf("%v, %+v, want it stale: %s", err, result, reason)
		}
	}
	noted := live[0]
	noted.Properties = crm.NewProperties(append(slices.Clip(live[0].Properties), crm.Value{Name: "num_notes", Text: "0"})...)
	stale(noted, "num_notes was changed")
	b.set(live[0].ID, "email", "ada@other.example")
	stale(live[0], "another address")
}

func TestUndoKeepsContactsThatAnotherMayHaveCreated(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/batch/create", first: 1, last: 1, do: loseAnswer}
	b := newBench(t, portal.Config{}, f.wrap)
	kept := b.undone(b.recorded(create("ada@example.com")))
	if len(kept) != 1 || b.holders("ada@example.com") != 1 {
		t.Errorf("kept: %+v", kept)
	}
}

// A run that was cut leaves creates of which it is not known whether they happened.
func TestUndoKeepsContactsWhoseCreateIsNotKnown(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	var cut []journal.Record
	for _, record := range b.recorded(create("ada@example.com")) {
		if record.Outcome == nil && record.End == nil {
			cut = append(cut, record)
		}
	}
	ada := b.lookup("ada@example.com")
	b.wantKept([]apply.Kept{{ID: ada, Email: "ada@example.com", Reason: "whether the run created it is not known"}}, b.undone(cut))
	if err := b.own.BatchArchive(t.Context(), "contacts", []string{string(ada)}); err != nil {
		t.Fatal(err)
	}
	b.wantKept(nil, b.undone(cut))
}

// An update without an outcome counts where its value stands.
func TestUndoOfACutRunLooksAtTheValues(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	var cut []journal.Record
	for _, record := range b.recorded(b.updates(ids)...) {
		if record.Outcome == nil && record.End == nil {
			cut = append(cut, record)
		}
	}
	b.set(ids[1], "lastname", "Before")
	b.wantKept(nil, b.undone(cut))
	for _, id := range ids {
		if got := b.text(id, "lastname"); got != "Before" {
			t.Errorf("contact %s is %q", id, got)
		}
	}
}

// What was refused was not written, and is none of the undo's business.
func TestUndoPassesOverWhatWasRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	bad := update(ids[0], address(0), "hs_lead_status", "", "no such option")
	records := b.recorded(bad, update(ids[1], address(1), "lastname", "Before", "After"))
	p, kept := b.undo(t, records)
	if len(p.Changes) != 1 || p.Changes[0].ID != ids[1] || len(kept) != 0 {
		t.Errorf("planned %+v, kept %+v", p.Changes, kept)
	}
}

// What a contact held when the run wrote it counts, not what it held when it was planned:
// a value that somebody wrote in between is not the run's to take back.
func TestUndoKeepsAValueThatCameBeforeTheRun(t *testing.T) {
	t.Parallel()
	for name, conflict := range map[string]apply.OnConflict{"skip": apply.ConflictSkip, "fail": apply.ConflictFail} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			id := b.people(1)[0]
			p := b.plan(plan.Change{Action: plan.Update, ID: id, Email: crm.Email(address(0)), Properties: []plan.PropertyChange{
				{Name: "jobtitle", After: "Clerk"}, {Name: "lastname", Before: "Before", After: "After"},
			}})
			b.set(id, "lastname", "After")
			n := &notebook{bench: b}
			if result, err := apply.Run(t.Context(), b.remote, p, apply.Options{Journal: n, Run: "r1", OnConflict: conflict}); err != nil || !result.Complete() {
				t.Fatalf("%v, %+v", err, result)
			}
			b.wantKept(nil, b.undone(n.records))
			if title, last := b.text(id, "jobtitle"), b.text(id, "lastname"); title != "" || last != "After" {
				t.Errorf("undone, the contact is %q %q", title, last)
			}
		})
	}
}

package apply_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// exported is every live contact of the portal with its values and associations.
func (b *bench) exported(t fataler) string {
	described, err := snapshot.Portal(b.t.Context(), b.own.Reader, spec.NewDocument(nil))
	if err != nil {
		t.Fatalf("reading the portal: %v", err)
	}
	doc, err := snapshot.Document(b.t.Context(), b.own.Reader, described, snapshot.ExportOptions{
		Associations: []crm.ObjectType{crm.TypeCompany, crm.TypeContact}, IDs: true,
	})
	if err != nil {
		t.Fatalf("exporting: %v", err)
	}
	var file bytes.Buffer
	if err := doc.Encode(&file); err != nil {
		t.Fatalf("writing the export: %v", err)
	}
	return file.String()
}

// restoreKept takes the contacts that a run archived out of the recycle bin, as a
// person does in HubSpot.
func (b *bench) restoreKept(t fataler, kept []apply.Kept) {
	for _, k := range kept {
		if !k.Archived {
			continue
		}
		if _, err := b.portal.Restore(b.t.Context(), crm.TypeContact, string(k.ID)); err != nil {
			t.Fatalf("restoring: %v", err)
		}
	}
}

// takeBack undoes a run until nothing is left to undo, with contacts that the run
// archived restored by hand in between, and returns the journal of the first undo.
func (b *bench) takeBack(t fataler, records []journal.Record) []journal.Record {
	p, kept := b.undo(t, records)
	first := b.carry(t, p)
	b.restoreKept(t, kept)
	for range 3 {
		p, kept = b.undo(t, records)
		if p.Empty() {
			break
		}
		b.carry(t, p)
	}
	if len(kept) > 0 {
		t.Fatalf("kept, although nobody else wrote: %+v", kept)
	}
	return first
}

// An undone run leaves the portal as it was, whatever the run did, and so does an
// undone undo; undone a second time, nothing is written.
func TestUndoLeavesThePortalAsItWas(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes a hundred portals")
	}
	drawn := make(map[string]int)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		b, doc := drawWorld(t, rt, &run)
		before := b.exported(rt)
		p := b.planned(rt, doc)
		count(drawn, p)
		allow(p)
		records := b.carry(rt, p)
		after := b.exported(rt)

		undo := b.takeBack(rt, records)
		if diff := cmp.Diff(before, b.exported(rt)); diff != "" {
			rt.Fatalf("the undo left the portal changed (-before +now):\n%s", diff)
		}
		mutations := b.portal.Requests().Mutations()
		if again, _ := b.undo(rt, records); !again.Empty() || b.portal.Requests().Mutations() != mutations {
			rt.Fatalf("undone twice, there is still to do: %+v", again.Changes)
		}
		if archived(p) > 0 {
			return // brought back by hand, of which no journal tells
		}
		b.takeBack(rt, undo)
		if diff := cmp.Diff(after, b.exported(rt)); diff != "" {
			rt.Fatalf("the undo of the undo did not restore the run (-run +now):\n%s", diff)
		}
	})
	for _, kind := range []string{"create", "update", "archive", "rename", "backward stage", "label", "link between new contacts", "link removed", "clear"} {
		if drawn[kind] == 0 {
			t.Errorf("no case had a %s", kind)
		}
	}
}

func archived(p *plan.Plan) int { return p.Summary().Archive }

// drawWorld makes a portal of its own, and a document about it.
func drawWorld(t *testing.T, rt *rapid.T, run *int) (*bench, *spec.Document) {
	t.Helper()
	b := newBench(t, portal.Config{}, nil)
	*run++
	w := world{t: rt, bench: b, run: *run, companies: b.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "other.example"})}
	w.fill()
	return b, spec.NewDocument(w.declare())
}

// What somebody else wrote after the run stands after the undo, and all the rest is
// as it would be without that.
func TestUndoLeavesForeignEditsAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes a hundred portals")
	}
	run, edited := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		b, doc := drawWorld(t, rt, &run)
		p := b.planned(rt, doc)
		allow(p)
		records := b.carry(rt, p)
		var ids []crm.ObjectID
		for _, d := range apply.FootprintOf(records).IDs {
			if b.text(d, "createdate") != "" {
				ids = append(ids, d)
			}
		}
		if len(ids) == 0 {
			return
		}
		edited++
		id := rapid.SampledFrom(ids).Draw(rt, "edited contact")
		name := rapid.SampledFrom([]string{"firstname", "jobtitle"}).Draw(rt, "edited property")
		b.set(id, name, "Foreign")
		undo, _ := b.undo(rt, records)
		result, err := apply.Run(t.Context(), b.remote, undo, apply.Options{ReadAt: time.Now()})
		if err != nil || !result.Complete() {
			rt.Fatalf("%v, %+v", err, result)
		}
		// A new contact that nobody has worked with is archived with what HubSpot, or
		// somebody, added to it.
		mayGo := createdWithout(p, emailOf(records, id), name) && b.text(id, "createdate") == ""
		if got := b.text(id, name); got != "Foreign" && !mayGo {
			rt.Fatalf("%s of contact %s is %q", name, id, got)
		}
	})
	if edited == 0 {
		t.Error("no case had an edit")
	}
}

// emailOf is the address that a run left a contact with.
func emailOf(records []journal.Record, id crm.ObjectID) crm.Email {
	ops := make(map[int]*journal.Intent)
	for _, record := range records {
		if record.Intent != nil {
			ops[record.Intent.Op] = record.Intent
		}
		if record.Outcome == nil {
			continue
		}
		for i, item := range record.Outcome.Items {
			if item.ID == id {
				return ops[record.Outcome.Op].Writes[i].Email
			}
		}
	}
	return ""
}

// createdWithout reports whether a plan creates a contact without a certain value.
func createdWithout(p *plan.Plan, email crm.Email, name string) bool {
	return slices.ContainsFunc(p.Changes, func(c plan.Change) bool {
		return c.Action == plan.Create && c.Email == email &&
			!slices.ContainsFunc(c.Properties, func(v plan.PropertyChange) bool { return v.Name == name })
	})
}

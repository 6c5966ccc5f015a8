package apply_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/portal"
)

// A notebook keeps records in memory, beside the number of writes that the portal
// had seen when each came; it fails from the n-th record on when n is set.
type notebook struct {
	bench   *bench
	records []journal.Record
	writes  []int
	failAt  int
}

var errDisk = errors.New("no space left on device")

func (n *notebook) Append(record journal.Record) error {
	if n.failAt > 0 && len(n.records)+1 >= n.failAt {
		return errDisk
	}
	n.records = append(n.records, record)
	n.writes = append(n.writes, n.bench.portal.Requests().Mutations())
	return nil
}

func TestIntentPrecedesItsRequestAndOutcomeFollows(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(150)
	before := b.portal.Requests().Mutations()
	n := &notebook{bench: b}
	changes := append(b.updates(ids), archive(b.add("contacts", map[string]string{"email": "z@example.com"})[0], "z@example.com"))
	before++
	result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{
		ReadAt: time.Now(), Concurrency: 1, Journal: n, Run: "r1", Version: "v0",
	})
	if err != nil || !result.Complete() {
		t.Fatalf("%v, %+v", err, result.Counts)
	}
	var shape []string
	for i, record := range n.records {
		switch {
		case record.Begin != nil:
			shape = append(shape, "begin")
		case record.Intent != nil:
			shape = append(shape, "intent "+record.Intent.Kind)
			if sent := n.writes[i] - before; sent != record.Intent.Op-1 {
				t.Errorf("%d writes were sent before intent %d", sent, record.Intent.Op)
			}
		case record.Outcome != nil:
			shape = append(shape, "outcome")
			if sent := n.writes[i] - before; sent != record.Outcome.Op {
				t.Errorf("%d writes were sent before outcome %d", sent, record.Outcome.Op)
			}
		case record.End != nil:
			shape = append(shape, "end "+record.End.Status)
		}
	}
	want := []string{"begin", "intent update", "outcome", "intent update", "outcome", "intent archive", "outcome", "end done"}
	if diff := cmp.Diff(want, shape); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if begin := n.records[0].Begin; begin.PlanDigest != b.plan(changes...).Digest() || begin.Portal != b.portal.AccountID() || begin.Steps != 3 {
		t.Errorf("the run begins with %+v", begin)
	}
	wantWrite := journal.Write{
		Change: 0, ID: ids[0], Email: crm.Email(address(0)),
		Properties: []journal.Property{{Name: "lastname", Before: "Before", After: "After"}},
	}
	if diff := cmp.Diff(wantWrite, n.records[1].Intent.Writes[0]); diff != "" {
		t.Errorf("the first write (-want +got):\n%s", diff)
	}
	for _, record := range n.records {
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		var back journal.Record
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(record, back); diff != "" {
			t.Errorf("a record does not survive its encoding (-want +got):\n%s", diff)
		}
	}
}

func TestJournalThatFailsStopsTheNextRequest(t *testing.T) {
	t.Parallel()
	for failAt := 1; failAt <= 7; failAt++ {
		b := newBench(t, portal.Config{}, nil)
		ids := b.people(300)
		before := b.portal.Requests().Mutations()
		n := &notebook{bench: b, failAt: failAt}
		result, err := apply.Run(t.Context(), b.remote, b.plan(b.updates(ids)...), apply.Options{ReadAt: time.Now(), Concurrency: 1, Journal: n})
		if !errors.Is(err, apply.ErrJournal) || !errors.Is(err, errDisk) {
			t.Errorf("failing at record %d: the error is %v", failAt, err)
		}
		sent := b.portal.Requests().Mutations() - before
		if want := (failAt - 1) / 2; sent != want {
			t.Errorf("failing at record %d: %d requests were sent, want %d", failAt, sent, want)
		}
		if result == nil || len(result.Entries) != 300 || result.Stopped == "" {
			t.Errorf("failing at record %d: the result is not complete, or does not say that the run stopped", failAt)
		}
	}
}

package apply_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

func TestObserverFollowsEveryStepAndEveryFailure(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	changes := b.updates(b.people(150))
	changes[3].Properties = []plan.PropertyChange{{Name: "hs_lead_status", After: "no such option"}}
	changes = append(changes, create("new@example.com"), archive(b.add("contacts", map[string]string{"email": "z@example.com"})[0], "z@example.com"))
	var seen []apply.Event
	_, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{
		ReadAt: time.Now(), Concurrency: 1, Observe: func(event apply.Event) {
			event.Entry, event.Reason = apply.Entry{Outcome: event.Entry.Outcome}, ""
			seen = append(seen, event)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []apply.Event{
		{Kind: apply.EventItem, Step: apply.Update, Total: 150, Change: 3, Entry: apply.Entry{Outcome: apply.Failed}},
		{Kind: apply.EventStep, Step: apply.Update, Done: 100, Total: 150},
		{Kind: apply.EventStep, Step: apply.Update, Done: 150, Total: 150},
		{Kind: apply.EventStep, Step: apply.Create, Done: 1, Total: 1},
		{Kind: apply.EventStep, Step: apply.Archive, Done: 1, Total: 1},
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

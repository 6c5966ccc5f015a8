package apply_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
)

// A run that uses the day up stops at once, with what it wrote told as written; after
// the portal's midnight the same plan goes on where it stopped, and nothing is twice.
func TestRunGoesOnAfterTheDaysLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Filling takes 4 requests and the account 1: the run may write 5 batches of 8.
		b := newBench(t, portal.Config{Daily: 10, TimeZone: "Europe/Berlin"}, nil)
		changes := b.updates(b.people(400))
		for i := range 400 {
			changes = append(changes, create(address(1000+i)))
		}
		p := b.plan(changes...)
		first, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now(), Concurrency: 1})
		if !errors.Is(err, hubspot.ErrDailyLimit) || first.Stopped == "" {
			t.Fatalf("the first run stopped %q with %v", first.Stopped, err)
		}
		if c := first.Counts; c.Updated != 400 || c.Created != 100 || c.Skipped != 300 || c.Failed+c.Unknown+c.Stale != 0 {
			t.Errorf("counts of the first run %+v", c)
		}
		if first.Requests != 7 {
			t.Errorf("%d requests, the refused one included; want 7", first.Requests)
		}
		time.Sleep(24 * time.Hour) // fake time
		second, err := apply.Run(t.Context(), b.remote, p, apply.Options{})
		if err != nil || !second.Complete() {
			t.Fatalf("the second run ended with %v: %+v", err, second)
		}
		stats, err := b.portal.Stats(t.Context())
		if err != nil || stats.Objects["contact"].Live != 800 {
			t.Errorf("the portal holds %+v, %v", stats.Objects, err)
		}
	})
}

package apply_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// What holds for every request stops all workers: each may meet it with the request
// that it has in flight, none is sent again, none is begun after it. What was written
// before is told as written, and the rest as not begun.
func TestRefusalInTheMiddleStopsAllWorkers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault crm.Fault
		want  error
		says  string
	}{
		{crm.Fault{Kind: crm.FaultUnauthorized}, hubspot.ErrUnauthorized, "401"},
		{crm.Fault{Kind: crm.FaultMissingScopes, Scopes: []string{"crm.objects.contacts.write"}}, hubspot.ErrMissingScopes, "403"},
		{crm.Fault{Kind: crm.FaultRateLimit, Policy: "DAILY"}, hubspot.ErrDailyLimit, "429"},
		{crm.Fault{Kind: crm.FaultMigrating, RetryAfter: 7200}, hubspot.ErrMigrating, "it asks to come back in 2h0m0s"},
	} {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const workers, before = 8, 3
				test.fault.Match = crm.FaultMatch{Method: "POST", Path: "/crm/v3/objects/contacts/batch/create", From: before + 1}
				b := newBench(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{test.fault}}}, nil)
				var changes []plan.Change
				for i := range 3000 {
					changes = append(changes, create(address(i)))
				}
				began := time.Now()
				result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: began, Concurrency: workers})
				if !errors.Is(err, test.want) || !strings.Contains(fmt.Sprint(err), test.says) {
					t.Errorf("the error is %v, want %v", err, test.want)
				}
				if c := result.Counts; c.Created != before*100 || c.Skipped != 3000-before*100 {
					t.Errorf("counts %+v", c)
				}
				if met := b.portal.FaultsFired()[0]; met < 1 || met > workers {
					t.Errorf("%d requests were refused, want at most one of each of %d workers", met, workers)
				}
				if took := time.Since(began); took != 0 {
					t.Errorf("the run waited %v", took)
				}
			})
		})
	}
}

// A lock ends by itself after two seconds, and the run is none the worse.
func TestLockInTheMiddleIsWaitedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{
			{Kind: crm.FaultLocked, Match: crm.FaultMatch{Method: "POST", Path: "/crm/v3/objects/contacts/batch/create", From: 2, To: 2}},
		}}}, nil)
		var changes []plan.Change
		for i := range 300 {
			changes = append(changes, create(address(i)))
		}
		began := time.Now()
		result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: began, Concurrency: 1})
		if err != nil || result.Counts.Created != 300 {
			t.Errorf("ended with %v: %+v", err, result.Counts)
		}
		if took := time.Since(began); took < 2*time.Second || took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		if b.portal.FaultsFired()[0] == 0 {
			t.Error("the lock struck at no request")
		}
	})
}

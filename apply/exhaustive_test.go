//go:build exhaustive

package apply_test

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// Each request of a run, those that plan it included, goes wrong in each way, on a
// portal and a plan of 20 contacts; and each request of a run of 2,000 contacts in
// the ways that differ most in what is known afterwards. Then the run is made again,
// and on another portal resumed from its journal and then made again.
// Nothing is lost, nothing is there twice, nothing unplanned is written, what was
// reported as applied is there, and the plan after it is empty.
func TestExhaustiveFaults(t *testing.T) {
	for _, size := range []struct {
		unit     int
		requests int // at least
		only     map[string]bool
	}{
		{unit: 1, requests: 20},
		{unit: 100, requests: 60, only: map[string]bool{
			"reset after the commit": true, "late commit": true, "429 daily": true, "half carried out": true,
		}},
	} {
		t.Run(fmt.Sprintf("%d contacts", 20*size.unit), func(t *testing.T) {
			started := time.Now()
			v := newVast(t, size.unit)
			n := 0
			synctest.Test(t, func(t *testing.T) { n = v.undisturbed(t) })
			if n < size.requests {
				t.Errorf("the run has %d requests, and should have %d", n, size.requests)
			}
			var cases, struck atomic.Int64
			kinds := 0
			var all []func()
			for _, kind := range badKinds() {
				if size.only != nil && !size.only[kind.name] {
					continue
				}
				kinds++
				for at := 1; at <= n; at++ {
					all = append(all, func() {
						t.Run(fmt.Sprintf("%s at %d", kind.name, at), func(t *testing.T) {
							for _, resume := range []bool{false, true} {
								if resume && size.unit > 1 && at%2 == 0 || !resume && size.unit > 1 && at%2 == 1 {
									continue // of the large runs, every other is resumed
								}
								synctest.Test(t, func(t *testing.T) {
									cases.Add(1)
									struck.Add(int64(v.disturbed(t, kind, at, resume)))
								})
							}
						})
					})
				}
			}
			inParallel(all)
			t.Logf("%d requests, %d kinds of faults: %d cases, %d faults struck, in %v",
				n, kinds, cases.Load(), struck.Load(), time.Since(started).Round(time.Second))
		})
	}
}

// inParallel makes calls, as many at once as there are processors.
func inParallel(calls []func()) {
	todo := make(chan func())
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for call := range todo {
				call()
			}
		})
	}
	for _, call := range calls {
		todo <- call
	}
	close(todo)
	workers.Wait()
}

// undisturbed makes the run and counts its requests.
func (v *vast) undisturbed(t *testing.T) int {
	t.Helper()
	n := 0
	count := func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) { n++; return next.RoundTrip(r) })
	}
	b := newBench(t, portal.Config{Path: v.copy(t)}, count)
	p, err := b.replan(v.doc)
	if err != nil {
		t.Fatal(err)
	}
	allow(p)
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{Concurrency: 1})
	if err != nil || !result.Complete() || len(p.Changes) != 20*v.unit {
		t.Fatalf("%v, %+v", err, result.Counts)
	}
	b.demandNothing(t, v.doc)
	v.demandModel(t, b)
	return n
}

// disturbed lets one request of the run go wrong, resumes it or not, and makes the run
// again. It returns how often the fault struck.
func (v *vast) disturbed(t *testing.T, kind badKind, at int, resume bool) int {
	t.Helper()
	var struck int
	var now *fault // the deed's, which counts like the portal's
	config := portal.Config{Path: v.copy(t)}
	g := new(guard)
	wrap := g.wrap
	if kind.do == nil {
		kind.fault.Match = crm.FaultMatch{From: at, To: at}
		config.Faults = &crm.Scenario{Faults: []crm.Fault{kind.fault}}
	} else {
		now = &fault{first: at, last: at, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if kind.batch && !answersResults(r) {
				return loseAnswer(r, next) // an answer without results has no other way to say too little
			}
			return kind.do(r, next)
		}}
		wrap = func(next http.RoundTripper) http.RoundTripper { return g.wrap(now.wrap(next)) }
	}
	b := newBench(t, config, wrap)
	var a attempted
	v.attempt(t, b, g, &a)
	if now != nil {
		struck, now.last = now.fired, 0
	} else {
		struck = b.portal.FaultsFired()[0]
	}
	if struck == 0 {
		t.Errorf("the fault struck at no request")
	}
	time.Sleep(kind.lands)
	b.remote = client(t, g.wrap(b.portal.Transport()), hubspot.V3)
	if resume {
		v.resume(t, b, &a)
	}
	v.again(t, b, g, a.applied, kind.lands > 0)
	v.demandModel(t, b)
	b.demandNothing(t, v.doc)
	if len(g.unplanned) > 0 {
		t.Errorf("%d writes were not planned, the first: %s", len(g.unplanned), g.unplanned[0])
	}
	return struck
}

// attempted is what is left of a run: its plan, its journal, and the addresses whose
// changes are reported as applied.
type attempted struct {
	plan    *plan.Plan
	disk    disk
	applied map[crm.Email]bool
}

// disk is a journal's file that nothing happens to.
type disk struct{ bytes.Buffer }

func (*disk) Sync() error  { return nil }
func (*disk) Close() error { return nil }

// attempt plans and applies. A panic while planning ends the attempt as it would end
// the command.
func (v *vast) attempt(t *testing.T, b *bench, g *guard, a *attempted) {
	t.Helper()
	defer func() { _ = recover() }()
	p, err := b.replan(v.doc)
	if err != nil {
		return
	}
	allow(p)
	g.watch(p)
	a.plan = p
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{Concurrency: 1, Run: "r", Journal: journal.NewWriter(&a.disk)})
	if result == nil && (err == nil || g.seen > 0) {
		t.Errorf("no result after %d writes: %v", g.seen, err)
	}
	a.note(t, result)
}

// resume goes on with the attempt from its journal, if it came so far as to have one.
func (v *vast) resume(t *testing.T, b *bench, a *attempted) {
	t.Helper()
	log, err := journal.Read(bytes.NewReader(a.disk.Bytes()))
	if err != nil {
		t.Fatalf("reading the journal: %v", err)
	}
	if log.Begin() == nil {
		return
	}
	result, err := apply.Resume(t.Context(), b.remote, a.plan, log.Records, apply.Options{Run: "r", Journal: log.Continue(&a.disk)})
	if err != nil || result.Counts.Unknown+result.Counts.Skipped > 0 && result.Counts.Failed+result.Counts.Stale == 0 {
		t.Errorf("the resumed run ended with %v: %+v", err, result)
	}
	a.note(t, result)
}

// note holds a result to having an entry for each change, with a reason where it did
// not come through.
func (a *attempted) note(t *testing.T, result *apply.Result) {
	t.Helper()
	if result == nil {
		return
	}
	if len(result.Entries) != len(a.plan.Changes) {
		t.Fatalf("%d entries for %d changes", len(result.Entries), len(a.plan.Changes))
	}
	a.applied = make(map[crm.Email]bool)
	for i, entry := range result.Entries {
		switch {
		case entry.Outcome == apply.Applied:
			a.applied[a.plan.Changes[i].Email] = true
		case entry.Outcome == 0 || entry.Reason == "":
			t.Errorf("%s ended as %s without a reason", a.plan.Changes[i].Email, entry.Outcome)
		}
	}
}

// again makes the run once more. What the first one reported as applied is not planned
// again, unless a request of the first one was carried out after all.
func (v *vast) again(t *testing.T, b *bench, g *guard, applied map[crm.Email]bool, late bool) {
	t.Helper()
	p, err := b.replan(v.doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range p.Changes {
		if applied[change.Email] && !late {
			t.Errorf("%s was reported as applied, and is planned again: %+v", change.Email, change)
		}
	}
	allow(p)
	g.watch(p)
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now()})
	if err != nil || !result.Complete() {
		t.Errorf("the second run ended with %v: %+v", err, result)
	}
}

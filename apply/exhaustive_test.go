//go:build exhaustive

package apply_test

import (
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/portal"
)

// Each request of a run goes wrong in each way, those that plan it included: on a
// portal and a plan of 20 contacts, where the run is then made again, and on another
// portal resumed from its journal and then made again; and on one of 2,000 contacts,
// where the run is resumed, if it came so far as to have a journal, and made again.
// Nothing is lost, nothing is there twice, nothing unplanned is written, what was
// reported as applied is there, and the plan after it is empty.
//
// A run over 2,000 contacts whose planning is disturbed goes no further than its plan, if
// that is the undisturbed run's: on a portal that nobody wrote to, it is that run.
func TestExhaustiveFaults(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // a portal's memory is small, and soon no longer needed
	for _, size := range []struct {
		unit     int
		requests int // at least
		resumed  []bool
	}{
		{unit: 1, requests: 20, resumed: []bool{false, true}},
		{unit: 100, requests: 60, resumed: []bool{true}},
	} {
		t.Run(fmt.Sprintf("%d contacts", 20*size.unit), func(t *testing.T) {
			started := time.Now()
			v := newVast(t, size.unit)
			synctest.Test(t, v.undisturbed)
			n := v.planning + v.applying
			if n < size.requests {
				t.Errorf("the run has %d requests, and should have %d", n, size.requests)
			}
			var cases, struck atomic.Int64
			var all []func()
			for _, kind := range badKinds() {
				for at := 1; at <= n; at++ {
					all = append(all, func() {
						t.Run(fmt.Sprintf("%s at %d", kind.name, at), func(t *testing.T) {
							for _, resume := range size.resumed {
								synctest.Test(t, func(t *testing.T) {
									cases.Add(1)
									if size.unit > 1 && at <= v.planning {
										struck.Add(int64(v.misread(t, kind, at)))
									} else {
										struck.Add(int64(v.disturbed(t, kind, at, resume)))
									}
								})
							}
						})
					})
				}
			}
			inParallel(all)
			t.Logf("%d requests, %d kinds of faults: %d cases, %d faults struck, in %v",
				n, len(badKinds()), cases.Load(), struck.Load(), time.Since(started).Round(time.Second))
		})
	}
}

// inParallel makes calls, two at once for each processor, since each waits for the
// disk now and then.
func inParallel(calls []func()) {
	todo := make(chan func())
	var workers sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
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

// undisturbed makes the run, keeps its plan and counts its requests.
func (v *vast) undisturbed(t *testing.T) {
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
	v.plan, v.planning = p, n
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{Concurrency: 1})
	if err != nil || !result.Complete() || len(p.Changes) != 20*v.unit {
		t.Fatalf("%v, %+v", err, result.Counts)
	}
	v.applying = n - v.planning
	b.demandNothing(t, v.doc)
	v.demandModel(t, b)
}

// disturbed lets one request of the run go wrong, resumes it or not, and makes the run
// again. It returns how often the fault struck.
func (v *vast) disturbed(t *testing.T, kind badKind, at int, resume bool) int {
	t.Helper()
	only := blow{kind, at}
	s := v.struggle(t, only)
	s.strikes(func() { s.begin(t) })
	struck := s.fell(t)
	s.calm(t, only)
	s.end(t, resume)
	return struck
}

// misread lets one request of the planning go wrong. Nothing is written, and the plan
// that is made, at once or by the next process, is that of the undisturbed run; where it
// is not, since an answer can leave associations out and look whole, the run goes to its
// end. It returns how often the fault struck.
func (v *vast) misread(t *testing.T, kind badKind, at int) int {
	t.Helper()
	only := blow{kind, at}
	s := v.struggle(t, only)
	s.strikes(func() { s.prepare(t) })
	struck := s.fell(t)
	s.calm(t, only)
	if n := s.portal.Requests().Mutations(); n > 0 {
		t.Errorf("planning wrote %d times", n)
	}
	switch {
	case s.approved == nil:
		if !s.prepare(t) || !reflect.DeepEqual(v.plan, s.approved) {
			t.Errorf("planning again, when nothing goes wrong any more, made no plan or another one")
		}
	case !reflect.DeepEqual(v.plan, s.approved):
		s.begin(t)
		s.end(t, true)
	}
	return struck
}

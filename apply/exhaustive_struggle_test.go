//go:build exhaustive

package apply_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// A blow is a fault at one request of a run, counted from the first that plans it, and
// on in the process that resumes it.
type blow struct {
	kind badKind
	at   int
}

// A struggle is a run that blows fall on, against a portal of its own.
type struggle struct {
	*bench
	v     *vast
	guard *guard
	deeds []*fault
	fired []func() int // how often each blow has fallen

	approved *plan.Plan
	disk     disk
	applied  map[crm.Email]bool // what the run reports as applied
	late     bool               // a request may be carried out when its run is over
}

// disk is a journal's file that nothing happens to.
type disk struct{ bytes.Buffer }

func (*disk) Sync() error  { return nil }
func (*disk) Close() error { return nil }

// struggle makes ready for a run. If the first blow leaves its planning alone, the run
// has the plan that planning would make.
func (v *vast) struggle(t *testing.T, blows ...blow) *struggle {
	t.Helper()
	s := &struggle{v: v, guard: new(guard)}
	passed := 0
	if blows[0].at > v.planning {
		s.approved, passed = v.plan, v.planning
	}
	scenario := new(crm.Scenario)
	for _, blow := range blows {
		at := blow.at - passed
		s.late = s.late || blow.kind.lands > 0
		if blow.kind.do != nil {
			f := &fault{first: at, last: at, do: blow.kind.deed}
			s.deeds, s.fired = append(s.deeds, f), append(s.fired, func() int { return f.fired })
			continue
		}
		f, n := blow.kind.fault, len(scenario.Faults)
		f.Match = crm.FaultMatch{From: at, To: at}
		scenario.Faults = append(scenario.Faults, f)
		s.fired = append(s.fired, func() int { return s.portal.FaultsFired()[n] })
	}
	s.bench = newBench(t, portal.Config{Path: v.copy(t), Faults: scenario}, s.through)
	return s
}

// through is the way to the portal while blows may fall.
func (s *struggle) through(next http.RoundTripper) http.RoundTripper {
	for _, f := range s.deeds {
		next = f.wrap(next)
	}
	return s.guard.wrap(next)
}

// deed is what a kind without a fault of the portal does in place of a round trip.
func (kind badKind) deed(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	if kind.batch && !answersResults(r) {
		return loseAnswer(r, next) // an answer without results has no other way to say too little
	}
	return kind.do(r, next)
}

// prepare plans, if there is no plan yet, and reports whether there is one.
func (s *struggle) prepare(t *testing.T) bool {
	t.Helper()
	if s.approved == nil {
		p, err := s.replan(s.v.doc)
		if err != nil {
			return false
		}
		allow(p)
		s.approved = p
	}
	return true
}

// begin plans and applies.
func (s *struggle) begin(t *testing.T) {
	t.Helper()
	if !s.prepare(t) {
		return
	}
	s.guard.watch(s.approved)
	result, err := apply.Run(t.Context(), s.remote, s.approved, apply.Options{Concurrency: 1, Run: "r", Journal: journal.NewWriter(&s.disk)})
	s.note(t, result, err)
}

// resume goes on from the journal, if the run came so far as to have one. It reports
// whether there was one, and whether the run came to its end: nothing is unknown or
// left out, but what cannot be done after a failure.
func (s *struggle) resume(t *testing.T) (begun, ended bool) {
	t.Helper()
	log, err := journal.Read(bytes.NewReader(s.disk.Bytes()))
	if err != nil {
		t.Fatalf("reading the journal: %v", err)
	}
	if log.Begin() == nil {
		return false, false
	}
	options := apply.Options{Run: "r", Journal: log.Continue(&s.disk)}
	result, err := apply.Resume(t.Context(), s.remote, s.approved, log.Records, options)
	s.note(t, result, err)
	return true, err == nil && (result.Counts.Unknown+result.Counts.Skipped == 0 || result.Counts.Failed+result.Counts.Stale > 0)
}

// strikes lets a run or its resumption go on while blows fall. A panic before its first
// write ends it as it would end the command; later ones are the run's to catch.
func (s *struggle) strikes(step func()) {
	seen := s.guard.seen
	defer func() {
		if defect := recover(); defect != nil && s.guard.seen > seen {
			panic(defect)
		}
	}()
	step()
}

// fell is how often the first blow has fallen, which it must have.
func (s *struggle) fell(t *testing.T) int {
	t.Helper()
	n := s.fired[0]()
	if n == 0 {
		t.Errorf("the fault struck at no request")
	}
	return n
}

// calm ends the blows. Whatever is still on its way arrives, and the next process finds
// the portal well.
func (s *struggle) calm(t *testing.T, blows ...blow) {
	t.Helper()
	for _, blow := range blows {
		time.Sleep(blow.kind.lands)
	}
	if err := s.portal.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	s.remote = client(t, s.guard.wrap(s.portal.Transport()), hubspot.V3)
}

// end resumes the run in peace, if that is wanted and it has begun, and makes it again.
func (s *struggle) end(t *testing.T, resume bool) {
	t.Helper()
	if resume {
		if begun, ended := s.resume(t); begun && !ended {
			t.Errorf("the resumed run did not come to its end")
		}
	}
	s.again(t)
}

// note holds a result to having an entry for each change, with a reason where it did
// not come through. A run that wrote has a result.
func (s *struggle) note(t *testing.T, result *apply.Result, err error) {
	t.Helper()
	if result == nil {
		if err == nil || s.guard.seen > 0 && s.applied == nil {
			t.Errorf("no result after %d writes: %v", s.guard.seen, err)
		}
		return
	}
	if len(result.Entries) != len(s.approved.Changes) {
		t.Fatalf("%d entries for %d changes", len(result.Entries), len(s.approved.Changes))
	}
	s.applied = make(map[crm.Email]bool)
	for i, entry := range result.Entries {
		switch {
		case entry.Outcome == apply.Applied:
			s.applied[s.approved.Changes[i].Email] = true
		case entry.Outcome == 0 || entry.Reason == "":
			t.Errorf("%s ended as %s without a reason", s.approved.Changes[i].Email, entry.Outcome)
		}
	}
}

// again makes the run once more, if there is something left to do, after which nothing
// may be left, and holds the portal to the model. What was reported as applied is not
// planned again, unless a request came late.
func (s *struggle) again(t *testing.T) {
	t.Helper()
	p, err := s.replan(s.v.doc)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Empty() {
		for _, change := range p.Changes {
			if s.applied[change.Email] && !s.late {
				t.Errorf("%s was reported as applied, and is planned again: %+v", change.Email, change)
			}
		}
		allow(p)
		s.guard.watch(p)
		result, err := apply.Run(t.Context(), s.remote, p, apply.Options{ReadAt: time.Now()})
		if err != nil || !result.Complete() {
			t.Errorf("the second run ended with %v: %+v", err, result)
		}
		s.demandNothing(t, s.v.doc)
	}
	s.v.demandModel(t, s.bench)
	if len(s.guard.unplanned) > 0 {
		t.Errorf("%d writes were not planned, the first: %s", len(s.guard.unplanned), s.guard.unplanned[0])
	}
}

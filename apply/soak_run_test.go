package apply_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// A soakRun is the last run: its plan, what is on its disk, and the portal before it.
type soakRun struct {
	plan    *plan.Plan
	disk    []byte
	before  lawState
	foreign int  // steps of others before it began
	quiet   bool // nothing went wrong so far, and it was not cut
	late    bool // a request of it may have been carried out after it ended: nobody can tell that from others
	left    bool // some of it was not tried, or is of unknown outcome
}

func (r *soakRun) log(t fataler) *journal.Log {
	log, err := journal.Read(bytes.NewReader(r.disk))
	if err != nil {
		t.Fatalf("reading the journal: %v\n%s", err, r.disk)
	}
	return log
}

// cut reports whether a run is in the way of the next one.
func (s *soak) cut() bool { return s.run != nil && s.run.log(s.t).State() == journal.Interrupted }

// A process is what happens to one command that writes: the faults that its requests
// meet, when it is killed, and how it ended.
type process struct {
	kinds  []badKind
	at     []int // the request that each kind strikes
	crash  crash
	resume bool

	struck  int // faults
	dead    bool
	late    bool          // a request may have been carried out after the process was told otherwise
	earlier *apply.Result // what the journal said when the process began
	written map[int]bool  // changes whose values it said were applied, their stages apart
	result  *apply.Result
	err     error
}

// drawFaults draws up to three of them.
func (s *soak) drawFaults(p *process) {
	kinds := badKinds()
	for range rapid.IntRange(1, 3).Draw(s.t, "faults") {
		p.kinds = append(p.kinds, rapid.SampledFrom(kinds).Draw(s.t, "kind"))
		p.at = append(p.at, rapid.IntRange(1, 14).Draw(s.t, "request"))
	}
}

func (s *soak) drawKill(p *process) {
	p.crash = crash{n: rapid.IntRange(1, 28).Draw(s.t, "effect"), after: rapid.Bool().Draw(s.t, "after"), torn: rapid.Bool().Draw(s.t, "torn")}
}

// String names what a process is up against, for a failure.
func (p *process) String() string {
	var names []string
	for i, kind := range p.kinds {
		names = append(names, fmt.Sprintf("%s at %d", kind.name, p.at[i]))
	}
	if p.crash.n > 0 {
		names = append(names, fmt.Sprintf("killed at %+v", p.crash))
	}
	return strings.Join(names, ", ")
}

// carry lets a process carry out a plan from what is on the disk, and returns the disk
// that it leaves.
func (s *soak) carry(planned *plan.Plan, disk []byte, p *process, options apply.Options) []byte {
	log, err := journal.Read(bytes.NewReader(disk))
	if err != nil {
		s.t.Fatalf("reading the journal: %v\n%s", err, disk)
	}
	through := s.bench.portal.Transport()
	var scenario crm.Scenario
	deeds := make([]*fault, len(p.kinds)) // nil where the portal does it
	var names []string
	for i, kind := range p.kinds {
		if kind.do == nil {
			kind.fault.Match = crm.FaultMatch{From: p.at[i], To: p.at[i]}
			scenario.Faults = append(scenario.Faults, kind.fault)
			names = append(names, kind.name)
			continue
		}
		f := &fault{first: p.at[i], last: p.at[i], do: kind.strike}
		deeds[i] = f
		through = f.wrap(through)
	}
	if err := s.bench.portal.SetFaults(&scenario); err != nil {
		s.t.Fatalf("setting the faults: %v", err)
	}
	g := &guard{kept: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 279}, {Category: crm.HubSpotDefined, TypeID: 1}, {Category: crm.HubSpotDefined, TypeID: 931}}}
	g.watch(planned)
	d := &doors{crash: p.crash, next: g.wrap(through), saved: slices.Clone(disk[:bytes.LastIndexByte(disk, '\n')+1])}
	options.Journal, options.Run = log.Continue(d), "r"
	options.Concurrency = rapid.SampledFrom([]int{1, 1, 1, 3}).Draw(s.t, "concurrency")
	func() {
		defer func() {
			if defect := recover(); defect != nil && !p.panics() {
				panic(defect)
			} else if defect != nil {
				p.dead = true
			}
		}()
		remote := client(s.bench.t, d, hubspot.V3)
		if p.resume {
			p.result, p.err = apply.Resume(s.bench.t.Context(), remote, planned, log.Records, options)
		} else {
			p.result, p.err = apply.Run(s.bench.t.Context(), remote, planned, options)
		}
	}()
	p.dead = p.dead || d.down
	for i, fired := range s.bench.portal.FaultsFired() {
		p.struck += fired
		p.late = p.late || fired > 0 && scenario.Faults[i].Kind == crm.FaultDelay
		s.tally.faults[names[i]] += fired
	}
	for i, f := range deeds {
		if f != nil {
			p.struck += f.fired
			s.tally.faults[p.kinds[i].name] += f.fired
		}
	}
	if err := s.bench.portal.SetFaults(nil); err != nil {
		s.t.Fatalf("setting the faults: %v", err)
	}
	if p.late {
		time.Sleep(time.Hour) // until nothing is under way any more
	}
	if len(g.unplanned) > 0 {
		s.t.Fatalf("%d writes were not planned, the first: %s", len(g.unplanned), g.unplanned[0])
	}
	return d.disk()
}

// panics reports whether one of the faults is a defect of the program.
func (p *process) panics() bool {
	return slices.ContainsFunc(p.kinds, func(kind badKind) bool { return kind.name == "panic" })
}

// strike does the deed of a kind. What is to go wrong with an answer's results loses
// the answer where it has none.
func (k *badKind) strike(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	if k.batch && !answersResults(r) {
		return loseAnswer(r, next)
	}
	return k.do(r, next)
}

// savePlan sees to it that there is a plan, unless the files are refused.
func (s *soak) savePlan() {
	if s.cut() {
		s.t.Skip("a run is in the way")
	}
	if s.plan == nil {
		s.makePlan()
	}
}

// prepare is the plan to apply: the saved one, or a new one; nil when there is nothing.
func (s *soak) prepare() (*plan.Plan, apply.Options) {
	s.savePlan()
	p, options := s.plan, apply.Options{ReadAt: s.readAt}
	s.plan = nil
	if p == nil {
		return nil, options
	}
	if rapid.IntRange(0, 7).Draw(s.t, "on conflict fail") == 0 {
		options.OnConflict = apply.ConflictFail
	}
	return p, options
}

// apply carries out a plan, in a process to which this and that happens.
func (s *soak) apply(happens ...func(*process)) {
	planned, options := s.prepare()
	if planned == nil {
		return
	}
	left := s.expect().left
	p := &process{}
	for _, draw := range happens {
		draw(p)
	}
	s.begin(planned, p, options)
	if p.quiet() && s.foreign == s.plannedAt {
		s.converged(planned, p, left)
	}
}

// begin carries out a plan in a process of its own, as a new run.
func (s *soak) begin(planned *plan.Plan, p *process, options apply.Options) {
	run := &soakRun{plan: planned, before: cloned(s.now), foreign: s.foreign, quiet: true}
	count(s.tally.changes, planned)
	run.disk = s.carry(planned, nil, p, options)
	s.account(run, p)
}

// left skips a step if there is nothing to resume.
func (s *soak) left() {
	if s.run == nil || !s.cut() && !s.run.left {
		s.t.Skip("nothing to resume")
	}
}

// resume carries a run on.
func (s *soak) resume(happens ...func(*process)) {
	s.left()
	p := &process{resume: true}
	for _, draw := range happens {
		draw(p)
	}
	s.plan = nil // of another time
	records := s.run.log(s.t).Records
	var err error
	if p.earlier, err = apply.Review(s.run.plan, records); err != nil {
		s.t.Fatalf("reading the outcome from the journal: %v", err)
	}
	p.written = written(records)
	s.run.disk = s.carry(s.run.plan, s.run.disk, p, apply.Options{})
	s.tally.resumes++
	s.account(s.run, p)
	if p.quiet() && (p.err != nil || p.result.Counts.Unknown > 0 || p.result.Counts.Skipped > 0 && p.result.Counts.Failed+p.result.Counts.Stale == 0) {
		s.t.Fatalf("resumed, the run ended with %v: %s", p.err, resultText(s.run.plan, p.result))
	}
}

// written are the changes whose values a journal says are applied.
func written(records []journal.Record) map[int]bool {
	is, updates := make(map[int]bool), make(map[int]bool)
	for _, record := range records {
		switch {
		case record.Intent != nil && record.Intent.Kind == "update":
			updates[record.Intent.Op] = true
		case record.Outcome != nil && updates[record.Outcome.Op]:
			for _, item := range record.Outcome.Items {
				is[item.Change] = is[item.Change] || item.Part == 0 && item.Outcome == apply.Applied.String()
			}
		}
	}
	return is
}

// quiet reports whether nothing happened to a process.
func (p *process) quiet() bool { return p.struck == 0 && !p.dead }

// account looks at what a process left: in the portal, in its journal, in its report.
func (s *soak) account(run *soakRun, p *process) {
	before := s.now
	after := s.observe()
	log := run.log(s.t)
	report := p.result
	if p.dead {
		s.tally.kills++
	}
	if log.Begin() == nil || report == nil && !p.dead {
		if diff := differ(before, after); diff != "" {
			s.t.Fatalf("a run that did not begin wrote (%s):\n%s", p, diff)
		}
		if p.quiet() && p.err == nil {
			s.t.Fatalf("a run that did not begin ended well")
		}
		return
	}
	review, err := apply.Review(run.plan, log.Records)
	if err != nil {
		s.t.Fatalf("reading the outcome from the journal: %v", err)
	}
	if p.dead {
		report = review
	} else if !slices.Equal(outcomes(report), outcomes(review)) {
		s.t.Fatalf("reported %v; the journal says %v (%s)", outcomes(report), outcomes(review), p)
	}
	j := judgement{plan: run.plan, before: before, after: after, earlier: p.earlier, written: p.written, merged: s.merged}
	if !p.late {
		j.result = report
	}
	if broken := j.broken(); len(broken) > 0 {
		s.t.Fatalf("%s\n%s\n%s", strings.Join(broken, "\n"), p, resultText(run.plan, report))
	}
	run.quiet, run.late = run.quiet && p.quiet(), run.late || p.late
	run.left = report.Stopped != "" || report.Counts.Unknown > 0 || p.dead
	s.run, s.now = run, after
}

// converged demands that a run to which nothing happened did all that was planned, and
// that nothing is left to be planned but for contacts that had errors of their own.
func (s *soak) converged(planned *plan.Plan, p *process, left map[string]bool) {
	if p.err != nil || !p.result.Complete() {
		s.t.Fatalf("nothing happened to the run, and it ended with %v: %s", p.err, resultText(planned, p.result))
	}
	s.tally.converged++
	if s.edits != s.plannedFor {
		return // it was a plan of former files
	}
	for email, line := range s.expect().lines {
		if !left[email] {
			s.t.Fatalf("there is still to do for %s: %s", email, line)
		}
	}
	s.makePlan()
	s.plan = nil
}

// abandon gives a run up that was cut.
func (s *soak) abandon() {
	if !s.cut() || rapid.IntRange(0, 3).Draw(s.t, "given up") > 0 {
		s.t.Skip("no run was cut, or it is to be carried on")
	}
	log := s.run.log(s.t)
	d := &doors{saved: slices.Clone(s.run.disk[:bytes.LastIndexByte(s.run.disk, '\n')+1])}
	if err := log.Continue(d).Append(journal.Record{End: &journal.End{Status: journal.Abandoned}}); err != nil {
		s.t.Fatalf("abandoning: %v", err)
	}
	s.run.disk, s.run.left = d.disk(), false
}

// undoable skips a step if there is nothing to undo.
func (s *soak) undoable() {
	if s.run == nil || s.cut() || len(s.run.plan.Changes) == 0 {
		s.t.Skip("nothing to undo")
	}
}

// undo takes the last run back, in a process to which this and that happens.
func (s *soak) undo(happens ...func(*process)) {
	s.undoable()
	undone := s.run
	planned, _ := s.bench.undo(s.t, undone.log(s.t).Records)
	s.reverses(undone.plan, planned)
	held := s.holders() // such an address is not given back, even if the undo sets it free
	p := &process{}
	for _, draw := range happens {
		draw(p)
	}
	s.plan = nil
	s.begin(planned, p, apply.Options{ReadAt: time.Now()})
	s.tally.undos++
	if !p.quiet() {
		return
	}
	if p.err != nil || !p.result.Complete() {
		s.t.Fatalf("nothing happened to the undo, and it ended with %v: %s", p.err, resultText(planned, p.result))
	}
	if !undone.late {
		s.restored(undone, held)
	}
}

// reverses demands that an undo takes back what the run wrote and nothing else: a value
// that still is the run's, a contact that it created and nobody changed.
func (s *soak) reverses(undone, planned *plan.Plan) {
	for _, back := range planned.Changes {
		now := s.now.live[string(back.ID)]
		at := slices.IndexFunc(undone.Changes, func(change plan.Change) bool {
			if back.Action == plan.Archive {
				return change.Action == plan.Create && slices.Contains(now.addresses(), string(change.Email))
			}
			return change.ID == back.ID
		})
		if at < 0 && (back.Action == plan.Archive || len(back.Properties) > 0) {
			s.t.Fatalf("the undo is to %s contact %s, which the run did not write", back.Action, back.ID)
		}
		for _, p := range back.Properties {
			wrote := slices.ContainsFunc(undone.Changes[at].Properties, func(did plan.PropertyChange) bool {
				was := did.Before == p.After || did.Backward && p.After == "" // others had cleared it
				return did.Name == p.Name && was && (did.After == p.Before || did.Backward && p.Before == "")
			})
			if !wrote {
				s.t.Fatalf("the undo makes %s of contact %s %q from %q, which is not what the run wrote", p.Name, back.ID, p.After, p.Before)
			}
		}
		for _, did := range undone.Changes[max(at, 0)].Properties {
			if text := now.properties[did.Name]; back.Action == plan.Archive && text != did.After {
				s.t.Fatalf("the undo archives contact %s, whose %s is %q by now", back.ID, did.Name, text)
			}
		}
	}
}

// restored demands that an undo put back all that can be: where nobody else wrote since
// the run began, contacts are as they were before it.
func (s *soak) restored(undone *soakRun, held map[string]string) {
	for _, id := range slices.Sorted(maps.Keys(s.now.live)) {
		was, lived := undone.before.live[id]
		now := s.now.live[id]
		switch {
		case s.touched[id] > undone.foreign:
		case !lived && undone.quiet:
			s.t.Fatalf("contact %s was created by the run that was undone, and is still there", id)
		case !lived, adopts(undone.plan, was):
		default:
			s.restoredTo(id, was, now, held)
		}
	}
}

// adopts reports whether a run may have found a contact that it was to create: such a one
// is left alone by an undo.
func adopts(p *plan.Plan, was lawContact) bool {
	return slices.ContainsFunc(p.Changes, func(change plan.Change) bool {
		return change.Action == plan.Create && string(change.Email) == was.properties["email"]
	})
}

func (s *soak) restoredTo(id string, was, now lawContact, held map[string]string) {
	for _, name := range []string{"email", "jobtitle", "lastname", "lifecyclestage"} {
		text, want := now.properties[name], was.properties[name]
		if _, kept := held[want]; text != want && (name != "email" || !kept) {
			s.t.Fatalf("undone, %s of contact %s is %q; before the run it was %q", name, id, text, want)
		}
	}
	for _, firm := range soakFirms {
		to := "companies/" + firm
		if !slices.Equal(now.links[to], was.links[to]) {
			s.t.Fatalf("undone, the association of contact %s with company %s is %v; before the run it was %v", id, firm, now.links[to], was.links[to])
		}
	}
	for to, types := range was.links {
		other, is := strings.CutPrefix(to, "contacts/")
		if _, lives := s.now.live[other]; is && lives && !slices.Equal(now.links[to], types) {
			s.t.Fatalf("undone, the association of contact %s with %s is %v; before the run it was %v", id, to, now.links[to], types)
		}
	}
}

package apply_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// A soak is a portal, a document, a run and a model of them, that steps are drawn for:
// the document is edited, others change the portal, a plan is made, applied, cut,
// carried on, abandoned, undone. The model says what a plan must hold and what a run
// may leave. It knows the file format and the rules of a portal, and nothing of the
// code that plans and applies.
type soak struct {
	t     *rapid.T
	bench *bench
	tally *tally

	described *crm.Portal // its definitions, once they were read

	now     lawState          // what the portal holds
	merged  map[string]string // contacts that were merged, and what they became
	foreign int               // steps of others so far
	touched map[string]int    // the last of them for each contact
	doc     []wish
	edits   int // of the document so far

	plan       *plan.Plan // saved, and not applied yet
	readAt     time.Time
	plannedAt  int // steps of others by then
	plannedFor int // edits of the document by then
	run        *soakRun
}

// A tally counts what happened in all the cases of a soak.
type tally struct {
	steps   map[string]int // by action
	changes map[string]int // that runs began with, by kind
	faults  map[string]int // that struck, by kind

	kills, resumes, undos, converged int

	mu sync.Mutex // held while the counts of a case are added
}

func newTally() *tally {
	return &tally{steps: make(map[string]int), changes: make(map[string]int), faults: make(map[string]int)}
}

func (a *tally) add(b *tally) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, counts := range [][2]map[string]int{{a.steps, b.steps}, {a.changes, b.changes}, {a.faults, b.faults}} {
		for name, n := range counts[1] {
			counts[0][name] += n
		}
	}
	a.kills, a.resumes, a.undos, a.converged = a.kills+b.kills, a.resumes+b.resumes, a.undos+b.undos, a.converged+b.converged
}

func (a *tally) taken() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return sum(a.steps)
}

func sum(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

func (a *tally) String() string {
	return fmt.Sprintf("%d steps, %d faults struck, %d kills, %d resumes, %d undos, %d undisturbed runs did all that was planned\nsteps: %v\nchanges that runs began with: %v\nfaults: %v",
		a.taken(), sum(a.faults), a.kills, a.resumes, a.undos, a.converged, a.steps, a.changes, a.faults)
}

// demand fails a soak in which something did not happen that should have, by the number
// of its steps.
func (a *tally) demand(t *testing.T) {
	t.Helper()
	occurred := map[string]int{"faults": sum(a.faults), "kills": a.kills, "resumes": a.resumes, "undos": a.undos, "undisturbed runs": a.converged}
	const telling, all = 2_000, 20_000
	if a.taken() >= telling {
		for action := range (&soak{}).actions() {
			occurred[action] = a.steps[action]
		}
	}
	if a.taken() >= all {
		for _, kind := range []string{"create", "update", "archive", "rename", "backward stage", "label", "link between new contacts", "link removed", "clear"} {
			occurred["planned "+kind] = a.changes[kind]
		}
		for _, kind := range badKinds() {
			occurred[kind.name] = a.faults[kind.name]
		}
	}
	for what, n := range occurred {
		if n == 0 {
			t.Errorf("%s: none in %d steps", what, a.taken())
		}
	}
}

// actions are the steps by their names.
func (s *soak) actions() map[string]func() {
	faults, kill := s.drawFaults, s.drawKill
	return map[string]func(){
		"edit a little":    func() { s.edit(2) },
		"edit a lot":       func() { s.edit(8) },
		"foreign value":    s.foreignValue,
		"foreign rename":   s.foreignRename,
		"foreign create":   s.foreignCreate,
		"foreign delete":   s.foreignDelete,
		"foreign merge":    s.foreignMerge,
		"foreign relink":   s.foreignRelink,
		"plan":             s.makePlan,
		"apply":            func() { s.apply() },
		"apply faulty":     func() { s.apply(faults) },
		"apply killed":     func() { s.apply(kill) },
		"apply both":       func() { s.apply(faults, kill) },
		"resume":           func() { s.resume() },
		"resume faulty":    func() { s.resume(faults) },
		"resume killed":    func() { s.resume(kill) },
		"apply overtaken":  func() { s.savePlan(); s.others(); s.apply() },
		"resume overtaken": func() { s.left(); s.others(); s.resume() },
		"undo overtaken":   func() { s.undoable(); s.others(); s.undo() },
		"abandon":          s.abandon,
		"undo":             func() { s.undo() },
		"undo disturbed":   func() { s.undo(faults, kill) },
	}
}

// Whatever is done to a portal and to the runs that write to it, in whatever order:
// a plan holds what is to be done and nothing else, and a run leaves what was there or
// what was planned, says truly which, and never takes back what others wrote. What is
// not disturbed does what was planned; what was cut is carried on to that.
// This is the short form; TestExhaustiveSteps goes on for as long as it is told.
func TestRandomSteps(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hundreds of steps")
	}
	randomSteps(t, 400, 1)
}

// randomSteps takes cases of rapid until there were enough steps. Several lanes take the
// cases of one seed in turn. The steps of a case that fails do not count, and from then on
// a lane takes every case, so that rapid finds it again.
func randomSteps(t *testing.T, enough, lanes int) {
	t.Helper()
	total := newTally()
	lane := func(t *testing.T, own int) {
		t.Helper()
		drawn, failed := 0, false
		rapid.Check(t, func(rt *rapid.T) {
			drawn++
			if !failed && (drawn%lanes != own || total.taken() >= enough) {
				return
			}
			failed = true
			counts := newTally()
			inBubble(t, rt, func(t *testing.T) {
				t.Helper()
				newSoak(t, rt, counts).steps()
			})
			failed = false
			total.add(counts)
		})
	}
	if lanes == 1 {
		lane(t, 0)
	} else {
		t.Run("lanes", func(t *testing.T) {
			for own := range lanes {
				t.Run(strconv.Itoa(own), func(t *testing.T) {
					t.Parallel()
					lane(t, own)
				})
			}
		})
	}
	t.Log(total)
	total.demand(t)
}

// inBubble runs a case in a bubble, out of which rapid gets its failures. Draws that
// rapid itself gave up are passed on as such, or it would take them for failures.
func inBubble(t *testing.T, rt *rapid.T, do func(t *testing.T)) {
	t.Helper()
	var failure any
	synctest.Test(t, func(t *testing.T) {
		defer func() { failure = recover() }()
		do(t)
	})
	switch {
	case failure == nil:
	case reflect.TypeOf(failure).Name() == "invalidData":
		rt.SkipNow()
	default:
		panic(failure)
	}
}

func newSoak(t *testing.T, rt *rapid.T, total *tally) *soak {
	t.Helper()
	s := &soak{t: rt, bench: newBench(t, portal.Config{AccountID: lawAccount}, nil), tally: total, merged: make(map[string]string), touched: make(map[string]int)}
	fixture := crm.Fixture{}
	for i, firm := range soakFirms {
		fixture.Records = append(fixture.Records, crm.FixtureRecord{
			Type: crm.TypeCompany, ID: crm.ObjectID(firm), Properties: texts("domain", fmt.Sprintf("firm%d.example", i)),
		})
	}
	for i := range rapid.IntRange(3, 8).Draw(rt, "people") {
		record := crm.FixtureRecord{Type: crm.TypeContact, ID: crm.ObjectID(fmt.Sprint(101 + i)), Properties: texts("email", soakAddress(i), "lastname", "Ada", "lifecyclestage", s.pick("stage", soakStages))}
		if rapid.Bool().Draw(rt, "employed") {
			record.Associations = []crm.FixtureAssociation{{To: crm.Target{Type: crm.TypeCompany, ID: "9001"}, Labels: []string{"Primary"}}}
		}
		fixture.Records = append(fixture.Records, record)
	}
	if err := s.bench.portal.Fill(t.Context(), &fixture); err != nil {
		rt.Fatalf("filling the portal: %v", err)
	}
	s.now = s.observe()
	s.edit(12)
	return s
}

// steps draws one step after the other.
func (s *soak) steps() {
	actions := make(map[string]func(*rapid.T))
	for name, do := range s.actions() {
		actions[name] = func(t *rapid.T) {
			s.t = t
			do()
			s.tally.steps[name]++
		}
	}
	actions[""] = func(t *rapid.T) {
		if diff := differ(s.now, s.observe()); diff != "" {
			t.Fatalf("the portal is not as the model says (-model +portal):\n%s", diff)
		}
	}
	s.t.Repeat(actions)
}

// observe is what the portal holds, by plain lists; secondary addresses are sorted.
func (s *soak) observe() lawState {
	state := s.bench.holdings(s.t, []string{"companies", "contacts"}, []string{"email", "hs_additional_emails", "jobtitle", "lastname", "lifecyclestage"})
	for _, c := range state.live {
		if more := c.properties["hs_additional_emails"]; more != "" {
			c.properties["hs_additional_emails"] = sortedSet(crm.SplitSet(more))
		}
	}
	return state
}

func sortedSet(members []string) string {
	slices.Sort(members)
	return strings.Join(slices.Compact(members), ";")
}

func differ(want, got lawState) string {
	return gocmp.Diff(want, got, gocmp.AllowUnexported(lawState{}, lawContact{}))
}

// cloned is a state that the steps to come do not change.
func cloned(s lawState) lawState {
	c := lawState{live: make(map[string]lawContact, len(s.live)), binned: maps.Clone(s.binned)}
	for id, contact := range s.live {
		c.live[id] = lawContact{maps.Clone(contact.properties), maps.Clone(contact.links)}
	}
	return c
}

// makePlan plans the document, and holds the plan against the model.
func (s *soak) makePlan() {
	doc := s.document()
	want := s.expect()
	skip := len(want.left) == 0 || rapid.IntRange(0, 3).Draw(s.t, "skip invalid") > 0
	p := s.planFor(doc, plan.Options{SkipInvalid: skip})
	s.plan, s.readAt, s.plannedAt, s.plannedFor = nil, time.Now(), s.foreign, s.edits
	if p == nil {
		if skip || len(want.left) == 0 {
			s.t.Fatalf("the plan is refused")
		}
		return
	}
	if !skip {
		s.t.Fatalf("the plan should be refused for %v", want.left)
	}
	if diff := gocmp.Diff(slices.Sorted(maps.Values(want.lines)), planLines(p)); diff != "" {
		s.t.Fatalf("the plan (-model +planned):\n%s", diff)
	}
	if p.Counts.LeftOut != len(want.left) {
		s.t.Fatalf("%d contacts are left out; the model says %v", p.Counts.LeftOut, want.left)
	}
	allow(p)
	s.plan = p
}

// planFor reads the portal and plans; nil when errors refuse the plan.
func (s *soak) planFor(doc *spec.Document, options plan.Options) *plan.Plan {
	ctx, reader := s.bench.t.Context(), s.bench.own.Reader
	if s.described == nil { // it stays so
		all := wish{email: "all@example.com", firms: map[string]bond{soakFirms[0]: {}}, colleagues: map[string]bond{"colleague@example.com": {}}}
		var err error
		if s.described, err = snapshot.Portal(ctx, reader, spec.NewDocument([]spec.Contact{all.declared()})); err != nil {
			s.t.Fatalf("reading the portal: %v", err)
		}
	}
	planner := plan.New(doc, s.described, options)
	if err := readFor(ctx, planner, reader, doc, s.described); err != nil {
		s.t.Fatalf("reading contacts: %v", err)
	}
	p, _ := planner.Plan()
	return p
}

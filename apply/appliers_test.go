package apply_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// An applier is a contactsync in a folder of its own, on which no lock of another one
// holds: its document, when it does what, and what became of it.
type applier struct {
	name     string
	doc      []wish
	starts   time.Duration   // until it plans
	reviews  time.Duration   // until it applies the plan
	requests []time.Duration // how long its requests take, in turn
	worker   int

	guard  guard
	plan   *plan.Plan
	result *apply.Result
	err    error
}

const appliersPool = 8 // addresses that their documents are about

// drawAppliers draws documents that overlap: they create the same contacts, give the
// same contact different values, archive or rename what others change.
func drawAppliers(t *rapid.T) []*applier {
	appliers := make([]*applier, rapid.IntRange(2, 8).Draw(t, "appliers"))
	for i := range appliers {
		a := &applier{
			name:    fmt.Sprintf("applier %d", i),
			starts:  time.Duration(rapid.IntRange(0, 50).Draw(t, "starts")) * time.Millisecond,
			reviews: time.Duration(rapid.SampledFrom([]int{0, 5, 40, 100_000}).Draw(t, "reviews")) * time.Millisecond,
			worker:  rapid.IntRange(1, 3).Draw(t, "concurrency"),
		}
		for range 5 {
			a.requests = append(a.requests, time.Duration(rapid.IntRange(1, 30).Draw(t, "takes"))*time.Millisecond)
		}
		for k := range appliersPool {
			if w, says := drawWish(t, i, k); says {
				a.doc = append(a.doc, w)
			}
		}
		appliers[i] = a
	}
	return appliers
}

// drawWish draws what an applier says of an address, if anything.
func drawWish(t *rapid.T, i, k int) (wish, bool) {
	w := wish{email: soakAddress(k), values: make(map[string]string), firms: make(map[string]bond)}
	switch rapid.SampledFrom([]string{"nothing", "nothing", "values", "values", "stage", "company", "archive", "rename"}).Draw(t, "says") {
	case "nothing":
		return w, false
	case "values":
		w.values["lastname"] = fmt.Sprintf("by %d", i)
		w.values["jobtitle"] = rapid.SampledFrom([]string{"", "Clerk"}).Draw(t, "jobtitle")
	case "stage":
		w.stage, w.back = rapid.SampledFrom(soakStages).Draw(t, "stage"), true
	case "company":
		b := bond{absent: rapid.Bool().Draw(t, "absent"), primary: rapid.Bool().Draw(t, "primary"), billing: rapid.Bool().Draw(t, "billing")}
		w.firms[rapid.SampledFrom(soakFirms).Draw(t, "company")] = b
	case "archive":
		w.archived = true
	case "rename":
		w.email, w.previous = fmt.Sprintf("now%d-%s", i, w.email), w.email
	}
	return w, true
}

func documentOf(wishes []wish) *spec.Document {
	contacts := make([]spec.Contact, len(wishes))
	for i := range wishes {
		contacts[i] = wishes[i].declared()
	}
	return spec.NewDocument(contacts)
}

// run plans and applies as a command does, at its own pace.
func (a *applier) run(b *bench) {
	turn := 0
	var mu sync.Mutex
	slow := func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			takes := a.requests[turn%len(a.requests)]
			turn++
			mu.Unlock()
			time.Sleep(takes)
			return next.RoundTrip(r)
		})
	}
	own := &bench{t: b.t, portal: b.portal, own: b.own, remote: client(b.t, a.guard.wrap(slow(b.portal.Transport())), hubspot.V3)}
	a.guard.kept = []crm.AssociationType{worksAt, companyPrimary, billing}
	time.Sleep(a.starts)
	readAt := time.Now()
	if a.plan, a.err = own.replan(documentOf(a.doc)); a.err != nil {
		return
	}
	allow(a.plan)
	a.guard.watch(a.plan)
	time.Sleep(a.reviews)
	a.result, a.err = apply.Run(b.t.Context(), own.remote, a.plan, apply.Options{ReadAt: readAt, Concurrency: a.worker})
}

// Two to eight appliers that know nothing of each other write to one portal at the same
// time, each by a plan of its own. Nothing is lost that no plan archives, no address is
// there twice, nobody writes what its own plan does not say, every value is one that
// somebody planned, and who reports something as applied had it in the portal. Then one
// apply of what they want in common leaves nothing to do.
func TestSeveralAppliersOnOnePortal(t *testing.T) {
	t.Parallel()
	enough := 40
	if testing.Short() {
		enough = 8
	}
	met := make(map[apply.Outcome]int)
	cases, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if cases == enough {
			return
		}
		inBubble(t, rt, func(t *testing.T) {
			t.Helper()
			s := newSoak(t, rt, newTally())
			before := s.now
			appliers := drawAppliers(rt)
			var running sync.WaitGroup
			for _, a := range appliers {
				running.Go(func() { a.run(s.bench) })
			}
			running.Wait()
			o := overlap{before: before, after: s.observe(), appliers: appliers, history: s.histories()}
			if broken := o.broken(); len(broken) > 0 {
				rt.Fatalf("%s", strings.Join(broken, "\n"))
			}
			for _, a := range appliers {
				if a.result == nil {
					refused++
					continue
				}
				for _, entry := range a.result.Entries {
					met[entry.Outcome]++
				}
			}
			s.together(appliers)
		})
		cases++ // one that failed is repeated
	})
	t.Logf("%d cases; changes by their outcome: %v; %d plans were refused", cases, met, refused)
	for _, outcome := range []apply.Outcome{apply.Applied, apply.Stale} {
		if met[outcome] == 0 {
			t.Errorf("no change ended as %s", outcome)
		}
	}
}

// together applies one document in which each address has the wish of one applier.
func (s *soak) together(appliers []*applier) {
	said := make(map[string]bool)
	var all []wish
	for _, a := range appliers {
		for _, w := range a.doc {
			if w.previous == "" && !said[w.email] {
				said[w.email] = true
				all = append(all, w)
			}
		}
	}
	doc := documentOf(all)
	p := s.bench.planned(s.t, doc)
	allow(p)
	result, err := apply.Run(s.bench.t.Context(), s.bench.remote, p, apply.Options{ReadAt: time.Now()})
	if err != nil || !result.Complete() {
		s.t.Fatalf("applied by one, the common document ended with %v: %s", err, resultText(p, result))
	}
	s.bench.demandNothing(s.t, doc)
}

// histories are all texts that the properties of contacts ever held, archived contacts
// included, by id and property.
func (s *soak) histories() map[string]map[string][]string {
	now := s.observe()
	held := make(map[string]map[string][]string)
	for archived, ids := range map[bool][]string{false: slices.Collect(maps.Keys(now.live)), true: slices.Collect(maps.Keys(now.binned))} {
		for chunk := range slices.Chunk(ids, hubspot.MaxHistoryRead) {
			request := hubspot.BatchReadRequest{PropertiesWithHistory: []string{"email", "jobtitle", "lastname", "lifecyclestage"}}
			for _, id := range chunk {
				request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(id)})
			}
			answer, err := s.bench.own.BatchRead(s.bench.t.Context(), "contacts", request, archived)
			if err != nil {
				s.t.Fatalf("reading histories: %v", err)
			}
			for i := range answer.Found {
				object := &answer.Found[i].Object
				held[object.ID] = make(map[string][]string)
				for name, versions := range object.PropertiesWithHistory {
					for _, version := range versions {
						held[object.ID][name] = append(held[object.ID][name], version.Value)
					}
				}
			}
		}
	}
	return held
}

// An overlap is what several appliers left.
type overlap struct {
	before, after lawState
	appliers      []*applier
	history       map[string]map[string][]string

	said []string
}

func (o *overlap) say(format string, args ...any) {
	o.said = append(o.said, fmt.Sprintf(format, args...))
}

// changes are those of all plans that a condition holds for, with how they ended.
func (o *overlap) changes(of func(*plan.Change) bool) []*plan.Change {
	var all []*plan.Change
	for _, a := range o.appliers {
		if a.result == nil {
			continue
		}
		for i := range a.plan.Changes {
			if change := &a.plan.Changes[i]; of(change) && a.result.Entries[i].Outcome != apply.Skipped {
				all = append(all, change)
			}
		}
	}
	return all
}

func (o *overlap) broken() []string {
	for _, a := range o.appliers {
		if len(a.guard.unplanned) > 0 {
			o.say("%s wrote what it had not planned: %s", a.name, a.guard.unplanned[0])
		}
		if a.result != nil {
			o.honest(a)
		}
	}
	for id := range o.before.live {
		archived := o.changes(func(c *plan.Change) bool { return string(c.ID) == id && c.Action == plan.Archive })
		if _, lives := o.after.live[id]; !lives && (len(archived) == 0 || !o.after.binned[id]) {
			o.say("contact %s is gone, and no plan archives it", id)
		}
	}
	holders := make(map[string]string)
	for _, id := range slices.Sorted(maps.Keys(o.after.live)) {
		o.planned(id)
		for _, email := range o.after.live[id].addresses() {
			if other, held := holders[email]; held {
				o.say("the contacts %s and %s have the address %s", other, id, email)
			}
			holders[email] = id
		}
	}
	return o.said
}

// planned holds a contact to the plans: each value is the first one or a planned one, and
// so is each type of its associations.
func (o *overlap) planned(id string) {
	was, is := o.before.live[id], o.after.live[id]
	_, lived := o.before.live[id]
	born := o.history[id]["email"]
	changes := o.changes(func(c *plan.Change) bool {
		return string(c.ID) == id || !lived && c.Action == plan.Create && slices.Contains(born, string(c.Email))
	})
	if !lived && !slices.ContainsFunc(changes, func(c *plan.Change) bool { return c.Action == plan.Create }) {
		o.say("contact %s (%s) is new, and no plan creates it", id, is.properties["email"])
	}
	for name, text := range is.properties {
		said := text == was.properties[name] || slices.ContainsFunc(changes, func(c *plan.Change) bool {
			return name == "email" && text == string(c.Email) ||
				slices.ContainsFunc(c.Properties, func(p plan.PropertyChange) bool { return p.Name == name && p.After == text })
		})
		if !said {
			o.say("%s of contact %s is %q, which nobody planned", name, id, text)
		}
	}
	for to, types := range is.links {
		for _, one := range types {
			said := slices.Contains(was.links[to], one) || slices.ContainsFunc(changes, func(c *plan.Change) bool {
				return slices.ContainsFunc(c.Associations, func(link plan.AssociationChange) bool { return slices.Contains(typeTexts(link.After), one) })
			})
			if !said {
				o.say("the association of contact %s with %s is %v, which nobody planned", id, to, types)
			}
		}
	}
}

// honest holds an applier to what it reports as applied: it was there.
func (o *overlap) honest(a *applier) {
	if len(a.result.Entries) != len(a.plan.Changes) {
		o.say("%s reports on %d of %d changes", a.name, len(a.result.Entries), len(a.plan.Changes))
	}
	for i, entry := range a.result.Entries {
		change := &a.plan.Changes[i]
		if entry.Contact != apply.Applied {
			if entry.Outcome != apply.Applied && entry.Reason == "" {
				o.say("%s gives no reason for %s", a.name, change.Email)
			}
			continue
		}
		held, known := o.history[string(entry.ID)]
		if !known {
			o.say("%s reports contact %s as applied, and nobody has that id", a.name, entry.ID)
		}
		if change.Action == plan.Archive && !o.after.binned[string(change.ID)] {
			o.say("%s reports contact %s as archived, and it lives", a.name, change.ID)
		}
		for _, p := range change.Properties {
			if p.After != "" && !slices.ContainsFunc(held[p.Name], func(text string) bool { return reached(p, text) }) {
				o.say("%s reports %s of %s as %q, which it never was: %q", a.name, p.Name, change.Email, p.After, held[p.Name])
			}
		}
	}
}

// reached reports whether a text is what a change makes of a property. In the one request
// between the last read of a contact and its write, another applier can have moved its
// stage further: HubSpot keeps that then, and answers with success.
func reached(p plan.PropertyChange, text string) bool {
	return text == p.After || p.Name == "lifecyclestage" && slices.Index(ownStages, text) > slices.Index(ownStages, p.After)
}

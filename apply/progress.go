package apply

import (
	"sync"

	"github.com/contactsync/contactsync/plan"
)

// Progress tells an observer how a run goes, one call at a time.
type progress struct {
	mu      *sync.Mutex
	observe func(Event)
	done    map[Kind]int
	total   map[Kind]int
}

func newProgress(observe func(Event), stages [][]Step) progress {
	p := progress{mu: new(sync.Mutex), observe: observe, done: make(map[Kind]int), total: make(map[Kind]int)}
	for _, stage := range stages {
		for _, step := range stage {
			p.total[step.Kind] += len(step.Items)
		}
	}
	return p
}

func (p *progress) step(step Step) {
	if p.observe == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done[step.Kind] = min(p.done[step.Kind]+len(step.Items), p.total[step.Kind])
	p.observe(Event{Kind: EventStep, Step: step.Kind, Done: p.done[step.Kind], Total: p.total[step.Kind]})
}

func (p *progress) item(of *plan.Plan, item Item, o outcome) {
	if p.observe == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	kind := kindOf(of, item)
	p.observe(Event{
		Kind: EventItem, Step: kind, Done: p.done[kind], Total: p.total[kind], Change: item.Change,
		Entry:  Entry{Outcome: o.outcome, ID: o.id, Reason: o.reason, Message: o.message},
		Reason: o.reason,
	})
}

func (p *progress) stopped(reason string) {
	if p.observe == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.observe(Event{Kind: EventStopped, Reason: reason})
}

func kindOf(p *plan.Plan, item Item) Kind {
	change := &p.Changes[item.Change]
	if item.Part > 0 {
		switch link := &change.Associations[item.Part-1]; {
		case len(link.After) == 0:
			return Dissociate
		case len(added(link)) == 0:
			return Unlabel
		}
		return Associate
	}
	switch change.Action {
	case plan.Create:
		return Create
	case plan.Archive:
		return Archive
	case plan.Update:
	}
	return Update
}

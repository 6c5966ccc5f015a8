package apply

import (
	"fmt"
	"sync"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// A diary numbers a run's requests and writes their records, one at a time.
type diary struct {
	mu      sync.Mutex
	journal Journal
	op      int
	err     error // the first one, after which nothing is written
}

func (d *diary) append(record journal.Record) error {
	if d.journal == nil || d.err != nil {
		return d.err
	}
	if err := d.journal.Append(record); err != nil {
		d.err = fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return d.err
}

func (d *diary) begin(r *run, steps int) error {
	if d.journal == nil {
		return nil
	}
	if r.resumed {
		return d.append(journal.Record{Resume: &journal.Resume{ToolVersion: r.options.Version}})
	}
	return d.append(journal.Record{Begin: &journal.Begin{
		Version: journal.Version, Run: r.options.Run, PlanDigest: r.plan.Digest(), Portal: r.plan.Portal,
		ToolVersion: r.options.Version, Changes: len(r.plan.Changes), Steps: steps,
	}})
}

// intent records what a request is about to write, and returns its number.
func (d *diary) intent(r *run, items []Item) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.op++
	if d.journal == nil {
		return d.op, nil
	}
	intent := &journal.Intent{Op: d.op, Kind: kindOf(r.plan, items[0]).String(), Writes: make([]journal.Write, len(items))}
	for i, item := range items {
		intent.Writes[i] = r.write(item)
	}
	return d.op, d.append(journal.Record{Intent: intent})
}

// outcome records how writes of request op stand; op 0 is of no request.
func (d *diary) outcome(r *run, op, status int, items []Item) error {
	if d.journal == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	record := &journal.Outcome{Op: op, HTTP: status, Items: make([]journal.Item, len(items))}
	for i, item := range items {
		o := r.outcomes.at(item)
		o.recorded = true
		record.Items[i] = journal.Item{
			Change: item.Change, Part: item.Part, Outcome: o.outcome.String(), ID: o.id, Reason: o.reason, Message: o.message,
			Adopted: item.Part == 0 && r.outcomes.adopted[item.Change], Already: o.already,
		}
	}
	return d.append(journal.Record{Outcome: record})
}

// recordRest records those writes of a step that were decided without a request, or
// anew after theirs. What a run that stops does not begin needs no record.
func (r *run) recordRest(items []Item) {
	_, halted := r.halt.reason()
	var rest []Item
	for _, item := range items {
		o := r.outcomes.of(item)
		if o.outcome != 0 && !o.recorded && (o.outcome != Skipped || !halted) {
			rest = append(rest, item)
		}
	}
	if len(rest) > 0 {
		r.note(0, 0, rest)
	}
}

// write is what the journal keeps of one item: the values before and after.
func (r *run) write(item Item) journal.Write {
	change := &r.plan.Changes[item.Change]
	w := journal.Write{Change: item.Change, Part: item.Part, ID: r.outcomes.contacts[item.Change].id, Email: change.Email}
	switch {
	case item.Part > 0:
		w.Links = []journal.Link{r.linkWritten(item)}
	case change.Action == plan.Archive:
	case item.Part == StageSet:
		w.Properties = []journal.Property{{Name: propertyStage, After: backwardStage(change)}}
	default:
		for _, p := range change.Properties {
			before := p.Before
			if text, held := r.outcomes.held[item.Change][p.Name]; held {
				before = text
			}
			w.Properties = append(w.Properties, journal.Property{Name: p.Name, Before: before, After: written(p)})
		}
		if change.Action == plan.Create {
			for _, link := range carried(change) {
				w.Links = append(w.Links, linkOf(link))
			}
		}
	}
	return w
}

// linkWritten is a link with what its pair bears before and after, and the record that it
// takes the primary type from. That is not what was planned where others gave the pair a
// label since, or chose another primary record.
func (r *run) linkWritten(item Item) journal.Link {
	planned := r.link(item)
	link := linkOf(*planned)
	if now := r.outcomes.pairs[item.Change][item.Part-1]; now.read {
		link.Before, link.After, link.PrimaryFrom = now.types, applied(planned, now.types), crm.Ref{}
		if now.primary != "" && holdsPrimary(link.To.Type, without(link.After, link.Before)) {
			link.PrimaryFrom = crm.Ref{Type: link.To.Type, ID: now.primary}
		}
	}
	return link
}

func linkOf(link plan.AssociationChange) journal.Link {
	return journal.Link{
		To:     crm.Ref{Type: link.To.Type, ID: link.To.ID, Email: link.To.Email},
		Before: link.Before, After: link.After, PrimaryFrom: link.PrimaryFrom,
	}
}

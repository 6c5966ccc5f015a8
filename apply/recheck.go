package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sourcegraph/conc/iter"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// ContactReader is a portal whose contacts can be read again.
type ContactReader interface {
	BatchRead(ctx context.Context, objectType string, request hubspot.BatchReadRequest, archived bool) (hubspot.ReadResult, error)
}

var _ ContactReader = (*hubspot.Reader)(nil)

// StaleChange is a change that would not be carried out as it was planned.
type StaleChange struct {
	Change int    // index in Plan.Changes
	Reason string // for people
}

// Recheck reads the contacts of a plan again, 100 in a request, and returns the changes
// that the portal has overtaken, in the plan's order: the contact is gone, was merged,
// bears another address, has another value in a property that the change writes; the
// address of a create is taken. A change that somebody else carried out meanwhile is
// not stale. Associations are not read. The error is the reader's.
func Recheck(ctx context.Context, reader ContactReader, p *plan.Plan) ([]StaleChange, error) {
	live, fresh := byWayOfReading(p)
	again := rereading{reader, p}
	lives, err := again.live(ctx, live, defaultConcurrency)
	if err != nil {
		return nil, err
	}
	taken, err := again.fresh(ctx, fresh, defaultConcurrency)
	if err != nil {
		return nil, err
	}
	var stale []StaleChange
	judged := slices.Concat(lives, taken)
	for i, item := range slices.Concat(live, fresh) {
		if overtaken(judged[i]) {
			stale = append(stale, StaleChange{Change: item.Change, Reason: judged[i].reason})
		}
	}
	slices.SortFunc(stale, func(a, b StaleChange) int { return cmp.Compare(a.Change, b.Change) })
	return stale, nil
}

// byWayOfReading sorts the changes of a plan by how their contacts are read: live ones
// by their ids, those to be created by their addresses.
func byWayOfReading(p *plan.Plan) (live, fresh []Item) {
	for i := range p.Changes {
		if p.Changes[i].Action == plan.Create {
			fresh = append(fresh, Item{Change: i})
		} else {
			live = append(live, Item{Change: i})
		}
	}
	return live, fresh
}

// rereading reads the contacts of a plan again.
type rereading struct {
	reader ContactReader
	plan   *plan.Plan
}

// overtaken reports whether a change would not be carried out as it was planned.
func overtaken(found outcome) bool { return found.outcome != 0 && found.outcome != Applied }

// live judges changes of contacts that exist, in their order.
func (r rereading) live(ctx context.Context, items []Item, concurrency int) ([]outcome, error) {
	return r.judged(items, concurrency, func(chunk []Item) ([]live, error) { return r.byID(ctx, chunk) }, judge)
}

// fresh judges creates by who bears their addresses, in their order.
func (r rereading) fresh(ctx context.Context, items []Item, concurrency int) ([]outcome, error) {
	return r.judged(items, concurrency, func(chunk []Item) ([]live, error) { return r.byAddress(ctx, chunk) },
		func(change *plan.Change, now live) outcome {
			if now.gone() {
				return outcome{}
			}
			return judgeCreate(change, now)
		})
}

func (r rereading) judged(items []Item, concurrency int, read func([]Item) ([]live, error), judge func(*plan.Change, live) outcome) ([]outcome, error) {
	reads := iter.Mapper[[]Item, []outcome]{MaxGoroutines: concurrency}
	found, err := reads.MapErr(slices.Collect(slices.Chunk(items, hubspot.MaxBatch)), func(chunk *[]Item) ([]outcome, error) {
		now, err := read(*chunk)
		if err != nil {
			return nil, err
		}
		judged := make([]outcome, len(*chunk))
		for i, item := range *chunk {
			judged[i] = judge(&r.plan.Changes[item.Change], now[i])
		}
		return judged, nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the contacts of the plan again: %w", err)
	}
	return slices.Concat(found...), nil
}

// byID reads the contacts of up to 100 items, with every property that their changes
// touch.
func (r rereading) byID(ctx context.Context, items []Item) ([]live, error) {
	request := hubspot.BatchReadRequest{Properties: r.touched(items)}
	for _, item := range items {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(r.plan.Changes[item.Change].ID)})
	}
	answer, err := r.reader.BatchRead(ctx, contacts, request, false)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*hubspot.Object, len(answer.Found))
	for i := range answer.Found {
		object := &answer.Found[i].Object
		byID[object.ID] = object
		if asked := answer.Found[i].Asked; asked != "" {
			byID[asked] = object
		}
	}
	found := make([]live, len(items))
	for i, item := range items {
		found[i] = live{byID[string(r.plan.Changes[item.Change].ID)]}
	}
	return found, nil
}

// byAddress looks up to 100 addresses up, primary and secondary ones.
func (r rereading) byAddress(ctx context.Context, items []Item) ([]live, error) {
	request := hubspot.BatchReadRequest{Properties: r.touched(items), IDProperty: propertyEmail}
	for _, item := range items {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(r.plan.Changes[item.Change].Email)})
	}
	answer, err := r.reader.BatchRead(ctx, contacts, request, false)
	if err != nil {
		return nil, err
	}
	found := make([]live, len(items))
	for i, item := range items {
		email := r.plan.Changes[item.Change].Email
		at := slices.IndexFunc(answer.Found, func(f hubspot.Found) bool {
			return sameEmail(f.Asked, string(email)) || live{&f.Object}.bears(email)
		})
		if at >= 0 {
			found[i] = live{&answer.Found[at].Object}
		}
	}
	return found, nil
}

// touched are the properties that judging the items needs, sorted.
func (r rereading) touched(items []Item) []string {
	names := []string{propertyEmail, propertyAdditional}
	for _, item := range items {
		change := &r.plan.Changes[item.Change]
		if change.Action == plan.Archive {
			names = append(names, propertyDeals)
		}
		for _, expected := range change.Expect {
			names = append(names, expected.Name)
		}
		for _, p := range change.Properties {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

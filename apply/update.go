package apply

import (
	"context"
	"errors"
	"time"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// The object type of contacts in API paths.
const contacts = "contacts"

// update carries out a step of updates, or of stages that are set after they were
// cleared.
func (r *run) update(ctx context.Context, items []Item) {
	if items[0].Part == StageSet {
		r.setStages(ctx, items)
		return
	}
	r.deliver(ctx, updates{r}, r.freshUpdates(ctx, items))
}

// freshUpdates reads again the contacts that were read too long ago, and always
// those whose stage moves, since HubSpot moves stages by itself.
func (r *run) freshUpdates(ctx context.Context, items []Item) []Item {
	stale := outdated(r.contactsReadAt)
	var doubtful, sure []Item
	for _, item := range items {
		switch {
		case r.outcomes.of(item).already:
		case stale, movesStage(&r.plan.Changes[item.Change]):
			doubtful = append(doubtful, item)
		default:
			sure = append(sure, item)
		}
	}
	return append(r.stillAsPlanned(ctx, doubtful), sure...)
}

// outdated reports whether what was read then must be read again before it is written.
func outdated(readAt time.Time) bool { return readAt.IsZero() || time.Since(readAt) > freshFor }

// setStages sets the stages that an earlier step cleared, and reads them back:
// HubSpot answers a backward move with success and may keep what it had.
func (r *run) setStages(ctx context.Context, items []Item) {
	var cleared []Item
	for _, item := range items {
		if r.outcomes.contacts[item.Change].outcome == Applied {
			cleared = append(cleared, item)
		}
	}
	w := stageSets{r}
	r.deliver(ctx, w, cleared)
	var set []Item
	for _, item := range cleared {
		if r.outcomes.of(item).outcome == Applied {
			set = append(set, item)
		}
	}
	if len(set) == 0 {
		return
	}
	found, err := w.reread(ctx, set)
	if err != nil {
		return
	}
	for i, item := range set {
		if found[i].outcome != Applied {
			r.settle(item, outcome{outcome: Failed, reason: "HubSpot accepted the lifecycle stage and did not keep it"})
		}
	}
}

// written is the value that the update itself sends: a stage that moves backward
// is cleared first.
func written(p plan.PropertyChange) string {
	if p.Backward {
		return ""
	}
	return p.After
}

func backwardStage(change *plan.Change) string {
	for _, p := range change.Properties {
		if p.Backward {
			return p.After
		}
	}
	return ""
}

// updates writes properties by record id.
type updates struct{ *run }

func (w updates) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	inputs := make([]hubspot.UpdateInput, len(items))
	for i, item := range items {
		change := &w.plan.Changes[item.Change]
		inputs[i] = hubspot.UpdateInput{ID: string(change.ID), Properties: make(map[string]string, len(change.Properties)+1)}
		if change.From != "" {
			inputs[i].Properties[propertyEmail] = string(change.Email)
		}
		for _, p := range change.Properties {
			inputs[i].Properties[p.Name] = written(p)
		}
	}
	return w.remote.BatchUpdate(ctx, contacts, inputs)
}

func (w updates) reread(ctx context.Context, items []Item) ([]outcome, error) {
	live, err := w.readByID(ctx, items)
	if err != nil {
		return nil, err
	}
	found := make([]outcome, len(items))
	for i, item := range items {
		found[i] = judgeUpdate(&w.plan.Changes[item.Change], live[i])
		if found[i].outcome == Applied {
			found[i].reason = "the answer to the request was lost; read back, it is in the portal"
		}
	}
	return found, nil
}

func (w updates) refused(item Item, refusal *hubspot.Error) outcome {
	switch {
	case errors.Is(refusal, hubspot.ErrNotFound):
		return outcome{outcome: Stale, reason: reasonGone, message: refusal.Message}
	case errors.Is(refusal, hubspot.ErrConflict):
		return outcome{outcome: Failed, reason: reasonTaken(refusal), message: refusal.Message}
	}
	return outcome{outcome: Failed, reason: refusedValues(refusal), message: refusal.Message}
}

// stageSets writes the stage alone, after it was cleared.
type stageSets struct{ *run }

func (w stageSets) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	inputs := make([]hubspot.UpdateInput, len(items))
	for i, item := range items {
		change := &w.plan.Changes[item.Change]
		inputs[i] = hubspot.UpdateInput{ID: string(change.ID), Properties: map[string]string{propertyStage: backwardStage(change)}}
	}
	return w.remote.BatchUpdate(ctx, contacts, inputs)
}

func (w stageSets) reread(ctx context.Context, items []Item) ([]outcome, error) {
	live, err := w.readByID(ctx, items)
	if err != nil {
		return nil, err
	}
	found := make([]outcome, len(items))
	for i, item := range items {
		change := &w.plan.Changes[item.Change]
		switch stage := live[i].text(propertyStage); {
		case live[i].gone():
			found[i] = outcome{outcome: Stale, reason: reasonGone}
		case live[i].object.ID != string(change.ID):
			found[i] = outcome{outcome: Stale, reason: "it was merged into contact " + live[i].object.ID + " after its lifecycle stage was cleared"}
		case stage == backwardStage(change):
			found[i] = outcome{outcome: Applied}
		case stage != "":
			found[i] = outcome{outcome: Stale, reason: "the lifecycle stage was set to another value meanwhile"}
		}
	}
	return found, nil
}

func (w stageSets) refused(item Item, refusal *hubspot.Error) outcome {
	return updates(w).refused(item, refusal)
}

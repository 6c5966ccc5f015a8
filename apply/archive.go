package apply

import (
	"context"
	"fmt"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// archive moves contacts to the recycle bin, after reading each of them again.
func (r *run) archive(ctx context.Context, items []Item) {
	if n := r.heldBack(); n > 0 {
		r.skip(items, fmt.Sprintf("not archived, because %d creates or renames of this run did not go through", n))
		return
	}
	r.deliver(ctx, archives{r}, r.stillAsPlanned(ctx, items))
}

// heldBack counts the creates and renames that are not in the portal: archiving
// beside them could lose a person.
func (r *run) heldBack() int {
	n := 0
	for i := range r.plan.Changes {
		change := &r.plan.Changes[i]
		if (change.Action == plan.Create || change.From != "") && r.outcomes.contacts[i].outcome != Applied {
			n++
		}
	}
	return n
}

type archives struct{ *run }

func (w archives) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = string(w.plan.Changes[item.Change].ID)
	}
	return make([]hubspot.ItemResult, len(items)), w.remote.BatchArchive(ctx, contacts, ids)
}

func (w archives) reread(ctx context.Context, items []Item) ([]outcome, error) {
	live, err := w.readByID(ctx, items)
	if err != nil {
		return nil, err
	}
	found := make([]outcome, len(items))
	for i, item := range items {
		found[i] = judgeArchive(&w.plan.Changes[item.Change], live[i])
	}
	return found, nil
}

func (w archives) refused(_ Item, refusal *hubspot.Error) outcome {
	return outcome{outcome: Failed, reason: "HubSpot refused to archive it", message: refusal.Message}
}

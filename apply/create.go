package apply

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// creates writes new contacts with their associations. Addresses are unique in a
// portal, so a create whose answer was lost cannot be carried out twice.
type creates struct{ *run }

func (w creates) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	inputs := make([]hubspot.CreateInput, len(items))
	for i, item := range items {
		change := &w.plan.Changes[item.Change]
		inputs[i] = hubspot.CreateInput{
			Properties:         map[string]string{propertyEmail: string(change.Email)},
			ObjectWriteTraceID: "change-" + strconv.Itoa(item.Change),
		}
		for _, p := range change.Properties {
			inputs[i].Properties[p.Name] = p.After
		}
		for _, link := range carried(change) {
			inputs[i].Associations = append(inputs[i].Associations, hubspot.NewAssociation{
				To: hubspot.RecordID{ID: hubspot.FlexID(link.To.ID)}, Types: specs(link.After),
			})
		}
	}
	return w.remote.BatchCreate(ctx, contacts, inputs)
}

// carried are the associations that a create sends along: those with records that
// exist already.
func carried(change *plan.Change) []plan.AssociationChange {
	var links []plan.AssociationChange
	for i := range change.Associations {
		if link := &change.Associations[i]; carries(change, link) {
			links = append(links, *link)
		}
	}
	return links
}

// reread looks the addresses up. A contact that holds the planned values is
// adopted, whoever created it; one with other values is left alone, and so is one that
// the plan has another change for: it was there before, under another address.
func (w creates) reread(ctx context.Context, items []Item) ([]outcome, error) {
	lives, err := rereading{w.remote, w.plan}.byAddress(ctx, items)
	if err != nil {
		return nil, err
	}
	found := make([]outcome, len(items))
	for i, item := range items {
		if lives[i].gone() {
			continue
		}
		found[i] = judgeCreate(&w.plan.Changes[item.Change], lives[i])
		if id := crm.ObjectID(lives[i].object.ID); found[i].outcome == Applied && w.known[id] {
			found[i] = outcome{outcome: Stale, reason: "contact " + string(id) + " bears the address by now, and the plan knows it by another one"}
		}
		w.outcomes.adopted[item.Change] = found[i].outcome == Applied
	}
	return found, nil
}

func judgeCreate(change *plan.Change, now live) outcome {
	id := crm.ObjectID(now.object.ID)
	if !sameEmail(now.text(propertyEmail), string(change.Email)) {
		return outcome{outcome: Failed, reason: "the address is a secondary address of contact " + now.object.ID}
	}
	for _, p := range change.Properties {
		if !sameText(p.Name, now.text(p.Name), p.After) && !sameStored(now.text(p.Name), p.After) {
			return outcome{outcome: Stale, reason: "contact " + now.object.ID + " was created with this address meanwhile, with another " + p.Name}
		}
	}
	return outcome{outcome: Applied, id: id, reason: "contact " + now.object.ID + " holds the address with the planned values"}
}

func (w creates) refused(_ Item, refusal *hubspot.Error) outcome {
	if errors.Is(refusal, hubspot.ErrConflict) {
		return outcome{outcome: Failed, reason: reasonTaken(refusal), message: refusal.Message}
	}
	return outcome{outcome: Failed, reason: refusedValues(refusal), message: refusal.Message}
}

// adoptedLinks are the associations of creates that were found when they were read
// back: whether these came along cannot be told, and writing them again is safe.
func (r *run) adoptedLinks() []Step {
	var w writes
	for i, adopted := range r.outcomes.adopted {
		change := &r.plan.Changes[i]
		for k := range change.Associations {
			item := Item{Change: i, Part: k + 1}
			if adopted && change.Associations[k].To.ID != "" && r.open(item) {
				w.add.labelled = append(w.add.labelled, item)
			}
		}
	}
	return w.add.steps(r.plan, Associate, hubspot.MaxAssociate)
}

// sameStored reports whether a stored text is how HubSpot keeps a written one: an
// instant in milliseconds, the options of a multi-select in another order, a phone number
// as E.164 where the portal has a rule for it.
func sameStored(stored, text string) bool {
	if stored != text && stored == crm.E164(text) {
		return true
	}
	if a, ok := instant(stored); ok {
		b, ok := instant(text)
		if millis, err := strconv.ParseInt(text, 10, 64); err == nil {
			b, ok = time.UnixMilli(millis), true
		}
		return ok && a.Equal(b)
	}
	a, b := strings.Split(stored, ";"), strings.Split(text, ";")
	slices.Sort(a)
	slices.Sort(b)
	return len(a) > 1 && slices.Equal(a, b)
}

// instant reads a date, or a date and time.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

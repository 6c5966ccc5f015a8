package apply

import (
	"context"
	"errors"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// associate adds links and types of links. A write replaces the types of a pair,
// so pairs that bear labels are read just before, and what they bear stays.
func (r *run) associate(ctx context.Context, step Step) {
	w := associations{linkWriter: linkWriter{r, step.To}, types: make(map[Item][]crm.AssociationType)}
	r.deliver(ctx, w, w.asPlanned(ctx, r.linkable(step.Items), w.judgeFresh))
}

func (r *run) dissociate(ctx context.Context, step Step) {
	w := removals{linkWriter{r, step.To}}
	r.deliver(ctx, w, w.asPlanned(ctx, r.linkable(step.Items), w.judgeFresh))
}

func (r *run) unlabel(ctx context.Context, step Step) {
	w := labelRemovals{linkWriter{r, step.To}}
	r.deliver(ctx, w, w.asPlanned(ctx, r.linkable(step.Items), w.judgeFresh))
}

// linkable settles the links whose contact, or whose contact at the other end, did
// not come through or is another one by now, and returns the others.
func (r *run) linkable(items []Item) []Item {
	var open []Item
	for _, item := range items {
		link := r.link(item)
		contact := r.outcomes.contacts[item.Change]
		target := crm.Ref{Type: link.To.Type, ID: r.target(link)}
		switch {
		case r.moved[item.Change] != "":
			r.settle(item, outcome{outcome: Stale, reason: r.moved[item.Change]})
		case r.movedTargets[target] != "":
			r.settle(item, outcome{outcome: Stale, reason: r.movedTargets[target]})
		case contact.outcome != 0 && contact.outcome != Applied:
			r.settle(item, outcome{outcome: Skipped, reason: "the contact itself was not written"})
		case target.Type == crm.TypeContact && target.ID == contact.id && contact.id != "":
			r.settle(item, outcome{outcome: Stale, reason: "the two are one contact by now"})
		case target.ID == "":
			r.settle(item, outcome{outcome: Skipped, reason: "contact " + string(link.To.Email) + " was not created"})
		default:
			open = append(open, item)
		}
	}
	return open
}

func (r *run) link(item Item) *plan.AssociationChange {
	return &r.plan.Changes[item.Change].Associations[item.Part-1]
}

// target is the id of the record at the other end, also when this run created it.
func (r *run) target(link *plan.AssociationChange) crm.ObjectID {
	if link.To.ID != "" {
		return link.To.ID
	}
	i, created := r.created[string(link.To.Email)]
	if !created || r.outcomes.contacts[i].outcome != Applied {
		return ""
	}
	return r.outcomes.contacts[i].id
}

// linkWriter is what every write of links shares: contacts at one end, records of
// one type at the other.
type linkWriter struct {
	*run
	to crm.ObjectType
}

func (w linkWriter) pair(item Item) (from, to hubspot.RecordID) {
	return hubspot.RecordID{ID: hubspot.FlexID(w.outcomes.contacts[item.Change].id)},
		hubspot.RecordID{ID: hubspot.FlexID(w.target(w.link(item)))}
}

// live reads what the items' pairs bear now, one request for each 1,000 contacts.
func (w linkWriter) live(ctx context.Context, items []Item) (map[Item]bearing, error) {
	type pair struct{ from, to hubspot.FlexID }
	var ids []string
	asked := make(map[string]bool)
	for _, item := range items {
		if from, _ := w.pair(item); !asked[string(from.ID)] {
			asked[string(from.ID)] = true
			ids = append(ids, string(from.ID))
		}
	}
	byPair := make(map[pair][]crm.AssociationType)
	primaries := make(map[hubspot.FlexID]crm.ObjectID)
	for chunk := range slices.Chunk(ids, hubspot.MaxAssociationRead) {
		records, err := w.remote.AssociationsOf(ctx, contacts, w.to.Plural(), chunk)
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			for _, other := range record.To {
				types := typesOf(other.AssociationTypes)
				byPair[pair{record.From.ID, other.ToObjectID}] = types
				if holdsPrimary(w.to, types) {
					primaries[record.From.ID] = crm.ObjectID(other.ToObjectID)
				}
			}
		}
	}
	now := make(map[Item]bearing, len(items))
	for _, item := range items {
		from, to := w.pair(item)
		now[item] = bearing{read: true, types: byPair[pair{from.ID, to.ID}], primary: primaries[from.ID]}
	}
	return now, nil
}

const reasonSeparated = "it was removed since it was planned"

// asPlanned reads the pairs that must be read before they are written, settles those
// that fresh decides, and returns the others.
func (w linkWriter) asPlanned(ctx context.Context, items []Item, fresh func(Item, []crm.AssociationType) outcome) []Item {
	var open, doubtful []Item
	for _, item := range items {
		if w.doubtful(item) {
			doubtful = append(doubtful, item)
		} else {
			open = append(open, item)
		}
	}
	if len(doubtful) == 0 {
		return open
	}
	now, err := w.confirmed(ctx, doubtful)
	if err != nil {
		w.stop(err, stopReason(err))
		w.announce(doubtful, false)
		return open
	}
	for _, item := range doubtful {
		if judged := fresh(item, now[item].types); judged.outcome != 0 {
			w.settleUnsent(item, judged)
		} else {
			w.outcomes.bears(item, now[item])
			open = append(open, item)
		}
	}
	return open
}

// confirmed reads pairs as live does, and those that were there when they were planned
// and are not found a second time: HubSpot leaves out of its answer what has no
// associations, so an answer that lacks a record looks the same.
func (w linkWriter) confirmed(ctx context.Context, items []Item) (map[Item]bearing, error) {
	now, err := w.live(ctx, items)
	if err != nil {
		return nil, err
	}
	var missing []Item
	for _, item := range items {
		if len(w.link(item).Before) > 0 && len(now[item].types) == 0 {
			missing = append(missing, item)
		}
	}
	if len(missing) == 0 {
		return now, nil
	}
	again, err := w.live(ctx, missing)
	for _, item := range missing {
		now[item] = again[item]
	}
	return now, err
}

// doubtful reports whether the pair of a link must be read before it is written. Of a
// contact that was adopted nobody knows what it is associated with.
func (w linkWriter) doubtful(item Item) bool {
	link := w.link(item)
	own, other := w.outcomes.adopted[item.Change], false
	if i, created := w.created[string(link.To.Email)]; created && link.To.ID == "" {
		other = w.outcomes.adopted[i]
	}
	exists := (own || w.plan.Changes[item.Change].Action != plan.Create) && (other || link.To.ID != "")
	return exists && (own || other) || doubtfulLink(w.plan, item, outdated(w.options.ReadAt), w.answers)
}

func (w linkWriter) refused(_ Item, refusal *hubspot.Error) outcome {
	if errors.Is(refusal, hubspot.ErrNotFound) {
		return outcome{outcome: Failed, reason: "one of the two records does not exist any more", message: refusal.Message}
	}
	return outcome{outcome: Failed, reason: "HubSpot refused the association", message: refusal.Message}
}

// inputs are the items as pairs with the types that pick gives.
func (w linkWriter) inputs(items []Item, pick func(Item) []crm.AssociationType) []hubspot.AssociationInput {
	inputs := make([]hubspot.AssociationInput, len(items))
	for i, item := range items {
		inputs[i].From, inputs[i].To = w.pair(item)
		inputs[i].Types = specs(pick(item))
	}
	return inputs
}

// associations adds links, or types to links.
type associations struct {
	linkWriter
	types map[Item][]crm.AssociationType // what is sent, where it is more than the plan's
}

func (w associations) judgeFresh(item Item, now []crm.AssociationType) outcome {
	link := w.link(item)
	switch {
	case len(link.Before) > 0 && len(now) == 0:
		return outcome{outcome: Stale, reason: reasonSeparated}
	case len(without(added(link), now)) == 0 && len(without(removed(link), now)) == len(removed(link)):
		return outcome{outcome: Applied, reason: reasonAlready}
	}
	w.types[item] = applied(link, now)
	return outcome{}
}

func (w associations) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	inputs := w.inputs(items, func(item Item) []crm.AssociationType {
		if types := w.types[item]; types != nil {
			return types
		}
		return w.link(item).After
	})
	return w.remote.BatchAssociate(ctx, contacts, w.to.Plural(), inputs)
}

func (w associations) reread(ctx context.Context, items []Item) ([]outcome, error) {
	return w.judge(ctx, items, func(link *plan.AssociationChange, now []crm.AssociationType) bool {
		return len(without(added(link), now)) == 0
	})
}

// removals removes whole links.
type removals struct{ linkWriter }

func (w removals) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	var inputs []hubspot.DissociationInput
	for _, item := range items {
		from, to := w.pair(item)
		if last := len(inputs) - 1; last >= 0 && inputs[last].From == from {
			inputs[last].To = append(inputs[last].To, to)
		} else {
			inputs = append(inputs, hubspot.DissociationInput{From: from, To: []hubspot.RecordID{to}})
		}
	}
	return make([]hubspot.ItemResult, len(items)), w.remote.BatchDissociate(ctx, contacts, w.to.Plural(), inputs)
}

func (w removals) reread(ctx context.Context, items []Item) ([]outcome, error) {
	return w.judge(ctx, items, func(_ *plan.AssociationChange, now []crm.AssociationType) bool { return len(now) == 0 })
}

func (w removals) judgeFresh(item Item, now []crm.AssociationType) outcome {
	switch {
	case len(now) == 0:
		return outcome{outcome: Applied, reason: reasonAlready}
	case len(without(now, w.link(item).Before)) > 0:
		return outcome{outcome: Stale, reason: "it bears another label than when it was planned"}
	}
	return outcome{}
}

// labelRemovals takes single types off links that stay.
type labelRemovals struct{ linkWriter }

func (w labelRemovals) send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error) {
	inputs := w.inputs(items, func(item Item) []crm.AssociationType { return removed(w.link(item)) })
	return make([]hubspot.ItemResult, len(items)), w.remote.BatchRemoveLabels(ctx, contacts, w.to.Plural(), inputs)
}

func (w labelRemovals) reread(ctx context.Context, items []Item) ([]outcome, error) {
	return w.judge(ctx, items, func(link *plan.AssociationChange, now []crm.AssociationType) bool {
		return len(without(removed(link), now)) == len(removed(link))
	})
}

func (w labelRemovals) judgeFresh(item Item, now []crm.AssociationType) outcome {
	switch lost := removed(w.link(item)); {
	case len(now) == 0:
		return outcome{outcome: Stale, reason: reasonSeparated}
	case len(without(lost, now)) == len(lost):
		return outcome{outcome: Applied, reason: reasonAlready}
	}
	return outcome{}
}

// judge reads pairs back; those that are not as wanted may be written again, since
// writing a link twice is writing it once.
func (w linkWriter) judge(ctx context.Context, items []Item, done func(*plan.AssociationChange, []crm.AssociationType) bool) ([]outcome, error) {
	now, err := w.confirmed(ctx, items)
	if err != nil {
		return nil, err
	}
	found := make([]outcome, len(items))
	for i, item := range items {
		if done(w.link(item), now[item].types) {
			found[i].outcome = Applied
		}
	}
	return found, nil
}

func holdsPrimary(to crm.ObjectType, types []crm.AssociationType) bool {
	return slices.ContainsFunc(types, func(t crm.AssociationType) bool { return plan.IsPrimary(to, t) })
}

func specs(types []crm.AssociationType) []hubspot.AssociationSpec {
	list := make([]hubspot.AssociationSpec, len(types))
	for i, t := range types {
		list[i] = hubspot.AssociationSpec{AssociationCategory: t.Category, AssociationTypeID: t.TypeID}
	}
	return list
}

func typesOf(labels []hubspot.Label) []crm.AssociationType {
	types := make([]crm.AssociationType, len(labels))
	for i, label := range labels {
		types[i] = crm.AssociationType{Category: label.Category, TypeID: label.TypeID}
		if label.Label != nil {
			types[i].Label = *label.Label
		}
	}
	return types
}

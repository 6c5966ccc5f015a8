package apply

import (
	"context"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// Associations are written by the ids of their two records, and HubSpot takes the
// former id of a record that was merged for the one that it became. So it must be known
// before associations are written that both records are still those that were planned:
// the contact, unless this process read it for its values, and the one at the other end.

// identify reads the records whose associations are to be written and which were not
// read lately, 100 in a request, and notes which contacts are gone, were merged, or bear
// another address, and which of the other records were merged. When they cannot be read,
// the run stops.
func (r *run) identify(ctx context.Context) {
	r.moved, r.movedTargets = make(map[int]string), make(map[crm.Ref]string)
	if outdated(r.contactsReadAt) {
		var unread []int
		for i := range r.plan.Changes {
			if r.unread(i) {
				unread = append(unread, i)
			}
		}
		for chunk := range slices.Chunk(unread, hubspot.MaxBatch) {
			r.untilHalted(ctx, func(ctx context.Context) error { return r.identifyContacts(ctx, chunk) })
		}
	}
	if outdated(r.options.ReadAt) {
		for _, refs := range targets(r.plan, r.formerTarget) {
			for chunk := range slices.Chunk(refs, hubspot.MaxBatch) {
				r.untilHalted(ctx, func(ctx context.Context) error { return r.identifyTargets(ctx, chunk) })
			}
		}
	}
}

// untilHalted reads, unless the run is to end, which it is when that fails.
func (r *run) untilHalted(ctx context.Context, read func(context.Context) error) {
	if _, halted := r.halt.reason(); halted {
		return
	}
	r.panicked(func() {
		if err := read(ctx); err != nil {
			r.stop(err, stopReason(err))
		}
	})
}

// unread reports whether a change has associations left to write, and a contact that
// this process has not read.
func (r *run) unread(i int) bool {
	change := &r.plan.Changes[i]
	switch {
	case change.Action == plan.Archive, r.outcomes.contacts[i].id == "":
		return false
	case writesContact(change) && !r.recalled[i]:
		return false
	}
	for k := range change.Associations {
		if r.open(Item{Change: i, Part: k + 1}) {
			return true
		}
	}
	return false
}

// formerTarget is the record at the other end of an association that is left to write
// by itself, unless this process created it.
func (r *run) formerTarget(item Item) crm.ObjectID {
	link := r.link(item)
	i, created := r.created[string(link.To.Email)]
	carried := carries(&r.plan.Changes[item.Change], link) && !r.outcomes.adopted[item.Change]
	if !r.open(item) || carried || link.To.ID == "" && created && !r.recalled[i] {
		return ""
	}
	return r.target(link)
}

func (r *run) identifyContacts(ctx context.Context, changes []int) error {
	ids := make([]crm.ObjectID, len(changes))
	for k, i := range changes {
		ids[k] = r.outcomes.contacts[i].id
	}
	found, err := r.identities(ctx, crm.TypeContact, ids)
	if err != nil {
		return err
	}
	for k, i := range changes {
		if moved := judgeIdentity(&r.plan.Changes[i], ids[k], found[ids[k]]); moved.outcome != 0 {
			r.moved[i] = moved.reason
		}
	}
	return nil
}

// identifyTargets reads records of one type.
func (r *run) identifyTargets(ctx context.Context, refs []crm.Ref) error {
	ids := make([]crm.ObjectID, len(refs))
	for k, ref := range refs {
		ids[k] = ref.ID
	}
	found, err := r.identities(ctx, refs[0].Type, ids)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		// With one that is gone, HubSpot refuses an association, and has none to remove.
		if now := found[ref.ID]; !now.gone() && now.object.ID != string(ref.ID) {
			r.movedTargets[ref] = "the record at the other end was merged into " + now.object.ID + " since it was planned"
		}
	}
	return nil
}

// identities are records by the ids that were asked for.
func (r *run) identities(ctx context.Context, of crm.ObjectType, ids []crm.ObjectID) (map[crm.ObjectID]live, error) {
	var request hubspot.BatchReadRequest
	if of == crm.TypeContact {
		request.Properties = []string{propertyEmail, propertyAdditional}
	}
	for _, id := range ids {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(id)})
	}
	answer, err := r.remote.BatchRead(ctx, of.Plural(), request, false)
	if err != nil {
		return nil, err
	}
	found := make(map[crm.ObjectID]live, len(answer.Found))
	for k := range answer.Found {
		found[crm.ObjectID(answer.Found[k].Asked)] = live{&answer.Found[k].Object}
	}
	return found, nil
}

// plannedTarget is the record at the other end of an association that is written by
// itself, if it has an id yet.
func plannedTarget(p *plan.Plan) func(Item) crm.ObjectID {
	return func(item Item) crm.ObjectID {
		change := &p.Changes[item.Change]
		link := &change.Associations[item.Part-1]
		if carries(change, link) {
			return ""
		}
		return link.To.ID
	}
}

// targets are the records at the other end of associations, each once, by their types.
// Those without an id do not count.
func targets(p *plan.Plan, target func(Item) crm.ObjectID) map[crm.ObjectType][]crm.Ref {
	known := make(map[crm.Ref]bool)
	found := make(map[crm.ObjectType][]crm.Ref)
	for i := range p.Changes {
		for k, link := range p.Changes[i].Associations {
			ref := crm.Ref{Type: link.To.Type, ID: target(Item{Change: i, Part: k + 1})}
			if ref.ID == "" || known[ref] {
				continue
			}
			known[ref] = true
			found[ref.Type] = append(found[ref.Type], ref)
		}
	}
	return found
}

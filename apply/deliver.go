package apply

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// How a batch of writes becomes one outcome for each of them.
//
// A request ends in one of four ways. Its answer accounts for every write: each is
// settled by it. It is refused whole for the fault of some of its writes: those
// that the refusal names are settled and the rest is sent on, or, where it names
// none, the batch is halved until the bad ones stand alone. It is refused for a
// reason that holds for every request (token, scope, limit, portal out of reach):
// the run stops. Or its answer is lost: the writes are read back; what holds our
// values is applied, what is as it was before is sent once more, anything else is
// stale, and what cannot be read back stays unknown.

// A writer is one kind of write: how it is sent, and how it is read back.
type writer interface {
	// send writes the items in one request, as hubspot's batch methods do.
	send(ctx context.Context, items []Item) ([]hubspot.ItemResult, error)
	// reread says of each item how it stands in the portal now.
	reread(ctx context.Context, items []Item) ([]outcome, error)
	// refused is the outcome of an item that HubSpot refused by itself.
	refused(item Item, err *hubspot.Error) outcome
}

const (
	reasonLost     = "the answer to the request was lost: it may or may not be in the portal; plan again to find out"
	reasonUnread   = "the answer to the request was lost, and reading it back failed: plan again to find out"
	reasonCut      = "the run was cut while this was being written: resume it, or plan again, to find out"
	reasonNotAgain = "the answer to the request was lost and it is not in the portal so far: plan again to find out"
)

// deliver sends items and settles every one of them. What an earlier process may have
// sent is read back first.
func (r *run) deliver(ctx context.Context, w writer, items []Item) {
	r.attempt(ctx, w, r.undecided(ctx, w, items), false)
}

// attempt is deliver; again marks writes that were sent before.
func (r *run) attempt(ctx context.Context, w writer, items []Item, again bool) {
	if len(items) == 0 {
		return
	}
	if !r.announce(items, again) {
		return
	}
	op, err := r.diary.intent(r, items)
	if err != nil {
		r.stop(err, "the journal could not be written")
		r.announce(items, again)
		return
	}
	for _, item := range items {
		r.outcomes.set(item, outcome{outcome: Unknown, reason: reasonLost})
	}
	results, err := w.send(ctx, items)
	refusal, refused := refusalOf(err)
	switch {
	case err == nil:
		r.account(ctx, w, op, items, results, again)
	case errors.Is(err, hubspot.ErrUnknownOutcome):
		r.note(op, 0, items)
		r.recover(ctx, w, op, items, nil, again)
	case refused:
		r.note(op, refusal.StatusCode, nil)
		r.split(ctx, w, op, items, refusal, again)
	default:
		r.stop(err, stopReason(err))
		r.announce(items, again)
		r.note(op, statusOf(err), items)
	}
}

// announce reports whether the run goes on; otherwise it settles the items as not
// tried, or, when they were sent before, leaves them unknown.
func (r *run) announce(items []Item, again bool) bool {
	reason, halted := r.halt.reason()
	switch {
	case !halted:
		return true
	case again:
		for _, item := range items {
			r.settle(item, outcome{outcome: Unknown, reason: reasonNotAgain})
		}
	default:
		r.skip(items, reason)
	}
	return false
}

// account settles items by an answer that accounts for each of them.
func (r *run) account(ctx context.Context, w writer, op int, items []Item, results []hubspot.ItemResult, again bool) {
	var lost []Item
	taken := make(map[Item]*hubspot.Error)
	for i, item := range items {
		err := results[i].Err
		refusal, refused := refusalOf(err)
		switch {
		case err == nil:
			o := outcome{outcome: Applied}
			if object := results[i].Object; object != nil {
				o.id = crm.ObjectID(object.ID)
			}
			r.settle(item, o)
		case errors.Is(err, hubspot.ErrUnknownOutcome):
			lost = append(lost, item)
		case refused:
			r.refuse(w, item, refusal, taken)
		default:
			r.stop(err, stopReason(err))
			r.skip(items[i:i+1], stopReason(err))
		}
	}
	r.note(op, 0, items)
	r.recover(ctx, w, op, lost, taken, again)
}

// refuse settles an item that HubSpot refused by itself. A create whose address is
// taken is kept for being read back.
func (r *run) refuse(w writer, item Item, refusal *hubspot.Error, taken map[Item]*hubspot.Error) {
	if name, gone := missingProperty(refusal); gone {
		r.stop(fmt.Errorf("%w: %s", ErrPropertyGone, name), "the property "+name+" does not exist in the portal any more: plan again")
	}
	if _, isCreate := w.(creates); isCreate && errors.Is(refusal, hubspot.ErrConflict) {
		taken[item] = refusal
		return
	}
	r.settle(item, w.refused(item, refusal))
}

// split goes on after a batch was refused whole.
func (r *run) split(ctx context.Context, w writer, op int, items []Item, refusal *hubspot.Error, again bool) {
	if name, gone := missingProperty(refusal); gone {
		r.stop(fmt.Errorf("%w: %s", ErrPropertyGone, name), "the property "+name+" does not exist in the portal any more: plan again")
		r.announce(items, again)
		r.note(op, refusal.StatusCode, items)
		return
	}
	if len(items) == 1 {
		taken := make(map[Item]*hubspot.Error)
		r.refuse(w, items[0], refusal, taken)
		r.note(op, refusal.StatusCode, items)
		r.recover(ctx, w, op, nil, taken, again)
		return
	}
	if named, rest := r.named(items, refusal); len(named) > 0 {
		for _, item := range named {
			r.settle(item, w.refused(item, refusal))
		}
		r.note(op, refusal.StatusCode, named)
		r.attempt(ctx, w, rest, again)
		return
	}
	half := (len(items) + 1) / 2
	r.attempt(ctx, w, items[:half], again)
	r.attempt(ctx, w, items[half:], again)
}

// named parts the items whose record ids a refusal's context lists from the rest.
func (r *run) named(items []Item, refusal *hubspot.Error) (named, rest []Item) {
	ids := slices.Concat(refusal.Context["ids"], refusal.Context["id"])
	for _, detail := range refusal.Details {
		ids = slices.Concat(ids, detail.Context["ids"], detail.Context["id"])
	}
	for _, item := range items {
		id := string(r.plan.Changes[item.Change].ID)
		if item.Part <= 0 && id != "" && slices.Contains(ids, id) {
			named = append(named, item)
		} else {
			rest = append(rest, item)
		}
	}
	return named, rest
}

// recover reads back writes whose answer was lost, and creates whose address is
// taken, in one go.
func (r *run) recover(ctx context.Context, w writer, op int, lost []Item, taken map[Item]*hubspot.Error, again bool) {
	items := slices.Clone(lost)
	for item := range taken {
		items = append(items, item)
	}
	if len(items) == 0 {
		return
	}
	slices.SortFunc(items[len(lost):], func(a, b Item) int { return a.Change - b.Change })
	found, read := r.readBack(ctx, w, items)
	if !read {
		return
	}
	var unsent []Item
	for i, item := range items {
		switch {
		case found[i].outcome != 0 && taken[item] != nil && !again:
			r.settleUnsent(item, found[i])
		case found[i].outcome != 0:
			r.settle(item, found[i])
		case taken[item] != nil:
			r.settle(item, w.refused(item, taken[item]))
		default:
			unsent = append(unsent, item)
		}
	}
	r.note(op, 0, items)
	if again {
		for _, item := range unsent {
			r.settle(item, outcome{outcome: Unknown, reason: reasonNotAgain})
		}
		return
	}
	r.attempt(ctx, w, unsent, true)
}

// readBack reads how items stand in the portal. If they cannot be read, they are
// settled as unknown and the run stops.
func (r *run) readBack(ctx context.Context, w writer, items []Item) ([]outcome, bool) {
	found, err := w.reread(ctx, items)
	if err == nil {
		return found, true
	}
	for _, item := range items {
		r.settle(item, outcome{outcome: Unknown, reason: reasonUnread})
	}
	if !errors.Is(err, context.Canceled) {
		r.stop(err, stopReason(err))
	}
	return nil, false
}

// note journals how the items of a request stand; an error stops the run.
func (r *run) note(op, status int, items []Item) {
	if err := r.diary.outcome(r, op, status, items); err != nil {
		r.stop(err, "the journal could not be written")
	}
}

// refusalOf finds a refusal that is about the writes themselves: their values,
// their records, an address that is taken.
func refusalOf(err error) (*hubspot.Error, bool) {
	var refusal *hubspot.Error
	if !errors.As(err, &refusal) || errors.Is(err, hubspot.ErrNotHubSpot) || errors.Is(err, hubspot.ErrMissingScopes) {
		return nil, false
	}
	switch refusal.StatusCode {
	case 0, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
		http.StatusRequestURITooLong, http.StatusUnprocessableEntity:
		return refusal, true
	}
	return nil, false
}

func statusOf(err error) int {
	if refusal, ok := errors.AsType[*hubspot.Error](err); ok {
		return refusal.StatusCode
	}
	return 0
}

// missingProperty finds a property that exists no longer: no fault of a contact.
func missingProperty(refusal *hubspot.Error) (string, bool) {
	for _, p := range refusal.PropertyErrors() {
		if p.Code == "PROPERTY_DOESNT_EXIST" {
			return p.Name, true
		}
	}
	return "", false
}

// stopReason says in a user's words why no request can succeed any more.
func stopReason(err error) string {
	switch {
	case errors.Is(err, hubspot.ErrUnauthorized):
		return "HubSpot does not accept the access token any more"
	case errors.Is(err, hubspot.ErrMissingScopes):
		return "the access token lacks a scope"
	case errors.Is(err, hubspot.ErrDailyLimit):
		return "the account's daily limit of requests is used up"
	case errors.Is(err, hubspot.ErrMigrating):
		return "the portal is being moved to another data centre"
	case errors.Is(err, hubspot.ErrRateLimited):
		return "HubSpot kept refusing requests for its rate limit"
	case errors.Is(err, hubspot.ErrUnreachable):
		return "the portal cannot be reached"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "the run was interrupted"
	}
	return "requests do not get through"
}

// refusedValues says in a user's words what HubSpot refused, without the values,
// which stand in its own message.
func refusedValues(refusal *hubspot.Error) string {
	invalid := refusal.PropertyErrors()
	if len(invalid) == 0 {
		return "HubSpot refused it"
	}
	parts := make([]string, 0, len(invalid))
	for _, p := range invalid {
		parts = append(parts, strings.TrimSpace(p.Name+" "+p.Code))
	}
	return "HubSpot refused " + strings.Join(parts, ", ")
}

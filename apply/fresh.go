package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

const (
	propertyAdditional = "hs_additional_emails"
	propertyDeals      = "num_associated_deals"

	reasonGone    = "the contact is gone: archived or deleted since it was planned"
	reasonAlready = "it was as planned already"
)

// live is a contact as it was just read; the zero value was not found.
type live struct{ object *hubspot.Object }

func (l live) gone() bool { return l.object == nil }

func (l live) text(name string) string {
	if l.object == nil || l.object.Properties[name] == nil {
		return ""
	}
	return *l.object.Properties[name]
}

// bears reports whether an address is the contact's primary or a secondary one.
func (l live) bears(email crm.Email) bool {
	own := append(strings.Split(l.text(propertyAdditional), ";"), l.text(propertyEmail))
	return slices.ContainsFunc(own, func(text string) bool { return sameEmail(text, string(email)) })
}

// stillAsPlanned reads contacts again and returns the items that may be written;
// the others are settled.
func (r *run) stillAsPlanned(ctx context.Context, items []Item) []Item {
	if len(items) == 0 {
		return nil
	}
	found, err := r.readByID(ctx, items)
	if err != nil {
		r.stop(err, stopReason(err))
		r.announce(items, false)
		return nil
	}
	var open []Item
	for i, item := range items {
		if judged := judge(&r.plan.Changes[item.Change], found[i]); judged.outcome != 0 {
			r.settleUnsent(item, judged)
		} else {
			r.hold(item, judged)
			open = append(open, item)
		}
	}
	return open
}

// hold keeps for the journal which values of an update others wrote since it was planned,
// unless an earlier process may have written them.
func (r *run) hold(item Item, judged outcome) {
	if !r.doubt[item] {
		r.outcomes.held[item.Change] = judged.held
	}
}

// settleUnsent settles an item by what was read when nothing that this process sent for
// it can be in the portal. What an earlier one may have sent was not there already.
func (r *run) settleUnsent(item Item, judged outcome) {
	judged.already = judged.outcome == Applied && !r.doubt[item]
	r.settle(item, judged)
}

// refuseStale reads every contact of the plan and refuses the run when any is no
// longer as planned. What it has read counts as fresh, and what it has found to be as
// planned already is not written.
func (r *run) refuseStale(ctx context.Context) error {
	live, _ := byWayOfReading(r.plan)
	readAt := time.Now()
	found, err := rereading{r.remote, r.plan}.live(ctx, live, r.options.Concurrency)
	if err != nil {
		return err
	}
	refusal := &StaleError{}
	for i, item := range live {
		if overtaken(found[i]) {
			refusal.Changes = append(refusal.Changes, item.Change)
		}
	}
	if len(refusal.Changes) > 0 {
		return refusal
	}
	for i, item := range live {
		switch {
		case r.outcomes.of(item).outcome != 0:
		case found[i].outcome == Applied:
			r.settleUnsent(item, found[i])
		default:
			r.hold(item, found[i])
		}
	}
	r.contactsReadAt = readAt
	return nil
}

// readByID reads the contacts of up to 100 items, with every property that their
// changes touch.
func (r *run) readByID(ctx context.Context, items []Item) ([]live, error) {
	return rereading{r.remote, r.plan}.byID(ctx, items)
}

// judge compares a change with the contact as it is now. A zero outcome is: as
// planned, may be written.
func judge(change *plan.Change, now live) outcome {
	switch change.Action {
	case plan.Archive:
		return judgeArchive(change, now)
	case plan.Update:
		return judgeUpdate(change, now)
	case plan.Create:
	}
	return outcome{}
}

func judgeUpdate(change *plan.Change, now live) outcome {
	if moved := judgeIdentity(change, change.ID, now); moved.outcome != 0 {
		return moved
	}
	var before, after int
	var held map[string]string
	if change.From != "" && sameEmail(now.text(propertyEmail), string(change.Email)) {
		after++
	} else if change.From != "" {
		before++
	}
	for _, p := range change.Properties {
		switch text := now.text(p.Name); {
		case sameText(p.Name, text, p.Before):
			before++
		case sameText(p.Name, text, written(p)), sameText(p.Name, text, p.After), sameStored(text, p.After):
			after++ // a stage that moves back may be cleared, or set again
			if held == nil {
				held = make(map[string]string)
			}
			held[p.Name] = text
		default:
			return outcome{outcome: Stale, reason: p.Name + " was changed in the portal since it was planned"}
		}
	}
	if after > 0 && before == 0 {
		return outcome{outcome: Applied, reason: reasonAlready}
	}
	return outcome{held: held}
}

func judgeArchive(change *plan.Change, now live) outcome {
	if now.gone() {
		return outcome{outcome: Applied, reason: "it was archived already"}
	}
	if moved := judgeIdentity(change, change.ID, now); moved.outcome != 0 {
		return moved
	}
	for _, expected := range change.Expect {
		if !sameText(expected.Name, now.text(expected.Name), expected.Text) {
			reason := expected.Name + " was changed in the portal since it was planned"
			if change.Pruned() {
				reason += ", and no file names the contact"
			}
			return outcome{outcome: Stale, reason: reason}
		}
	}
	if deals, err := strconv.Atoi(now.text(propertyDeals)); err == nil && deals > change.Live.Deals {
		return outcome{outcome: Stale, reason: fmt.Sprintf("it has %d deals now, %d when it was planned", deals, change.Live.Deals)}
	}
	return outcome{}
}

// judgeIdentity finds that the contact with an id is gone, was merged into another, or
// bears another address than planned.
func judgeIdentity(change *plan.Change, id crm.ObjectID, now live) outcome {
	switch {
	case now.gone():
		return outcome{outcome: Stale, reason: reasonGone}
	case now.object.ID != string(id):
		return outcome{outcome: Stale, reason: "it was merged into contact " + now.object.ID + " since it was planned"}
	case change.Email == "", now.bears(change.Email):
		return outcome{}
	case change.From != "" && now.bears(change.From), change.From == "" && lacksAddress(change, now):
		return outcome{}
	}
	return outcome{outcome: Stale, reason: "it bears another address than when it was planned"}
}

// lacksAddress reports whether a change gives the contact its first address, and it
// still has none: only a text that is no address, or nothing.
func lacksAddress(change *plan.Change, now live) bool {
	return slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool {
		return p.Name == propertyEmail && p.Before == now.text(propertyEmail)
	})
}

// sameText compares two texts of a property as HubSpot returns them.
func sameText(name, a, b string) bool {
	return a == b || name == propertyEmail && sameEmail(a, b)
}

func sameEmail(a, b string) bool {
	if a == b {
		return true
	}
	first, err := crm.ParseEmail(a)
	if err != nil {
		return false
	}
	second, err := crm.ParseEmail(b)
	return err == nil && first == second
}

// reasonTaken says who holds an address that HubSpot says is taken.
func reasonTaken(refusal *hubspot.Error) string {
	if id, ok := refusal.ExistingID(); ok && errors.Is(refusal, hubspot.ErrConflict) {
		return "contact " + id + " holds the address already"
	}
	return "another contact holds the address already"
}

package apply

import (
	"cmp"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// How a run is undone.
//
// A journal holds what each write replaced. Undoing the run makes of that an ordinary
// plan in the other direction, which is reviewed, limited and checked for staleness
// like any other. What the run wrote is put back only where it still stands: whatever
// was changed since is somebody's work, and it is kept and reported.
//
//   - A value goes back to what it was, if it is still the one that the run wrote.
//     A rename is such a value; but subscriptions belong to addresses, so a contact
//     that opted out of email keeps its address.
//   - A contact that the run created is archived, if nothing has grown on it since.
//   - A type of an association that the run added is removed, one that it removed is
//     added. An association goes when nothing but the run's types is left of it. The
//     primary type goes back to the record that it was taken from.
//   - A contact that the run archived cannot be brought back: HubSpot's API has no way
//     to do it.
//
// Nor can workflow enrolments, emails that were sent, and the dates at which a stage
// was entered; no plan can speak of these. Undoing a second time finds nothing to do,
// unless the first time had to leave something that it freed itself: a former address
// that a contact of the same run held.

// Kept is something that a run wrote and that an undo leaves as it is.
type Kept struct {
	ID       crm.ObjectID // of the contact; empty when it is not known
	Email    crm.Email    // its address, or the one that the run left it with
	Property string       // the value that is kept; empty when it is about something else
	Now      string       // the present text of Property
	To       crm.Ref      // the associated record, when it is about an association
	Archived bool         // the run archived the contact
	Reason   string       // for people, without values
}

// Undo makes the plan that puts back what a run wrote, from the records of its
// journal, and lists what stays as it is, sorted. Live are the contacts that
// FootprintOf tells to read, archived ones among them, and portal has the definitions
// and the labels of those associations. The plan's limits allow nothing; the caller
// sets them.
func Undo(records []journal.Record, live []crm.Contact, portal *crm.Portal) (*plan.Plan, []Kept) {
	u := undoing{
		portal: portal, live: make(map[crm.ObjectID]*crm.Contact), merged: make(map[crm.ObjectID]*crm.Contact),
		holders: make(map[crm.Email]*crm.Contact), deeds: make(map[crm.ObjectID]*deed),
	}
	u.index(live)
	deeds := deedsOf(records)
	for _, record := range records {
		if record.Begin != nil {
			u.run = record.Begin.Run
		}
	}
	for i := range deeds {
		u.deeds[deeds[i].id] = &deeds[i]
	}
	p := &plan.Plan{Portal: portal.ID, Counts: plan.Counts{Declared: len(deeds)}}
	for i := range deeds {
		if u.live[deeds[i].id] != nil {
			p.Counts.Found++
		}
		change, changes := u.reverse(&deeds[i])
		if !changes {
			p.Counts.Unchanged++
			continue
		}
		p.Changes = append(p.Changes, change)
	}
	slices.SortFunc(p.Changes, func(a, b plan.Change) int { return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID)) })
	slices.SortFunc(u.kept, compareKept)
	return p, u.kept
}

func compareKept(a, b Kept) int {
	return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID), cmp.Compare(a.Property, b.Property), a.To.Compare(b.To))
}

// undoing is the making of one undo.
type undoing struct {
	run     string
	portal  *crm.Portal
	live    map[crm.ObjectID]*crm.Contact
	merged  map[crm.ObjectID]*crm.Contact // by the id that it had before
	holders map[crm.Email]*crm.Contact    // by every address that leads to it
	deeds   map[crm.ObjectID]*deed
	kept    []Kept
}

func (u *undoing) index(contacts []crm.Contact) {
	for i := range contacts {
		c := &contacts[i]
		if c.Archived {
			continue
		}
		u.live[c.ID] = c
		for _, email := range append([]crm.Email{c.Email}, c.Additional...) {
			u.holders[email] = c
		}
		for _, asked := range c.Asked {
			if id := crm.ObjectID(asked); id.Valid() {
				u.merged[id] = c
			} else if email, err := crm.ParseEmail(asked); err == nil {
				u.holders[email] = c
			}
		}
	}
}

// reverse is the change that undoes a deed; false when nothing is to be written.
func (u *undoing) reverse(d *deed) (plan.Change, bool) {
	now := u.live[d.id]
	switch {
	case d.id == "":
		if holder := u.holders[d.email]; holder != nil {
			u.keep(d, Kept{ID: holder.ID, Reason: "whether the run created it is not known"})
		}
	case d.archived:
		if now == nil {
			u.keep(d, Kept{Archived: true, Reason: "HubSpot's API cannot bring an archived contact back"})
		}
	case u.merged[d.id] != nil:
		u.keep(d, Kept{Reason: "it was merged into contact " + string(u.merged[d.id].ID) + " since"})
	case d.created && now == nil: // it is gone, as it was before
	case now == nil:
		u.keep(d, Kept{Reason: "the contact was archived or deleted since"})
	case d.created:
		return u.archive(d, now)
	default:
		return u.restore(d, now)
	}
	return plan.Change{}, false
}

// restore puts values and associations of a contact back.
func (u *undoing) restore(d *deed, now *crm.Contact) (plan.Change, bool) {
	change := u.change(plan.Update, now)
	slices.SortFunc(d.values, func(a, b writtenValue) int { return cmp.Compare(a.name, b.name) })
	for _, v := range d.values {
		if v.name == propertyEmail {
			u.rename(&change, d, now, v)
		} else {
			u.value(&change, d, now, v)
		}
	}
	change.Associations = u.links(d, now)
	return change, len(change.Properties) > 0 || len(change.Associations) > 0
}

// change is a change of a live contact that does nothing so far.
func (u *undoing) change(action plan.Action, now *crm.Contact) plan.Change {
	return plan.Change{
		Action: action, Email: now.Email, ID: now.ID, Live: plan.LiveOf(now),
		Reasons: []plan.Reason{{Code: plan.ReasonUndo, Text: "undo of run " + u.run}},
	}
}

// keep notes what stays as it is of a deed.
func (u *undoing) keep(d *deed, k Kept) {
	k.ID, k.Email = cmp.Or(k.ID, d.id), d.email
	if now := u.live[d.id]; now != nil && now.Email != "" {
		k.Email = now.Email
	}
	u.kept = append(u.kept, k)
}

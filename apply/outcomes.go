package apply

import (
	"fmt"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// An outcome is how one item ended. The zero outcome has not been tried.
type outcome struct {
	outcome Outcome
	reason  string
	message string // HubSpot's own words
	id      crm.ObjectID

	held     map[string]string // of what the change writes, what was there already, where it may be written
	already  bool              // nothing was sent for it: it was as planned before the run
	recorded bool              // it stands in the journal
}

// Outcomes are those of every item of a plan, by index.
type outcomes struct {
	contacts []outcome
	sets     []outcome // of backward stages
	links    [][]outcome
	adopted  []bool // creates that were found in the portal when they were read back
	pairs    [][]bearing
	held     []map[string]string // values that were there when an update was read just before it
}

// A bearing is what the pair of a link bore when it was read just before it is written.
type bearing struct {
	read    bool // otherwise it bears what was planned
	types   []crm.AssociationType
	primary crm.ObjectID // the contact's primary record of the type; empty where it has none
}

func newOutcomes(p *plan.Plan) outcomes {
	o := outcomes{
		contacts: make([]outcome, len(p.Changes)),
		sets:     make([]outcome, len(p.Changes)),
		links:    make([][]outcome, len(p.Changes)),
		adopted:  make([]bool, len(p.Changes)),
		pairs:    make([][]bearing, len(p.Changes)),
		held:     make([]map[string]string, len(p.Changes)),
	}
	for i := range p.Changes {
		o.contacts[i].id = p.Changes[i].ID
		if n := len(p.Changes[i].Associations); n > 0 {
			o.links[i], o.pairs[i] = make([]outcome, n), make([]bearing, n)
		}
	}
	return o
}

func (o *outcomes) at(item Item) *outcome {
	switch item.Part {
	case 0:
		return &o.contacts[item.Change]
	case StageSet:
		return &o.sets[item.Change]
	}
	return &o.links[item.Change][item.Part-1]
}

// bears notes what the pair of a link bears now.
func (o *outcomes) bears(item Item, now bearing) {
	o.pairs[item.Change][item.Part-1] = now
}

func (o *outcomes) of(item Item) outcome { return *o.at(item) }

func (o *outcomes) set(item Item, value outcome) {
	at := o.at(item)
	if value.id == "" {
		value.id = at.id
	}
	*at = value
}

// entry is how a change ended: as the worst of its writes did.
func (o *outcomes) entry(p *plan.Plan, i int) Entry {
	change, contact := &p.Changes[i], o.contacts[i]
	if set := o.sets[i]; contact.outcome == Applied && set.outcome != 0 && set.outcome != Applied {
		set.id, set.reason = contact.id, "the lifecycle stage was cleared and is empty now: "+set.reason
		contact = set
	}
	entry := Entry{
		Outcome: contact.outcome, ID: contact.id, Reason: contact.reason, Message: contact.message,
		Contact: contact.outcome, Already: contact.already && (o.sets[i].outcome == 0 || o.sets[i].already),
	}
	for k, link := range o.links[i] {
		if change.Action == plan.Create && link.outcome == 0 {
			link.outcome, link.reason, link.message = contact.outcome, contact.reason, contact.message
		}
		entry.Associations = append(entry.Associations, Association{link.outcome, link.reason, link.message, link.already})
		if worse(link.outcome, entry.Outcome) {
			entry.Outcome, entry.Message = link.outcome, link.message
			entry.Reason = fmt.Sprintf("%s: %s", describe(change.Associations[k]), link.reason)
		}
	}
	return entry
}

// worse orders outcomes: nothing tried, applied, skipped, stale, unknown, failed.
func worse(a, b Outcome) bool {
	return severity(a) > severity(b)
}

func severity(o Outcome) int {
	switch o {
	case Applied:
		return 1
	case Skipped:
		return 2
	case Stale:
		return 3
	case Unknown:
		return 4
	case Failed:
		return 5
	}
	return 0
}

func describe(link plan.AssociationChange) string {
	name := link.Name
	if name == "" {
		name = string(link.To.Email)
	}
	if name == "" {
		name = string(link.To.ID)
	}
	return fmt.Sprintf("association with %s %s", link.To.Type, name)
}

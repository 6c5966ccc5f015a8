package apply

import (
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// A Reversion is a value of a plan that an earlier run wrote already: it replaced the
// very text that the portal holds again by the very one that is planned. Something in the
// portal has put the old text back.
type Reversion struct {
	Change   int // index in Plan.Changes
	Property string
}

// Reversions finds, in the records of one earlier run, the values of a plan that the run
// wrote already, in the order of the plan. What the run may have written counts as not
// written.
func Reversions(p *plan.Plan, records []journal.Record) []Reversion {
	wrote := make(map[crm.ObjectID][]writtenValue)
	for _, d := range deedsOf(records) {
		wrote[d.id] = d.values
	}
	var found []Reversion
	for i := range p.Changes {
		change := &p.Changes[i]
		for _, property := range change.Properties {
			if change.ID != "" && slices.ContainsFunc(wrote[change.ID], func(v writtenValue) bool {
				return v.name == property.Name && v.before == property.Before && len(v.after) == 1 && v.after[0] == property.After
			}) {
				found = append(found, Reversion{i, property.Name})
			}
		}
	}
	return found
}

package cli

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// flapping warns of values that the last run wrote and that are planned again, because
// the portal holds again what stood there before: whatever puts it back will do so after
// this apply, too. Only the journal of that run is looked at, and no request is made. A
// journal that cannot be read is no reason not to plan.
func flapping(p *project, made *plan.Plan, document *spec.Document) diag.List {
	run := lastFinished(p, made.Portal)
	if run == nil {
		return nil
	}
	reversions := apply.Reversions(made, run.log.Records)
	if len(reversions) == 0 {
		return nil
	}
	declared := make(map[crm.Email]spec.Contact)
	for _, contact := range document.All() {
		declared[contact.Email] = contact
	}
	var list diag.List
	for _, r := range reversions {
		change := &made.Changes[r.Change]
		d := diag.New(diag.Flapping, placeOf(change, declared[change.Email], r.Property),
			fmt.Sprintf("Run %s wrote this very value of %s, and the portal holds again what it replaced: something there puts it back.", run.id, r.Property),
			"see in HubSpot, in the property's history, what sets it")
		d.Subject = change.Key()
		list = append(list, d)
	}
	return list
}

// placeOf is the line of a property, or of the contact where the value comes from
// elsewhere.
func placeOf(change *plan.Change, contact spec.Contact, property string) diag.Range {
	at := slices.IndexFunc(contact.Properties, func(p spec.Property) bool { return p.Name == property })
	if at < 0 || contact.Properties[at].At.IsZero() {
		return change.At
	}
	return contact.Properties[at].At
}

// lastFinished is the last run of a portal that came to an end; nil when it is not among
// the last few.
func lastFinished(p *project, portal string) *pastRun {
	const few = 5 // journals are as large as their runs
	names, err := runNames(p)
	if err != nil {
		return nil
	}
	for _, name := range slices.Backward(names[max(0, len(names)-few):]) {
		run, err := readRun(p, name)
		if err == nil && run.damage == nil && run.log.State() == journal.Finished && run.of(portal) {
			return run
		}
	}
	return nil
}

package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// What is left after a run
//
// A plan that is made right after a complete run should be empty. What it still wants
// is one of two things. Either the portal keeps something else than the run sent, by a
// rule of its own: that is ours, and it would come back with every run. Or the value
// arrived and has been moved since, by HubSpot, a workflow or a person: that is news,
// not a fault of the run. The history of the property tells them apart. A value that
// was sent stands in it, since the time at which the contact was last modified when it
// was planned; both times are the portal's, so no clock of this machine decides.

// Remainder is one thing that a plan made after a run still wants.
type Remainder struct {
	Change int    // index in the later plan's Changes
	Field  string // the property; "" for the contact itself and its associations
	Ours   bool   // the portal did not keep what the run wrote; else it moved since
	Reason string // for people
}

// Remains sorts what a later plan still wants after done was carried out in full, in
// the order of the later plan. Properties are the portal's definitions. Histories are
// read through the reader; the error is the reader's.
func Remains(ctx context.Context, reader ContactReader, done, later *plan.Plan, properties map[string]crm.Property) ([]Remainder, error) {
	v := verification{reader: reader, done: make(map[string]*plan.Change), later: later, properties: properties}
	for i := range done.Changes {
		change := &done.Changes[i]
		v.done["id "+string(change.ID)] = change
		v.done[string(change.Email)] = change
	}
	for i := range later.Changes {
		v.sort(i)
	}
	if err := v.readHistories(ctx); err != nil {
		return nil, fmt.Errorf("reading what became of the values: %w", err)
	}
	slices.SortStableFunc(v.remains, func(a, b Remainder) int { return a.Change - b.Change })
	return v.remains, nil
}

type verification struct {
	reader     ContactReader
	done       map[string]*plan.Change // by "id " and id, and by address
	later      *plan.Plan
	properties map[string]crm.Property
	remains    []Remainder
	doubtful   []sent
}

// sent is a value that the run wrote and that is not there now.
type sent struct {
	change int // of the later plan
	by     *plan.Change
	value  plan.PropertyChange
}

func (v *verification) add(change int, field string, ours bool, reason string) {
	v.remains = append(v.remains, Remainder{change, field, ours, reason})
}

// written is the change of the run for the contact of a later one; nil if it had none.
func (v *verification) written(later *plan.Change) *plan.Change {
	if by := v.done["id "+string(later.ID)]; by != nil && later.ID != "" {
		return by
	}
	if later.Email == "" {
		return nil
	}
	return v.done[string(later.Email)]
}

// sort judges one change of the later plan, but for the values that only their history
// can tell of.
func (v *verification) sort(i int) {
	later := &v.later.Changes[i]
	by := v.written(later)
	switch later.Action {
	case plan.Create:
		v.add(i, "", false, "nobody bears the address any more: the contact was archived, deleted or given another one since")
		return
	case plan.Archive:
		reason := "it came into what the files own since the apply was planned"
		if by != nil {
			reason = "it is in the portal again since"
		}
		v.add(i, "", false, reason)
		return
	case plan.Update:
	}
	for _, p := range later.Properties {
		value, wrote := v.value(by, p.Name)
		if !wrote {
			v.add(i, p.Name, false, "it was changed in the portal since the apply was planned")
			continue
		}
		v.doubtful = append(v.doubtful, sent{i, by, value})
	}
	for _, link := range later.Associations {
		ours := by != nil && slices.ContainsFunc(by.Associations, func(wrote plan.AssociationChange) bool {
			return wrote.To.Type == link.To.Type && (wrote.To.ID == link.To.ID || wrote.To.Email != "" && wrote.To.Email == link.To.Email)
		})
		reason := "was changed in the portal since the apply was planned"
		if ours {
			reason = "is not as it was written, and HubSpot keeps no history of associations"
		}
		v.add(i, "", ours, describe(link)+" "+reason)
	}
}

// value is what the run wrote to a property of a contact.
func (v *verification) value(by *plan.Change, name string) (plan.PropertyChange, bool) {
	if by == nil || by.Action == plan.Archive {
		return plan.PropertyChange{}, false
	}
	at := slices.IndexFunc(by.Properties, func(p plan.PropertyChange) bool { return p.Name == name })
	if at < 0 {
		return plan.PropertyChange{}, false
	}
	return by.Properties[at], true
}

// readHistories judges the doubtful values.
func (v *verification) readHistories(ctx context.Context) error {
	for chunk := range slices.Chunk(v.doubtful, hubspot.MaxHistoryRead) {
		request := hubspot.BatchReadRequest{Properties: []string{propertyEmail}}
		for _, one := range chunk {
			id := hubspot.RecordID{ID: hubspot.FlexID(v.later.Changes[one.change].ID)}
			if !slices.Contains(request.Inputs, id) {
				request.Inputs = append(request.Inputs, id)
			}
			if !slices.Contains(request.PropertiesWithHistory, one.value.Name) {
				request.PropertiesWithHistory = append(request.PropertiesWithHistory, one.value.Name)
			}
		}
		slices.Sort(request.PropertiesWithHistory)
		answer, err := v.reader.BatchRead(ctx, contacts, request, false)
		if err != nil {
			return err
		}
		for _, one := range chunk {
			at := slices.IndexFunc(answer.Found, func(f hubspot.Found) bool { return f.Asked == string(v.later.Changes[one.change].ID) })
			if at < 0 {
				v.add(one.change, one.value.Name, false, "the contact is gone since")
				continue
			}
			v.judge(one, answer.Found[at].Object.PropertiesWithHistory[one.value.Name])
		}
	}
	return nil
}

// judge finds out from the versions of a property, the newest first, whether a value
// that was sent ever arrived.
func (v *verification) judge(one sent, versions []hubspot.PropertyVersion) {
	definition := v.properties[one.value.Name]
	planned, _ := time.Parse(time.RFC3339, one.by.Live.LastModified) // zero for a create: all that it has is newer
	arrived := slices.ContainsFunc(versions, func(version hubspot.PropertyVersion) bool {
		at, err := time.Parse(time.RFC3339, version.Timestamp)
		return err == nil && at.After(planned) && (sameText(one.value.Name, version.Value, one.value.After) || definition.Equal(version.Value, one.value.After))
	})
	if !arrived {
		v.add(one.change, one.value.Name, true, notKept(one.value, definition))
		return
	}
	reason := "it was written as planned, and changed since"
	if source := versions[0].SourceType; source != "" {
		reason += " (source " + source + ")"
	}
	v.add(one.change, one.value.Name, false, reason)
}

// notKept names the rule by which a portal keeps another value than it was sent.
func notKept(value plan.PropertyChange, definition crm.Property) string {
	var normalising, others []string
	for _, rule := range definition.Rules {
		if rule.Normalises {
			normalising = append(normalising, rule.Type)
		} else {
			others = append(others, rule.Type)
		}
	}
	switch {
	case value.Backward:
		return "HubSpot moves lifecycle stages forward only, and kept the one it had"
	case len(normalising) > 0:
		return "the portal keeps another form of it, by its rule " + strings.Join(normalising, ", ") + ": write it in that form"
	case len(others) > 0:
		return "the portal keeps another value than it was sent; its rules for the property are " + strings.Join(others, ", ")
	}
	return "the portal keeps another value than it was sent, and lists no rule for the property"
}

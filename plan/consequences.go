package plan

import (
	"cmp"
	"slices"
)

// Consequences are what a reviewer would otherwise have to count: what the changes
// mean for the portal and the people in it. Its lists are empty, never nil, where
// there is nothing to list.
type Consequences struct {
	NetNew      int              `json:"net_new"`    // creates less archives
	Stages      []StageMove      `json:"stages"`     // of live contacts, sorted
	Properties  []PropertyEffect `json:"properties"` // of live contacts, by name
	Filled      int              `json:"filled"`
	Overwritten int              `json:"overwritten"`
	Cleared     int              `json:"cleared"`
	OwnersMoved int              `json:"owners_moved"`
	// ArchivedWithDeals are contacts that take their place in deals with them.
	ArchivedWithDeals int `json:"archived_with_deals"`
	// ArchivedActive are contacts that somebody dealt with in the 30 days before.
	ArchivedActive int `json:"archived_active"`
	// OptedOut are contacts that will be changed although they opted out of email.
	OptedOut  int `json:"opted_out"`
	Recreated int `json:"recreated"` // created although an archived contact had the address
	// Watched counts the changes of each watched property, creates among them, by
	// name; properties without changes are left out.
	Watched []WatchedProperty `json:"watched"`
}

// StageMove is a move between two lifecycle stages; "" is none.
type StageMove struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int    `json:"count"`
}

// PropertyEffect is what happens to one property of live contacts.
type PropertyEffect struct {
	Name        string `json:"name"`
	Filled      int    `json:"filled"`      // empty before
	Overwritten int    `json:"overwritten"` // another value before
	Cleared     int    `json:"cleared"`     // empty after
}

// WatchedProperty is a property whose changes set workflows going.
type WatchedProperty struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Consequences counts what the plan means.
func (p *Plan) Consequences() Consequences {
	t := p.tally()
	c := Consequences{
		NetNew:     t.create - t.archive,
		Stages:     []StageMove{},
		Properties: append([]PropertyEffect{}, t.properties...),
		Watched:    []WatchedProperty{},
	}
	for _, effect := range t.properties {
		c.Filled += effect.Filled
		c.Overwritten += effect.Overwritten
		c.Cleared += effect.Cleared
		if effect.Name == propertyOwner {
			c.OwnersMoved = effect.Filled + effect.Overwritten + effect.Cleared
		}
	}
	stages := make(map[StageMove]int)
	watched := make(map[string]int)
	for i := range p.Changes {
		c.count(&p.Changes[i])
		for k := range p.Changes[i].Properties {
			property := &p.Changes[i].Properties[k]
			if property.Name == propertyStage && p.Changes[i].Action == Update {
				stages[StageMove{From: property.Before, To: property.After}]++
			}
			if slices.Contains(p.Watch, property.Name) {
				watched[property.Name]++
			}
		}
	}
	for move, count := range stages {
		c.Stages = append(c.Stages, StageMove{From: move.From, To: move.To, Count: count})
	}
	slices.SortFunc(c.Stages, func(a, b StageMove) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	for name, count := range watched {
		c.Watched = append(c.Watched, WatchedProperty{Name: name, Count: count})
	}
	slices.SortFunc(c.Watched, func(a, b WatchedProperty) int { return cmp.Compare(a.Name, b.Name) })
	return c
}

func (c *Consequences) count(change *Change) {
	switch change.Action {
	case Create:
		if slices.ContainsFunc(change.Reasons, func(r Reason) bool { return r.Code == reasonRecreated }) {
			c.Recreated++
		}
	case Update:
		if change.Live.OptedOut {
			c.OptedOut++
		}
	case Archive:
		if change.Live.Deals > 0 {
			c.ArchivedWithDeals++
		}
		if change.Live.Active {
			c.ArchivedActive++
		}
	}
}

package plan_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// world is a portal's contacts in memory, with the rules of HubSpot that a plan
// must reckon with: addresses are unique, stages move forward only unless they
// were cleared, a pair has every type it was given, one record is the primary.
type world struct {
	contacts []crm.Contact
	stages   []string
	next     int
}

// apply does what a plan says, in the order of an apply: updates, creates, links,
// archives. It refuses what HubSpot would refuse, and a plan that saw another
// world.
func (w *world) apply(p *plan.Plan) error {
	before := slices.Clone(w.contacts)
	for _, action := range []plan.Action{plan.Update, plan.Create} {
		for _, change := range p.Changes {
			if change.Action == action {
				if err := w.write(&change); err != nil {
					return fmt.Errorf("%s %s: %w", change.Action, change.Email, err)
				}
			}
		}
	}
	for _, change := range p.Changes {
		for _, link := range change.Associations {
			if err := w.link(&change, link, before); err != nil {
				return fmt.Errorf("associating %s: %w", change.Email, err)
			}
		}
	}
	for _, change := range p.Changes {
		if change.Action == plan.Archive {
			c := w.byID(change.ID)
			if c == nil || c.Email != change.Email {
				return fmt.Errorf("archiving %s: no such contact", change.Email)
			}
			c.Archived, c.ArchivedAt, c.Associations = true, "2026-11-23T00:00:00Z", nil
		}
	}
	return nil
}

func (w *world) write(change *plan.Change) error {
	if change.Action == plan.Create {
		if w.holder(change.Email) != nil {
			return fmt.Errorf("the address is taken")
		}
		w.next++
		w.contacts = append(w.contacts, found(crm.ObjectID(fmt.Sprint(500000+w.next)), change.Email))
	}
	c := w.byID(change.ID)
	if change.Action == plan.Create {
		c = &w.contacts[len(w.contacts)-1]
	}
	if c == nil {
		return fmt.Errorf("no contact %s", change.ID)
	}
	for _, property := range change.Properties {
		if got := c.Properties.Text(property.Name); got != property.Before {
			return fmt.Errorf("%s is %q, the plan saw %q", property.Name, got, property.Before)
		}
		after := w.stored(property)
		if property.Name == "email" {
			if other := w.holder(crm.Email(after)); other != nil && other.ID != c.ID {
				return fmt.Errorf("the address is taken")
			}
			c.Email = crm.Email(after)
		}
		c.Properties = crm.NewProperties(append(slices.Clone(c.Properties), crm.Value{Name: property.Name, Text: after})...)
	}
	return nil
}

// stored is what HubSpot keeps of a written value.
func (w *world) stored(p plan.PropertyChange) string {
	switch p.Name {
	case "lifecyclestage":
		if !p.Backward && p.After != "" && slices.Index(w.stages, p.After) < slices.Index(w.stages, p.Before) {
			return p.Before
		}
	case "contract_end":
		if len(p.After) == len("1773532800000") {
			ms, err := strconv.ParseInt(p.After, 10, 64)
			if err != nil {
				return p.After
			}
			return time.UnixMilli(ms).UTC().Format(time.DateOnly)
		}
	}
	return p.After
}

func (w *world) link(change *plan.Change, link plan.AssociationChange, before []crm.Contact) error {
	from := w.byEmail(change.Email)
	if change.ID != "" {
		from = w.byID(change.ID)
	}
	to := link.To
	if to.ID == "" {
		other := w.byEmail(to.Email)
		if other == nil {
			return fmt.Errorf("no contact %s", to.Email)
		}
		to.ID = other.ID
	}
	to.Email = ""
	var saw []crm.AssociationType
	for i := range before {
		if before[i].ID == change.ID {
			saw = typesOf(&before[i], to)
		}
	}
	if !slices.Equal(saw, link.Before) {
		return fmt.Errorf("the pair has %v, the plan saw %v", saw, link.Before)
	}
	if slices.Contains(link.After, primary) {
		for i := range from.Associations {
			from.Associations[i].Types = slices.DeleteFunc(slices.Clone(from.Associations[i].Types), primary.Same)
		}
	}
	set(from, to, link.After)
	if other := w.byID(to.ID); other != nil && to.Type == crm.TypeContact {
		set(other, crm.Ref{Type: crm.TypeContact, ID: from.ID}, link.After)
	}
	return nil
}

func typesOf(c *crm.Contact, to crm.Ref) []crm.AssociationType {
	for _, a := range c.Associations {
		if a.To == to {
			return a.Types
		}
	}
	return nil
}

func set(c *crm.Contact, to crm.Ref, types []crm.AssociationType) {
	c.Associations = slices.DeleteFunc(slices.Clone(c.Associations), func(a crm.Association) bool { return a.To == to })
	if len(types) > 0 {
		c.Associations = append(c.Associations, crm.Association{To: to, Types: types})
	}
	slices.SortFunc(c.Associations, func(a, b crm.Association) int { return cmp.Or(a.To.Compare(b.To)) })
}

func (w *world) byID(id crm.ObjectID) *crm.Contact {
	return w.live(func(c *crm.Contact) bool { return c.ID == id })
}

func (w *world) byEmail(email crm.Email) *crm.Contact {
	return w.live(func(c *crm.Contact) bool { return c.Email == email })
}

func (w *world) holder(email crm.Email) *crm.Contact {
	return w.live(func(c *crm.Contact) bool { return c.Email == email || slices.Contains(c.Additional, email) })
}

func (w *world) live(is func(*crm.Contact) bool) *crm.Contact {
	for i := range w.contacts {
		if !w.contacts[i].Archived && is(&w.contacts[i]) {
			return &w.contacts[i]
		}
	}
	return nil
}

package portal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/people"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// ErrNotEmpty means that a portal which was to be seeded holds records already.
var ErrNotEmpty = errors.New("the portal holds records already")

// Seed fills an empty portal with so many invented contacts, about one company to
// eight of them, and deals, tickets, notes and associations around some. It also
// defines owners, labels and contact properties, so that values of every type
// occur. All domains end in .example.
//
// The same seed and number give portals of one account id the same records with
// the same ids and times; a larger number adds to them. All of it is one
// transaction: when ctx ends early, the portal stays empty. The error is
// ErrNotEmpty for a portal with records, archived ones included.
func (p *Portal) Seed(ctx context.Context, contacts int, seed uint64) error {
	s := seeding{people: people.New(seed), contacts: contacts, stopped: ctx.Err, pairings: make(map[string]pairing)}
	err := p.fill(ctx, s.define, func(ctx context.Context, c *call, tx *store.Tx) error {
		s.call, s.tx = c, tx
		return s.records(ctx)
	})
	if err != nil {
		return fmt.Errorf("seeding the portal: %w", err)
	}
	return nil
}

// fill runs define and then work in one transaction; work sees what define
// defined.
func (p *Portal) fill(ctx context.Context, define func(context.Context, *store.Tx) error, work func(context.Context, *call, *store.Tx) error) error {
	p.defining.Lock()
	defer p.defining.Unlock()
	return p.redefine(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := define(ctx, tx); err != nil {
			return err
		}
		defined, err := p.loadCatalog(ctx, tx)
		if err != nil {
			return err
		}
		return work(ctx, &call{portal: p, catalog: defined, now: time.Now().UTC().Truncate(time.Millisecond)}, tx)
	})
}

// seeding is one run of Seed.
type seeding struct {
	people   *people.People
	contacts int
	stopped  func() error // why the caller gave up, nil while it waits
	call     *call
	tx       *store.Tx
	company  store.End
	staff    map[int]store.End // contacts of the present company, by index
	pairings map[string]pairing
}

func (s *seeding) define(ctx context.Context, tx *store.Tx) error {
	empty, err := tx.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return ErrNotEmpty
	}
	if err := defineProperties(ctx, tx, crm.TypeContact, contactGroup, people.Definitions()); err != nil {
		return err
	}
	for _, owner := range s.people.Owners() {
		if err := tx.PutOwner(ctx, owner); err != nil {
			return err
		}
	}
	return defineLabels(ctx, tx, []crm.FixtureLabel{
		{From: crm.TypeContact, To: crm.TypeCompany, Label: people.LabelDecisionMaker},
		{From: crm.TypeContact, To: crm.TypeDeal, Label: people.LabelSponsor},
		{From: crm.TypeContact, To: crm.TypeContact, Label: people.LabelColleague},
	})
}

// records inserts company by company, each followed by its people and what
// concerns them.
func (s *seeding) records(ctx context.Context) error {
	next := 0
	for i := range people.Companies(s.contacts) {
		if err := s.stopped(); err != nil {
			return err
		}
		var err error
		if s.company, err = s.insert(ctx, s.people.Company(i)); err != nil {
			return err
		}
		s.staff = make(map[int]store.End)
		for ; next < s.contacts && next/people.Staff == i; next++ {
			if err := s.contact(ctx, next); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeding) contact(ctx context.Context, index int) error {
	person := s.people.Contact(index)
	contact, err := s.insert(ctx, person.Record)
	if err != nil {
		return err
	}
	s.staff[index] = contact
	if person.Company >= 0 {
		var labels []string
		if person.Primary {
			labels = append(labels, primaryKeyword)
		}
		if person.DecisionMaker {
			labels = append(labels, people.LabelDecisionMaker)
		}
		if err := s.link(ctx, contact, s.company, labels...); err != nil {
			return err
		}
	}
	if colleague, ok := s.staff[person.Colleague]; ok {
		if err := s.link(ctx, contact, colleague, people.LabelColleague); err != nil {
			return err
		}
	}
	for _, activity := range person.Activities {
		if err := s.activity(ctx, contact, person.Company >= 0, activity); err != nil {
			return err
		}
	}
	return nil
}

// activity adds a record that concerns a contact and, where there is one, the
// company; a deal or ticket has it as its primary one.
func (s *seeding) activity(ctx context.Context, contact store.End, employed bool, activity people.Activity) error {
	end, err := s.insert(ctx, activity.Record)
	if err != nil {
		return err
	}
	var labels []string
	if activity.Sponsor {
		labels = append(labels, people.LabelSponsor)
	}
	if err := s.link(ctx, contact, end, labels...); err != nil || !employed {
		return err
	}
	if end.Type == crm.TypeNote {
		return s.link(ctx, end, s.company)
	}
	return s.link(ctx, end, s.company, primaryKeyword)
}

// pairing are the types of both directions of an association.
type pairing struct{ forward, backward []crm.AssociationType }

// link associates two records that are not yet: neither can have to give up its
// primary company.
func (s *seeding) link(ctx context.Context, from, to store.End, labels ...string) error {
	key := fmt.Sprint(from.Type, to.Type, labels)
	types, known := s.pairings[key]
	if !known {
		named, err := s.call.catalog.keywords(from.Type, to.Type, labels)
		if err != nil {
			return err
		}
		types.forward = s.call.catalog.complete(from.Type, to.Type, named)
		types.backward = s.call.catalog.complete(to.Type, from.Type, s.call.catalog.inverse(from.Type, to.Type, named))
		s.pairings[key] = types
	}
	if err := s.tx.SetLink(ctx, from, to, types.forward); err != nil {
		return err
	}
	return s.tx.SetLink(ctx, to, from, types.backward)
}

// insert adds a record as it is: invented values are what HubSpot stores.
func (s *seeding) insert(ctx context.Context, invented people.Record) (store.End, error) {
	id, err := s.tx.NextID(ctx)
	if err != nil {
		return store.End{}, err
	}
	record := store.Record{
		Type: invented.Type, ID: id, Properties: invented.Properties,
		Created: invented.Created.UnixMilli(), Updated: invented.Updated.UnixMilli(),
	}
	if err := s.call.claim(ctx, s.tx, &store.Record{Type: record.Type}, &record, nil); err != nil {
		return store.End{}, err
	}
	return store.End{Type: record.Type, ID: id}, s.tx.Insert(ctx, &record)
}

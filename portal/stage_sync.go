package portal

import (
	"context"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// The ruling stage-sync. HubSpot's guide to lifecycle stages says no more than that
// the stages of a contact and its primary company may be kept in step. Here:
//
// A write that gives a contact a stage moves its primary company to that stage, and
// a company that is moved, or is given a stage, moves every contact whose primary
// company it is. When a company becomes a contact's primary one, the one that is
// behind moves to the stage of the other.
//
// Everything moves forward only, in the portal's order of stages, whatever the
// ruling backward-stage says; a record without a stage is behind every other.
// Clearing a stage moves nothing. Records in the bin do not move. What moves has its
// former stage in its history and a new time of modification, like any update.

// syncs reports whether stages are kept in step.
func (c *call) syncs() bool { return c.portal.ruled(rulingStageSync) == "on" }

// follow moves what goes with a record that was written.
func (c *call) follow(ctx context.Context, tx *store.Tx, record *store.Record, written texts) error {
	stage := record.Properties.Text(propertyStage)
	if _, given := written[propertyStage]; !given || stage == "" || !c.syncs() {
		return nil
	}
	if record.Type == crm.TypeCompany {
		return c.advanceContacts(ctx, tx, endOf(record), stage)
	}
	if record.Type != crm.TypeContact {
		return nil
	}
	company, found, err := c.primaryCompany(ctx, tx, endOf(record))
	if err != nil || !found {
		return err
	}
	return c.advanceCompany(ctx, tx, company, stage)
}

// join brings a contact and a company that became its primary one in step.
func (c *call) join(ctx context.Context, tx *store.Tx, from, to store.End) error {
	contact, company := from, to
	if from.Type == crm.TypeCompany {
		contact, company = to, from
	}
	if contact.Type != crm.TypeContact || company.Type != crm.TypeCompany || !c.syncs() {
		return nil
	}
	if primary, found, err := c.primaryCompany(ctx, tx, contact); err != nil || !found || primary != company {
		return err
	}
	person, _, err := tx.Record(ctx, contact.Type, contact.ID)
	if err != nil {
		return err
	}
	if err := c.advanceCompany(ctx, tx, company, person.Properties.Text(propertyStage)); err != nil {
		return err
	}
	employer, _, err := tx.Record(ctx, company.Type, company.ID)
	if err != nil {
		return err
	}
	_, err = c.advance(ctx, tx, contact, employer.Properties.Text(propertyStage))
	return err
}

// advanceCompany moves a company forward and, if it moved, its contacts.
func (c *call) advanceCompany(ctx context.Context, tx *store.Tx, company store.End, stage string) error {
	moved, err := c.advance(ctx, tx, company, stage)
	if err != nil || !moved {
		return err
	}
	return c.advanceContacts(ctx, tx, company, stage)
}

// advanceContacts moves the contacts forward whose primary company a company is.
func (c *call) advanceContacts(ctx context.Context, tx *store.Tx, company store.End, stage string) error {
	primary, ok := c.catalog.primary(crm.TypeContact, crm.TypeCompany)
	if !ok {
		return nil
	}
	mark := c.catalog.inverse(crm.TypeContact, crm.TypeCompany, []crm.AssociationType{primary.Type})
	links, err := tx.AllLinks(ctx, company, crm.TypeContact)
	if err != nil {
		return err
	}
	for _, link := range links {
		if !slices.ContainsFunc(mark, func(t crm.AssociationType) bool { return slices.ContainsFunc(link.Types, t.Same) }) {
			continue
		}
		if _, err := c.advance(ctx, tx, link.To, stage); err != nil {
			return err
		}
	}
	return nil
}

// advance moves one record forward to a stage and reports whether it moved.
func (c *call) advance(ctx context.Context, tx *store.Tx, end store.End, stage string) (bool, error) {
	record, found, err := tx.Record(ctx, end.Type, end.ID)
	if err != nil || !found || record.Archived != 0 || stage == "" {
		return false, err
	}
	present := record.Properties.Text(propertyStage)
	if present == stage || values.Stage(c.catalog.stages, present, stage) == present {
		return false, nil
	}
	moved := slices.DeleteFunc(slices.Clone(record.Properties), func(v crm.Value) bool { return v.Name == propertyStage })
	return true, c.put(ctx, tx, &record, crm.NewProperties(append(moved, crm.Value{Name: propertyStage, Text: stage})...))
}

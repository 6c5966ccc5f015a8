package portal

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Fill puts a fixture into the portal in one transaction: all of it, or, on an
// error, nothing.
//
// A fixture says what a portal holds, so it may also give what HubSpot sets by
// itself: createdate and the like, calculated values, archived records, the id of
// a record. Values must be ones that HubSpot could hold, and are stored in its
// form; the portal's own validation rules do not apply, as they do not to values
// older than the rule. An owner property also takes the owner's address. A label
// is a display name, or Primary for the primary company in either direction.
//
// The error joins every problem with the fixture's values, or else every problem
// with its associations, each with the record it is about.
func (p *Portal) Fill(ctx context.Context, fixture *crm.Fixture) error {
	if fixture.Account != "" && fixture.Account != p.AccountID() {
		return fmt.Errorf("filling the portal: the fixture is for account %s, the portal is account %s", fixture.Account, p.AccountID())
	}
	f := filling{fixture: fixture}
	err := p.fill(ctx, f.define, func(ctx context.Context, c *call, tx *store.Tx) error {
		f.call, f.tx = c, tx
		return f.records(ctx)
	})
	if err != nil {
		return fmt.Errorf("filling the portal: %w", err)
	}
	return nil
}

// filling is one run of Fill.
type filling struct {
	fixture *crm.Fixture
	owners  map[string]string // id by address
	call    *call
	tx      *store.Tx
	filled  []store.Record // one for each record of the fixture
}

func (f *filling) define(ctx context.Context, tx *store.Tx) error {
	if err := defineProperties(ctx, tx, crm.TypeContact, contactGroup, f.fixture.Properties); err != nil {
		return err
	}
	if err := defineObjects(ctx, tx, f.fixture.Objects); err != nil {
		return err
	}
	if err := defineLabels(ctx, tx, f.fixture.Labels); err != nil {
		return err
	}
	return f.addOwners(ctx, tx)
}

// firstOwner is the id of the first owner who has none in the fixture.
const firstOwner = 71_000_001

func (f *filling) addOwners(ctx context.Context, tx *store.Tx) error {
	known, err := tx.Owners(ctx)
	if err != nil {
		return err
	}
	f.owners = make(map[string]string)
	used := make(map[string]bool)
	remember := func(id, email string, archived bool) {
		used[id] = true
		if key := address(email); key != "" && (!archived || f.owners[key] == "") {
			f.owners[key] = id
		}
	}
	for _, owner := range known {
		remember(owner.ID, owner.Email, owner.Archived)
	}
	for _, owner := range f.fixture.Owners {
		used[string(owner.ID)] = true
	}
	next := firstOwner
	for _, owner := range f.fixture.Owners {
		id := string(owner.ID)
		for ; id == ""; next++ {
			if text := strconv.Itoa(next); !used[text] {
				id = text
			}
		}
		if !crm.ObjectID(id).Valid() {
			return fmt.Errorf("owner %s: %q is no id", owner.Email, id)
		}
		remember(id, string(owner.Email), owner.Archived)
		kind := "PERSON"
		if owner.Queue {
			kind = "QUEUE"
		}
		if err := tx.PutOwner(ctx, hubspot.Owner{
			ID: id, Email: string(owner.Email), Type: kind, FirstName: owner.FirstName, LastName: owner.LastName,
			CreatedAt: fixtureTime, UpdatedAt: fixtureTime, Archived: owner.Archived,
		}); err != nil {
			return err
		}
	}
	return nil
}

// fixtureTime is when owners of a fixture were added; fixtures do not say.
const fixtureTime = "2024-01-01T00:00:00.000Z"

// records validates and inserts the records, then their associations.
func (f *filling) records(ctx context.Context) error {
	var problems []error
	f.filled = make([]store.Record, len(f.fixture.Records))
	for i := range f.fixture.Records {
		problems = append(problems, f.prepare(i)...)
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	for _, record := range f.filled {
		if err := f.tx.UseID(ctx, record.ID); err != nil {
			return err
		}
	}
	for i := range f.filled {
		if err := f.insert(ctx, i); err != nil {
			return err
		}
	}
	for i, record := range f.fixture.Records {
		for _, association := range record.Associations {
			if err := f.associate(ctx, i, association); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", f.who(i), err))
			}
		}
	}
	return errors.Join(problems...)
}

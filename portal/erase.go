package portal

import (
	"context"
	"net/http"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

type eraseRequest struct {
	ID         hubspot.FlexID `json:"objectId"`
	IDProperty string         `json:"idProperty"`
}

// erase is POST /crm/v3/objects/{type}/gdpr-delete: the record that a key names,
// live or in the bin, is taken out of the portal's file with all that belongs to
// it alone: history, associations, addresses, former ids. An address may name one
// live contact and several in the bin; all of them are erased. What other records
// say of the person, as a note may, stays.
//
// The answer is 204 also when there is no such record, as for an archive. By
// HubSpot's spec an address that is not found is blocked; here every address that
// is erased or was asked for is remembered as a hash, and the ruling
// forgotten-address says what follows.
func erase(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	request, err := decode[eraseRequest](c)
	if err != nil {
		return answer{}, err
	}
	if request.ID == "" {
		return answer{}, invalid("A permanent deletion needs an objectId")
	}
	by, err := c.lookupBy(objectType, request.IDProperty, false)
	if err != nil {
		return answer{}, err
	}
	err = c.portal.store.Erase(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		if by.property == propertyEmail && objectType == crm.TypeContact {
			if err := tx.Forget(ctx, address(string(request.ID))); err != nil {
				return err
			}
		}
		for _, by.archived = range []bool{false, true} {
			for {
				record, found, err := by.find(ctx, tx, string(request.ID))
				if err != nil {
					return err
				}
				if !found {
					break
				}
				if err := c.eraseRecord(ctx, tx, &record); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

func (c *call) eraseRecord(ctx context.Context, tx *store.Tx, record *store.Record) error {
	end := endOf(record)
	if record.Archived == 0 {
		if err := c.claim(ctx, tx, record, &store.Record{Type: record.Type, ID: record.ID}, nil); err != nil {
			return err
		}
	}
	for _, address := range addresses(record) {
		if err := tx.DropArchivedAddress(ctx, address, record.ID); err != nil {
			return err
		}
		if err := tx.Forget(ctx, address); err != nil {
			return err
		}
	}
	links, err := tx.EveryLink(ctx, end)
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := c.unlink(ctx, tx, end, link.To); err != nil {
			return err
		}
	}
	if err := tx.DropRedirects(ctx, end); err != nil {
		return err
	}
	return tx.Remove(ctx, end)
}

// remembers refuses an address that a record is given anew and that was forgotten,
// where the portal is ruled to. The code is that of HubSpot's imports.
func (c *call) remembers(ctx context.Context, tx *store.Tx, old, record *store.Record) error {
	if c.portal.ruled(rulingForgottenAddress) != "refuse" {
		return nil
	}
	before := addresses(old)
	for _, address := range addresses(record) {
		if slices.Contains(before, address) {
			continue
		}
		forgotten, err := tx.Forgotten(ctx, address)
		if err != nil {
			return err
		}
		if forgotten {
			return c.portal.invalidValues([]valueProblem{{
				propertyEmail, "GDPR_BLACKLISTED_EMAIL", "Email address " + address + " belonged to a contact that was permanently deleted",
			}})
		}
	}
	return nil
}

package portal

import (
	"context"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// holding is a text that at most one live record of its type may hold: an address
// when property is empty, else the value of a unique property.
type holding struct {
	objectType      crm.ObjectType
	property, value string
}

// holdings are everything of a record that no other may have.
func (c *catalog) holdings(r *store.Record) []holding {
	var all []holding
	for _, address := range addresses(r) {
		all = append(all, holding{r.Type, "", address})
	}
	for _, name := range c.unique[r.Type] {
		if text := r.Properties.Text(name); text != "" {
			all = append(all, holding{r.Type, name, text})
		}
	}
	return all
}

// claim takes what a record newly holds and frees what it no longer does. When
// another record holds some of it, nothing is changed and the refusal names that
// record, unless it is one of fresh.
func (c *call) claim(ctx context.Context, tx *store.Tx, old, record *store.Record, fresh map[int64]bool) error {
	before, after := c.catalog.holdings(old), c.catalog.holdings(record)
	for i, h := range after {
		if slices.Contains(before, h) {
			continue
		}
		holder, err := h.take(ctx, tx, record.ID)
		if err != nil {
			return err
		}
		if holder == record.ID {
			continue
		}
		for _, undo := range after[:i] {
			if slices.Contains(before, undo) {
				continue
			}
			if err := undo.free(ctx, tx, record.ID); err != nil {
				return err
			}
		}
		if h.property == "" {
			return taken(holder, !fresh[holder])
		}
		return c.portal.valueTaken(h.objectType, h.property, h.value, record.ID, holder)
	}
	for _, h := range before {
		if slices.Contains(after, h) {
			continue
		}
		if err := h.free(ctx, tx, record.ID); err != nil {
			return err
		}
	}
	return nil
}

func (h holding) take(ctx context.Context, tx *store.Tx, id int64) (holder int64, err error) {
	if h.property == "" {
		return tx.ClaimAddress(ctx, h.value, id)
	}
	return tx.ClaimValue(ctx, h.objectType, h.property, h.value, id)
}

func (h holding) free(ctx context.Context, tx *store.Tx, id int64) error {
	if h.property == "" {
		return tx.ReleaseAddress(ctx, h.value, id)
	}
	return tx.ReleaseValue(ctx, h.objectType, h.property, h.value, id)
}

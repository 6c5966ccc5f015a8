package portal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// ErrNotArchived means that no archived record answers to a name.
var ErrNotArchived = errors.New("no such record lies in the recycle bin")

// Restore takes a record out of the recycle bin, with its associations, and
// returns its id. A contact may be named by one of its addresses instead of its
// id; of several archived contacts with the address the newest is meant. HubSpot
// offers this in its user interface alone.
//
// The error is ErrNotArchived when there is no such record. When a live record
// meanwhile has its address or one of its unique values, nothing is changed and
// the error names that record.
func (p *Portal) Restore(ctx context.Context, objectType crm.ObjectType, key string) (crm.ObjectID, error) {
	by := lookup{objectType: objectType, archived: true}
	if objectType == crm.TypeContact && strings.Contains(key, "@") {
		by.property = propertyEmail
	}
	p.defining.RLock()
	defer p.defining.RUnlock()
	c := &call{portal: p, catalog: p.catalog.Load(), now: time.Now().UTC()}
	var record store.Record
	err := p.store.Update(ctx, func(ctx context.Context, tx *store.Tx) error {
		var found bool
		var err error
		record, found, err = by.find(ctx, tx, key)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotArchived
		}
		if err := c.claim(ctx, tx, &store.Record{Type: objectType, ID: record.ID}, &record, nil); err != nil {
			return err
		}
		for _, address := range addresses(&record) {
			if err := tx.DropArchivedAddress(ctx, address, record.ID); err != nil {
				return err
			}
		}
		record.Archived, record.Updated = 0, max(c.now.UnixMilli(), record.Updated+1)
		return tx.Write(ctx, &record)
	})
	if err != nil {
		return "", fmt.Errorf("restoring a %s: %w", objectType, err)
	}
	return crm.ObjectID(idText(record.ID)), nil
}

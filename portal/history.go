package portal

import (
	"context"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// history lists the values that each asked property had, the present one first;
// a property that is not defined is left out. All values came through the API
// here. A value that a property had while it was empty is listed as "", except
// that nothing stands before the first value.
func (v view) history(ctx context.Context, tx *store.Tx, record *store.Record) (map[string][]hubspot.PropertyVersion, error) {
	updates, err := tx.History(ctx, store.End{Type: record.Type, ID: record.ID})
	if err != nil {
		return nil, err
	}
	histories := make(map[string][]hubspot.PropertyVersion, len(v.histories))
	for _, name := range v.histories {
		versions := []hubspot.PropertyVersion{}
		text := textOf(record, name)
		for _, update := range updates {
			former, changed := update.Properties.Lookup(name)
			if !changed {
				continue
			}
			versions = append(versions, hubspot.PropertyVersion{Value: text, Timestamp: timestamp(update.At), SourceType: "API"})
			text = former
		}
		if text != "" {
			versions = append(versions, hubspot.PropertyVersion{Value: text, Timestamp: timestamp(record.Created), SourceType: "API"})
		}
		histories[name] = versions
	}
	return histories, nil
}

package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// Group is a property group that this portal has beside, or instead of, HubSpot's
// of the same name; archived ones among them.
type Group struct {
	Type  crm.ObjectType
	Group hubspot.PropertyGroup
}

// PutGroup adds or replaces a property group.
func (tx *Tx) PutGroup(ctx context.Context, g Group) error {
	text, err := json.Marshal(g.Group)
	if err != nil {
		return fmt.Errorf("writing a property group: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO property_groups (type, name, definition) VALUES (?, ?, ?)
		ON CONFLICT (type, name) DO UPDATE SET definition = excluded.definition`, string(g.Type), g.Group.Name, string(text))
	return err
}

// Groups returns what PutGroup wrote, by type and name.
func (tx *Tx) Groups(ctx context.Context) ([]Group, error) {
	var objectType, text string
	var groups []Group
	err := tx.each(ctx, `SELECT type, definition FROM property_groups ORDER BY type, name`, nil, []any{&objectType, &text}, func() error {
		g := Group{Type: crm.ObjectType(objectType)}
		if err := json.Unmarshal([]byte(text), &g.Group); err != nil {
			return fmt.Errorf("reading a stored property group: %w", err)
		}
		groups = append(groups, g)
		return nil
	})
	return groups, err
}

package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/contactsync/contactsync/crm"
)

// ObjectType is a custom object type. Its properties, groups and association types
// are kept like those of the others.
type ObjectType struct {
	Type       crm.ObjectType `json:"type"` // 2-123
	Name       string         `json:"name"`
	Singular   string         `json:"singular"`
	Plural     string         `json:"plural"`
	About      string         `json:"about"`
	Primary    string         `json:"primary"` // the property that names a record
	Secondary  []string       `json:"secondary"`
	Required   []string       `json:"required"`   // properties that a create must give
	Searchable []string       `json:"searchable"` // properties that a free-text search looks at
	Created    int64          `json:"created"`
	Updated    int64          `json:"updated"`
	Archived   bool           `json:"archived"`
}

// PutObjectType adds or replaces a custom object type.
func (tx *Tx) PutObjectType(ctx context.Context, o ObjectType) error {
	text, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("writing an object type: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO object_types (type, definition) VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET definition = excluded.definition`,
		string(o.Type), string(text))
	return err
}

// ObjectTypes returns the custom object types, archived ones too, by id.
func (tx *Tx) ObjectTypes(ctx context.Context) ([]ObjectType, error) {
	var text string
	var all []ObjectType
	err := tx.each(ctx, `SELECT definition FROM object_types ORDER BY type`, nil, []any{&text}, func() error {
		var o ObjectType
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return fmt.Errorf("reading a stored object type: %w", err)
		}
		all = append(all, o)
		return nil
	})
	return all, err
}

// PurgeObjectType removes a custom object type with everything that is of it: the
// records in the bin, their associations and values, and its definitions.
func (tx *Tx) PurgeObjectType(ctx context.Context, objectType crm.ObjectType) error {
	for _, statement := range []string{
		`DELETE FROM associations WHERE from_type = ?1 OR to_type = ?1`,
		`DELETE FROM labels WHERE from_type = ?1 OR to_type = ?1`,
		`DELETE FROM unique_values WHERE type = ?1`,
		`DELETE FROM history WHERE type = ?1`,
		`DELETE FROM objects WHERE type = ?1`,
		`DELETE FROM properties WHERE type = ?1`,
		`DELETE FROM property_groups WHERE type = ?1`,
		`DELETE FROM object_types WHERE type = ?1`,
	} {
		if _, err := tx.exec(ctx, statement, string(objectType)); err != nil {
			return err
		}
	}
	return nil
}

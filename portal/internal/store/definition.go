package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// Definition is a property that this portal has beside, or instead of, HubSpot's
// default of the same name.
type Definition struct {
	Type     crm.ObjectType
	Property hubspot.Property
	Rules    []hubspot.ValidationRule
}

// Label is one direction of an association label that a user defined.
type Label struct {
	From, To crm.ObjectType
	TypeID   int
	Inverse  int // type id of the other direction; the same id between equals
	Name     string
	Label    string
}

// Define adds or replaces a property definition.
func (tx *Tx) Define(ctx context.Context, d Definition) error {
	definition, err := json.Marshal(d.Property)
	if err != nil {
		return fmt.Errorf("writing a property definition: %w", err)
	}
	rules, err := json.Marshal(append([]hubspot.ValidationRule{}, d.Rules...))
	if err != nil {
		return fmt.Errorf("writing validation rules: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO properties (type, name, definition, rules) VALUES (?, ?, ?, ?)
		ON CONFLICT (type, name) DO UPDATE SET definition = excluded.definition, rules = excluded.rules`,
		string(d.Type), d.Property.Name, string(definition), string(rules))
	return err
}

// Definitions returns what Define wrote, by type and name.
func (tx *Tx) Definitions(ctx context.Context) ([]Definition, error) {
	var objectType, definition, rules string
	var definitions []Definition
	err := tx.each(ctx, `SELECT type, definition, rules FROM properties ORDER BY type, name`, nil, []any{&objectType, &definition, &rules}, func() error {
		d := Definition{Type: crm.ObjectType(objectType)}
		if err := json.Unmarshal([]byte(definition), &d.Property); err != nil {
			return fmt.Errorf("reading a stored property definition: %w", err)
		}
		if err := json.Unmarshal([]byte(rules), &d.Rules); err != nil {
			return fmt.Errorf("reading stored validation rules: %w", err)
		}
		definitions = append(definitions, d)
		return nil
	})
	return definitions, err
}

// DefineLabel adds or renames one direction of a label.
func (tx *Tx) DefineLabel(ctx context.Context, l Label) error {
	_, err := tx.exec(ctx, `INSERT INTO labels (from_type, to_type, type_id, inverse, name, label) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (from_type, to_type, type_id) DO UPDATE SET inverse = excluded.inverse, name = excluded.name, label = excluded.label`,
		string(l.From), string(l.To), l.TypeID, l.Inverse, l.Name, l.Label)
	return err
}

// Labels returns every user-defined label, by its ends and type id.
func (tx *Tx) Labels(ctx context.Context) ([]Label, error) {
	var l Label
	var labels []Label
	var from, to string
	err := tx.each(ctx, `SELECT from_type, to_type, type_id, inverse, name, label FROM labels ORDER BY from_type, to_type, type_id`, nil,
		[]any{&from, &to, &l.TypeID, &l.Inverse, &l.Name, &l.Label}, func() error {
			l.From, l.To = crm.ObjectType(from), crm.ObjectType(to)
			labels = append(labels, l)
			return nil
		})
	return labels, err
}

// DeleteLabel removes one direction of a label, and takes it from every pair that
// bears it.
func (tx *Tx) DeleteLabel(ctx context.Context, l Label) error {
	if _, err := tx.exec(ctx, `DELETE FROM labels WHERE from_type = ? AND to_type = ? AND type_id = ?`, string(l.From), string(l.To), l.TypeID); err != nil {
		return err
	}
	bears := "," + encodeTypes([]crm.AssociationType{{Category: crm.UserDefined, TypeID: l.TypeID}}) + ","
	if _, err := tx.exec(ctx, `UPDATE associations SET types = trim(replace(',' || types || ',', ?1, ','), ',')
		WHERE from_type = ?2 AND to_type = ?3 AND instr(',' || types || ',', ?1) > 0`, bears, string(l.From), string(l.To)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM associations WHERE from_type = ? AND to_type = ? AND types = ''`, string(l.From), string(l.To))
	return err
}

// PutOwner adds or replaces an owner.
func (tx *Tx) PutOwner(ctx context.Context, owner hubspot.Owner) error {
	text, err := json.Marshal(owner)
	if err != nil {
		return fmt.Errorf("writing an owner: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO owners (id, owner) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner`, owner.ID, string(text))
	return err
}

// Owners returns the owners by id, archived ones among them.
func (tx *Tx) Owners(ctx context.Context) ([]hubspot.Owner, error) {
	var text string
	var owners []hubspot.Owner
	err := tx.each(ctx, `SELECT owner FROM owners ORDER BY id`, nil, []any{&text}, func() error {
		var owner hubspot.Owner
		if err := json.Unmarshal([]byte(text), &owner); err != nil {
			return fmt.Errorf("reading a stored owner: %w", err)
		}
		owners = append(owners, owner)
		return nil
	})
	return owners, err
}

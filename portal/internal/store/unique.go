package store

import (
	"context"

	"github.com/contactsync/contactsync/crm"
)

// ClaimAddress makes an address a live contact's. It returns the contact that
// holds it: id itself, or the one that held it before, in which case nothing
// changed.
func (tx *Tx) ClaimAddress(ctx context.Context, address string, id int64) (holder int64, err error) {
	claimed, err := tx.exec(ctx, `INSERT INTO addresses (email, id) VALUES (?, ?) ON CONFLICT DO NOTHING`, address, id)
	if err != nil || claimed == 1 {
		return id, err
	}
	holder, _, err = tx.AddressHolder(ctx, address)
	return holder, err
}

// ReleaseAddress frees an address that the contact holds.
func (tx *Tx) ReleaseAddress(ctx context.Context, address string, id int64) error {
	_, err := tx.exec(ctx, `DELETE FROM addresses WHERE email = ? AND id = ?`, address, id)
	return err
}

// AddressHolder returns the live contact with an address, primary or secondary.
func (tx *Tx) AddressHolder(ctx context.Context, address string) (int64, bool, error) {
	var id int64
	found, err := tx.one(ctx, `SELECT id FROM addresses WHERE email = ?`, []any{address}, []any{&id})
	return id, found, err
}

// KeepArchivedAddress remembers an address of a contact that goes into the bin.
func (tx *Tx) KeepArchivedAddress(ctx context.Context, address string, id int64) error {
	_, err := tx.exec(ctx, `INSERT INTO archived_addresses (email, id) VALUES (?, ?) ON CONFLICT DO NOTHING`, address, id)
	return err
}

// DropArchivedAddress forgets an address of a contact that leaves the bin.
func (tx *Tx) DropArchivedAddress(ctx context.Context, address string, id int64) error {
	_, err := tx.exec(ctx, `DELETE FROM archived_addresses WHERE email = ? AND id = ?`, address, id)
	return err
}

// ArchivedHolder returns the archived contact that had an address; the newest of
// several.
func (tx *Tx) ArchivedHolder(ctx context.Context, address string) (int64, bool, error) {
	var id int64
	found, err := tx.one(ctx, `SELECT id FROM archived_addresses WHERE email = ? ORDER BY id DESC LIMIT 1`, []any{address}, []any{&id})
	return id, found, err
}

// ClaimValue makes the value of a unique property a live record's, as
// ClaimAddress does for addresses.
func (tx *Tx) ClaimValue(ctx context.Context, objectType crm.ObjectType, property, value string, id int64) (holder int64, err error) {
	claimed, err := tx.exec(ctx, `INSERT INTO unique_values (type, property, value, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		string(objectType), property, value, id)
	if err != nil || claimed == 1 {
		return id, err
	}
	holder, _, err = tx.ValueHolder(ctx, objectType, property, value)
	return holder, err
}

// ReleaseValue frees the value of a unique property that the record holds.
func (tx *Tx) ReleaseValue(ctx context.Context, objectType crm.ObjectType, property, value string, id int64) error {
	_, err := tx.exec(ctx, `DELETE FROM unique_values WHERE type = ? AND property = ? AND value = ? AND id = ?`,
		string(objectType), property, value, id)
	return err
}

// ReleaseValues frees every value of a property that stops being unique.
func (tx *Tx) ReleaseValues(ctx context.Context, objectType crm.ObjectType, property string) error {
	_, err := tx.exec(ctx, `DELETE FROM unique_values WHERE type = ? AND property = ?`, string(objectType), property)
	return err
}

// ClaimValues makes the values of a property that becomes unique those of the live
// records that have them; of several records with one value it is the oldest's.
func (tx *Tx) ClaimValues(ctx context.Context, objectType crm.ObjectType, property string) error {
	_, err := tx.exec(ctx, `INSERT INTO unique_values (type, property, value, id)
		SELECT type, ?1, json_extract(properties, '$."' || ?1 || '"'), min(id) FROM objects
		WHERE type = ?2 AND archived_at IS NULL AND json_extract(properties, '$."' || ?1 || '"') IS NOT NULL
		GROUP BY json_extract(properties, '$."' || ?1 || '"')
		ON CONFLICT DO NOTHING`, property, string(objectType))
	return err
}

// ValueHolder returns the live record with a value of a unique property.
func (tx *Tx) ValueHolder(ctx context.Context, objectType crm.ObjectType, property, value string) (int64, bool, error) {
	var id int64
	found, err := tx.one(ctx, `SELECT id FROM unique_values WHERE type = ? AND property = ? AND value = ?`,
		[]any{string(objectType), property, value}, []any{&id})
	return id, found, err
}

// ArchivedValueHolder returns the newest archived record with a value of a
// property. It looks at every archived record of the type.
func (tx *Tx) ArchivedValueHolder(ctx context.Context, objectType crm.ObjectType, property, value string) (int64, bool, error) {
	var id int64
	found, err := tx.one(ctx, `SELECT id FROM objects WHERE type = ? AND archived_at IS NOT NULL
		AND json_extract(properties, '$."' || ? || '"') = ? ORDER BY id DESC LIMIT 1`,
		[]any{string(objectType), property, value}, []any{&id})
	return id, found, err
}

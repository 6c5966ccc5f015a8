package store

import (
	"context"
	"database/sql"

	"github.com/contactsync/contactsync/crm"
)

// Record is a stored record. Times are Unix milliseconds; Archived is 0 for a
// live record. Properties hold no empty text and none of the three that the other
// fields already say (id, created, updated).
type Record struct {
	Type       crm.ObjectType
	ID         int64
	Properties crm.Properties
	Created    int64
	Updated    int64
	Archived   int64
}

const columns = `id, properties, created_at, updated_at, archived_at`

// row scans columns into a Record.
type row struct {
	id, created, updated int64
	properties           string
	archived             sql.NullInt64
}

func (r *row) into() []any {
	return []any{&r.id, &r.properties, &r.created, &r.updated, &r.archived}
}

func (r *row) record(objectType crm.ObjectType) (Record, error) {
	properties, err := decode(r.properties)
	return Record{
		Type: objectType, ID: r.id, Properties: properties,
		Created: r.created, Updated: r.updated, Archived: r.archived.Int64,
	}, err
}

// Insert adds a record. Its id must be free.
func (tx *Tx) Insert(ctx context.Context, r *Record) error {
	_, err := tx.exec(ctx, `INSERT INTO objects (type, id, properties, created_at, updated_at, archived_at) VALUES (?, ?, ?, ?, ?, ?)`,
		string(r.Type), r.ID, encode(r.Properties), r.Created, r.Updated, sql.NullInt64{Int64: r.Archived, Valid: r.Archived != 0})
	return err
}

// Write replaces the properties, the update time and the archiving of a record.
func (tx *Tx) Write(ctx context.Context, r *Record) error {
	_, err := tx.exec(ctx, `UPDATE objects SET properties = ?, updated_at = ?, archived_at = ? WHERE type = ? AND id = ?`,
		encode(r.Properties), r.Updated, sql.NullInt64{Int64: r.Archived, Valid: r.Archived != 0}, string(r.Type), r.ID)
	return err
}

// Record returns one record, live or archived.
func (tx *Tx) Record(ctx context.Context, objectType crm.ObjectType, id int64) (Record, bool, error) {
	var r row
	found, err := tx.one(ctx, `SELECT `+columns+` FROM objects WHERE type = ? AND id = ?`, []any{string(objectType), id}, r.into())
	if err != nil || !found {
		return Record{}, false, err
	}
	record, err := r.record(objectType)
	return record, err == nil, err
}

// Alive reports whether there is a live record.
func (tx *Tx) Alive(ctx context.Context, of End) (bool, error) {
	var one int
	return tx.one(ctx, `SELECT 1 FROM objects WHERE type = ? AND id = ? AND archived_at IS NULL`, []any{string(of.Type), of.ID}, []any{&one})
}

// List returns records by id, from an id on, live ones or archived ones.
func (tx *Tx) List(ctx context.Context, objectType crm.ObjectType, from int64, limit int, archived bool) ([]Record, error) {
	query := `SELECT ` + columns + ` FROM objects WHERE type = ? AND id >= ? AND archived_at IS NULL ORDER BY id LIMIT ?`
	if archived {
		query = `SELECT ` + columns + ` FROM objects WHERE type = ? AND id >= ? AND archived_at IS NOT NULL ORDER BY id LIMIT ?`
	}
	var r row
	var records []Record
	err := tx.each(ctx, query, []any{string(objectType), from, limit}, r.into(), func() error {
		record, err := r.record(objectType)
		records = append(records, record)
		return err
	})
	return records, err
}

// Counts are the records of one type.
type Counts struct {
	Live, Archived int64
}

// Counts counts the records by type.
func (tx *Tx) Counts(ctx context.Context) (map[crm.ObjectType]Counts, error) {
	counts := make(map[crm.ObjectType]Counts)
	var objectType string
	var number int64
	err := tx.each(ctx, `SELECT type, count(*) FROM objects GROUP BY type`, nil, []any{&objectType, &number}, func() error {
		counts[crm.ObjectType(objectType)] = Counts{Live: number}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.each(ctx, `SELECT type, count(*) FROM objects WHERE archived_at IS NOT NULL GROUP BY type`, nil, []any{&objectType, &number}, func() error {
		counts[crm.ObjectType(objectType)] = Counts{Live: counts[crm.ObjectType(objectType)].Live - number, Archived: number}
		return nil
	})
	return counts, err
}

// Empty reports whether the portal holds no record at all, archived ones included.
func (tx *Tx) Empty(ctx context.Context) (bool, error) {
	var one int
	found, err := tx.one(ctx, `SELECT 1 FROM objects LIMIT 1`, nil, []any{&one})
	return !found, err
}

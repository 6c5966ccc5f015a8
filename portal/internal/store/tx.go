package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// Tx is a transaction. It may be used only inside the function it was given to,
// by one goroutine.
type Tx struct {
	conn   *conn
	salt   uint64
	lastID int64 // 0 until an id was asked for
}

// conn is one connection with the statements prepared on it.
type conn struct {
	raw        *sql.Conn
	statements map[string]*sql.Stmt
	joint      *joint // the open transaction; nil while there is none
	trimAt     int64  // size of the write-ahead log at which trim acts
}

func (c *conn) close() error {
	var failures []error
	for _, statement := range c.statements {
		failures = append(failures, statement.Close())
	}
	return errors.Join(append(failures, c.raw.Close())...)
}

// View runs work in a transaction that sees one state of the portal.
func (s *Store) View(ctx context.Context, work func(context.Context, *Tx) error) error {
	c, err := take(ctx, s.readers)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	ctx = context.WithoutCancel(ctx)
	if _, err := c.exec(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer func() { _, _ = c.exec(ctx, "ROLLBACK") }() // nothing was written
	return work(ctx, &Tx{conn: c, salt: s.salt})
}

// take waits for a connection that nobody uses.
func take(ctx context.Context, free chan *conn) (*conn, error) {
	select {
	case c := <-free:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *conn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if statement, ok := c.statements[query]; ok {
		return statement, nil
	}
	statement, err := c.raw.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("preparing a statement: %w", err)
	}
	c.statements[query] = statement
	return statement, nil
}

// exec runs a statement and returns how many rows it changed.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return tx.conn.exec(ctx, query, args...)
}

func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// one runs a query of at most one row; found is false when there is none.
func (tx *Tx) one(ctx context.Context, query string, args, into []any) (found bool, err error) {
	statement, err := tx.conn.prepared(ctx, query)
	if err != nil {
		return false, err
	}
	err = statement.QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each runs a query and calls row after scanning each of its rows.
func (tx *Tx) each(ctx context.Context, query string, args, into []any, row func() error) error {
	statement, err := tx.conn.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return scan(rows, into, row)
}

func scan(rows *sql.Rows, into []any, row func() error) error {
	defer func() { _ = rows.Close() }() // Err below tells what went wrong
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Meta reads one of the portal's own settings, "" when it is not set.
func (tx *Tx) Meta(ctx context.Context, key string) (string, error) {
	var value string
	_, err := tx.one(ctx, `SELECT value FROM meta WHERE key = ?`, []any{key}, []any{&value})
	return value, err
}

// SetMeta writes one of the portal's own settings.
func (tx *Tx) SetMeta(ctx context.Context, key, value string) error {
	_, err := tx.exec(ctx, `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

// NextID gives an id that no record of the portal ever had: larger than the last
// by a gap that looks random and depends on the account and the last id alone.
func (tx *Tx) NextID(ctx context.Context) (int64, error) {
	if err := tx.loadLastID(ctx); err != nil {
		return 0, err
	}
	gap := mix(strconv.AppendInt(nil, tx.lastID, 10)) ^ tx.salt
	tx.lastID += 1 + int64(gap%4096) // #nosec G115 -- below 4096
	return tx.lastID, nil
}

// UseID keeps NextID from giving an id that was chosen elsewhere.
func (tx *Tx) UseID(ctx context.Context, id int64) error {
	if err := tx.loadLastID(ctx); err != nil {
		return err
	}
	tx.lastID = max(tx.lastID, id)
	return nil
}

func (tx *Tx) loadLastID(ctx context.Context) error {
	if tx.lastID != 0 {
		return nil
	}
	text, err := tx.Meta(ctx, "last_id")
	if err != nil {
		return err
	}
	tx.lastID, err = strconv.ParseInt(text, 10, 64)
	return err
}

func (tx *Tx) saveLastID(ctx context.Context) error {
	if tx.lastID == 0 {
		return nil
	}
	return tx.SetMeta(ctx, "last_id", strconv.FormatInt(tx.lastID, 10))
}

// mix is FNV-1a with a final avalanche, so that neighbours differ in every bit.
func mix(data []byte) uint64 {
	hash := uint64(14695981039346656037)
	for _, b := range data {
		hash = (hash ^ uint64(b)) * 1099511628211
	}
	hash ^= hash >> 30
	hash *= 0xbf58476d1ce4e5b9
	hash ^= hash >> 27
	hash *= 0x94d049bb133111eb
	return hash ^ hash>>31
}

package store

import "context"

// MergedInto returns the record that a former id leads to.
func (tx *Tx) MergedInto(ctx context.Context, former End) (int64, bool, error) {
	var id int64
	found, err := tx.one(ctx, `SELECT into_id FROM merged WHERE type = ? AND id = ?`, []any{string(former.Type), former.ID}, []any{&id})
	return id, found, err
}

// Redirect makes an id that no record has any more, and every former id that led
// to it, lead to another record. absorbed says that the id was the one merged into
// the other, not the other's former one.
func (tx *Tx) Redirect(ctx context.Context, former End, into int64, absorbed bool) error {
	if _, err := tx.exec(ctx, `UPDATE merged SET into_id = ? WHERE type = ? AND into_id = ?`, into, string(former.Type), former.ID); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO merged (type, id, into_id, absorbed) VALUES (?, ?, ?, ?)`, string(former.Type), former.ID, into, absorbed)
	return err
}

// Merges is how many records were merged into one, with those merged into them.
func (tx *Tx) Merges(ctx context.Context, of End) (int, error) {
	var merges int
	_, err := tx.one(ctx, `SELECT count(*) FROM merged WHERE type = ? AND into_id = ? AND absorbed`, []any{string(of.Type), of.ID}, []any{&merges})
	return merges, err
}

// DropRedirects makes the former ids of a record lead nowhere.
func (tx *Tx) DropRedirects(ctx context.Context, of End) error {
	_, err := tx.exec(ctx, `DELETE FROM merged WHERE type = ? AND into_id = ?`, string(of.Type), of.ID)
	return err
}

// Remove takes a record out of the file, live or archived, with its history. What
// others hold of it, its links, addresses and unique values, is the caller's to
// remove or move.
func (tx *Tx) Remove(ctx context.Context, of End) error {
	if _, err := tx.exec(ctx, `DELETE FROM history WHERE type = ? AND id = ?`, string(of.Type), of.ID); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM objects WHERE type = ? AND id = ?`, string(of.Type), of.ID)
	return err
}

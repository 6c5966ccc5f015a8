package store

import (
	"context"

	"github.com/contactsync/contactsync/crm"
)

// Former are the texts that one update replaced; an empty text means that the
// property was empty before.
type Former struct {
	At         int64 // Unix milliseconds
	Properties crm.Properties
}

// Remember keeps what an update at a time replaced.
func (tx *Tx) Remember(ctx context.Context, of End, former Former) error {
	_, err := tx.exec(ctx, `INSERT INTO history (type, id, at, former) VALUES (?, ?, ?, ?)`,
		string(of.Type), of.ID, former.At, encode(former.Properties))
	return err
}

// History returns what the updates of a record replaced, the newest first.
func (tx *Tx) History(ctx context.Context, of End) ([]Former, error) {
	var at int64
	var text string
	var history []Former
	err := tx.each(ctx, `SELECT at, former FROM history WHERE type = ? AND id = ? ORDER BY at DESC`,
		[]any{string(of.Type), of.ID}, []any{&at, &text}, func() error {
			properties, err := decode(text)
			history = append(history, Former{at, properties})
			return err
		})
	return history, err
}

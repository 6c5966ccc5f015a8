package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Erase is Update for work that takes something out of the file for good. When it
// returns, no byte of what was removed is left there. It waits for reads that are
// under way, and promises nothing while another process reads the file.
//
// Overwriting what is deleted (secure_delete) is not enough: when SQLite balances
// its pages, copies of records stay behind in the space that a page does not use. So
// the file is written anew, which takes about a second for 100,000 contacts, and the
// write-ahead log, which holds its former pages, is emptied.
func (s *Store) Erase(ctx context.Context, work func(context.Context, *Tx) error) error {
	if err := s.Update(ctx, work); err != nil || s.readers == s.writer {
		return err
	}
	writer := <-s.writer
	defer func() { s.writer <- writer }()
	ctx = context.WithoutCancel(ctx)
	if writer.joint != nil { // of updates that came after it
		writer.commit(ctx)
	}
	for range cap(s.readers) {
		reader := <-s.readers
		defer func() { s.readers <- reader }()
	}
	for _, statement := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := writer.raw.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("writing the portal file anew: %w", err)
		}
	}
	return nil
}

// Forget remembers that an address was deleted for good, without keeping it.
func (tx *Tx) Forget(ctx context.Context, address string) error {
	_, err := tx.exec(ctx, `INSERT INTO forgotten (address) VALUES (?) ON CONFLICT DO NOTHING`, tx.hash(address))
	return err
}

// Forgotten reports whether an address was ever forgotten.
func (tx *Tx) Forgotten(ctx context.Context, address string) (bool, error) {
	var one int
	return tx.one(ctx, `SELECT 1 FROM forgotten WHERE address = ?`, []any{tx.hash(address)}, []any{&one})
}

// hash differs from portal to portal, so that two files do not tell whom both
// have forgotten.
func (tx *Tx) hash(address string) []byte {
	sum := sha256.Sum256(append(binary.LittleEndian.AppendUint64(nil, tx.salt), address...))
	return sum[:]
}

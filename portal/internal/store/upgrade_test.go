package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/contactsync/contactsync/portal/internal/store"
)

// A file that an earlier release made keeps what it holds and gets the tables it
// lacks.
func TestAFileOfAnEarlierVersionIsUpgraded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	first, err := os.ReadFile("schema/1.sql")
	if err != nil {
		t.Fatal(err)
	}
	old, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{string(first), `INSERT INTO meta (key, value) VALUES
		('schema_version', '1'), ('account_id', '424242'), ('last_id', '10000000007')`} {
		if _, err := old.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second opening finds nothing to do
		s, err := store.Open(t.Context(), path, "1")
		if err != nil {
			t.Fatal(err)
		}
		if s.Account() != "424242" {
			t.Errorf("account %s, want 424242", s.Account())
		}
		err = s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			id, err := tx.NextID(ctx)
			if id <= 10000000007 {
				t.Errorf("the next id %d is not above the last", id)
			}
			return err
		})
		if err = errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

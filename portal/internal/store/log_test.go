package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// The write-ahead log stays small however much is written, also while readers
// follow one another without a pause.
func TestTheLogStaysSmallWhileOthersRead(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 150 MB")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	s := open(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	defer readers.Wait()
	defer cancel()
	for range 3 {
		readers.Go(func() {
			for ctx.Err() == nil {
				err := s.View(ctx, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.List(ctx, "contact", 0, 20, false)
					return err
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	text := crm.NewProperties(crm.Value{Name: "message", Text: strings.Repeat("x", 64<<10)})
	const limit, records = 64 << 20, 80
	for range 30 { // of 5 MB each
		err := s.Update(ctx, func(ctx context.Context, tx *store.Tx) error {
			for range records {
				id, err := tx.NextID(ctx)
				if err != nil {
					return err
				}
				if err := tx.Insert(ctx, &store.Record{Type: "contact", ID: id, Properties: text}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > limit+10<<20 {
			t.Fatalf("the log has grown to %d bytes", info.Size())
		}
	}
}

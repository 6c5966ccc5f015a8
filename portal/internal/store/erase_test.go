package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Erasing goes on beside other writers and readers, takes what it was asked to and
// leaves what they wrote.
func TestErasingBesideOtherWriters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	s := open(t, path)
	name := func(kind string, i int) string { return fmt.Sprintf("%s-%02d-%s", kind, i, strings.Repeat("x", 20*i)) }
	record := func(i int) store.End { return store.End{Type: crm.TypeContact, ID: int64(i + 1)} }
	const records = 12
	err := s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range records {
			in := store.Record{Type: crm.TypeContact, ID: record(i).ID, Properties: crm.NewProperties(crm.Value{Name: "firstname", Text: name("erased", i)})}
			if err := tx.Insert(ctx, &in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ends := make(chan error, 3*records)
	var group sync.WaitGroup
	for i := range records {
		group.Go(func() {
			ends <- s.Erase(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := tx.Forget(ctx, name("address", i)); err != nil {
					return err
				}
				return tx.Remove(ctx, record(i))
			})
		})
		group.Go(func() {
			ends <- s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.SetMeta(ctx, name("kept", i), "x") })
		})
		group.Go(func() {
			ends <- s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.List(ctx, crm.TypeContact, 0, records, false)
				return err
			})
		})
	}
	group.Wait()
	close(ends)
	for err := range ends {
		if err != nil {
			t.Error(err)
		}
	}
	var left strings.Builder
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		left.Write(data)
	}
	for i := range records {
		for _, gone := range []string{"erased", "address"} {
			if strings.Contains(left.String(), fmt.Sprintf("%s-%02d", gone, i)) {
				t.Errorf("%s %d is left", gone, i)
			}
		}
	}
	err = s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range records {
			if value, err := tx.Meta(ctx, name("kept", i)); err != nil || value != "x" {
				t.Errorf("what another writer wrote is %q, %v", value, err)
			}
			if forgotten, err := tx.Forgotten(ctx, name("address", i)); err != nil || !forgotten {
				t.Errorf("address %d: forgotten %t, %v", i, forgotten, err)
			}
		}
		forgotten, err := tx.Forgotten(ctx, name("other", 1))
		if forgotten {
			t.Error("an address that nobody forgot is forgotten")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

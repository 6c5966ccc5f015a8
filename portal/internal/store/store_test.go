package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

func open(tb testing.TB, path string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), path, "4711")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestRecordsComeBackAsTheyWentIn(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	name := rapid.StringMatching(`[a-z][a-z0-9_]{0,8}`)
	text := rapid.String().Filter(func(s string) bool { return s != "" })
	rapid.Check(t, func(rt *rapid.T) {
		var values []crm.Value
		for _, n := range rapid.SliceOfNDistinct(name, 0, 6, rapid.ID[string]).Draw(rt, "names") {
			values = append(values, crm.Value{Name: n, Text: strings.ToValidUTF8(text.Draw(rt, n), "?")})
		}
		in := store.Record{Type: "contact", Properties: crm.NewProperties(values...), Created: 5, Updated: 7}
		var out store.Record
		err := s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			if in.ID, err = tx.NextID(ctx); err != nil {
				return err
			}
			if err = tx.Insert(ctx, &in); err != nil {
				return err
			}
			out, _, err = tx.Record(ctx, "contact", in.ID)
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
		if len(in.Properties) == 0 {
			in.Properties = nil
		}
		if diff := cmp.Diff(in, out); diff != "" {
			rt.Fatalf("(-in +out):\n%s", diff)
		}
	})
}

func TestAssociationTypesComeBackSorted(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	kind := rapid.Custom(func(rt *rapid.T) crm.AssociationType {
		return crm.AssociationType{
			Category: rapid.SampledFrom([]string{crm.HubSpotDefined, crm.UserDefined, crm.IntegratorDefined}).Draw(rt, "category"),
			TypeID:   rapid.IntRange(1, 999).Draw(rt, "id"),
		}
	})
	from, to := store.End{Type: "contact", ID: 1}, store.End{Type: "company", ID: 2}
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SliceOfNDistinct(kind, 1, 5, rapid.ID[crm.AssociationType]).Draw(rt, "types")
		var out []crm.AssociationType
		err := s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			if err = tx.SetLink(ctx, from, to, in); err != nil {
				return err
			}
			out, err = tx.Link(ctx, from, to)
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(slices.SortedFunc(slices.Values(in), crm.AssociationType.Compare), out); diff != "" {
			rt.Fatalf("(-in +out):\n%s", diff)
		}
	})
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "portal.db"))
	failure := errors.New("changed my mind")
	var first, second int64
	insert := func(id *int64, result error) error {
		return s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			if *id, err = tx.NextID(ctx); err != nil {
				return err
			}
			if err := tx.Insert(ctx, &store.Record{Type: "contact", ID: *id}); err != nil {
				return err
			}
			return result
		})
	}
	if err := insert(&first, failure); !errors.Is(err, failure) {
		t.Fatalf("the update answered %v", err)
	}
	err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		empty, err := tx.Empty(ctx)
		if err == nil && !empty {
			t.Error("the record is there")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := insert(&second, nil); err != nil || second != first {
		t.Errorf("the next id is %d after %d was not used, %v", second, first, err)
	}
}

// A panic in the middle must not leave the connection inside a transaction.
func TestAPanicLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Insert(ctx, &store.Record{Type: "contact", ID: 1}); err != nil {
				return err
			}
			panic("in the middle")
		})
	}()
	err := s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		empty, err := tx.Empty(ctx)
		if err == nil && !empty {
			t.Error("the record is there")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAFileOfALaterReleaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	s, err := store.Open(t.Context(), path, "1")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.SetMeta(ctx, "schema_version", "1000") })
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), path, "1"); !errors.Is(err, store.ErrNewer) {
		t.Errorf("opening answered %v", err)
	}
}

func TestIDsRiseByGapsThatDependOnTheAccount(t *testing.T) {
	t.Parallel()
	ids := func(account string) []int64 {
		s, err := store.Open(t.Context(), "", account)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		given := make([]int64, 1000)
		err = s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			for i := range given {
				if given[i], err = tx.NextID(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return given
	}
	first := ids("1")
	if diff := cmp.Diff(first, ids("1")); diff != "" {
		t.Errorf("the same account (-first +second):\n%s", diff)
	}
	if first[0] == ids("2")[0] {
		t.Error("two accounts begin with one id")
	}
	gaps := map[int64]bool{}
	for i, id := range first[1:] {
		if id <= first[i] || first[i] < 10_000_000_000 {
			t.Fatalf("%d comes after %d", id, first[i])
		}
		gaps[id-first[i]] = true
	}
	if len(gaps) < 500 {
		t.Errorf("a thousand ids have %d different gaps", len(gaps))
	}
}

// What another tool wrote into the file is read as well, and never a panic.
func FuzzStoredProperties(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"b"}`, `{ "b" : "c\n", "a":"" }`, `{"a":"b","a":"c"}`, `{"b":"1","a":"2"}`, `[]`, `{"a":1}`, `{"a":"b"`, `{"a":"b"}}`, `{"":"x"}`} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "portal.db")
	s := open(f, path)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = other.Close() })
	err = s.Update(f.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.Insert(ctx, &store.Record{Type: "contact", ID: 1})
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := other.ExecContext(t.Context(), `UPDATE objects SET properties = ? WHERE id = 1`, text); err != nil {
			t.Skip(err)
		}
		var record store.Record
		err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			record, _, err = tx.Record(ctx, "contact", 1)
			return err
		})
		if err != nil {
			return
		}
		if !slices.IsSortedFunc(record.Properties, func(a, b crm.Value) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("%q is read unsorted: %v", text, record.Properties)
		}
	})
}

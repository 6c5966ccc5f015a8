package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal/internal/store"
)

// queued runs updates that all wait while the first one works, so that they come
// together, and returns how each ended. An update writes its name and then ends as
// end says, which is told how many were answered by then.
func queued(t *testing.T, s *store.Store, names []string, end func(name string, answered int) error) map[string]error {
	t.Helper()
	ends := make(map[string]error)
	var mu sync.Mutex
	answered := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(ends)
	}
	var group sync.WaitGroup
	start := make(chan struct{})
	for i, name := range names {
		group.Go(func() {
			var err error
			defer func() {
				if failure, panicked := recover().(error); panicked {
					err = fmt.Errorf("panic: %w", failure)
				}
				mu.Lock()
				defer mu.Unlock()
				ends[name] = err
			}()
			err = s.Update(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if i == 0 {
					<-start
				}
				if err := tx.SetMeta(ctx, name, "written"); err != nil {
					return err
				}
				return end(name, answered())
			})
		})
		synctest.Wait() // until it waits for the one before it
	}
	close(start)
	group.Wait()
	return ends
}

func written(t *testing.T, s *store.Store, names []string) map[string]bool {
	t.Helper()
	found := make(map[string]bool)
	err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, name := range names {
			value, err := tx.Meta(ctx, name)
			if err != nil {
				return err
			}
			found[name] = value == "written"
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Updates that come together are one transaction: nobody sees one of them before the
// last is done, and nobody is answered before that, not even with an error.
func TestUpdatesThatComeTogetherAreAnsweredTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, filepath.Join(t.TempDir(), "portal.db"))
		names := []string{"a", "b", "c"}
		refusal := errors.New("a has it")
		ends := queued(t, s, names, func(name string, answered int) error {
			if seen := written(t, s, names); answered > 0 || seen["a"] || seen["b"] {
				t.Errorf("while %s works, %d are answered, and others see %v", name, answered, seen)
			}
			if name == "b" {
				return refusal
			}
			return nil
		})
		if diff := cmp.Diff(map[string]bool{"a": true, "b": false, "c": true}, written(t, s, names)); diff != "" || !errors.Is(ends["b"], refusal) {
			t.Errorf("they ended with %v, written (-want +got):\n%s", ends, diff)
		}
	})
}

// Updates that come together stand and fall alone: one that fails or panics leaves
// nothing, and takes nothing of the others with it, wherever it stands among them.
func TestUpdatesThatComeTogetherFailAlone(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "c", "d", "e"}
	failure := errors.New("changed my mind")
	for kind, fail := range map[string]func() error{
		"error": func() error { return failure },
		"panic": func() error { panic(failure) },
	} {
		for _, failing := range [][]string{{}, {"a"}, {"b"}, {"e"}, {"a", "b"}, {"b", "c"}, {"d", "e"}, names} {
			synctest.Test(t, func(t *testing.T) {
				s := open(t, filepath.Join(t.TempDir(), "portal.db"))
				wantErrors, wantWritten := map[string]error{}, map[string]bool{}
				for _, name := range names {
					wantErrors[name], wantWritten[name] = nil, true
				}
				for _, name := range failing {
					wantErrors[name], wantWritten[name] = failure, false
				}
				ends := queued(t, s, names, func(name string, _ int) error {
					if slices.Contains(failing, name) {
						return fail()
					}
					return nil
				})
				for name, err := range wantErrors {
					if !errors.Is(ends[name], err) {
						t.Errorf("%s of %v: %s ended with %v", kind, failing, name, ends[name])
					}
				}
				if diff := cmp.Diff(wantWritten, written(t, s, names)); diff != "" {
					t.Errorf("%s of %v: written (-want +got):\n%s", kind, failing, diff)
				}
			})
		}
	}
}

// An update that gives up waiting leaves the others to be committed.
func TestAnUpdateMayGiveUpWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, filepath.Join(t.TempDir(), "portal.db"))
		ctx, cancel := context.WithCancel(t.Context())
		ends := queued(t, s, []string{"a", "b"}, func(name string, _ int) error {
			if name != "a" {
				return nil
			}
			gaveUp := make(chan error)
			go func() { gaveUp <- s.Update(ctx, func(context.Context, *store.Tx) error { return nil }) }()
			synctest.Wait()
			cancel()
			if err := <-gaveUp; !errors.Is(err, context.Canceled) {
				t.Errorf("the update that gave up ended with %v", err)
			}
			return nil
		})
		if ends["a"] != nil || ends["b"] != nil {
			t.Errorf("the updates ended with %v", ends)
		}
		if diff := cmp.Diff(map[string]bool{"a": true, "b": true}, written(t, s, []string{"a", "b"})); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
	})
}

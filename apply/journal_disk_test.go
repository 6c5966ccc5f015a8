package apply_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
)

// A fickle disk fails once, at its n-th write or sync, and would do all after that: the
// system may have dropped what it could not write, and reports the next sync as done.
type fickle struct {
	n    int
	next http.RoundTripper

	effects       int
	failed        bool
	late          []string // what was tried after the failure and must not be
	saved, cached []byte
}

func (f *fickle) fails() bool {
	if f.failed {
		f.late = append(f.late, "a write or sync of the journal")
	}
	f.effects++
	f.failed = f.failed || f.effects == f.n
	return f.effects == f.n
}

func (f *fickle) Write(line []byte) (int, error) {
	if f.fails() {
		half := len(line) / 2
		f.cached = append(f.cached, line[:half]...)
		return half, syscall.ENOSPC
	}
	f.cached = append(f.cached, line...)
	return len(line), nil
}

func (f *fickle) Sync() error {
	if f.fails() {
		return syscall.EIO
	}
	f.saved, f.cached = append(f.saved, f.cached...), nil
	return nil
}

func (f *fickle) Close() error { return nil }

func (f *fickle) RoundTrip(r *http.Request) (*http.Response, error) {
	writes := strings.HasSuffix(r.URL.Path, "/create") || strings.HasSuffix(r.URL.Path, "/update") || strings.HasSuffix(r.URL.Path, "/archive")
	if f.failed && writes {
		f.late = append(f.late, r.Method+" "+r.URL.Path)
	}
	return f.next.RoundTrip(r)
}

// A write or a sync of the journal fails, at every one of them in turn. No request that
// writes follows, nor anything more to the file; and whatever of it reached the disk, the
// run is carried on to its planned end with the writes of a run that nothing happens to.
func TestJournalThatFailsAnywhereStopsTheRun(t *testing.T) {
	t.Parallel()
	s := newStock(t, 6)
	step := 1
	if testing.Short() {
		step = 7
	}
	last := 0
	for n := 1; last == 0; n += step {
		for _, reached := range []string{"nothing", "half", "all"} {
			synctest.Test(t, func(t *testing.T) {
				b := s.start.open(t, filepath.Join(t.TempDir(), "portal.db"))
				f := &fickle{n: n, next: b.portal.Transport()}
				result, err := apply.Run(t.Context(), client(t, f, hubspot.V3), s.plan, apply.Options{Concurrency: 1, Journal: journal.NewWriter(f), Run: "r"})
				if !f.failed {
					last = n
					return
				}
				if !errors.Is(err, apply.ErrJournal) || !errors.Is(err, syscall.EIO) && !errors.Is(err, syscall.ENOSPC) {
					t.Errorf("effect %d: the run ended with %v", n, err)
				}
				if result == nil || len(result.Entries) != len(s.plan.Changes) {
					t.Errorf("effect %d: the result is not complete: %+v", n, result)
				}
				if len(f.late) > 0 {
					t.Errorf("effect %d: tried after it: %v", n, f.late)
				}
				disk := f.saved
				switch reached {
				case "half":
					disk = slices.Concat(f.saved, f.cached[:len(f.cached)/2])
				case "all":
					disk = slices.Concat(f.saved, f.cached)
				}
				b.finish(s.plan, s.doc, disk, s.want, crash{n: n})
			})
			if t.Failed() {
				return
			}
		}
	}
	if last < 30 {
		t.Errorf("the run has %d writes and syncs only, so it lacks steps", last)
	}
}

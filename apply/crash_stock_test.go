package apply_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// A stock is a crowd's portal and plan from which many runs begin, and what one leaves
// that nothing happens to.
type stock struct {
	doc     *spec.Document
	plan    *plan.Plan
	start   scene
	effects int
	want    model
}

// A scene is what the next process finds: the portal's file and the journal's disk,
// and how many writes the portal has seen.
type scene struct {
	portal, disk []byte
	writes       int
}

func newStock(t *testing.T, n int) *stock {
	t.Helper()
	s, path := new(stock), filepath.Join(t.TempDir(), "portal.db")
	synctest.Test(t, func(t *testing.T) { _, s.doc, s.plan = crowdIn(t, path, n) })
	s.start.portal = contents(t, path)
	synctest.Test(t, func(t *testing.T) {
		b := s.start.open(t, filepath.Join(t.TempDir(), "portal.db"))
		_, count, result, err := b.process(s.plan, nil, crash{})
		if err != nil || !result.Complete() {
			t.Fatalf("the run ended with %v: %+v", err, result)
		}
		b.demandNothing(t, s.doc)
		s.effects, s.want = count, b.model()
	})
	if s.effects < 30 {
		t.Fatalf("the run has %d effects only, so it lacks steps", s.effects)
	}
	return s
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// open puts the scene's portal into a file and opens it, an hour after the dead
// process began.
func (s scene) open(t *testing.T, path string) *bench {
	t.Helper()
	if err := os.WriteFile(path, s.portal, 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
	return newBench(t, portal.Config{Path: path}, nil)
}

// dies lets the process that begins a stock's run die, and returns what it leaves.
func (s *stock) dies(t *testing.T, how crash) scene {
	t.Helper()
	path, left := filepath.Join(t.TempDir(), "portal.db"), scene{}
	synctest.Test(t, func(t *testing.T) {
		b := s.start.open(t, path)
		left.disk, _, _, _ = b.process(s.plan, nil, how)
		left.writes = b.portal.Requests().Mutations()
	})
	left.portal = contents(t, path)
	return left
}

// resumes lets the process that finds a scene die, too, and another one resume the run
// to its end, which is as if nothing had happened. It reports whether there was
// something to die of.
func (s *stock) resumes(t *testing.T, found scene, how crash, before ...crash) (died bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := found.open(t, filepath.Join(t.TempDir(), "portal.db"))
		disk, had, _, _ := b.process(s.plan, found.disk, how)
		died = had >= how.n
		want := s.want
		want.writes -= found.writes
		b.finish(s.plan, s.doc, disk, want, append(before, how)...)
	})
	return died
}

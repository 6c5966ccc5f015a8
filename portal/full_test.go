//go:build exhaustive && linux

package portal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/contactsync/contactsync/hubspot"
)

// When the disk has no room left, a portal that is served refuses to write and goes
// on reading. Nothing of a write that it did not answer is there, everything it
// answered is, and with room on the disk it writes again. A limit on the size of
// its files stands for the full disk.
func TestExhaustiveFullDisk(t *testing.T) {
	c := &campaign{binary: build(t), path: filepath.Join(t.TempDir(), "portal.db")}
	s := c.start(t)
	client := s.client(t)
	var filled fillers
	log, err := os.Stat(c.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for round := range int64(5) {
		s.limit(t, uint64(log.Size()+round*50_000))
		filled.fill(t, client)
		filled.check(t, client)
		s.limit(t, unix.RLIM_INFINITY)
	}
	if err := filled.create(t.Context(), client, "afterwards"); err != nil {
		t.Fatalf("with room on the disk again: %v", err)
	}
	s.kill(t)
	s = c.start(t)
	c.sound(t)
	filled.check(t, s.client(t))
	s.kill(t)
}

// limit is the size that no file of the process may grow over.
func (s *process) limit(t *testing.T, bytes uint64) {
	t.Helper()
	limit := unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Fatal(err)
	}
}

// fillers are clients that write until there is no room. Each value that was
// answered is in held.
type fillers struct {
	mu   sync.Mutex
	next int
	held []string
}

// fill has four clients create contacts until each of them is refused.
func (f *fillers) fill(t *testing.T, client *hubspot.Client) {
	t.Helper()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 500 { // ten times what there is room for
				f.mu.Lock()
				f.next++
				name := fmt.Sprint(f.next)
				f.mu.Unlock()
				err := f.create(t.Context(), client, name)
				if refusal := (*hubspot.Error)(nil); errors.As(err, &refusal) && refusal.StatusCode == http.StatusInternalServerError {
					return
				}
				if err != nil {
					t.Errorf("without room on the disk: %v", err)
					return
				}
			}
			t.Error("writes are answered for which there is no room")
		})
	}
	group.Wait()
}

// create makes ten contacts of some size in one request.
func (f *fillers) create(ctx context.Context, client *hubspot.Client, name string) error {
	inputs := make([]hubspot.CreateInput, 10)
	for i := range inputs {
		inputs[i].Properties = map[string]string{"lastname": fmt.Sprintf("%s/%d", name, i), "message": strings.Repeat("x", 500)}
	}
	results, err := client.BatchCreate(ctx, "contacts", inputs)
	if err = errors.Join(err, firstError(results)); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, input := range inputs {
		f.held = append(f.held, input.Properties["lastname"])
	}
	return nil
}

// check demands that what was answered is there, and nothing else.
func (f *fillers) check(t *testing.T, client *hubspot.Client) {
	t.Helper()
	var found []string
	for page, err := range client.Objects(t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"lastname"}}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page {
			found = append(found, *o.Properties["lastname"])
		}
	}
	slices.Sort(found)
	slices.Sort(f.held)
	if diff := cmp.Diff(f.held, found); diff != "" {
		t.Errorf("answered, and there (-want +got):\n%s", diff)
	}
}

package portal_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

func open(t *testing.T, path string) *portal.Portal {
	t.Helper()
	p, err := portal.Open(t.Context(), portal.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAFileKeepsItsRecordsAndItsAccount(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "por?tal #1 %41.db") // what URLs give a meaning to
	p := open(t, path)
	empty, err := p.Empty(t.Context())
	if err != nil || !empty {
		t.Errorf("a new portal is empty: %v, %v", empty, err)
	}
	account, id := p.AccountID(), add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}

	p = open(t, path)
	defer func() { _ = p.Close() }()
	if p.AccountID() != account {
		t.Errorf("the account %s became %s", account, p.AccountID())
	}
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+id, "")
	want(t, p, 409, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"a@example.com"}}`)
	if next := add(t, p, "contacts", `{"email":"b@example.com"}`).ID; next <= id {
		t.Errorf("the id %s came after %s", next, id)
	}
	for name, mode := range map[string]os.FileMode{path: 0o600, path + "-wal": 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v", name, info.Mode().Perm())
		}
	}
}

// What was answered is on disk: a copy of the files as they lie while the portal
// is open, as a machine that stops would leave them, holds it.
func TestAcknowledgedWritesOutliveTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	p := open(t, path)
	defer func() { _ = p.Close() }()
	for i := range 5 {
		id := add(t, p, "contacts", `{"firstname":"x"}`).ID
		left := filepath.Join(t.TempDir(), "left.db")
		for _, suffix := range []string{"", "-wal"} {
			copyFile(t, path+suffix, left+suffix)
		}
		after := open(t, left)
		want(t, after, 200, "GET", "/crm/v3/objects/contacts/"+id, "")
		stats, err := after.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if live := stats.Objects["contact"].Live; live != int64(i+1) {
			t.Errorf("%d contacts are left of %d", live, i+1)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Two processes may have one file open: they see each other's records and never
// give one id or one address twice.
func TestOneFileMayBeOpenTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.db")
	portals := []*portal.Portal{open(t, path), open(t, path)}
	ids := make([][]string, len(portals))
	var group sync.WaitGroup
	for i, p := range portals {
		group.Go(func() {
			for j := range 20 {
				got := ask(t, p, "POST", contactsPath, fmt.Sprintf(`{"properties":{"email":"c%d@example.com"}}`, j))
				if got.Status == 201 {
					var o object
					got.JSON(t, &o)
					ids[i] = append(ids[i], o.ID)
				} else if got.Status != 409 {
					t.Errorf("answered %d: %s", got.Status, got.Body)
				}
			}
		})
	}
	group.Wait()
	all := slices.Concat(ids...)
	slices.Sort(all)
	if unique := slices.Compact(slices.Clone(all)); len(all) != 20 || len(unique) != 20 {
		t.Errorf("%d contacts with %d ids were created", len(all), len(unique))
	}
	for _, p := range portals {
		if n := contacts(t, p); n != 20 {
			t.Errorf("a portal sees %d contacts", n)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	target, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(target, source); err != nil {
		t.Fatal(err)
	}
	if err := target.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoPortalFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("This is a text file, and it should still be one afterwards. "), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err := portal.Open(t.Context(), portal.Config{Path: path}); err == nil {
		_ = p.Close()
		t.Error("a text file was opened as a portal")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("This is a text file, and it should still be one afterwards. ", string(text)); diff != "" {
		t.Errorf("the file changed (-before +after):\n%s", diff)
	}
}

func TestStatsCountWhatThereIs(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{AccountID: "4711"})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+a+"/associations/default/contacts/"+b, "")
	add(t, p, "notes", `{"hs_note_body":"x","hs_timestamp":"2026-01-02T03:04:05Z"}`)
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+b, "")
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if stats.Bytes == 0 {
		t.Error("the portal has no size")
	}
	stats.Bytes = 0
	if diff := cmp.Diff(portal.Stats{
		AccountID: "4711", Associations: 1,
		Objects: map[crm.ObjectType]portal.Count{"contact": {Live: 1, Archived: 1}, "note": {Live: 1}},
	}, stats); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

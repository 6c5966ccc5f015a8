package cli_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Of fifty applies from one folder at the same time one proceeds; the others are refused
// and say who it is.
func TestOneApplyAtATime(t *testing.T) {
	t.Parallel()
	local := portaltest.New(t, portal.Config{})
	const applies = 50
	arrived, open := make(chan struct{}, applies), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-open
		portal.Server(local).Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	folder := t.TempDir()
	text := "version: 1\ncontacts:\n  - email: ada@example.com\n"
	if err := os.WriteFile(filepath.Join(folder, "crm.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	type ending struct {
		code   int
		stderr string
	}
	ended := make(chan ending, applies)
	for range applies {
		go func() {
			var stdout, stderr bytes.Buffer
			e := env(t, &stdout, "apply", "crm.yaml", "--yes", "--concurrency", "1", "--portal", server.URL)
			e.Dir, e.Stderr = folder, &stderr
			ended <- ending{cli.Main(t.Context(), e), stderr.String()}
		}()
	}
	<-arrived // one has the lock, and waits for the portal until all others have ended
	for range applies - 1 {
		var end ending
		select {
		case end = <-ended:
		case <-arrived:
			close(open)
			t.Fatal("a second apply asks the portal while the first one is at it")
		}
		if end.code != 6 || !strings.Contains(end.stderr, "another command is writing from this folder") {
			t.Errorf("exit code %d, want 6:\n%s", end.code, end.stderr)
		}
	}
	close(open)
	if end := <-ended; end.code != 0 {
		t.Errorf("the one that proceeds ended with %d:\n%s", end.code, end.stderr)
	}
	if made := local.Requests().Mutations(); made != 1 {
		t.Errorf("%d writes, want 1", made)
	}
}

// Who holds the lock is told, and a lock whose holder is gone holds nobody up.
func TestLockTellsItsHolder(t *testing.T) {
	t.Parallel()
	local := portaltest.New(t, portal.Config{})
	var second bytes.Buffer
	var first cli.Env
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if second.Len() == 0 {
			e := first
			e.Stderr = &second
			e.Stdout = &bytes.Buffer{}
			if got := cli.Main(r.Context(), e); got != 6 {
				t.Errorf("exit code %d, want 6", got)
			}
		}
		portal.Server(local).Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	first = env(t, &bytes.Buffer{}, "apply", "crm.yaml", "--yes", "--concurrency", "1", "--portal", server.URL)
	if err := os.WriteFile(filepath.Join(first.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := cli.Main(t.Context(), first); got != 0 {
			t.Fatalf("exit code %d, want 0", got)
		}
	}
	for _, want := range []string{"Process ", " on ", ", since ", "contactsync apply crm.yaml --yes"} {
		if !strings.Contains(second.String(), want) {
			t.Errorf("the message lacks %q:\n%s", want, second.String())
		}
	}
}

// Every command that writes to a portal waits for none: while one is at it, each is
// refused.
func TestEveryWritingCommandTakesTheLock(t *testing.T) {
	t.Parallel()
	local := portaltest.New(t, portal.Config{})
	var first cli.Env
	begun := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		others := [][]string{{"apply", "crm.yaml"}, {"apply", "--resume"}, {"undo", "20260101T000000Z"}}
		if begun {
			others = nil
		}
		begun = true
		for _, args := range others {
			var stderr bytes.Buffer
			second := first
			second.Stdout, second.Stderr, second.Args = &bytes.Buffer{}, &stderr, append(args, "--yes", "--portal", first.Args[len(first.Args)-1])
			if got := cli.Main(r.Context(), second); got != 6 || !strings.Contains(stderr.String(), "another command is writing from this folder") {
				t.Errorf("%v: exit code %d, want 6:\n%s", args, got, stderr.String())
			}
		}
		portal.Server(local).Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	first = env(t, &bytes.Buffer{}, "apply", "crm.yaml", "--yes", "--concurrency", "1", "--portal", server.URL)
	if err := os.WriteFile(filepath.Join(first.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := cli.Main(t.Context(), first); got != 0 || !begun {
		t.Errorf("exit code %d, want 0", got)
	}
}

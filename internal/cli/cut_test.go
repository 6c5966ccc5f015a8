package cli_test

import (
	"bytes"
	"context"
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

// Ctrl-C in the middle of an apply lets the request in flight finish, ends with 130, and
// names the command that goes on, which does.
func TestInterruptedApplyGoesOn(t *testing.T) {
	t.Parallel()
	local := portaltest.New(t, portal.Config{})
	ctx, interrupt := context.WithCancel(t.Context())
	var during bytes.Buffer
	var e cli.Env
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/contacts/batch/create") {
			other := e
			other.Args, other.Stdout = []string{"history"}, &during
			if got := cli.Main(r.Context(), other); got != 0 {
				t.Errorf("history ended with %d", got)
			}
			interrupt()
		}
		portal.Server(local).Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	var stdout bytes.Buffer
	e = env(t, &stdout, "apply", "crm.yaml", "--yes", "--concurrency", "1", "--portal", server.URL)
	text := "version: 1\ncontacts:\n" +
		"  - {email: ada@example.com, associations: [{to: contact, email: grace@example.com}]}\n" +
		"  - {email: grace@example.com}\n"
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := cli.Main(ctx, e); got != 130 {
		t.Errorf("exit code %d, want 130", got)
	}
	if !strings.Contains(during.String(), "   running   ") {
		t.Errorf("while it ran, history said:\n%s", during.String())
	}
	screen := stdout.String()
	for _, want := range []string{"Stopped after", "2 created", "Next     contactsync apply --resume "} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen lacks %q:\n%s", want, screen)
		}
	}
	_, next, _ := strings.Cut(screen, "Next     contactsync ")
	e.Args = append(strings.Fields(next), "--yes")
	stdout.Reset()
	if got := cli.Main(t.Context(), e); got != 0 || !strings.Contains(stdout.String(), "2 created, 1 associated.") {
		t.Errorf("resumed, it ended with %d:\n%s", got, stdout.String())
	}
	if made := local.Requests().Mutations(); made != 2 {
		t.Errorf("%d writes, want 2", made)
	}
}

// On a terminal the interruption is told above the bars, at once, while a request is still
// in flight.
func TestInterruptIsToldAboveTheBars(t *testing.T) {
	t.Parallel()
	local := portaltest.New(t, portal.Config{})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	stderr := new(spoken)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/contacts/batch/create") {
			interrupt()
			<-stderr.says("Interrupted: nothing new is begun.")
		}
		portal.Server(local).Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	var stdout bytes.Buffer
	e := env(t, &stdout, "apply", "crm.yaml", "--yes", "--portal", server.URL)
	e.Stderr, e.StderrTerminal, e.Width = stderr, true, 200
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := cli.Main(ctx, e); got != 130 || !strings.Contains(stdout.String(), "1 created") {
		t.Errorf("it ended with %d:\n%s\n%s", got, &stdout, stderr)
	}
}

package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// conformanceOf runs some checks against a portal behind a handler of the test.
func conformanceOf(ctx context.Context, t *testing.T, handler http.Handler, more ...string) (code int, out string) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	var stdout, stderr bytes.Buffer
	code = cli.Main(ctx, cli.Env{
		Args:   append([]string{"conformance", "--portal", server.URL, "--yes"}, more...),
		Dir:    t.TempDir(),
		Random: rand.Reader, LookupEnv: func(string) (string, bool) { return "", false },
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
	})
	return code, stdout.String() + stderr.String()
}

// recoded is an answer whose status is another one.
type recoded struct {
	http.ResponseWriter

	from, to int
}

func (r recoded) WriteHeader(status int) {
	if status == r.from {
		status = r.to
	}
	r.ResponseWriter.WriteHeader(status)
}

// A portal that breaks the contract ends with 2, and the report says how.
func TestConformanceFails(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	code, out := conformanceOf(t.Context(), t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.ServeHTTP(recoded{w, http.StatusConflict, http.StatusBadRequest}, r)
	}), "--only", "create,create-taken")
	for _, want := range []string{
		"  pass     create  ", "  fail     create-taken  ", "request   POST /crm/v3/objects/contacts", "expected  status 409",
		`got       status 400 CONFLICT "Contact already exists.`, "source    field reports", "2 checks: 1 passed, 1 failed",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	if code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
}

// Records that could not be removed end with 5 and are named.
func TestConformanceLeavesRecords(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	code, out := conformanceOf(t.Context(), t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/batch/archive") {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		p.ServeHTTP(w, r)
	}), "--only", "create")
	if code != 5 || !strings.Contains(out, "Not removed (their names and addresses hold ") || !strings.Contains(out, "\n  contacts ") {
		t.Errorf("exit code %d, want 5:\n%s", code, out)
	}
}

// Ctrl-C ends the checks with 130, and what they made is removed all the same.
func TestConformanceInterrupted(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	code, out := conformanceOf(ctx, t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/batch/create") {
			interrupt()
		}
		p.ServeHTTP(w, r)
	}))
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if contacts := stats.Objects["contact"]; code != 130 || contacts.Live != 0 || contacts.Archived == 0 {
		t.Errorf("exit code %d, want 130; %+v\n%s", code, contacts, out)
	}
}

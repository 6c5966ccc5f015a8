package cli_test

import (
	"bytes"
	"io"
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

// --verify tells what the portal did not keep, which ends with 5, from what somebody
// moved between the apply and the second plan, which does not.
func TestVerifySortsWhatIsLeft(t *testing.T) {
	t.Parallel()
	const updates = "/crm/v3/objects/contacts/batch/update"
	for name, test := range map[string]struct {
		send, later string // the title in place of "CTO": as the portal gets it, and as somebody writes it after
		exit        int
		says        string
	}{
		"kept":     {"CTO", "", 0, "Verified: the portal is as the files say."},
		"not kept": {"C.T.O.", "", 5, "not kept  jobtitle: the portal keeps another value than it was sent, and lists no rule"},
		"moved":    {"CTO", "Baker", 0, "moved since  jobtitle: it was written as planned, and changed since (source API)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{})
			own := portaltest.Client(t, p)
			id := string(portaltest.Create(t, own, "contacts", map[string]string{"email": "ada@navy.example", "jobtitle": "Engineer"})[0])
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != updates {
					p.ServeHTTP(w, r)
					return
				}
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				body = bytes.ReplaceAll(body, []byte(`"CTO"`), []byte(`"`+test.send+`"`))
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				answer := httptest.NewRecorder()
				p.ServeHTTP(answer, r)
				if test.later != "" {
					if _, err := own.UpdateObject(r.Context(), "contacts", id, map[string]string{"jobtitle": test.later}); err != nil {
						t.Error(err)
					}
				}
				w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
				w.WriteHeader(answer.Code)
				if _, err := answer.Body.WriteTo(w); err != nil {
					t.Error(err)
				}
			}))
			defer server.Close()
			var said strings.Builder
			e := env(t, io.Discard, "apply", "crm.yaml", "--yes", "--verify", "--pii", "full", "--portal", server.URL)
			e.Stderr = &said
			text := "version: 1\ncontacts:\n  - {email: ada@navy.example, properties: {jobtitle: CTO}}\n"
			if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := cli.Main(t.Context(), e); got != test.exit || !strings.Contains(said.String(), test.says) {
				t.Errorf("exit code %d, want %d; it said:\n%s", got, test.exit, said.String())
			}
		})
	}
}

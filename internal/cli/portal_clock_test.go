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
	"time"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Ages of contacts are reckoned by the portal's clock, which dated them, and not by that
// of this machine, which may be days off.
func TestAgesGoByThePortalsClock(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]string{
		0:                  "0 to archive",
		8 * 24 * time.Hour: "1 to archive",
	} {
		p := portaltest.New(t, portal.Config{})
		portaltest.Create(t, portaltest.Client(t, p), "contacts", map[string]string{"email": "ada@example.com", "company": "ours"})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
			p.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		var stdout bytes.Buffer
		e := env(t, io.Discard, "plan", "--portal", server.URL)
		e.Stdout = &stdout
		for name, text := range map[string]string{
			"contactsync.yaml": "version: 1\nfiles: [crm.yaml]\nprune: archive\nscope: {where: [{property: company, equals: ours}]}\nprune_min_age: 7d\n",
			"crm.yaml":         "version: 1\ncontacts:\n  - {email: grace@example.com, properties: {company: ours}}\n",
		} {
			if err := os.WriteFile(filepath.Join(e.Dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := cli.Main(t.Context(), e); got != 0 || !strings.Contains(stdout.String(), want) {
			t.Errorf("%v ahead it ended with %d, and does not say %q:\n%s", ahead, got, want, &stdout)
		}
	}
}

package cli_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// An apply of one request may take the last one before the reserve, and none of the
// reserve, which is rounded up.
func TestDailyReserveIsKeptToTheLastRequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ day, left, want int }{
		{100, 26, 0},
		{100, 25, 6},
		{101, 27, 0},
		{101, 26, 6},
	} {
		t.Run(fmt.Sprintf("%d of %d left", test.left, test.day), func(t *testing.T) {
			t.Parallel()
			local := portaltest.New(t, portal.Config{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-HubSpot-RateLimit-Daily", strconv.Itoa(test.day))
				w.Header().Set("X-HubSpot-RateLimit-Daily-Remaining", strconv.Itoa(test.left))
				portal.Server(local).Handler.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			var stderr bytes.Buffer
			e := env(t, &bytes.Buffer{}, "apply", "crm.yaml", "--yes", "--portal", server.URL)
			e.Stderr = &stderr
			if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := cli.Main(t.Context(), e); got != test.want {
				t.Errorf("exit code %d, want %d:\n%s", got, test.want, stderr.String())
			}
			if refused := strings.Contains(stderr.String(), "kept for others"); refused != (test.want == 6) {
				t.Errorf("the message is\n%s", stderr.String())
			}
			if made := local.Requests().Mutations(); made != 1-test.want/6 {
				t.Errorf("%d writes", made)
			}
		})
	}
}

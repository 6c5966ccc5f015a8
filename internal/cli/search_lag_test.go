package cli_test

import (
	"bytes"
	"io"
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

// HubSpot's search finds a contact some time after it was written. Contacts are read by
// address and id instead, so a plan right after an apply is empty, --verify sees what
// arrived, and nothing is created twice.
func TestSearchThatLagsHidesNoContact(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{SearchLag: time.Hour})
	server := httptest.NewServer(portal.Server(p).Handler)
	t.Cleanup(server.Close)
	e := env(t, io.Discard)
	text := "version: 1\ncontacts:\n" +
		"  - {email: ada@example.com, properties: {firstname: Ada}, associations: [{to: contact, email: grace@example.com}]}\n" +
		"  - {email: grace@example.com}\n"
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args []string
		says string
	}{
		{[]string{"apply", "--yes", "--verify"}, "Verified: the portal is as the files say."},
		{[]string{"plan", "--detailed-exitcode"}, "No changes."},
		{[]string{"apply", "--yes"}, "No changes."},
	} {
		var said bytes.Buffer
		e.Stdout, e.Stderr = &said, &said
		e.Args = append(step.args, "crm.yaml", "--portal", server.URL)
		if got := cli.Main(t.Context(), e); got != 0 || !strings.Contains(said.String(), step.says) {
			t.Errorf("%v ended with %d, and does not say %q:\n%s", step.args, got, step.says, &said)
		}
	}
	if made := p.Requests().Mutations(); made != 2 {
		t.Errorf("%d writes, want 2", made)
	}
}

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
)

// runs are the names of the runs of a folder, the oldest first.
func (c *canaries) runs() []string {
	c.t.Helper()
	found, err := filepath.Glob(filepath.Join(c.dir, ".contactsync", "runs", "*"))
	if err != nil || len(found) == 0 {
		c.t.Fatalf("there are no runs: %v", err)
	}
	names := make([]string, len(found))
	for i, path := range found {
		names[i] = filepath.Base(path)
	}
	slices.Sort(names)
	return names
}

func (c *canaries) last() string { runs := c.runs(); return runs[len(runs)-1] }

func (c *canaries) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Nothing that the tests do is over a limit.
const canaryProject = "version: 1\nfiles: [crm.yaml]\nlimits: {archive: 1000, update: 1000, overwrite: 1000}\n"

// What is told of runs, past ones and damaged ones too, shows no canary: neither where
// the portal refuses what was sent and quotes it, nor where the journal cannot be read.
func TestCanariesStayInsideRuns(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hundreds of commands")
	}
	local := openPortal(t, portal.Config{AccountID: "241234567", Token: canaryToken})
	var mode atomic.Int64
	c := canaries{t: t, dir: t.TempDir(), portal: listenTo(t, quoting(portal.Server(local).Handler, &mode)), token: canaryToken}
	c.write("contactsync.yaml", canaryProject)
	c.write("crm.yaml", canaryFile(""))
	c.all([][]string{{"apply", "crm.yaml", "--yes"}})
	created := c.last()
	for i, once := range []struct {
		fault int64
		args  []string
	}{
		{faultRefusal, []string{"--json", "--events", "events.ndjson"}},
		{faultRefusal, []string{"--pii", "none"}},
		{faultServer, nil},
		{faultHTML, nil},
	} {
		c.write("changed.yaml", strings.ReplaceAll(canaryFile(""), "kanarynote", fmt.Sprintf("kanarychange%d", i)))
		mode.Store(once.fault)
		c.all([][]string{append([]string{"apply", "changed.yaml", "--yes"}, once.args...)})
		run := c.last()
		c.all([][]string{
			{"history"},
			{"show", run},
			{"show", run, "--json"},
			{"undo", run, "--yes"},
			{"apply", "--resume", run, "--yes"},
			{"history", "abandon", run},
		})
		mode.Store(0)
	}
	c.all([][]string{
		{"undo", created, "-o", "asked-undo.jsonl"},
		{"undo", created, "-o", "asked-undo.jsonl", "--json"},
		{"show", "asked-undo.jsonl", "--format", "html"},
		{"apply", "asked-undo.jsonl"},
		{"plan", "--check", "asked-undo.jsonl"},
	})
	mode.Store(faultRefusal)
	c.all([][]string{{"undo", created, "--yes"}})
	mode.Store(0)
	c.all([][]string{
		{"forget", canary("mail", 3) + "@example.com", "crm.yaml", "--yes"},
		{"plan", "crm.yaml"},
		{"conformance", "--yes"},
		{"conformance", "--yes", "--json"},
		{"history", "prune", "--keep", "5"},
	})
	c.files()
	if c.ended[5] < 8 || c.ended[0] < 20 {
		t.Errorf("exit codes and how often: %v; the test should see many", c.ended)
	}
}

// A journal, the plan of a run and a saved plan are broken in the middle of a canary, and
// every command that reads them says so without it.
func TestCanariesStayInsideDamage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("hundreds of commands")
	}
	local := openPortal(t, portal.Config{AccountID: "241234567", Token: canaryToken})
	c := canaries{t: t, dir: t.TempDir(), portal: listenTo(t, portal.Server(local).Handler), token: canaryToken}
	c.write("contactsync.yaml", canaryProject)
	c.write("crm.yaml", canaryFile(""))
	c.all([][]string{{"apply", "crm.yaml", "--yes"}})
	c.write("changed.yaml", strings.ReplaceAll(canaryFile(""), "kanarynote", "kanarylast"))
	c.all([][]string{{"apply", "changed.yaml", "--yes"}, {"plan", "crm.yaml", "-o", "asked-plan.jsonl"}})
	run := filepath.Join(".contactsync", "runs", c.last())
	for _, name := range []string{filepath.Join(run, "journal"), filepath.Join(run, "plan.jsonl"), "asked-plan.jsonl"} {
		path := filepath.Join(c.dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range [][]byte{
			bytes.Replace(text, []byte("kanarylast"), []byte("kanarybroke"), 1),
			bytes.Replace(text, []byte(`"kanary`), []byte(`"kanary\q`), 3),
			bytes.Replace(text, []byte(`"name":"message"`), []byte(`"kanary":"kanary"`), 1),
			text[:bytes.LastIndex(text, []byte("kanary"))+8],
			slices.Concat(text, []byte("kanary\n")),
		} {
			c.write(name, string(broken))
			c.all([][]string{
				{"history"},
				{"show", filepath.Base(run)},
				{"undo", filepath.Base(run), "--yes"},
				{"apply", "--resume", filepath.Base(run), "--yes"},
				{"apply", "changed.yaml", "--yes"},
				{"apply", "asked-plan.jsonl", "--yes"},
				{"show", "asked-plan.jsonl", "--json"},
			})
		}
		c.write(name, string(text))
	}
	c.write("changed.yaml", canaryFile("  - email: kanarymail000zq@example.com\n  - email: [kanary, kanary]\n  kanary: kanary\n"))
	c.all([][]string{{"apply", "changed.yaml", "--yes"}, {"validate", "changed.yaml", "--json"}})
	if c.ended[6] < 30 {
		t.Errorf("exit codes and how often: %v; damage should refuse many", c.ended)
	}
}

// The commands of local portals show no canary, and neither does what serve says: of
// requests, of faults, and on its page to one who was not let in.
func TestCanariesStayInsideLocalPortals(t *testing.T) {
	t.Parallel()
	c := canaries{t: t, dir: t.TempDir(), portal: "file:portal.db"}
	c.write("crm.yaml", canaryFile(""))
	c.write("gone.yaml", fmt.Sprintf("version: 1\ncontacts:\n  - {email: %s@example.com, ensure: archived}\n", canary("mail", 1)))
	c.write("faults.yaml", "version: 1\nfaults:\n  - {kind: status, status: 500, path: /crm/v3/objects/contacts/batch/update, requests: every}\n")
	c.all([][]string{
		{"apply", "crm.yaml", "--yes"},
		{"apply", "gone.yaml", "--yes", "--allow-archive", "1"},
		{"portal", "restore", canary("mail", 1) + "@example.com"},
		{"portal", "restore", canary("mail", 2) + "@example.com"},
		{"portal", "stats"},
		{"portal", "stats", "--json"},
		{"portal", "seed", "--contacts", "3"},
	})
	reader, writer := io.Pipe()
	stderr := new(spoken)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	e := env(t, writer, "serve", "--db", "portal.db", "--addr", "127.0.0.1:0", "--token", canaryToken)
	e.Dir, e.Stderr = c.dir, stderr
	ended := make(chan int, 1)
	go func() { ended <- cli.Main(ctx, e) }()
	var said strings.Builder
	lines := bufio.NewReader(reader)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	said.WriteString(first)
	copied := make(chan struct{})
	go func() { defer close(copied); _, _ = io.Copy(&said, lines) }()
	address := strings.Fields(first)[1]
	for _, path := range []string{
		"/crm/v3/objects/contacts/" + canary("mail", 2) + "@example.com?idProperty=email", "/" + canary("note", 1), "/crm/v3/objects/contacts?properties=" + canary("note", 2),
	} {
		c.get(address+path, canaryToken)
	}
	for _, path := range []string{"/", "/records/contacts", "/requests", "/bin", "/sign-in", "/crm/v3/objects/contacts"} {
		c.look("the page "+path, c.get(address+path, ""))
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d", code)
	}
	_ = writer.Close()
	<-copied
	c.look("serve", said.String()+stderr.String())
	c.all([][]string{{"portal", "reset", "--yes"}})
}

// get is what an address answers.
func (c *canaries) get(address, token string) string {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// A source of randomness that fails as no source may.
type brokenRandom struct{}

func (brokenRandom) Read([]byte) (int, error) { panic("kanary " + canaryToken) }

// A defect ends a command with 1 and names the place, not what it was called with.
func TestCanariesStayInsideADefect(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	e := env(t, &stdout, "plan", "crm.yaml", "--json")
	e.Stderr, e.Random = &stderr, brokenRandom{}
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(canaryFile("")), 0o600); err != nil {
		t.Fatal(err)
	}
	code := cli.Main(t.Context(), e)
	(&canaries{t: t}).look("a defect", stdout.String()+stderr.String())
	if code != 1 || !strings.Contains(stderr.String(), "contactsync has a defect") || !strings.Contains(stderr.String(), "(canary_runs_test.go:") {
		t.Errorf("exit code %d:\n%s%s", code, stdout.String(), stderr.String())
	}
}

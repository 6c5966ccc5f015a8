package cli_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
)

const canaryToken = "kanary-token-5f1c9e7a2b"

// A canary is personal data that can be told from everything else; a time zone of
// HubSpot has the word with a c.
func canary(kind string, i int) string { return fmt.Sprintf("kanary%s%03dzq", kind, i) }

const canaryContacts = 40 // of five canaries each: address, first name, last name, street, note

// canaryFile declares contacts, each of them with its canaries.
func canaryFile(extra string) string {
	var file strings.Builder
	file.WriteString("version: 1\ncontacts:\n")
	for i := range canaryContacts {
		fmt.Fprintf(&file, "  - email: %s@example.com\n    properties:\n      firstname: %s\n      lastname: %s\n      address: %s\n      message: %s\n",
			canary("mail", i), canary("first", i), canary("last", i), canary("street", i), canary("note", i))
	}
	file.WriteString(extra)
	return file.String()
}

// No command shows the token, and none shows personal data unless it is asked to:
// where it works, and where the files, the token, the portal or a proxy are at fault.
func TestCanariesStayInside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	local := openPortal(t, portal.Config{AccountID: "241234567", Token: canaryToken})
	var mode atomic.Int64
	address := listenTo(t, quoting(portal.Server(local).Handler, &mode))
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("crm.yaml", canaryFile(""))
	write("fewer.yaml", strings.ReplaceAll(canaryFile(""), "kanarynote", "kanaryother"))
	write("bad.yaml", canaryFile(fmt.Sprintf("  - email: %s@@example.com\n    properties: {closedate: %s, hs_lead_status: %s}\n", canary("mail", 900), canary("note", 900), canary("note", 901))))
	write("options.yaml", canaryFile(fmt.Sprintf("  - email: %s@example.com\n    properties: {closedate: %s, num_employees: x, graduation_date: %s}\n", canary("mail", 902), canary("note", 902), canary("note", 903))))
	c := canaries{t: t, dir: dir, portal: address, token: canaryToken}
	c.all([][]string{
		{"validate", "crm.yaml"},
		{"validate", "bad.yaml"},
		{"validate", "bad.yaml", "--json"},
		{"validate", "options.yaml", "--live"},
		{"plan", "options.yaml", "--format", "markdown"},
		{"plan", "crm.yaml", "-o", "asked-plan.jsonl", "--events", "events.ndjson"},
		{"plan", "crm.yaml", "--json"},
		{"plan", "crm.yaml", "--format", "markdown"},
		{"plan", "crm.yaml", "--format", "html"},
		{"plan", "crm.yaml", "--pii", "none"},
		{"show", "asked-plan.jsonl"},
		{"apply", "crm.yaml"},
		{"explain", canary("mail", 1) + "@example.com", "crm.yaml", "--json"},
		{"schema", "--live"},
	})
	for _, fault := range []int64{faultServer, faultRefusal, faultHTML, 0} {
		mode.Store(fault)
		c.all([][]string{{"apply", "crm.yaml", "--yes", "--events", "events.ndjson"}, {"history"}})
		mode.Store(0)
		c.all([][]string{{"apply", "--resume", "--yes"}, {"history", "--json"}})
	}
	c.all([][]string{
		{"apply", "asked-plan.jsonl", "--yes"}, // overtaken by then
		{"plan", "--check", "asked-plan.jsonl", "fewer.yaml"},
		{"plan", "fewer.yaml", "--json"},
		{"export", "-o", "asked-export.yaml"},
		{"export", "-o", "asked-export.yaml", "--check"},
	})
	mode.Store(faultServer)
	c.all([][]string{{"apply", "fewer.yaml", "--yes", "--json"}})
	mode.Store(0)
	c.token = canaryToken + "-wrong"
	c.all([][]string{{"plan", "crm.yaml"}, {"apply", "crm.yaml", "--yes", "--json"}, {"validate", "crm.yaml", "--live"}})
	c.files()
	if c.ended[0] < 10 || len(c.ended) < 5 {
		t.Errorf("exit codes and how often: %v; the test should see many", c.ended)
	}
}

// What stands between the command and the portal.
const (
	faultServer  = 1 + iota // writes are answered with 500 and what was sent
	faultRefusal            // writes are refused with 400 and what was sent
	faultHTML               // writes meet a page that shows what was sent
)

// quoting answers writes as mode says, and quotes in its answers what was sent.
func quoting(next http.Handler, mode *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writes := strings.HasSuffix(r.URL.Path, "/batch/create") || strings.HasSuffix(r.URL.Path, "/batch/update")
		if mode.Load() == 0 || !writes {
			next.ServeHTTP(w, r)
			return
		}
		said := fmt.Sprintf(`%s of \"%s\" <%s@example.com> is not valid, token %s`, canary("first", 1), canary("note", 1), canary("mail", 1), canaryToken)
		status := map[int64]int{faultServer: 500, faultRefusal: 400, faultHTML: 200}[mode.Load()]
		if mode.Load() == faultHTML {
			w.Header().Set("Content-Type", "text/html")
		} else {
			w.Header().Set("Content-Type", "application/json")
			said = fmt.Sprintf(`{"status":"error","category":"VALIDATION_ERROR","message":"%s"}`, said)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(said))
	})
}

func listenTo(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

// canaries runs commands without a terminal and looks at what they say.
type canaries struct {
	t                  *testing.T
	dir, portal, token string
	ended              map[int]int
}

// all runs each command as it is and with -v.
func (c *canaries) all(commands [][]string) {
	c.t.Helper()
	if c.ended == nil {
		c.ended = make(map[int]int)
	}
	for _, args := range commands {
		for _, more := range [][]string{nil, {"-v"}} {
			var stdout, stderr bytes.Buffer
			args := append(append(append([]string{}, args...), "--portal", c.portal), more...)
			c.ended[cli.Main(c.t.Context(), cli.Env{
				Args: args, Dir: c.dir, Random: rand.Reader,
				LookupEnv: func(name string) (string, bool) { return c.token, name == "HUBSPOT_ACCESS_TOKEN" },
				Stdin:     strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
			})]++
			command := strings.Join(args, " ")
			// What the user typed may be said again.
			c.look(command, strings.NewReplacer(typed(args)...).Replace(stdout.String()+stderr.String()))
		}
	}
}

// typed are replacements for the canaries of the command line itself.
func typed(args []string) []string {
	pairs := []string{"\x00", ""}
	for _, arg := range args {
		if strings.Contains(arg, "kanary") {
			pairs = append(pairs, arg, "TYPED")
		}
	}
	return pairs
}

func (c *canaries) look(where, text string) {
	c.t.Helper()
	for line := range strings.Lines(text) {
		if strings.Contains(strings.ToLower(line), "kanary") {
			c.t.Errorf("%s shows a canary:\n%s", where, line)
			return
		}
	}
}

// files looks at every file that nobody asked for, and at the names of all. A journal,
// the plan of a run and its failed changes hold values by design, for their owner alone.
func (c *canaries) files() {
	c.t.Helper()
	seen := 0
	err := filepath.WalkDir(c.dir, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(c.dir, path)
		c.look("the name of a file", name)
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if private := strings.Contains(name, "runs") || strings.HasPrefix(name, "asked-"); private {
			seen++
			if mode := info.Mode().Perm(); mode != 0o600 {
				c.t.Errorf("%s holds values and has the mode %o", name, mode)
			}
			return nil
		}
		if filepath.Ext(name) == ".yaml" {
			return nil
		}
		data, err := os.ReadFile(path)
		c.look(name, string(data))
		return err
	})
	if err != nil || seen < 4 {
		c.t.Errorf("%d files with values: %v", seen, err)
	}
}

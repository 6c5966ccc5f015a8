package cli_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// readOnly are the commands that promise to write nothing to a portal, and an apply
// that nobody agrees to.
var readOnly = [][]string{
	{"validate"},
	{"validate", "--live"},
	{"validate", "--live", "--json"},
	{"plan"},
	{"plan", "-o", "saved.jsonl"},
	{"plan", "--check", "saved.jsonl"},
	{"plan", "--detailed-exitcode", "--format", "markdown"},
	{"plan", "--format", "html", "--details", "0"},
	{"show", "saved.jsonl"},
	{"show", "saved.jsonl", "--json"},
	{"explain", "grace@example.com"},
	{"explain", "nobody@example.com", "--json"},
	{"export", "-o", "out.yaml", "--associations", "company,deal"},
	{"export", "-o", "out.yaml", "--associations", "company,deal", "--check"},
	{"plan", "out.yaml"},
	{"schema"},
	{"schema", "--live"},
	{"portal", "stats"},
	{"history"},
	{"apply"}, // nobody there to say yes
}

// Every command that only reads, with every example: the portal counts no request
// that could change it, and its file is the same to the byte.
func TestReadingCommandsWriteNothing(t *testing.T) {
	t.Parallel()
	seeds, err := filepath.Glob("../../examples/*/seed.yaml")
	if err != nil || len(seeds) < 3 {
		t.Fatalf("%d examples, %v", len(seeds), err)
	}
	for _, seed := range seeds {
		example := filepath.Dir(seed)
		t.Run(filepath.Base(example), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "counted.db")
			fillFrom(t, seed, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			local, err := portal.Open(t.Context(), portal.Config{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			address := listen(t, local)
			for _, where := range []string{address, "file:" + filepath.Join(dir, "own.db")} {
				copyFile(t, path, filepath.Join(dir, "own.db"))
				runReadOnly(t, dir, where)
				if after, err := os.ReadFile(filepath.Join(dir, "own.db")); err != nil || !bytes.Equal(before, after) {
					t.Errorf("a reading command changed the portal's file: %v", err)
				}
			}
			if requests := local.Requests(); requests.Mutations() != 0 || requests.Total() == 0 {
				t.Errorf("requests %v", requests)
			}
			if err := local.Close(); err != nil {
				t.Fatal(err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the requests changed the portal's file: %v", err)
			}
		})
	}
}

func runReadOnly(t *testing.T, dir, where string) {
	t.Helper()
	for _, args := range readOnly {
		var stdout, stderr bytes.Buffer
		code := cli.Main(t.Context(), cli.Env{
			Args: append(append([]string{}, args...), "--portal", where), Dir: dir, Random: rand.Reader,
			LookupEnv: func(name string) (string, bool) { return "any-token", name == "HUBSPOT_ACCESS_TOKEN" },
			Stdin:     strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		})
		needsFile := args[0] == "portal" && strings.HasPrefix(where, "http") // stats are of a file
		asks := args[0] == "apply"
		differs := len(args) > 1 && (args[1] == "--detailed-exitcode" || args[len(args)-1] == "--check")
		switch {
		case code == 0, code == 2 && differs, code == 1 && (asks || needsFile || args[0] == "explain"):
		default:
			t.Errorf("contactsync %s: exit code %d\n%s%s", strings.Join(args, " "), code, &stdout, &stderr)
		}
	}
}

// fillFrom makes a portal's file from a fixture.
func fillFrom(t *testing.T, seed, path string) {
	t.Helper()
	fixture, problems := spec.LoadFixture(source(seed))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	local, err := portal.Open(t.Context(), portal.Config{Path: path, AccountID: fixture.Account})
	if err != nil {
		t.Fatal(err)
	}
	if err := local.Fill(t.Context(), fixture); err != nil {
		t.Fatal(err)
	}
	if err := local.Close(); err != nil {
		t.Fatal(err)
	}
}

func source(path string) spec.Source {
	return spec.Source{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

package cli_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/spec"
)

const repository = "../.."

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// at runs the command in a folder and returns its exit code and all it printed.
func at(t *testing.T, dir string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := cli.Main(t.Context(), cli.Env{
		Args: args, Dir: dir, Random: rand.Reader, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		LookupEnv: func(string) (string, bool) { return "", false },
	})
	return code, out.String()
}

// The first command of the README applies the quick start, and the second run of it
// finds nothing to do.
func TestReadmeQuickStart(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`(?m)^\$ go run ./cmd/contactsync (apply .*)$`).FindStringSubmatch(readme(t))
	if line == nil {
		t.Fatal("the README has no quick start")
	}
	dir := t.TempDir()
	examples := filepath.Join(dir, "examples")
	if err := os.CopyFS(examples, os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(examples, "quickstart", ".contactsync")); err != nil { // of an earlier run
		t.Fatal(err)
	}
	args := strings.Fields(line[1])
	if code, out := at(t, dir, args...); code != 0 || !strings.Contains(out, "Applied in ") {
		t.Errorf("the quick start ended with %d:\n%s", code, out)
	}
	if code, out := at(t, dir, args...); code != 0 || !strings.Contains(out, "No changes.") {
		t.Errorf("the second quick start ended with %d:\n%s", code, out)
	}
}

func TestReadmeFileIsValid(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no file")
	}
	for _, block := range blocks {
		_, problems := spec.Load([]spec.Source{{Name: "README.md", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(block[1])), nil
		}}})
		for _, problem := range problems {
			t.Errorf("%s: %s in\n%s", problem.Summary, problem.Detail, block[1])
		}
	}
}

func TestReadmeCommandsExist(t *testing.T) {
	t.Parallel()
	rows := regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(readme(t), -1)
	if len(rows) < 5 {
		t.Fatalf("the README lists %d commands", len(rows))
	}
	for _, row := range rows {
		if code, out := at(t, t.TempDir(), row[1], "--help"); code != 0 {
			t.Errorf("contactsync %s --help ended with %d:\n%s", row[1], code, out)
		}
	}
}

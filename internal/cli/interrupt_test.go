package cli_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
)

func env(t *testing.T, out io.Writer, args ...string) cli.Env {
	t.Helper()
	return cli.Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: t.Output(), Random: rand.Reader, Dir: t.TempDir(),
		LookupEnv: func(string) (string, bool) { return "", false },
	}
}

func TestInterruptEndsWith130(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"plan":   {"plan", "crm.yaml"},
		"apply":  {"apply", "crm.yaml", "--yes"},
		"export": {"export"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env(t, io.Discard, args...)
			text := "version: 1\ncontacts:\n  - email: ada@example.com\n"
			if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if got := cli.Main(ctx, e); got != 130 {
				t.Errorf("exit code %d, want 130", got)
			}
		})
	}
}

// serve prints where it listens, answers there, and ends well when it is told to.
func TestServe(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, env(t, writer, "serve", "--db", "mem:", "--addr", "127.0.0.1:0", "--token", "t"))
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	address := strings.Fields(line)[1]
	for token, want := range map[string]int{"t": http.StatusOK, "other": http.StatusUnauthorized} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/account-info/v3/details", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("token %q: status %d, want %d", token, answer.StatusCode, want)
		}
	}
	cancel()
	if got := <-ended; got != 0 {
		t.Errorf("exit code %d, want 0", got)
	}
}

// Ctrl-C at the question is an answer: nothing is written, though the terminal gives no
// line back.
func TestInterruptAtTheQuestion(t *testing.T) {
	t.Parallel()
	stdin, typing := io.Pipe()
	defer func() { _ = typing.Close() }()
	stderr := new(spoken)
	e := env(t, io.Discard, "apply", "crm.yaml")
	e.Stdin, e.StdinTerminal, e.Stderr = stdin, true, stderr
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan int, 1)
	go func() { ended <- cli.Main(ctx, e) }()
	<-stderr.says(`Only "yes" is accepted: `)
	cancel()
	if got := <-ended; got != 130 {
		t.Errorf("exit code %d, want 130", got)
	}
	if said := stderr.String(); !strings.Contains(said, "error: interrupted") {
		t.Errorf("it said:\n%s", said)
	}
	if _, err := os.Stat(filepath.Join(e.Dir, ".contactsync", "runs")); !os.IsNotExist(err) {
		t.Errorf("a run was begun: %v", err)
	}
}

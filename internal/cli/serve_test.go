package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
)

// served is a running serve.
type served struct {
	address string
	stderr  *spoken
	stop    func() int // tells it to end, and returns its exit code
}

// serve runs the command serve on a free port until the test ends.
func serve(t *testing.T, flags ...string) *served {
	t.Helper()
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	s := &served{stderr: new(spoken)}
	e := env(t, writer, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
	e.Stderr, e.Dir = s.stderr, "."
	ended := make(chan int, 1)
	go func() { ended <- cli.Main(ctx, e); _ = writer.Close() }()
	s.stop = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() { s.stop() })
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatalf("serve %v does not begin: %v %s", flags, err, s.stderr)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	s.address = strings.Fields(line)[1]
	return s
}

// ask sends one request and decodes the answer.
func (s *served) ask(t *testing.T, method, path, body string) (status int, answer map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer t")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// spoken gathers what a command says while it runs.
type spoken struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestServeFlagsReachThePortal(t *testing.T) {
	t.Parallel()
	s := serve(t, "--db", "mem:", "--time-zone", "Asia/Tokyo", "--search-lag", "1h")
	_, account := s.ask(t, "GET", "/account-info/v3/details", "")
	if account["timeZone"] != "Asia/Tokyo" {
		t.Errorf("the account is in %v", account["timeZone"])
	}
	if status, contact := s.ask(t, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"ada@example.com"}}`); status != http.StatusCreated {
		t.Fatalf("a create answers %d %v", status, contact)
	}
	if _, found := s.ask(t, "POST", "/crm/v3/objects/contacts/search", `{}`); found["total"] != 0.0 {
		t.Errorf("a search finds %v contacts before the lag has passed", found["total"])
	}
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	mu      sync.Mutex
	text    bytes.Buffer
	awaited map[string]chan struct{}
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	for text, said := range s.awaited {
		if strings.Contains(s.text.String(), text) {
			close(said)
			delete(s.awaited, text)
		}
	}
	return n, err
}

// says returns a channel that is closed once a text was said.
func (s *spoken) says(text string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := make(chan struct{})
	if strings.Contains(s.text.String(), text) {
		close(said)
		return said
	}
	if s.awaited == nil {
		s.awaited = make(map[string]chan struct{})
	}
	s.awaited[text] = said
	return said
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestServeFlagsReachThePortal(t *testing.T) {
	t.Parallel()
	s := serve(t, "--db", "mem:", "--time-zone", "Asia/Tokyo", "--search-lag", "1h",
		"--empty-properties", "omit", "--auto-company", "--stage-sync", "--normalise-phone", "--ruling", "backward-stage=allow")
	_, account := s.ask(t, "GET", "/account-info/v3/details", "")
	if account["timeZone"] != "Asia/Tokyo" {
		t.Errorf("the account is in %v", account["timeZone"])
	}
	status, contact := s.ask(t, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"ada@analytical.example","phone":"+44 20 7183 8750","lifecyclestage":"customer"}}`)
	id, _ := contact["id"].(string)
	if status != http.StatusCreated {
		t.Fatalf("a create answers %d %v", status, contact)
	}
	s.ask(t, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"lifecyclestage":"lead"}}`)
	_, contact = s.ask(t, "GET", "/crm/v3/objects/contacts/"+id+"?properties=phone,lifecyclestage,jobtitle&associations=companies", "")
	values, _ := contact["properties"].(map[string]any)
	if _, shown := values["jobtitle"]; shown || values["phone"] != "+442071838750" || values["lifecyclestage"] != "lead" {
		t.Errorf("the contact reads %v", values)
	}
	if contact["associations"] == nil {
		t.Error("the contact has no company")
	}
	_, companies := s.ask(t, "GET", "/crm/v3/objects/companies?properties=lifecyclestage", "")
	if text := fmt.Sprint(companies["results"]); !strings.Contains(text, "lifecyclestage:customer") {
		t.Errorf("the company did not follow: %s", text)
	}
	if _, found := s.ask(t, "POST", "/crm/v3/objects/contacts/search", `{}`); found["total"] != 0.0 {
		t.Errorf("a search finds %v contacts before the lag has passed", found["total"])
	}
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

// serve tells each fault that strikes, and what it says holds no id and no address.
func TestServeTellsItsFaults(t *testing.T) {
	t.Parallel()
	scenario := filepath.Join(t.TempDir(), "storm.yaml")
	if err := os.WriteFile(scenario, []byte(`version: 1
faults:
  - match: {method: GET, path: "/crm/v3/objects/contacts/{id}", nth: 2}
    fault: {kind: status, status: 502}
  - match: {path: /crm/*, nth: 3}
    fault: {kind: wrong_json, phase: after_commit}
  - match: {path: /nowhere}
    fault: {kind: rate_limit, policy: DAILY}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--db", "mem:", "--faults", scenario)
	for _, request := range []struct {
		path   string
		status int
	}{
		{"/crm/v3/objects/contacts/ada@example.com?idProperty=email", 404},
		{"/crm/v3/objects/contacts/ada@example.com?idProperty=email", 502},
		{"/crm/v3/objects/contacts", 200},
		{"/nowhere", 429},
	} {
		if status, answer := s.ask(t, "GET", request.path, ""); status != request.status {
			t.Errorf("%s answers %d %v, want %d", request.path, status, answer, request.status)
		}
	}
	s.stop()
	if diff := cmp.Diff(`fault 1: status 502 at GET /crm/v3/objects/contacts/{id} (request 2 of those it looks at)
fault 2: wrong_json after the commit at GET /crm/v3/objects/contacts (request 3 of those it looks at)
fault 3: rate_limit DAILY at a path that is no operation (request 1 of those it looks at)
`, strings.TrimPrefix(s.stderr.String(), "Any access token is taken. Ctrl-C stops.\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// serve ends well though a request stalls: nobody waits for what never comes.
func TestServeEndsWhileARequestStalls(t *testing.T) {
	t.Parallel()
	scenario := filepath.Join(t.TempDir(), "stall.yaml")
	if err := os.WriteFile(scenario, []byte("version: 1\nfaults: [{fault: {kind: stall}}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--db", "mem:", "--faults", scenario)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+"/account-info/v3/details", nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 1)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			err = response.Body.Close()
		}
		asked <- err
	}()
	<-s.stderr.says("fault 1: stall")
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if err := <-asked; err == nil {
		t.Error("the stalled request was answered")
	}
}

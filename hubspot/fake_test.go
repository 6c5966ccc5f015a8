package hubspot_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/hubspot"
)

// carrier stands for the network: the portal that answers is not the matter of
// these tests, but what can happen on the way to it.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(request *http.Request) (*http.Response, error) { return c(request) }

// reply is a JSON answer with its header fields given in pairs.
func reply(status int, body string, header ...string) *http.Response {
	response := &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	for i := 0; i < len(header); i += 2 {
		response.Header.Set(header[i], header[i+1])
	}
	return response
}

// script answers the requests one after the other, the last answer for ever, and
// keeps what was asked.
type script struct {
	mu      sync.Mutex
	answers []carrier
	asked   []string // "POST /path?query body"
}

func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	s.mu.Lock()
	s.asked = append(s.asked, strings.TrimSpace(request.Method+" "+request.URL.RequestURI()+" "+string(body)))
	next := s.answers[min(len(s.asked), len(s.answers))-1]
	s.mu.Unlock()
	return next(request)
}

// says is a step of a script that answers with a body.
func says(status int, body string, header ...string) carrier {
	return func(*http.Request) (*http.Response, error) { return reply(status, body, header...), nil }
}

// fails is a step of a script in which the network fails after sending.
func fails(err error) carrier {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// local is a client of a portal on this machine.
func local(t *testing.T, transport http.RoundTripper) *hubspot.Client {
	t.Helper()
	return newClient(t, hubspot.Options{BaseURL: "http://localhost", Transport: transport})
}

func newClient(t *testing.T, options hubspot.Options) *hubspot.Client {
	t.Helper()
	client, err := hubspot.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

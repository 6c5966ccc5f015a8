package hubspot

import (
	"errors"
	"fmt"
	"net/http"
)

// errReadOnly refuses a write that reached a Reader's transport.
var errReadOnly = errors.New("this client is read-only")

// readOnly is the transport under every Reader: it lets the calls through that
// change nothing, by verb and exact path, and refuses the rest before anything
// is sent. It holds even if a method of Reader were wrong.
type readOnly struct{ next http.RoundTripper }

func (t readOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	if readsOnly(request.Method, request.URL.EscapedPath()) {
		return t.next.RoundTrip(request)
	}
	if request.Body != nil {
		_ = request.Body.Close() // the contract of RoundTripper; the refusal below is what counts
	}
	return nil, fmt.Errorf("%w: %s is not among the reads", errReadOnly, request.Method)
}

func readsOnly(method, path string) bool {
	for _, r := range routes {
		if !r.reads || r.method != method {
			continue
		}
		for _, v := range []Version{V3, V202603, V202609} {
			if matchesPattern(r.pattern(v), path) {
				return true
			}
		}
	}
	return false
}

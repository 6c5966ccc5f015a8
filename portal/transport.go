package portal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Transport sends requests to the portal without a socket. The host of a request
// does not matter. A request whose context ends gets the context's error at once,
// while the portal finishes what it began, as a server behind a network would.
func (p *Portal) Transport() http.RoundTripper { return transport{p} }

type transport struct{ portal *Portal }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	served := r.Clone(ctx)
	served.RequestURI = r.URL.RequestURI()
	served.Body = http.NoBody
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, fmt.Errorf("reading the request body: %w", err)
		}
		served.Body = io.NopCloser(bytes.NewReader(body))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &response{header: make(http.Header)}
	done := make(chan struct{})
	t.portal.inside.Go(func() {
		defer close(done)
		t.portal.serve(w, served, true)
	})
	select {
	case <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if w.status == 0 { // the client left while the portal waited
		return nil, ctx.Err()
	}
	return w.response(r), nil
}

// response collects an answer for a client in the same process.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *response) Header() http.Header { return r.header }

func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *response) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(data)
}

func (r *response) response(request *http.Request) *http.Response {
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)),
		StatusCode:    r.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        r.header,
		Body:          io.NopCloser(&r.body),
		ContentLength: int64(r.body.Len()),
		Request:       request,
	}
}

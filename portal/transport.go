package portal

import (
	"bytes"
	"context"
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
	w := newResponse()
	done := make(chan struct{})
	t.portal.inside.Go(func() {
		defer close(done)
		defer w.end(ctx)
		t.portal.serve(w, served, true)
	})
	select {
	case <-done:
	case <-w.started:
		go t.portal.oversee(ctx, w, done)
		return w.received(r), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if w.stream == nil && w.broken != nil {
		return nil, w.broken
	}
	if w.status == 0 { // the client left while the portal waited
		return nil, ctx.Err()
	}
	return w.received(r), nil
}

// oversee ends a body that is still being written when the client's time is over or
// the portal closes, whether or not somebody reads it.
func (p *Portal) oversee(ctx context.Context, w *response, done <-chan struct{}) {
	select {
	case <-done:
	case <-ctx.Done():
		_ = w.stream.CloseWithError(ctx.Err()) // never fails
	case <-p.closing:
		_ = w.stream.CloseWithError(errLost) // never fails
	}
}

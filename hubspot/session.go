package hubspot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// counter counts the requests that were sent.
type counter struct{ atomic.Int64 }

// session is what the requests of one client have in common.
type session struct {
	base      *url.URL
	token     Secret
	version   Version
	transport http.RoundTripper
	userAgent string
	observe   func(Event)
	gate      *gate
	requests  *counter
	clock     *clock
}

// answer is a whole answer: nothing of it is missing.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// lost is an attempt without a whole answer.
type lost struct {
	err   error
	sent  bool // the portal may have got the request
	final bool // it would fail again, and was not sent
}

// Why an answer is not whole.
var (
	errStalled  = fmt.Errorf("the answer stood still for %v", stallTimeout)
	errTooLong  = fmt.Errorf("the attempt took longer than %v", attemptTimeout)
	errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	errCut      = errors.New("the answer was cut short")
)

// attempt sends a call once. Either the answer or what became of the attempt is
// set; an error is ctx's, before anything was sent.
func (s *session) attempt(ctx context.Context, c call, number int) (answer, *lost, error) {
	sentAt, err := s.gate.enter(ctx, c.pace, func(wait time.Duration) {
		s.observe(Event{Kind: EventThrottled, Method: c.method, Path: c.shown, Wait: wait, Attempt: number, Reason: "rate limit"})
	})
	if err != nil {
		return answer{}, nil, err
	}
	var told *limits
	defer func() { s.gate.leave(c.pace, sentAt, told) }() // also when the transport panics
	s.requests.Add(1)
	a, failed := s.exchange(ctx, c)
	s.clock.read(a.header)
	if l := readLimits(a.header); l.told() || a.status/100 == 2 {
		told = &l
	}
	event := Event{Kind: EventRequest, Method: c.method, Path: c.shown, Status: a.status, Wait: time.Since(sentAt), Attempt: number}
	if failed != nil {
		event.Status, event.Reason = 0, "no answer"
	}
	s.observe(event)
	return a, failed, nil
}

// exchange makes the request and reads the answer to its end.
func (s *session) exchange(ctx context.Context, c call) (answer, *lost) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := time.AfterFunc(attemptTimeout, func() { cancel(errTooLong) })
	defer limit.Stop()

	var wire wireTrace
	request, err := s.request(httptrace.WithClientTrace(ctx, wire.hooks()), c)
	if err != nil {
		return answer{}, &lost{err: err, final: true}
	}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		switch cause := context.Cause(ctx); {
		case errors.Is(cause, errTooLong):
			err = cause
		case cause == nil && err == context.DeadlineExceeded: //nolint:errorlint // other timeouts say what they waited for; this is net/http's minute for a proxy, bare
			err = errSilentProxy
		}
		return answer{}, &lost{err: err, sent: wire.mayHaveSent(err), final: errors.Is(err, errReadOnly)}
	}
	defer func() { _ = response.Body.Close() }() // what was read is whole or given up by then
	a := answer{status: response.StatusCode, header: response.Header}
	a.body, err = readBody(response, cancel)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && !errors.Is(err, errTooLarge) {
			err = cause
		}
		return a, &lost{err: err, sent: true}
	}
	return a, nil
}

// request builds the HTTP request. The token goes to the configured scheme and
// host and nowhere else. No idempotency header is ever set: with one,
// http.Transport would resend a POST by itself.
func (s *session) request(ctx context.Context, c call) (*http.Request, error) {
	target := s.base.String() + c.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	var body io.Reader
	if c.body != nil {
		body = bytes.NewReader(c.body)
	}
	request, err := http.NewRequestWithContext(ctx, c.method, target, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", s.userAgent)
	if c.body != nil {
		request.Header.Set("Content-Type", "application/json;charset=utf-8")
	}
	if !s.token.IsZero() && request.URL.Scheme == s.base.Scheme && request.URL.Host == s.base.Host {
		request.Header.Set("Authorization", "Bearer "+s.token.reveal())
	}
	return request, nil
}

// readBody reads a body of at most maxBody bytes, and gives it up when it stands
// still.
func readBody(response *http.Response, cancel context.CancelCauseFunc) ([]byte, error) {
	stall := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	defer stall.Stop()
	var body bytes.Buffer
	if n := response.ContentLength; n > 0 && n <= maxBody {
		body.Grow(int(n) + bytes.MinRead)
	}
	watched := progress{io.LimitReader(response.Body, maxBody+1), stall}
	if _, err := body.ReadFrom(watched); err != nil {
		return nil, fmt.Errorf("%w: %w", errCut, err)
	}
	if body.Len() > maxBody {
		return nil, errTooLarge
	}
	if n := response.ContentLength; n >= 0 && int64(body.Len()) < n {
		return nil, errCut
	}
	return body.Bytes(), nil
}

// progress puts a watchdog off each time something is read.
type progress struct {
	body  io.Reader
	stall *time.Timer
}

func (p progress) Read(buffer []byte) (int, error) {
	n, err := p.body.Read(buffer)
	if n > 0 {
		p.stall.Reset(stallTimeout)
	}
	return n, err
}

// wireTrace notices how far a request got.
type wireTrace struct{ tried, wrote atomic.Bool }

func (t *wireTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { t.tried.Store(true) },
		WroteHeaders: func() { t.wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { t.wrote.Store(true) },
	}
}

// mayHaveSent reports whether a byte of the request may have reached the portal.
// A transport that shows no trace proves nothing, so there only a failed dial
// counts as "no".
func (t *wireTrace) mayHaveSent(err error) bool {
	if t.wrote.Load() {
		return true
	}
	return !t.tried.Load() && !neverDialed(err)
}

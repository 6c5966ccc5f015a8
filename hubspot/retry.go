package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// What is sent again
//
// A read changes nothing: it is sent again after a lost answer, a 5xx of the
// documented kinds, a lock or a refusal for the rate. A write is sent again only
// when it is certain that nothing was carried out: nothing left this machine, or
// the portal refused it for the rate (429) or a lock (423). Every other failure of
// a write that was sent is ErrUnknownOutcome, and what to do about it is the
// caller's.
const (
	maxAttempts     = 5
	maxRefusals     = 2 * time.Minute  // of one call, by 429s in a row
	maxUnreachable  = 10 * time.Second // from the first failed dial to the last one; each may take 10 s
	maxRetrying     = 2 * time.Minute  // after which a read is not sent again
	lockPause       = 2 * time.Second  // HubSpot's locks last that long
	firstBackoff    = 500 * time.Millisecond
	longestBackoff  = 30 * time.Second
	statusClosedWeb = 521 // first of the four codes with which Cloudflare speaks for HubSpot
	statusLateWeb   = 524
)

// tries is the history of one call.
type tries struct {
	number  int       // attempts made
	counted int       // of those, the ones that were not refused for the rate
	failed  time.Time // the first attempt's failure
	refused time.Time // the first 429 of the present row
	backoff *backoff.ExponentialBackOff
}

// newTries draws its waits evenly from zero to a bound that doubles.
func newTries() *tries {
	return &tries{backoff: &backoff.ExponentialBackOff{
		InitialInterval: firstBackoff / 2, RandomizationFactor: 1, Multiplier: 2, MaxInterval: longestBackoff / 2,
	}}
}

// run makes a call until it is answered or given up, and decodes the answer.
// decode gets the body of a 2xx; its error means that the answer is cut short or
// not HubSpot's.
func (s *session) run(ctx context.Context, c call, decode func([]byte) error) error {
	t := newTries()
	for {
		t.number++
		a, failed, err := s.attempt(ctx, c, t.number)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
		if failed == nil && a.status/100 == 2 {
			if err = s.accept(c, a, decode); !errors.Is(err, errCut) {
				return err
			}
			failed = &lost{err: err, sent: true}
		}
		wait, reason, err := s.judge(ctx, c, a, failed, t)
		if err != nil {
			return err
		}
		s.observe(Event{Kind: EventRetry, Method: c.method, Path: c.shown, Status: a.status, Wait: wait, Attempt: t.number, Reason: reason})
		if err := pauseFor(ctx, wait, nil); err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
	}
}

// accept decodes a 2xx. errCut is an answer that ends too early; another error is
// final: the answer is not HubSpot's.
func (s *session) accept(c call, a answer, decode func([]byte) error) error {
	var err error
	if isHTML(a.header) {
		err = errors.New("the body is HTML")
	} else {
		err = decode(a.body)
	}
	if err == nil || errors.Is(err, errCut) {
		return err
	}
	shown := s.excerpt(a.body)
	err = fmt.Errorf("%d with %q: %w", a.status, shown, ErrNotHubSpot)
	if !c.reads {
		err = fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
	return fmt.Errorf("%s: %w", c.name(), err)
}

// excerpt is the beginning of a foreign body as an error may show it.
func (s *session) excerpt(body []byte) string {
	const most = 120
	text := s.token.scrub(string(body[:min(len(body), 4096)]))
	return mask(printable(text, most))
}

// judge decides about an attempt that did not succeed: wait and send again, or
// the error to end with.
func (s *session) judge(ctx context.Context, c call, a answer, failed *lost, t *tries) (time.Duration, string, error) {
	if t.failed.IsZero() {
		t.failed = time.Now()
	}
	if failed != nil {
		t.refused = time.Time{}
		t.counted++
		return s.judgeLost(ctx, c, failed, t)
	}
	refusal := s.newError(c, a)
	if a.status == http.StatusTooManyRequests {
		return s.judgeLimit(c, refusal, t)
	}
	t.refused = time.Time{}
	t.counted++
	switch {
	case a.status/100 == 3:
		return 0, "", fmt.Errorf("%s: %d: %w", c.name(), a.status, ErrRedirect)
	case a.status == http.StatusLocked && t.counted < maxAttempts:
		return max(lockPause+t.backoff.NextBackOff(), refusal.pause()), "locked", nil
	case c.reads && transient(a.status) && t.mayRetry():
		return max(t.backoff.NextBackOff(), refusal.pause()), fmt.Sprintf("status %d", a.status), nil
	case !c.reads && (a.status >= 500 || a.status == http.StatusRequestTimeout):
		return 0, "", fmt.Errorf("%w: %w", ErrUnknownOutcome, refusal)
	}
	return 0, "", refusal
}

// judgeLimit handles a 429. Such a request was not carried out and is no failed
// attempt, but a day's limit does not return soon, and patience has an end.
func (s *session) judgeLimit(c call, refusal *Error, t *tries) (time.Duration, string, error) {
	if refusal.daily() {
		return 0, "", refusal
	}
	if t.refused.IsZero() {
		t.refused = time.Now()
	}
	if time.Since(t.refused) >= maxRefusals {
		return 0, "", refusal
	}
	return s.gate.refused(c.pace, refusal.pause()), "rate limit", nil
}

func (s *session) judgeLost(ctx context.Context, c call, failed *lost, t *tries) (time.Duration, string, error) {
	reason := outsideError{failed.err, printable(s.token.scrub(failed.err.Error()), 300)}
	switch {
	case failed.final:
		return 0, "", fmt.Errorf("%s: %w", c.name(), failed.err)
	case ctx.Err() != nil && (c.reads || !failed.sent):
		return 0, "", fmt.Errorf("%s: %w", c.name(), ctx.Err())
	case failed.sent && !c.reads:
		return 0, "", fmt.Errorf("%s: %w: %w", c.name(), ErrUnknownOutcome, reason)
	case failed.sent && (!t.mayRetry() || errors.Is(failed.err, errTooLarge)):
		return 0, "", fmt.Errorf("%s: %w", c.name(), reason)
	case failed.sent:
		return t.backoff.NextBackOff(), "connection lost", nil
	}
	wait := t.backoff.NextBackOff()
	if hopeless(failed.err) || t.counted >= maxAttempts || time.Since(t.failed)+wait > maxUnreachable {
		return 0, "", fmt.Errorf("%s: %w: %w", c.name(), ErrUnreachable, reason)
	}
	return wait, "no connection", nil
}

func (t *tries) mayRetry() bool {
	return t.counted < maxAttempts && time.Since(t.failed) < maxRetrying
}

// transient reports whether HubSpot's guide says to try again after a status.
func transient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return status >= statusClosedWeb && status <= statusLateWeb
}

// outsideError is an error of the network whose text is fit to be shown: without
// the token and without control characters.
type outsideError struct {
	err  error
	text string
}

func (e outsideError) Error() string { return e.text }
func (e outsideError) Unwrap() error { return e.err }

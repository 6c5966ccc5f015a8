package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Probe sends requests as they are given and returns whole answers whatever they
// say: for checks of a portal, which look at what Reader and Client hide. It can
// write. Pacing, the token and the guards on the way are those of every client.
// It is safe for concurrent use.
type Probe struct {
	session *session
}

// NewProbe makes a probe. The error says which option is wrong; nothing is sent
// yet.
func NewProbe(options Options) (*Probe, error) {
	s, err := newSession(options)
	if err != nil {
		return nil, fmt.Errorf("setting up the hubspot client: %w", err)
	}
	return &Probe{s}, nil
}

// Answer is a whole answer, of any status.
type Answer struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// Version is the API version of the options; a probe itself sends to any path.
func (p *Probe) Version() Version { return p.session.version }

// Requests is how many requests were sent so far, repeated ones included.
func (p *Probe) Requests() int64 { return p.session.requests.Load() }

// Send sends one request. The path is escaped and may end in a query; a nil body
// is none. A refusal for the rate (429) is waited for and the request sent again,
// since it was not carried out; the day's limit is ErrDailyLimit. So is a read
// (GET) whose answer was lost. Another lost answer is ErrUnknownOutcome, and no
// connection ErrUnreachable.
func (p *Probe) Send(ctx context.Context, method, path string, body any) (Answer, error) {
	c, err := probeCall(method, path, body)
	if err != nil {
		return Answer{}, err
	}
	s, t := p.session, newTries()
	for {
		t.number++
		a, failed, err := s.attempt(ctx, c, t.number)
		if err != nil {
			return Answer{}, fmt.Errorf("%s: %w", c.name(), err)
		}
		if failed == nil && a.status != http.StatusTooManyRequests {
			return Answer{a.status, a.header, a.body}, nil
		}
		wait, reason, err := s.judge(ctx, c, a, failed, t)
		if err != nil {
			return Answer{}, err
		}
		s.observe(Event{Kind: EventRetry, Method: c.method, Path: c.shown, Status: a.status, Wait: wait, Attempt: t.number, Reason: reason})
		if err := pauseFor(ctx, wait, nil); err != nil {
			return Answer{}, fmt.Errorf("%s: %w", c.name(), err)
		}
	}
}

// probeCall makes a call of a path that no route gave.
func probeCall(method, path string, body any) (call, error) {
	path, query, _ := strings.Cut(path, "?")
	c := call{route: route{method: method, reads: method == http.MethodGet, pace: paceOf(path)}, path: path, shown: withoutIDs(path)}
	var err error
	if c.query, err = url.ParseQuery(query); err != nil {
		return c, fmt.Errorf("building %s: %w", c.name(), err)
	}
	if body != nil {
		if c.body, err = json.Marshal(body); err != nil {
			return c, fmt.Errorf("building %s: %w", c.name(), err)
		}
	}
	return c, nil
}

// paceOf is the limit that a path counts against, by the API's specification.
func paceOf(path string) pace {
	switch {
	case strings.HasSuffix(path, "/search"):
		return searching
	case strings.HasPrefix(path, "/crm/v4/associations/"), strings.HasPrefix(path, "/crm/associations/"):
		return unmetered
	}
	return windowed
}

// withoutIDs is a path as events and errors show it: numbers, and what may be an
// address, are {id}.
func withoutIDs(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		number := segment != "" && strings.Trim(segment, "0123456789") == ""
		if number || strings.ContainsAny(segment, "@%") {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

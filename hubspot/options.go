package hubspot

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is HubSpot's own address.
const DefaultBaseURL = "https://api.hubapi.com"

// Requests at once.
const (
	defaultInFlight = 8
	MaxInFlight     = 16
)

// Options are a client's settings; the zero value reads api.hubapi.com without a
// token.
type Options struct {
	// BaseURL is scheme and host, without a path; default DefaultBaseURL. It must
	// be https unless the host is this machine.
	BaseURL string
	// Token is sent to BaseURL's scheme and host alone. Zero sends none.
	Token Secret
	// Version chooses the paths; default V3.
	Version Version
	// Transport carries the requests. Default: a network transport that gives up
	// on a dial or a TLS handshake after 10 s, and on an answer's beginning after
	// 60 s. Whatever the transport, a body that stands still for 30 s and an
	// attempt of 120 s are given up.
	Transport http.RoundTripper
	// InFlight is how many requests may be under way at once; default 8, at most
	// MaxInFlight. A window of 190 requests in 10 s is filled to 95 % at 250 ms a
	// request only with 16.
	InFlight int
	// UserAgent names the product in every request; default "contactsync".
	UserAgent string
	// Observe is told of each request, retry and wait; it may be nil. It is called
	// from many goroutines and must return at once.
	Observe func(Event)
}

// EventKind is what an Event tells.
type EventKind uint8

// The events.
const (
	EventRequest   EventKind = iota + 1 // a request was answered, or lost (Status 0)
	EventRetry                          // it will be sent again after Wait, for Reason
	EventThrottled                      // a request waits for a limit; Wait is 0 while the end is not known
)

// String is request, retry or throttled.
func (k EventKind) String() string {
	switch k {
	case EventRequest:
		return "request"
	case EventRetry:
		return "retry"
	case EventThrottled:
		return "throttled"
	}
	return ""
}

// Event is something that happened to a request. It holds no ids, addresses or
// values: Path is the route.
type Event struct {
	Kind         EventKind
	Method, Path string
	Status       int
	Wait         time.Duration // EventRequest: how long the answer took
	Attempt      int           // from 1
	Reason       string
}

// NewReader makes a client that can only read. The error says which option is
// wrong; nothing is sent yet.
func NewReader(options Options) (*Reader, error) {
	s, err := newSession(options)
	if err != nil {
		return nil, fmt.Errorf("setting up the hubspot client: %w", err)
	}
	return s.reader(), nil
}

// New makes a client that can also write. It shares limits and counts with the
// Reader inside it.
func New(options Options) (*Client, error) {
	s, err := newSession(options)
	if err != nil {
		return nil, fmt.Errorf("setting up the hubspot client: %w", err)
	}
	return &Client{Reader: s.reader(), session: s}, nil
}

// reader is a Reader on a copy of the session whose transport lets reads through
// and nothing else.
func (s *session) reader() *Reader {
	guarded := *s
	guarded.transport = readOnly{s.transport}
	return &Reader{session: &guarded}
}

func newSession(o Options) (*session, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	s := &session{base: base, token: o.Token, version: o.Version, transport: o.Transport, userAgent: o.UserAgent, observe: o.Observe}
	if s.version == "" {
		s.version = V3
	}
	if !s.version.Valid() {
		return nil, fmt.Errorf("unknown API version %q: use v3, 2026-03 or 2026-09", s.version)
	}
	inFlight := o.InFlight
	if inFlight == 0 {
		inFlight = defaultInFlight
	}
	if inFlight < 1 || inFlight > MaxInFlight {
		return nil, fmt.Errorf("%d requests at once: use 1 to %d", inFlight, MaxInFlight)
	}
	if strings.ContainsFunc(o.Token.reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("the access token holds a space or a character that no token has: copy it again")
	}
	if s.transport == nil {
		s.transport = newTransport(new(net.Dialer).DialContext)
	}
	if s.userAgent == "" {
		s.userAgent = "contactsync"
	}
	if s.observe == nil {
		s.observe = func(Event) {}
	}
	s.gate = newGate(inFlight, base.Hostname() == "api.hubapi.com")
	s.requests, s.clock = new(counter), new(clock)
	return s, nil
}

func parseBase(text string) (*url.URL, error) {
	if text == "" {
		text = DefaultBaseURL
	}
	base, err := url.Parse(text)
	if err != nil || base.Hostname() == "" || base.User != nil || base.RawQuery != "" || strings.Trim(base.Path, "/") != "" {
		return nil, fmt.Errorf("the base URL must be scheme and host, such as %s", DefaultBaseURL)
	}
	local := base.Hostname() == "localhost" || net.ParseIP(base.Hostname()).IsLoopback()
	if base.Scheme != "https" && (base.Scheme != "http" || !local) {
		return nil, fmt.Errorf("the base URL must begin with https:// unless the host is this machine")
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host}, nil
}

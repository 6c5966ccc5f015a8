package hubspot

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// What a caller may branch on, with errors.Is.
var (
	ErrConflict      = errors.New("the record exists already")
	ErrNotFound      = errors.New("no such record")
	ErrRateLimited   = errors.New("hubspot kept refusing requests for its rate limit")
	ErrDailyLimit    = errors.New("the account's daily limit of requests is used up")
	ErrUnauthorized  = errors.New("hubspot does not accept the access token")
	ErrMissingScopes = errors.New("the access token lacks a scope")
	ErrValidation    = errors.New("hubspot refused the request as invalid")
	// ErrMigrating is a portal that takes no requests for hours. RetryAfter says how
	// long, up to a day (error handling guide, 477).
	ErrMigrating = errors.New("the portal is being moved to another data centre")

	// ErrUnknownOutcome is a write whose answer was lost or does not tell: it may
	// have been carried out. Read the records again before deciding.
	ErrUnknownOutcome = errors.New("the outcome is unknown")
	// ErrUnreachable is a server that no connection was made to.
	ErrUnreachable = errors.New("the portal cannot be reached")
	// ErrNotHubSpot is an answer that HubSpot does not give, such as the HTML page
	// of a proxy.
	ErrNotHubSpot = errors.New("the answer does not come from hubspot: is a proxy in between?")
	// ErrRedirect is a redirect; none is followed, since the token would go along.
	ErrRedirect = errors.New("the server redirects, and redirects are not followed")
	// ErrInconsistent is a well-formed answer that contradicts its request: records
	// nobody asked for, or a page that leads back to itself.
	ErrInconsistent = errors.New("the answer contradicts the request")
	// ErrListChanged is a list in which a record came twice and had changed in between:
	// records moved from page to page while it was read, and others can have moved the
	// other way and be missing.
	ErrListChanged = errors.New("the list changed while it was read")
	// ErrSearchTooBroad is a search with more than MaxSearchResults results.
	ErrSearchTooBroad = errors.New("the search matches more records than hubspot returns")
)

// Error is a refusal by HubSpot: a whole answer, or one entry of a batch answer's
// errors. Every field is optional but StatusCode, which is 0 in such an entry.
type Error struct {
	StatusCode    int
	Category      string // VALIDATION_ERROR, CONFLICT, …
	SubCategory   string
	Message       string // as HubSpot wrote it, so it may quote values; Error masks it
	PolicyName    string // of a 429: TEN_SECONDLY_ROLLING, SECONDLY, DAILY
	CorrelationID string
	RetryAfter    time.Duration // 0: not told; of what is told, the client waits 10 minutes at most
	Context       map[string][]string
	Details       []ErrorDetail
	Method, Path  string // Path is the route, without ids

	foreign bool // the body is not HubSpot's
}

// Error is one line for a person: the call, the status, and the message with its
// control characters visible and its addresses and values masked.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Method != "" {
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	}
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "%d ", e.StatusCode)
	}
	b.WriteString(e.summary())
	if e.StatusCode == statusMigrating && e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (it asks to come back in %v)", e.RetryAfter.Round(time.Second))
	}
	if e.CorrelationID != "" {
		fmt.Fprintf(&b, " (correlation ID %s)", printable(e.CorrelationID, 64))
	}
	return b.String()
}

func (e *Error) summary() string {
	var parts []string
	if e.Category != "" {
		parts = append(parts, printable(e.Category, 64))
	}
	if invalid := e.PropertyErrors(); len(invalid) > 0 {
		names := make([]string, len(invalid))
		for i, p := range invalid {
			names[i] = printable(strings.TrimSpace("property "+p.Name+" "+p.Code), 128)
		}
		return strings.Join(append(parts, strings.Join(names, ", ")), ": ")
	}
	switch scopes := e.MissingScopes(); {
	case len(scopes) == 1:
		parts = append(parts, "it needs the scope "+printable(scopes[0], 128))
	case len(scopes) > 1:
		parts = append(parts, "it needs one of the scopes "+printable(strings.Join(scopes, ", "), 300))
	case e.Message != "":
		parts = append(parts, mask(printable(e.Message, 300)))
	}
	if len(parts) == 0 {
		parts = append(parts, e.statusText())
	}
	if e.foreign {
		parts = append(parts, "is a proxy in between?")
	}
	return strings.Join(parts, ": ")
}

func (e *Error) statusText() string {
	switch e.StatusCode {
	case http.StatusLocked:
		return "locked: too many requests in a short time"
	case statusMigrating:
		return ErrMigrating.Error()
	}
	if text := http.StatusText(e.StatusCode); text != "" {
		return text
	}
	return "no reason given"
}

// Is reports what kind of refusal e is, for errors.Is with this package's
// sentinels. A body that is not HubSpot's proves nothing but ErrNotHubSpot and
// the rate limit.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrDailyLimit:
		return e.daily()
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests && !e.daily()
	case ErrNotHubSpot:
		return e.foreign
	}
	if e.foreign {
		return false
	}
	switch target {
	case ErrConflict:
		return e.StatusCode == http.StatusConflict || e.Category == "CONFLICT" || e.Category == "OBJECT_ALREADY_EXISTS"
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound || e.Category == "OBJECT_NOT_FOUND"
	case ErrMigrating:
		return e.StatusCode == statusMigrating
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrMissingScopes:
		return e.StatusCode == http.StatusForbidden || e.Category == "MISSING_SCOPES"
	case ErrValidation:
		return e.StatusCode == http.StatusBadRequest || e.Category == "VALIDATION_ERROR"
	}
	return false
}

func (e *Error) daily() bool {
	return e.StatusCode == http.StatusTooManyRequests &&
		(e.PolicyName == "DAILY" || strings.Contains(e.Message, "daily limit"))
}

// existingID finds the id in a conflict's message: HubSpot tells it nowhere else.
var existingID = regexp.MustCompile(`Existing ID: (\d+)`)

// ExistingID is the record that a conflict names ("Existing ID: 151").
func (e *Error) ExistingID() (string, bool) {
	match := existingID.FindStringSubmatch(e.Message)
	if match == nil {
		return "", false
	}
	return match[1], true
}

// MissingScopes are the scopes that HubSpot says are required, one of which the
// token lacks.
func (e *Error) MissingScopes() []string {
	var scopes []string
	for _, d := range e.Details {
		scopes = append(scopes, d.Context["requiredGranularScopes"]...)
		scopes = append(scopes, d.Context["requiredScopes"]...)
	}
	return scopes
}

package hubspot

import (
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// statusMigrating is HubSpot's own code for a portal that is being moved.
const statusMigrating = 477

// newError reads a refusal. HubSpot's guide calls every field optional, so any
// body makes an Error; one that is not JSON makes a foreign one.
func (s *session) newError(c call, a answer) *Error {
	e := &Error{Method: c.method, Path: c.shown, StatusCode: a.status, RetryAfter: retryAfter(a.header)}
	e.CorrelationID = s.token.scrub(a.header.Get("X-HubSpot-Correlation-Id"))
	var body ErrorBody
	switch {
	case len(a.body) == 0:
		return e
	case isHTML(a.header) || json.Unmarshal(a.body, &body) != nil:
		e.foreign = true
		e.Message = s.excerpt(a.body)
		return e
	}
	e.take(body, s.token)
	return e
}

// itemError is one entry of a batch answer's errors.
func itemError(c call, body ErrorBody, token Secret) *Error {
	e := &Error{Method: c.method, Path: c.shown}
	e.take(body, token)
	return e
}

// take takes a body over, with the token taken out of every text that is shown: what
// stands between may repeat the request anywhere.
func (e *Error) take(body ErrorBody, token Secret) {
	e.Context = body.Context
	e.Category, e.PolicyName, e.Message = token.scrub(body.Category), token.scrub(body.PolicyName), token.scrub(body.Message)
	e.Details = body.Errors
	for i := range e.Details {
		d := &e.Details[i]
		d.Message, d.Code, d.In = token.scrub(d.Message), token.scrub(d.Code), token.scrub(d.In)
		for _, texts := range d.Context {
			for j := range texts {
				texts[j] = token.scrub(texts[j])
			}
		}
	}
	if body.CorrelationID != "" {
		e.CorrelationID = token.scrub(body.CorrelationID)
	}
	if json.Unmarshal(body.SubCategory, &e.SubCategory) != nil {
		e.SubCategory = string(body.SubCategory) // an object in some APIs
	}
}

func isHTML(header http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && mediaType == "text/html"
}

// How long a server can make a run wait at once, and the longest time that is told.
const (
	maxRetryAfter  = 10 * time.Minute
	longestTelling = 7 * 24 * time.Hour
)

// retryAfter reads the header in both of its forms, seconds and a date. The date is one
// of the server's clock, so it is compared with that clock where the answer tells it, and
// not with the one of this machine. Zero means absent, unreadable or past.
func retryAfter(header http.Header) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(seconds, int(longestTelling/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestTelling)
}

// pause is how long to wait because the answer asks for it.
func (e *Error) pause() time.Duration { return min(e.RetryAfter, maxRetryAfter) }

// UnmarshalJSON reads what it can: a field of another shape than documented
// counts as absent, so that one odd entry does not hide the rest of an answer.
func (b *ErrorBody) UnmarshalJSON(data []byte) error {
	if plain, ok := parseError(string(data)); ok {
		*b = plain
		return nil
	}
	return b.readPatiently(data)
}

func (b *ErrorBody) readPatiently(data []byte) error {
	fields, err := jsonFields(data)
	if err != nil {
		return err
	}
	*b = ErrorBody{SubCategory: fields["subCategory"], Context: jsonLists(fields["context"])}
	b.Status = jsonText(fields["status"])
	b.Message = jsonText(fields["message"])
	b.CorrelationID = jsonText(fields["correlationId"])
	b.Category = jsonText(fields["category"])
	b.ErrorType = jsonText(fields["errorType"])
	b.PolicyName = jsonText(fields["policyName"])
	_ = json.Unmarshal(fields["errors"], &b.Errors)
	_ = json.Unmarshal(fields["links"], &b.Links)
	return nil
}

// UnmarshalJSON reads what it can, as ErrorBody does.
func (d *ErrorDetail) UnmarshalJSON(data []byte) error {
	fields, err := jsonFields(data)
	if err != nil {
		return err
	}
	*d = ErrorDetail{
		Message:     jsonText(fields["message"]),
		Code:        jsonText(fields["code"]),
		In:          jsonText(fields["in"]),
		SubCategory: jsonText(fields["subCategory"]),
		Context:     jsonLists(fields["context"]),
	}
	return nil
}

func jsonFields(data []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal(data, &fields)
	return fields, err
}

// jsonText is a string, or the number or literal as written; empty otherwise.
func jsonText(data json.RawMessage) string {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return text
	}
	if len(data) > 0 && data[0] != '{' && data[0] != '[' {
		return string(data)
	}
	return ""
}

// jsonLists is a context: each key's values as texts, whether they came as an
// array or alone.
func jsonLists(data json.RawMessage) map[string][]string {
	fields, err := jsonFields(data)
	if err != nil || len(fields) == 0 {
		return nil
	}
	lists := make(map[string][]string, len(fields))
	for key, value := range fields {
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			items = []json.RawMessage{value}
		}
		for _, item := range items {
			lists[key] = append(lists[key], jsonText(item))
		}
	}
	return lists
}

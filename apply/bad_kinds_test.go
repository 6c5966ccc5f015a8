package apply_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// A badKind is one way in which a request goes wrong: by a fault of the portal, or by
// a deed between the client and the portal.
type badKind struct {
	name  string
	fault crm.Fault
	do    deed
	batch bool          // only answers with results can go wrong this way
	omits bool          // the answer passes over in silence what was asked for
	lands time.Duration // the request may be carried out as late as this
}

// badKinds are the faults at every point of a run.
func badKinds() []badKind {
	const longestPatience = 120 * time.Second // of one attempt
	kinds := []badKind{
		{name: "reset before", fault: crm.Fault{Kind: crm.FaultDrop}},
		{name: "reset after the commit", fault: crm.Fault{Kind: crm.FaultDrop, AfterCommit: true}},
		{name: "stall", fault: crm.Fault{Kind: crm.FaultStall}},
		{name: "stall after the commit", fault: crm.Fault{Kind: crm.FaultStall, AfterCommit: true}},
		{name: "slow", fault: crm.Fault{Kind: crm.FaultDelay, For: longestPatience / 2}},
		{name: "late commit", fault: crm.Fault{Kind: crm.FaultDelay, For: longestPatience + time.Millisecond}, lands: longestPatience},
		{name: "very late commit", fault: crm.Fault{Kind: crm.FaultDelay, For: 10 * time.Minute}, lands: 10 * time.Minute},
		{name: "cut at 0", fault: crm.Fault{Kind: crm.FaultCut, AfterCommit: true}},
		{name: "cut at 40", fault: crm.Fault{Kind: crm.FaultCut, AfterCommit: true, Bytes: 40}},
		{name: "cut at 700", fault: crm.Fault{Kind: crm.FaultCut, AfterCommit: true, Bytes: 700}},
		{name: "drip", fault: crm.Fault{Kind: crm.FaultDrip, AfterCommit: true, Bytes: 512, Pause: 20 * time.Second}},
		{name: "429 rolling", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "TEN_SECONDLY_ROLLING", RetryAfter: 3}},
		{name: "429 secondly", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "SECONDLY"}},
		{name: "429 daily", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "DAILY"}},
		{name: "page with 200", fault: crm.Fault{Kind: crm.FaultPage, Status: http.StatusOK}},
		{name: "page with 200 after the commit", fault: crm.Fault{Kind: crm.FaultPage, Status: http.StatusOK, AfterCommit: true}},
		{name: "wrong JSON", fault: crm.Fault{Kind: crm.FaultWrongJSON, Text: `{"results":"none"}`}},
		{name: "wrong JSON after the commit", fault: crm.Fault{Kind: crm.FaultWrongJSON, Text: `{"results":[{}]}`, AfterCommit: true}},
		{name: "locked", fault: crm.Fault{Kind: crm.FaultLocked}},
		{name: "migrating", fault: crm.Fault{Kind: crm.FaultMigrating, RetryAfter: 60}},
		{name: "token revoked", fault: crm.Fault{Kind: crm.FaultUnauthorized}},
		{name: "scope missing", fault: crm.Fault{Kind: crm.FaultMissingScopes, Scopes: []string{"crm.objects.contacts.write"}}},
		{name: "half carried out", do: halfDone, batch: true, omits: true},
		{name: "one result missing", do: results(func(all []json.RawMessage) []json.RawMessage { return all[1:] }), batch: true, omits: true},
		{name: "one result twice", do: results(func(all []json.RawMessage) []json.RawMessage { return append(all, all[0]) }), batch: true},
		{name: "no results", do: results(func([]json.RawMessage) []json.RawMessage { return nil }), batch: true, omits: true},
		{name: "refused whole", do: answer(http.StatusBadRequest, `{"status":"error","category":"VALIDATION_ERROR","message":"no"}`)},
		{name: "panic", do: func(*http.Request, http.RoundTripper) (*http.Response, error) { panic("a defect") }},
	}
	for _, status := range []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout} {
		name := http.StatusText(status)
		kinds = append(kinds,
			badKind{name: name, fault: crm.Fault{Kind: crm.FaultStatus, Status: status}},
			badKind{name: name + " after the commit", fault: crm.Fault{Kind: crm.FaultStatus, Status: status, AfterCommit: true}},
			badKind{name: name + " as a page after the commit", fault: crm.Fault{Kind: crm.FaultStatus, Status: status, HTML: true, AfterCommit: true}})
	}
	return kinds
}

// halfDone lets the portal see the first half of a batch only; its answer says
// nothing of the rest.
func halfDone(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	var body map[string]json.RawMessage
	var inputs []json.RawMessage
	if err := errors.Join(json.NewDecoder(r.Body).Decode(&body), json.Unmarshal(body["inputs"], &inputs)); err != nil {
		return nil, err
	}
	half, err := json.Marshal(inputs[:(len(inputs)+1)/2])
	if err != nil {
		return nil, err
	}
	body["inputs"] = half
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	response, err := next.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusOK {
		response.StatusCode = http.StatusMultiStatus
	}
	return response, err
}

// results changes the results of an answer after the commit.
func results(change func([]json.RawMessage) []json.RawMessage) deed {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		var body map[string]json.RawMessage
		var all []json.RawMessage
		if err := errors.Join(json.NewDecoder(response.Body).Decode(&body), json.Unmarshal(body["results"], &all)); err != nil {
			return nil, err
		}
		if len(all) > 0 {
			all = change(all)
		}
		if body["results"], err = json.Marshal(all); err != nil {
			return nil, err
		}
		text, err := json.Marshal(body)
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		return response, err
	}
}

// answersResults reports whether a request is a batch whose answer has results.
func answersResults(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, "/batch/read") || strings.HasSuffix(r.URL.Path, "/batch/create") ||
		strings.HasSuffix(r.URL.Path, "/batch/update")
}

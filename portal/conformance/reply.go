package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

// reply is the whole answer to a request of a check.
type reply struct {
	request string
	hubspot.Answer
}

// send sends a request and remembers what it made. Once ctx has ended nothing more
// is sent; what is under way is finished, since the outcome of a request that was
// cut is unknown.
func (t *Target) send(ctx context.Context, method, path string, body any) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, err
	}
	answer, err := t.probe.Send(context.WithoutCancel(ctx), method, path, body)
	if err != nil {
		return reply{}, err
	}
	if answer.StatusCode/100 == 2 {
		t.ledger.note(method, path, answer.Body)
	}
	return reply{method + " " + path, answer}, nil
}

// do sends a request, wants a status, and decodes the answer into out unless that
// is nil.
func (t *Target) do(ctx context.Context, status int, method, path string, body, out any) error {
	r, err := t.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	if err := r.want(status); err != nil || out == nil {
		return err
	}
	return r.decode(out)
}

// Definitions lag behind their writes by moments (live report: 250 to 700 ms).
const (
	patience   = 10 * time.Second
	waitPeriod = 500 * time.Millisecond
)

// eventually reads a path until it is answered with a status, for as long as
// definitions may lag.
func (t *Target) eventually(ctx context.Context, status int, path string) error {
	for waited := time.Duration(0); ; waited += waitPeriod {
		err := t.do(ctx, status, http.MethodGet, path, nil, nil)
		if _, mismatch := errors.AsType[*Mismatch](err); !mismatch || waited >= patience {
			return err
		}
		if err := pause(ctx, waitPeriod); err != nil {
			return err
		}
	}
}

// refused sends a request and wants it refused, with a category unless that is "".
func (t *Target) refused(ctx context.Context, status int, category, method, path string, body any) (hubspot.ErrorBody, error) {
	var refusal hubspot.ErrorBody
	r, err := t.send(ctx, method, path, body)
	if err != nil {
		return refusal, err
	}
	if err := r.want(status); err != nil {
		return refusal, err
	}
	if err := r.decode(&refusal); err != nil {
		return refusal, err
	}
	if category != "" && refusal.Category != category {
		return refusal, r.mismatch(fmt.Sprintf("%d with category %s", status, category), "category "+quote(refusal.Category))
	}
	return refusal, nil
}

// want is a mismatch unless the answer has one of these statuses. A scope that the
// token lacks is no breach of the contract.
func (r reply) want(statuses ...int) error {
	if slices.Contains(statuses, r.StatusCode) {
		return nil
	}
	var body hubspot.ErrorBody
	_ = json.Unmarshal(r.Body, &body) // what is no error body has no category
	if r.StatusCode == http.StatusForbidden && body.Category == "MISSING_SCOPES" {
		return &Skip{"the access token lacks a scope: " + strings.Join(scopes(body), ", ")}
	}
	names := make([]string, len(statuses))
	for i, status := range statuses {
		names[i] = fmt.Sprint(status)
	}
	return r.mismatch("status "+strings.Join(names, " or "), r.shown())
}

func scopes(body hubspot.ErrorBody) []string {
	var names []string
	for _, detail := range body.Errors {
		names = append(names, detail.Context["requiredGranularScopes"]...)
	}
	return names
}

// shown is the answer in one line.
func (r reply) shown() string {
	var body hubspot.ErrorBody
	text := fmt.Sprintf("status %d", r.StatusCode)
	if json.Unmarshal(r.Body, &body) == nil && r.StatusCode >= 400 {
		text += " " + strings.TrimSpace(body.Category+" "+quote(clip(body.Message)))
	}
	return text
}

func (r reply) decode(out any) error {
	if err := json.Unmarshal(r.Body, out); err != nil {
		return r.mismatch("a JSON body", quote(clip(string(r.Body))))
	}
	return nil
}

func (r reply) mismatch(expected, got string) error {
	return &Mismatch{Request: r.request, Expected: expected, Got: got}
}

// equal is a mismatch unless what came is what was expected.
func equal[T any](request, what string, want, got T) error {
	if a, b := show(want), show(got); a != b {
		return &Mismatch{Request: request, Expected: what + " " + a, Got: b}
	}
	return nil
}

// holds is a mismatch unless ok.
func holds(request string, ok bool, expected string, got any) error {
	if ok {
		return nil
	}
	return &Mismatch{Request: request, Expected: expected, Got: show(got)}
}

// show writes a value as JSON does, shortened.
func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return clip(string(text))
}

func quote(text string) string { return fmt.Sprintf("%q", text) }

// longest is how much of a value stands in a result.
const longest = 300

func clip(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

package conformance_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/conformance"
	"github.com/contactsync/contactsync/portal/portaltest"
)

type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func answering(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// damage changes a good answer: its status, header or decoded body.
type damage struct {
	name string
	do   func(r *http.Request, answer *http.Response, body any) any
}

// The damages are small: what a portal that was written in a hurry gets wrong.
var damages = []damage{
	{"every success is a 200", func(_ *http.Request, a *http.Response, body any) any {
		if a.StatusCode/100 == 2 {
			a.StatusCode = http.StatusOK
		}
		return body
	}},
	{"every refusal is a 422", func(_ *http.Request, a *http.Response, body any) any {
		if a.StatusCode >= 400 {
			a.StatusCode = http.StatusUnprocessableEntity
		}
		return body
	}},
	{"refusals have no category, codes or context", without("category", "errors", "context", "correlationId")},
	{"no property has a value", replacing("properties", map[string]any{})},
	{"every property is there", func(_ *http.Request, _ *http.Response, body any) any {
		return each(body, func(m map[string]any) {
			if p, ok := m["properties"].(map[string]any); ok {
				p["contactsync_nowhere"], p["email"], p["jobtitle"] = nil, "x@example.com", "x"
			}
		})
	}},
	{"lists are empty", replacing("results", []any{})},
	{"pages are cut off", without("paging")},
	{"records are never archived", replacing("archived", false)},
	{"histories are the oldest first", func(_ *http.Request, _ *http.Response, body any) any {
		return each(body, func(m map[string]any) {
			for _, versions := range asMap(m["propertiesWithHistory"]) {
				if list, ok := versions.([]any); ok {
					slices.Reverse(list)
				}
			}
		})
	}},
	{"every id is the same", replacing("id", "1")},
	{"types are other ones", replacing("typeId", 5.0)},
	{"associations have no labels", without("labels", "associations", "associationTypes", "from")},
	{"updates are not kept", func(r *http.Request, _ *http.Response, body any) any {
		if r.Method == http.MethodGet {
			return each(body, func(m map[string]any) {
				for _, name := range []string{"firstname", "lifecyclestage"} {
					if _, set := asMap(m["properties"])[name]; set {
						asMap(m["properties"])[name] = "first"
					}
				}
			})
		}
		return body
	}},
	{"there are no limits of size", func(_ *http.Request, a *http.Response, body any) any {
		message, _ := asMap(body)["message"].(string)
		if a.StatusCode == http.StatusBadRequest && (strings.Contains(message, "number") || strings.Contains(message, "limit") || strings.Contains(message, "filter")) {
			a.StatusCode = http.StatusOK
			return map[string]any{"results": []any{}}
		}
		return body
	}},
	{"definitions are bare", without("modificationMetadata", "options", "groupName")},
	{"the account is bare", without("timeZone", "portalId")},
	{"rate headers count seconds, searches too", func(_ *http.Request, a *http.Response, body any) any {
		a.Header.Set("X-HubSpot-RateLimit-Max", "10")
		a.Header.Set("X-HubSpot-RateLimit-Interval-Milliseconds", "1000")
		return body
	}},
	{"pages are JSON", func(_ *http.Request, a *http.Response, body any) any {
		a.Header.Set("Content-Type", "application/json")
		return body
	}},
	{"owners are nobody", func(r *http.Request, _ *http.Response, body any) any {
		if strings.Contains(r.URL.Path, "/owners") {
			return map[string]any{"results": []any{map[string]any{"id": "x", "archived": true}}}
		}
		return body
	}},
}

func without(keys ...string) func(*http.Request, *http.Response, any) any {
	return func(_ *http.Request, _ *http.Response, body any) any {
		return each(body, func(m map[string]any) {
			for _, key := range keys {
				delete(m, key)
			}
		})
	}
}

func replacing(key string, value any) func(*http.Request, *http.Response, any) any {
	return func(_ *http.Request, _ *http.Response, body any) any {
		return each(body, func(m map[string]any) {
			if _, there := m[key]; there {
				m[key] = value
			}
		})
	}
}

// each changes every object inside a value.
func each(value any, change func(map[string]any)) any {
	switch v := value.(type) {
	case map[string]any:
		change(v)
		for _, inner := range v {
			each(inner, change)
		}
	case []any:
		for _, inner := range v {
			each(inner, change)
		}
	}
	return value
}

func asMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// damaged carries requests to a portal and damages the answers.
func damaged(t *testing.T, p *portal.Portal, d damage) http.RoundTripper {
	t.Helper()
	return carrier(func(r *http.Request) (*http.Response, error) {
		answer, err := p.Transport().RoundTrip(r)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
		}
		var body any
		if json.Unmarshal(text, &body) == nil {
			if text, err = json.Marshal(d.do(r, answer, body)); err != nil {
				t.Error(err)
			}
		} else {
			d.do(r, answer, nil)
		}
		answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(string(text))), int64(len(text))
		answer.Header.Set("Content-Length", strconv.Itoa(len(text)))
		return answer, nil
	})
}

// Every check fails on a portal that gets wrong what the check is about, and none
// ends the run for it.
func TestChecksCanFail(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs every check on every damaged portal")
	}
	failed := make(map[string]bool)
	for _, d := range damages {
		synctest.Test(t, func(t *testing.T) {
			p := portaltest.New(t, portal.Config{Limits: portal.Enterprise})
			owned(t, p)
			found := false
			for _, result := range run(t, damaged(t, p, d), hubspot.V3, conformance.Checks()).Results {
				if result.Outcome == conformance.Failed {
					failed[result.Check.Name], found = true, true
					if m := result.Mismatch; m.Request == "" || m.Expected == "" || m.Got == "" {
						t.Errorf("%s tells too little: %+v", result.Check.Name, m)
					}
				}
			}
			if !found {
				t.Errorf("no check notices that %s", d.name)
			}
		})
	}
	for _, check := range conformance.Checks() {
		if !failed[check.Name] {
			t.Errorf("%s passed on every damaged portal", check.Name)
		}
	}
}

// Definitions and labels that can be read some moments after they were made are as
// documented.
func TestDefinitionsThatLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{})
		made := time.Now()
		transport := carrier(func(r *http.Request) (*http.Response, error) {
			property := strings.HasPrefix(r.URL.Path, "/crm/v3/properties/contacts/contactsync_")
			label := strings.HasSuffix(r.URL.Path, "/labels")
			switch fresh := time.Since(made) < 700*time.Millisecond; {
			case r.Method == http.MethodPost && (label || r.URL.Path == "/crm/v3/properties/contacts"):
				made = time.Now()
			case r.Method == http.MethodGet && property && fresh:
				return answering(r, http.StatusNotFound, `{"category":"OBJECT_NOT_FOUND"}`), nil
			case r.Method == http.MethodGet && label && fresh:
				return answering(r, http.StatusOK, `{"results":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null},{"category":"HUBSPOT_DEFINED","typeId":1,"label":"Primary"}]}`), nil
			}
			return p.Transport().RoundTrip(r)
		})
		report := run(t, transport, hubspot.V3, conformance.Checks())
		for _, result := range report.Results {
			if result.Outcome == conformance.Failed {
				t.Error(explain(result))
			}
		}
		if names := defined(t, p); len(names) > 0 || len(report.Left) > 0 {
			t.Errorf("%v are left, of which it tells %v", names, report.Left)
		}
	})
}

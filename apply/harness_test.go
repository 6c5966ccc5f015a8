package apply_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// A bench is a real portal, a client of its own to fill and inspect it, and the
// client that a test's run goes through.
type bench struct {
	t      *testing.T
	portal *portal.Portal
	own    *hubspot.Client
	remote *hubspot.Client
}

// newBench opens a portal; wrap stands between the run's client and it.
func newBench(t *testing.T, config portal.Config, wrap func(http.RoundTripper) http.RoundTripper) *bench {
	t.Helper()
	p := portaltest.New(t, config)
	through := p.Transport()
	if wrap != nil {
		through = wrap(through)
	}
	return &bench{t: t, portal: p, own: client(t, p.Transport(), hubspot.V3), remote: client(t, through, hubspot.V3)}
}

// newStrictBench opens a portal of which each create must give a last name. That is
// refused by the paths of 2026-09 alone, which the run's client therefore uses.
func newStrictBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, portal.Config{RequiredOnCreate: []string{"lastname"}}, nil)
	b.remote = client(t, b.portal.Transport(), hubspot.V202609)
	return b
}

func client(t *testing.T, transport http.RoundTripper, version hubspot.Version) *hubspot.Client {
	t.Helper()
	c, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: transport, Version: version})
	if err != nil {
		t.Fatalf("making a client: %v", err)
	}
	return c
}

// add creates records and returns their ids.
func (b *bench) add(objectType string, properties ...map[string]string) []crm.ObjectID {
	b.t.Helper()
	return portaltest.Create(b.t, b.own, objectType, properties...)
}

// people adds n contacts, person0@example.com and so on.
func (b *bench) people(n int) []crm.ObjectID {
	b.t.Helper()
	properties := make([]map[string]string, n)
	for i := range properties {
		properties[i] = map[string]string{"email": address(i), "lastname": "Before"}
	}
	return b.add("contacts", properties...)
}

func address(i int) string { return fmt.Sprintf("person%d@example.com", i) }

// text reads one property of one contact; "" when there is no such contact.
func (b *bench) text(id crm.ObjectID, name string) string {
	b.t.Helper()
	answer, err := b.own.BatchRead(b.t.Context(), "contacts", hubspot.BatchReadRequest{
		Properties: []string{name}, Inputs: []hubspot.RecordID{{ID: hubspot.FlexID(id)}},
	}, false)
	if err != nil {
		b.t.Fatalf("reading contact %s: %v", id, err)
	}
	if len(answer.Found) == 0 || answer.Found[0].Object.Properties[name] == nil {
		return ""
	}
	return *answer.Found[0].Object.Properties[name]
}

// set writes one property of one contact behind the run's back.
func (b *bench) set(id crm.ObjectID, name, text string) {
	b.t.Helper()
	if _, err := b.own.UpdateObject(b.t.Context(), "contacts", string(id), map[string]string{name: text}); err != nil {
		b.t.Fatalf("changing contact %s: %v", id, err)
	}
}

// holders counts the live contacts with an address.
func (b *bench) holders(email string) int {
	b.t.Helper()
	n := 0
	for page, err := range b.own.Objects(b.t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"email"}}) {
		if err != nil {
			b.t.Fatalf("listing contacts: %v", err)
		}
		for _, object := range page {
			if text := object.Properties["email"]; text != nil && *text == email {
				n++
			}
		}
	}
	return n
}

// plan wraps changes, with limits that allow them.
func (b *bench) plan(changes ...plan.Change) *plan.Plan {
	const many = 1 << 20
	return &plan.Plan{
		Portal: b.portal.AccountID(), Changes: changes,
		Limits: plan.Limits{Archive: many, Create: many, Update: many, Clear: many, Overwrite: many, StageBack: many},
	}
}

// run applies changes that were read a moment ago.
func (b *bench) run(changes ...plan.Change) *apply.Result {
	b.t.Helper()
	result, err := apply.Run(b.t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now()})
	if err != nil {
		b.t.Fatalf("applying: %v", err)
	}
	return result
}

// during counts the requests that f makes, by method and path.
func (b *bench) during(f func()) portal.Requests {
	before := b.portal.Requests()
	f()
	return b.portal.Requests().Since(before)
}

func update(id crm.ObjectID, email, name, before, after string) plan.Change {
	return plan.Change{
		Action: plan.Update, ID: id, Email: crm.Email(email),
		Properties: []plan.PropertyChange{{Name: name, Before: before, After: after, Origin: plan.OriginContact}},
	}
}

func create(email string, values ...crm.Value) plan.Change {
	change := plan.Change{Action: plan.Create, Email: crm.Email(email)}
	for _, value := range values {
		change.Properties = append(change.Properties, plan.PropertyChange{Name: value.Name, After: value.Text, Origin: plan.OriginContact})
	}
	return change
}

func archive(id crm.ObjectID, email string) plan.Change {
	return plan.Change{Action: plan.Archive, ID: id, Email: crm.Email(email)}
}

// outcomes are those of all entries, in order.
func outcomes(result *apply.Result) []apply.Outcome {
	list := make([]apply.Outcome, len(result.Entries))
	for i, entry := range result.Entries {
		list[i] = entry.Outcome
	}
	return list
}

// A fault does something to the requests whose path ends in suffix, from the
// first-th to the last-th of them, counted from 1.
type fault struct {
	suffix      string
	first, last int
	do          deed

	mu    sync.Mutex
	seen  int
	fired int
}

func (f *fault) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, f.suffix) {
			return next.RoundTrip(r)
		}
		f.mu.Lock()
		f.seen++
		fire := f.seen >= f.first && f.seen <= f.last
		if fire {
			f.fired++
		}
		f.mu.Unlock()
		if !fire {
			return next.RoundTrip(r)
		}
		return f.do(r, next)
	})
}

// A deed is done in place of a round trip.
type deed func(r *http.Request, next http.RoundTripper) (*http.Response, error)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// loseAnswer lets the portal carry a request out and cuts the connection then.
func loseAnswer(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"status":"COMP`), broken{}))
	response.ContentLength = -1
	return response, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// answer replies in the portal's stead; the request is not carried out.
func answer(status int, body string) deed {
	return func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		if r.Body != nil {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return nil, err
			}
		}
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
			Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
		}, nil
	}
}

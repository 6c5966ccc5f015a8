package apply_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// updates change the last name of each contact that people added.
func (b *bench) updates(ids []crm.ObjectID) []plan.Change {
	changes := make([]plan.Change, len(ids))
	for i, id := range ids {
		changes[i] = update(id, address(i), "lastname", "Before", "After")
	}
	return changes
}

func TestRefusalsThatHoldForEveryRequestStopTheRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   error
	}{
		{"token revoked", 401, `{"status":"error","category":"INVALID_AUTHENTICATION","message":"no"}`, hubspot.ErrUnauthorized},
		{"scope missing", 403, `{"status":"error","category":"MISSING_SCOPES","message":"no"}`, hubspot.ErrMissingScopes},
		{"daily limit", 429, `{"status":"error","policyName":"DAILY","message":"You have reached your daily limit."}`, hubspot.ErrDailyLimit},
		{"property gone", 400, `{"status":"error","category":"VALIDATION_ERROR","message":"no","errors":[{"code":"PROPERTY_DOESNT_EXIST","message":"gone","context":{"propertyName":["lastname"]}}]}`, apply.ErrPropertyGone},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fault{suffix: "/contacts/batch/update", first: 2, last: 99, do: answer(test.status, test.body)}
				b := newBench(t, portal.Config{}, f.wrap)
				changes := b.updates(b.people(500))
				changes = append(changes, create("new@example.com"))
				result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
				if !errors.Is(err, test.want) {
					t.Errorf("the error is %v, want %v", err, test.want)
				}
				want := slices.Concat(slices.Repeat([]apply.Outcome{apply.Applied}, 100), slices.Repeat([]apply.Outcome{apply.Skipped}, 401))
				if diff := cmp.Diff(want, outcomes(result)); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				if f.seen != 2 || result.Stopped == "" {
					t.Errorf("%d update requests, stopped %q", f.seen, result.Stopped)
				}
			})
		})
	}
}

func TestInterruptedRunLetsItsRequestsFinish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		slow := &fault{suffix: "/contacts/batch/update", first: 1, last: 99, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			cancel()
			time.Sleep(20 * time.Second)
			return next.RoundTrip(r)
		}}
		b := newBench(t, portal.Config{}, slow.wrap)
		ids := b.people(300)
		result, err := apply.Run(ctx, b.remote, b.plan(b.updates(ids)...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		want := slices.Concat(slices.Repeat([]apply.Outcome{apply.Applied}, 100), slices.Repeat([]apply.Outcome{apply.Skipped}, 200))
		if diff := cmp.Diff(want, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

func TestInterruptedRunEndsAfterThirtySeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stuck := &fault{suffix: "/contacts/batch/update", first: 1, last: 1, do: func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
			cancel()
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		b := newBench(t, portal.Config{}, stuck.wrap)
		ids := b.people(1)
		result, err := apply.Run(ctx, b.remote, b.plan(b.updates(ids)...), apply.Options{ReadAt: time.Now()})
		if !errors.Is(err, context.Canceled) || result.Duration != 30*time.Second {
			t.Errorf("ended after %s with %v", result.Duration, err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Unknown}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

func TestPanicOfAWorkerEndsTheRunWithItsResult(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/contacts/batch/update", first: 2, last: 2, do: func(*http.Request, http.RoundTripper) (*http.Response, error) {
		panic("defect")
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	result, err := apply.Run(t.Context(), b.remote, b.plan(b.updates(b.people(300))...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
	if !errors.Is(err, apply.ErrPanic) {
		t.Errorf("the error is %v", err)
	}
	want := slices.Concat(
		slices.Repeat([]apply.Outcome{apply.Applied}, 100),
		slices.Repeat([]apply.Outcome{apply.Unknown}, 100),
		slices.Repeat([]apply.Outcome{apply.Skipped}, 100),
	)
	if diff := cmp.Diff(want, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// A panic before anything of a batch was sent leaves its contacts as not tried.
func TestPanicBeforeABatchIsSentSkipsIt(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/contacts/batch/read", first: 2, last: 2, do: func(*http.Request, http.RoundTripper) (*http.Response, error) {
		panic("defect")
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	result, err := apply.Run(t.Context(), b.remote, b.plan(b.updates(b.people(300))...), apply.Options{Concurrency: 1})
	if !errors.Is(err, apply.ErrPanic) || result.Complete() {
		t.Errorf("the error is %v; counts %+v", err, result.Counts)
	}
	want := slices.Concat(slices.Repeat([]apply.Outcome{apply.Applied}, 100), slices.Repeat([]apply.Outcome{apply.Skipped}, 200))
	if diff := cmp.Diff(want, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// A panic between two stages, where it is read who the contacts are whose associations
// come next, leaves what was written before in the result.
func TestPanicBetweenStagesEndsTheRunWithItsResult(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/companies/batch/read", first: 1, last: 1, do: func(*http.Request, http.RoundTripper) (*http.Response, error) {
		panic("defect")
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	ids, company := b.people(2), b.add("companies", map[string]string{"domain": "acme.example"})[0]
	result, err := apply.Run(t.Context(), b.remote, b.plan(update(ids[0], address(0), "lastname", "Before", "After"), associate(ids[1], address(1), company)), apply.Options{})
	if !errors.Is(err, apply.ErrPanic) || result == nil {
		t.Fatalf("the run ended with %v, %+v", err, result)
	}
	if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Skipped}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func TestFailFastStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	result, err := apply.Run(t.Context(), b.remote, b.plan(
		update(ids[0], address(0), "hs_lead_status", "", "no such option"),
		create("new@example.com"),
	), apply.Options{ReadAt: time.Now(), FailFast: true})
	if err != nil {
		t.Errorf("a failed change is an outcome, not an error: %v", err)
	}
	if diff := cmp.Diff([]apply.Outcome{apply.Failed, apply.Skipped}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func TestBrakeStopsABadRun(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	changes := make([]plan.Change, 10)
	for i, id := range b.people(len(changes)) {
		changes[i] = update(id, address(i), "hs_lead_status", "", "no such option")
	}
	// Three whole batches fail: ten updates, ten creates, ten links.
	for i := range 10 {
		changes = append(changes, create("not an address "+string(rune('a'+i))))
	}
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	for i, id := range b.add("contacts", map[string]string{"email": "x@example.com"}, map[string]string{"email": "y@example.com"}) {
		changes = append(changes, associate(id, []string{"x@example.com", "y@example.com"}[i], company, crm.AssociationType{Category: crm.UserDefined, TypeID: 9999, Label: "No such label"}))
	}
	changes = append(changes, archive(b.add("contacts", map[string]string{"email": "z@example.com"})[0], "z@example.com"))
	result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now()})
	if !errors.Is(err, apply.ErrBrake) || !strings.Contains(result.Stopped, "3 batches in a row") {
		t.Errorf("stopped %q with %v", result.Stopped, err)
	}
	if got := result.Counts; got.Failed != 22 || got.Skipped != 1 {
		t.Errorf("counts %+v", got)
	}
}

// More than 5 % of failures ends a run, but not before 20 batches tell.
func TestBrakeCountsFailuresAfterTwentyBatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		bad  int // of the 1,000 updates in 10 batches, which precede 15 batches of creates
		want error
	}{{40, nil}, {140, apply.ErrBrake}} {
		t.Run(fmt.Sprint(test.bad), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			changes := b.updates(b.people(1000))
			for i := range test.bad {
				changes[i*7].Properties = []plan.PropertyChange{{Name: "hs_lead_status", After: "no such option"}}
			}
			for i := range 1500 {
				changes = append(changes, create(fmt.Sprintf("new%d@example.com", i)))
			}
			result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
			if !errors.Is(err, test.want) {
				t.Errorf("the error is %v, want %v", err, test.want)
			}
			created := 1500
			if test.want != nil {
				created = 1000
			}
			if result.Counts.Failed != test.bad || result.Counts.Created != created {
				t.Errorf("counts %+v", result.Counts)
			}
		})
	}
}

func TestPlanOfAnotherPortalIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	p := b.plan(create("ada@example.com"))
	p.Portal = "1"
	var refusal *apply.PortalError
	requests := b.during(func() {
		if _, err := apply.Run(t.Context(), b.remote, p, apply.Options{}); !errors.As(err, &refusal) || refusal.Planned != "1" {
			t.Errorf("the error is %v", err)
		}
	})
	if requests.Mutations() != 0 {
		t.Errorf("requests: %v", requests)
	}
}

func TestPlanOverItsLimitsIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	p := b.plan(archive(b.people(1)[0], address(0)))
	p.Limits.Archive = 0
	var refusal *apply.LimitError
	requests := b.during(func() {
		if _, err := apply.Run(t.Context(), b.remote, p, apply.Options{}); !errors.As(err, &refusal) {
			t.Errorf("the error is %v", err)
		}
	})
	if requests.Mutations() != 0 {
		t.Errorf("requests: %v", requests)
	}
}

// What a defect is told with names the place and holds no value of a contact.
func TestDefectTellsItsPlaceAndNoValue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(values []string)
		want string
	}{
		"text":    {func(values []string) { panic("kanary " + values[0]) }, "a panic with a value of type string"},
		"error":   {func(values []string) { panic(errors.New(values[0])) }, "a panic with a value of type *errors.errorString"},
		"runtime": {func(values []string) { _ = values[len(values)] }, "index out of range [1] with length 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fault{suffix: "/contacts/batch/update", first: 1, last: 1, do: func(*http.Request, http.RoundTripper) (*http.Response, error) {
				test.do([]string{"kanary"})
				return nil, io.EOF
			}}
			b := newBench(t, portal.Config{}, f.wrap)
			_, err := apply.Run(t.Context(), b.remote, b.plan(b.updates(b.people(1))...), apply.Options{ReadAt: time.Now()})
			if !errors.Is(err, apply.ErrPanic) {
				t.Fatalf("the error is %v", err)
			}
			text := err.Error()
			if strings.Contains(text, "kanary") || strings.Contains(text, "\n") || !strings.Contains(text, test.want) || !strings.Contains(text, "(stop_test.go:") {
				t.Errorf("it says %s", text)
			}
		})
	}
}

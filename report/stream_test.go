package report_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/schema"
)

// streamed is a stream that tells of everything there is.
func streamed(o report.Options) string {
	var out strings.Builder
	s := report.NewStream(&out, "v1.2.3", "apply")
	s.With(o)
	p := small()
	s.Read(3, false)
	s.Read(12, true)
	s.Diagnostics(diag.List{unknownKey(), twice()})
	s.Plan(p, smallStats())
	s.ApplyStart(p, "20261123T164210Z")
	s.Throttled("POST", "/crm/v3/objects/contacts/batch/update", 1200*time.Millisecond, "the 10-second limit")
	s.Retry("POST", "/crm/v3/objects/contacts/batch/update", 502, 2, time.Second, "502")
	s.Applying(apply.Event{Kind: apply.EventItem, Step: apply.Create, Change: 0, Entry: apply.Entry{
		Outcome: apply.Failed, ID: "151", Reason: "refused", Message: "kim@example.com exists already",
	}})
	s.Applying(apply.Event{Kind: apply.EventStep, Step: apply.Create, Done: 1, Total: 1})
	s.Applying(apply.Event{Kind: apply.EventStopped, Reason: "interrupted"})
	s.ApplyComplete(&apply.Result{Counts: apply.Counts{Created: 1, Failed: 2}, Requests: 4, Duration: time.Second, Stopped: "interrupted"},
		report.Run{ID: "20261123T164210Z", Failed: "failed.yaml", Verdict: 5})
	s.Failure("the portal cannot be reached", "dialling", "Check the network.")
	return out.String()
}

// Every line is as the published schema says, and every type of event is told.
func TestEveryEventFitsTheSchema(t *testing.T) {
	t.Parallel()
	for _, pii := range []report.PII{report.Full, report.Mask, report.None} {
		types := make(map[string]bool)
		for line := range strings.Lines(streamed(report.Options{PII: pii, Key: key, Definitions: definitions().Properties})) {
			var event any
			if err := json.Unmarshal([]byte(line), &event); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if err := schema.Validate(schema.Events, event); err != nil {
				t.Errorf("pii %s: %v: %s", pii, err, line)
			}
			kind, _ := event.(map[string]any)["type"].(string)
			types[kind] = true
			if schema.Validate(schema.Events, map[string]any{"type": kind, "another": true}) == nil {
				t.Errorf("the schema takes a field of %s that nobody writes", kind)
			}
		}
		if want := 12; len(types) != want {
			t.Errorf("%d types of events are told, want %d: %v", len(types), want, types)
		}
	}
}

func TestEventsAreMasked(t *testing.T) {
	t.Parallel()
	full := streamed(report.Options{PII: report.Full})
	for _, private := range []string{"ada@example.com", "kim@example.com"} {
		if !strings.Contains(full, private) {
			t.Errorf("a full stream lacks %s", private)
		}
		for _, pii := range []report.PII{report.Mask, report.None} {
			if strings.Contains(streamed(report.Options{PII: pii, Key: key}), private) {
				t.Errorf("a stream with pii %s tells %s", pii, private)
			}
		}
	}
}

// The sum of all kinds grows to the number that apply_start names.
func TestApplyProgressSumsKinds(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := report.NewStream(&out, "v1.2.3", "apply")
	s.ApplyStart(small(), "run")
	s.Applying(apply.Event{Kind: apply.EventStep, Step: apply.Update, Done: 2, Total: 2})
	s.Applying(apply.Event{Kind: apply.EventStep, Step: apply.Create, Done: 1, Total: 2})
	s.Applying(apply.Event{Kind: apply.EventStep, Step: apply.Create, Done: 2, Total: 2})
	var got []int
	for line := range strings.Lines(out.String()) {
		var event struct {
			Type string
			Done int
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		if event.Type == "apply_progress" {
			got = append(got, event.Done)
		}
	}
	if diff := cmp.Diff([]int{2, 3, 4}, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

type full struct{ lines int }

func (f *full) Write(p []byte) (int, error) {
	if f.lines == 0 {
		return 0, errors.New("no space left")
	}
	f.lines--
	return len(p), nil
}

// A stream that cannot be written says so once it is asked, and stops nothing.
func TestBrokenStream(t *testing.T) {
	t.Parallel()
	s := report.NewStream(&full{lines: 2}, "v1.2.3", "plan")
	for range 3 {
		s.Read(1, false)
	}
	if s.Err() == nil {
		t.Error("the stream claims to be complete")
	}
	var none *report.Stream
	none.Read(1, true)
	none.With(report.Options{})
	none.Diagnostics(diag.List{unknownKey()})
	none.Plan(small(), smallStats())
	none.Applying(apply.Event{Kind: apply.EventStep})
	if none.Err() != nil {
		t.Error("no stream has an error")
	}
}

// The order of the plan is the order of its events.
func TestPlannedChangesAreInOrder(t *testing.T) {
	t.Parallel()
	var got []string
	for line := range strings.Lines(streamed(report.Options{PII: report.Full})) {
		var event struct {
			Type   string
			Change struct{ Email string }
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		if event.Type == "planned_change" {
			got = append(got, event.Change.Email)
		}
	}
	var want []string
	for _, change := range small().Changes {
		want = append(want, string(change.Email))
	}
	if !slices.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
}

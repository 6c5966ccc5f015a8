package report

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
)

// streamVersion is the version of the event stream. Types of events and fields may be
// added under the same first number; a field that changes its meaning or goes away
// raises it.
const streamVersion = "1.0"

// Stream writes what a command does, as it does it, for programs: one JSON document a
// line, in the words of schema/events.schema.json, the version first. Its methods may
// be called from several goroutines. A nil Stream writes nothing.
//
// Personal data is masked as in reports; see With.
type Stream struct {
	mu      sync.Mutex
	encoder *json.Encoder
	options Options
	err     error
	plan    *plan.Plan
	done    map[apply.Kind]int
	total   int
}

// NewStream begins a stream with the line of its version: the release of the program
// and the command that runs.
func NewStream(w io.Writer, release, command string) *Stream {
	s := &Stream{encoder: newEncoder(w)}
	s.put(versionEvent{"version", streamVersion, release, command})
	return s
}

// With sets how people and values appear from here on.
func (s *Stream) With(o Options) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options = o
}

// Err is why the stream could not be written in full; nil when it was.
func (s *Stream) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// put writes one event. After an error nothing more is written: what a command does
// must not depend on who listens.
func (s *Stream) put(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if err := s.encoder.Encode(event); err != nil {
		s.err = fmt.Errorf("writing an event: %w", err)
	}
}

func (s *Stream) set() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.options
}

// Diagnostics tells each diagnostic of a list.
func (s *Stream) Diagnostics(list diag.List) {
	if s == nil {
		return
	}
	for _, document := range jsonDiagnostics(list, s.set()) {
		s.put(diagnosticEvent{"diagnostic", document})
	}
}

// Failure tells why a command ended without a result: as a diagnostic without code.
func (s *Stream) Failure(what, detail, next string) {
	if s == nil {
		return
	}
	o := s.set()
	s.put(diagnosticEvent{"diagnostic", jsonDiagnostic{
		Severity: diag.Error.String(), Summary: o.Prose(what), Detail: o.Prose(detail), Hint: o.Prose(next),
	}})
}

// Read tells how many requests reading the portal took so far, and whether that is all.
func (s *Stream) Read(requests int, done bool) {
	if s != nil {
		s.put(readEvent{"read_progress", requests, done})
	}
}

// Plan tells each change of a plan, then what they amount to.
func (s *Stream) Plan(p *plan.Plan, stats Stats) {
	if s == nil {
		return
	}
	o := s.set()
	for _, change := range p.Changes {
		s.put(plannedEvent{"planned_change", o.changeDocument(change)})
	}
	s.put(summaryEvent{
		"change_summary",
		portalDocument{stats.Portal, stats.Account, stats.Kind, stats.Version},
		p.Digest(),
		p.Counts, p.Summary(), o.consequences(p), costOf(p, stats).requests,
	})
}

// Throttled tells that a request waits for the portal's limit.
func (s *Stream) Throttled(method, path string, wait time.Duration, reason string) {
	if s != nil {
		s.put(throttledEvent{"throttled", method, path, wait.Seconds(), s.set().Prose(reason)})
	}
}

// Retry tells that a request is sent again; a status of 0 is no answer.
func (s *Stream) Retry(method, path string, status, attempt int, wait time.Duration, reason string) {
	if s != nil {
		s.put(retryEvent{"retry", method, path, status, attempt, wait.Seconds(), s.set().Prose(reason)})
	}
}

// ApplyStart tells that a plan is about to be written; Applying and ApplyComplete are
// about the same plan.
func (s *Stream) ApplyStart(p *plan.Plan, run string) {
	if s == nil {
		return
	}
	requests := 0
	s.plan, s.done, s.total = p, make(map[apply.Kind]int), 0
	for _, stage := range apply.Stages(p) {
		requests += len(stage)
		for _, step := range stage {
			s.total += len(step.Items)
		}
	}
	s.put(startEvent{"apply_start", run, len(p.Changes), s.total, requests})
}

// Applying tells of what apply.Run observes; it is called as apply.Options.Observe is,
// one call at a time.
func (s *Stream) Applying(event apply.Event) {
	if s == nil {
		return
	}
	switch event.Kind {
	case apply.EventStep:
		s.done[event.Step] = event.Done
		sum := 0
		for _, done := range s.done {
			sum += done
		}
		s.put(batchEvent{"batch_complete", event.Step.String(), event.Done, event.Total})
		s.put(progressEvent{"apply_progress", sum, s.total})
	case apply.EventItem:
		o := s.set()
		s.put(itemEvent{"item_failed", event.Step.String(), o.entryDocument(s.plan.Changes[event.Change], event.Entry)})
	case apply.EventStopped:
		// ApplyComplete says why, beside what was written until then.
	}
}

// ApplyComplete tells how an apply ended.
func (s *Stream) ApplyComplete(r *apply.Result, run Run) {
	if s == nil {
		return
	}
	s.put(completeEvent{
		"apply_complete", run.Verdict, run.ID, run.Failed, s.set().Prose(r.Stopped),
		countsDocument(r.Counts), r.Requests, r.Duration.Seconds(),
	})
}

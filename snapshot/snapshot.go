// Package snapshot reads from a portal what a desired state needs to be compared
// with it, in as few requests as possible: the portal's definitions, and the live
// contacts, in batches and in any order. It also reads a whole portal into a
// desired state: an export.
//
// Everything here holds a hubspot.Reader, which cannot write. What a contact is, is
// never taken from search, whose index lags behind: search only says whom to read.
package snapshot

import (
	"context"
	"iter"
	"slices"

	"github.com/sourcegraph/conc/panics"

	"github.com/contactsync/contactsync/hubspot"
)

// The object type of contacts in API paths.
const contacts = "contacts"

// judged are the properties that judging a contact needs, whether a file names
// them or not.
var judged = []string{
	"email",                // the key
	"firstname",            // with lastname: who it is, in reports and where a rename is suspected
	"hs_additional_emails", // secondary addresses, which are the contact's as well
	"hs_email_optout",      // a rename drops the opt-out, and reviewers want to see it
	"lastmodifieddate",     // what a reviewer asks before an archive
	"lastname",
	"lifecyclestage",       // moves forward only
	"num_associated_deals", // what an archive would take out of the sales
}

// inFlight bounds the requests that are prepared at once; the client paces them.
const inFlight = 16

// tasks runs requests at the same time and hands their results to one goroutine,
// the caller's, which may add more while it goes.
type tasks[T any] struct {
	results chan result[T]
	waiting []func(context.Context) (T, error)
	running int
}

type result[T any] struct {
	value T
	err   error
}

func newTasks[T any]() *tasks[T] {
	return &tasks[T]{results: make(chan result[T], inFlight)}
}

func (t *tasks[T]) add(task func(context.Context) (T, error)) {
	t.waiting = append(t.waiting, task)
}

// next starts what may start and waits for one result; ok is false when nothing is
// left. A panic of a task comes back as its error.
func (t *tasks[T]) next(ctx context.Context) (value T, ok bool, err error) {
	t.start(ctx)
	if t.running == 0 {
		return value, false, nil
	}
	r := <-t.results
	t.running--
	return r.value, true, r.err
}

// start starts what may start.
func (t *tasks[T]) start(ctx context.Context) {
	for len(t.waiting) > 0 && t.running < inFlight {
		task := t.waiting[0]
		t.waiting = t.waiting[1:]
		t.running++
		go func() {
			var r result[T]
			if recovered := panics.Try(func() { r.value, r.err = task(ctx) }); recovered != nil {
				r.err = recovered.AsError()
			}
			t.results <- r
		}()
	}
}

// poll is next without waiting: ok is also false when no result has come yet.
func (t *tasks[T]) poll(ctx context.Context) (value T, ok bool, err error) {
	t.start(ctx)
	select {
	case r := <-t.results:
		t.running--
		return r.value, true, r.err
	default:
		return value, false, nil
	}
}

// drain waits for what still runs.
func (t *tasks[T]) drain() {
	t.waiting = nil
	for ; t.running > 0; t.running-- {
		<-t.results
	}
}

func recordIDs(texts []string) []hubspot.RecordID {
	inputs := make([]hubspot.RecordID, len(texts))
	for i, text := range texts {
		inputs[i].ID = hubspot.FlexID(text)
	}
	return inputs
}

// grouped yields the runs of items, sorted by a key, that have it in common.
func grouped[T any, K comparable](items []T, key func(T) K) iter.Seq2[K, []T] {
	return func(yield func(K, []T) bool) {
		for len(items) > 0 {
			of := key(items[0])
			end := slices.IndexFunc(items, func(item T) bool { return key(item) != of })
			if end < 0 {
				end = len(items)
			}
			if !yield(of, items[:end]) {
				return
			}
			items = items[end:]
		}
	}
}

func sortedUnique(names ...[]string) []string {
	all := slices.Concat(names...)
	slices.Sort(all)
	return slices.Compact(all)
}

package apply_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// What a plan still wants after a run is the portal's doing where it never kept what was
// sent, and news where the value arrived and moved since.
func TestWhatRemainsAfterARunIsSorted(t *testing.T) {
	t.Parallel()
	shout := &fault{suffix: "/contacts/batch/update", first: 1, last: 1, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte(`"quiet"`), []byte(`"QUIET"`)) // a rule that no list tells of
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return next.RoundTrip(r)
	}}
	b := newBench(t, portal.Config{}, shout.wrap)
	ids := b.people(5)
	b.set(ids[1], "jobtitle", "quiet") // it was so once, and that proves nothing
	b.set(ids[1], "jobtitle", "loud")
	var changes []plan.Change
	for i, id := range ids[:4] {
		change := update(id, address(i), "jobtitle", b.text(id, "jobtitle"), "quiet")
		change.Live.LastModified = b.text(id, "lastmodifieddate")
		changes = append(changes, change)
	}
	changes[0].Properties[0].After = "arrives"
	changes[3].Properties[0].After = "arrives"
	done := b.plan(changes...)
	result, err := apply.Run(t.Context(), b.remote, done, apply.Options{ReadAt: time.Now()})
	if err != nil || !result.Complete() {
		t.Fatalf("ended with %v: %+v", err, result)
	}
	b.set(ids[0], "jobtitle", "moved by somebody")
	later := b.plan(
		update(ids[0], address(0), "jobtitle", "moved by somebody", "arrives"),
		update(ids[1], address(1), "jobtitle", "QUIET", "quiet"),
		update(ids[2], address(2), "jobtitle", "QUIET", "quiet"),
		update(ids[3], address(3), "lastname", "Elsewhere", "Before"),
		create(address(4)),
	)
	rules := map[string]crm.Property{"jobtitle": {Name: "jobtitle", Type: "string", Rules: []crm.ValidationRule{{Type: "FORMAT", Normalises: true}}}}
	got, err := apply.Remains(t.Context(), b.own.Reader, done, later, rules)
	if err != nil {
		t.Fatal(err)
	}
	rule := "the portal keeps another form of it, by its rule FORMAT: write it in that form"
	want := []apply.Remainder{
		{Change: 0, Field: "jobtitle", Reason: "it was written as planned, and changed since (source API)"},
		{Change: 1, Field: "jobtitle", Ours: true, Reason: rule},
		{Change: 2, Field: "jobtitle", Ours: true, Reason: rule},
		{Change: 3, Field: "lastname", Reason: "it was changed in the portal since the apply was planned"},
		{Change: 4, Reason: "nobody bears the address any more: the contact was archived, deleted or given another one since"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what remains (-want +got):\n%s", diff)
	}
}

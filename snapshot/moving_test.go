package snapshot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// turning makes pages of two contacts of every list, and lets something happen between
// the first one and the second, whose answer it may change.
func turning(between func(second map[string]any)) func(http.RoundTripper) http.RoundTripper {
	pages := 0
	return func(next http.RoundTripper) http.RoundTripper {
		return transport(func(request *http.Request) (*http.Response, error) {
			if request.URL.Path != "/crm/v3/objects/contacts" {
				return next.RoundTrip(request)
			}
			request = request.Clone(request.Context())
			query := request.URL.Query()
			query.Set("limit", "2")
			request.URL.RawQuery = query.Encode()
			if pages++; pages != 2 {
				return next.RoundTrip(request)
			}
			between(nil)
			response, err := next.RoundTrip(request)
			if err != nil {
				return nil, err
			}
			defer func() { _ = response.Body.Close() }()
			var answer map[string]any
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				return nil, err
			}
			between(answer)
			body, err := json.Marshal(answer)
			response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			response.Header.Del("Content-Length")
			return response, err
		})
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) { return t(request) }

// Contacts come, go and change while all are listed. Who was there all the time is in the
// result once, whatever happened to the others.
func TestListOfAPortalThatIsBeingChanged(t *testing.T) {
	t.Parallel()
	var b *bench
	var ids []crm.ObjectID
	b = newBench(t, turning(func(second map[string]any) {
		if second != nil {
			return
		}
		b.archive(ids[0]) // it was read
		b.archive(ids[4]) // it was not
		b.set(ids[1], "firstname", "Renamed")
		b.set(ids[5], "firstname", "Renamed")
		b.add("contacts", map[string]string{"email": "late@example.com"})
	}))
	ids = b.people(8)
	var got []string
	for _, contact := range contactsOf(b.export(snapshot.ExportOptions{Properties: []string{"firstname"}})) {
		text := string(contact.Email)
		for _, p := range contact.Properties {
			text += " " + p.Text
		}
		got = append(got, text)
	}
	want := []string{
		"late@example.com",
		address(0) + " Nr. 0", address(1) + " Nr. 1", address(2) + " Nr. 2", address(3) + " Nr. 3",
		address(5) + " Renamed", address(6) + " Nr. 6", address(7) + " Nr. 7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exported (-want +got):\n%s", diff)
	}
}

// A contact that comes twice, changed in between, shows that the list did not hold still,
// so others may be missing: an export ends, and a plan has its named contacts all the same.
func TestListThatDoesNotHoldStill(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]bool{"changed": true, "unchanged": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moving := func() (*bench, []crm.ObjectID) {
				var b *bench
				var ids []crm.ObjectID
				b = newBench(t, turning(func(second map[string]any) {
					switch {
					case second == nil && changed:
						b.set(ids[0], "firstname", "Renamed")
					case second != nil:
						// The first contact moved here, and the third one to the page that was read.
						results, _ := second["results"].([]any)
						results[0] = b.object(ids[0])
					}
				}))
				ids = b.people(5)
				return b, ids
			}
			b, _ := moving()
			_, err := snapshot.Document(t.Context(), b.reader, b.defined, snapshot.ExportOptions{})
			if errors.Is(err, hubspot.ErrListChanged) != changed || err != nil && !changed {
				t.Errorf("exporting: %v", err)
			}
			b, ids := moving()
			named := []spec.Contact{{Email: crm.Email(address(2))}}
			var found []crm.ObjectID
			var last error
			for batch, err := range snapshot.Owned(t.Context(), b.reader, owning(t, "all", named), b.defined) {
				last = err
				for _, contact := range batch.Contacts {
					found = append(found, contact.ID)
				}
			}
			if errors.Is(last, snapshot.ErrScopeIncomplete) != changed || last != nil && !changed {
				t.Errorf("reading what is owned: %v", last)
			}
			if !slices.Equal(found, ids[2:3]) {
				t.Errorf("the named contacts are %v, want %v", found, ids[2:3])
			}
		})
	}
}

// set changes a property of a contact.
func (b *bench) set(id crm.ObjectID, property, value string) {
	b.t.Helper()
	if _, err := b.own.UpdateObject(b.t.Context(), "contacts", string(id), map[string]string{property: value}); err != nil {
		b.t.Fatal(err)
	}
}

// object is a contact as a list tells of it.
func (b *bench) object(id crm.ObjectID) hubspot.Object {
	b.t.Helper()
	object, err := b.own.Object(b.t.Context(), "contacts", string(id), hubspot.GetOptions{Properties: []string{"email", "firstname"}})
	if err != nil {
		b.t.Fatal(err)
	}
	return object
}

package apply_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// An answer that passes over one of its inputs says nothing about it: it is read
// back.
func TestInputThatTheAnswerPassesOverIsReadBack(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/contacts/batch/create", first: 1, last: 1, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		var body hubspot.BatchResponse[hubspot.Object]
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
			return nil, err
		}
		body.Results = body.Results[1:]
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		return response, nil
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	result := b.run(create("a@example.com"), create("b@example.com"), create("c@example.com"))
	if !result.Complete() || f.seen != 1 {
		t.Errorf("after %d requests: %+v", f.seen, result.Entries)
	}
	for i, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		if b.holders(email) != 1 || b.text(result.Entries[i].ID, "email") != email {
			t.Errorf("%s is contact %s", email, result.Entries[i].ID)
		}
	}
}

// A merged contact is returned under the id of the one it was merged into.
func TestMergedContactIsStale(t *testing.T) {
	t.Parallel()
	var old crm.ObjectID
	f := &fault{suffix: "/contacts/batch/read", first: 1, last: 9, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		return answer(200, fmt.Sprintf(`{"status":"COMPLETE","startedAt":"","completedAt":"","results":[
			{"id":"777","properties":{"email":"person0@example.com","lastname":"Before","hs_merged_object_ids":%q}}]}`, old))(r, next)
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	old = b.people(1)[0]
	for _, change := range []plan.Change{update(old, address(0), "lastname", "Before", "After"), archive(old, address(0))} {
		result, err := apply.Run(t.Context(), b.remote, b.plan(change), apply.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if entry := result.Entries[0]; entry.Outcome != apply.Stale || !strings.Contains(entry.Reason, "contact 777") {
			t.Errorf("the entry is %+v", entry)
		}
	}
	if b.holders(address(0)) != 1 || b.text(old, "lastname") != "Before" {
		t.Error("the contact was written")
	}
}

func TestContactWithNewDealsIsNotArchived(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/contacts/batch/read", first: 1, last: 1}
	b := newBench(t, portal.Config{}, f.wrap)
	id := b.people(1)[0]
	f.do = answer(200, fmt.Sprintf(`{"status":"COMPLETE","startedAt":"","completedAt":"","results":[
		{"id":%q,"properties":{"email":"person0@example.com","num_associated_deals":"2"}}]}`, id))
	change := archive(id, address(0))
	change.Live.Deals = 1
	if entry := b.run(change).Entries[0]; entry.Outcome != apply.Stale || !strings.Contains(entry.Reason, "2 deals now, 1 when") {
		t.Errorf("the entry is %+v", entry)
	}
}

// HubSpot keeps instants in milliseconds and options in its own order: a contact
// that holds what was written, in that form, is ours.
func TestAdoptedContactMayHoldValuesInHubSpotsForm(t *testing.T) {
	t.Parallel()
	value := func(name, text string) crm.Value { return crm.Value{Name: name, Text: text} }
	for _, test := range []struct {
		planned crm.Value
		stored  string
		want    apply.Outcome
	}{
		{value("hs_buying_role", "END_USER;BLOCKER"), "BLOCKER;END_USER", apply.Applied},
		{value("hs_buying_role", "END_USER;BLOCKER"), "BLOCKER", apply.Stale},
		{value("hs_last_metered_enrichment_timestamp", "2026-01-02T03:04:05Z"), "2026-01-02T03:04:05.000Z", apply.Applied},
		{value("hs_last_metered_enrichment_timestamp", "1767323045000"), "2026-01-02T03:04:05Z", apply.Applied},
		{value("hs_last_metered_enrichment_timestamp", "2026-01-02T03:04:05Z"), "2026-01-02T03:04:06Z", apply.Stale},
		{value("zip", "02139"), "2139", apply.Stale},
	} {
		b := newBench(t, portal.Config{}, nil)
		b.add("contacts", map[string]string{"email": "ada@example.com", test.planned.Name: test.stored})
		result := b.run(create("ada@example.com", test.planned))
		if diff := cmp.Diff([]apply.Outcome{test.want}, outcomes(result)); diff != "" {
			t.Errorf("planned %v, stored %q: outcomes (-want +got):\n%s", test.planned, test.stored, diff)
		}
	}
}

func TestSecondaryAddressIsNotCreated(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.add("contacts", map[string]string{"email": "ada@example.com", "hs_additional_emails": "lovelace@example.com"})[0]
	entry := b.run(create("lovelace@example.com")).Entries[0]
	if entry.Outcome != apply.Failed || entry.Reason != "the address is a secondary address of contact "+string(id) {
		t.Errorf("the entry is %+v", entry)
	}
}

func TestAssociationThatVanishedIsNotBroughtBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	change := associate(id, address(0), company, crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931, Label: "Billing Contact"})
	change.Associations[0].Before = []crm.AssociationType{worksAt}
	result := b.run(change)
	if diff := cmp.Diff([]apply.Outcome{apply.Stale}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if n := b.links(id, crm.TypeCompany); n != 0 {
		t.Errorf("%d companies, want none", n)
	}
}

// A refusal that names its record spares the search for it.
func TestRefusalThatNamesTheContactIsTakenAtItsWord(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/contacts/batch/update", first: 1, last: 1}
	b := newBench(t, portal.Config{}, f.wrap)
	ids := b.people(100)
	f.do = answer(400, fmt.Sprintf(`{"status":"error","category":"VALIDATION_ERROR","message":"no","context":{"ids":[%q]}}`, ids[41]))
	want := slices.Repeat([]apply.Outcome{apply.Applied}, len(ids))
	want[41] = apply.Failed
	if diff := cmp.Diff(want, outcomes(b.run(b.updates(ids)...))); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if f.seen != 2 {
		t.Errorf("%d requests, want 2", f.seen)
	}
}

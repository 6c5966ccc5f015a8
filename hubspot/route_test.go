package hubspot_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

// everyCall makes each call of the API once.
func everyCall(ctx context.Context, c *hubspot.Client) {
	_, _ = c.Account(ctx)
	_, _ = c.TokenInfo(ctx)
	_, _ = c.Properties(ctx, "contacts", "sensitive")
	_, _ = c.PropertyRules(ctx, "contacts")
	_, _ = c.Owners(ctx, true)
	_, _ = c.Labels(ctx, "contacts", "companies")
	_, _ = collect(c.Objects(ctx, "contacts", hubspot.ListOptions{Limit: 10}), objectID)
	_, _ = c.Object(ctx, "contacts", "a/b?c#d+e@x.org", hubspot.GetOptions{IDProperty: "email", Properties: []string{"phone"}, Archived: true})
	_, _ = c.BatchRead(ctx, "contacts", readRequest("email", "a@x.org"), true)
	_, _ = c.AssociationsOf(ctx, "contacts", "companies", []string{"1"})
	_, _ = collect(c.Search(ctx, "companies", hubspot.SearchRequest{}), objectID)
	everyWrite(ctx, c)
}

func everyWrite(ctx context.Context, c *hubspot.Client) {
	associations := []hubspot.AssociationInput{{From: hubspot.RecordID{ID: "1"}, To: hubspot.RecordID{ID: "2"}}}
	_, _ = c.CreateObject(ctx, "contacts", hubspot.CreateInput{})
	_, _ = c.UpdateObject(ctx, "contacts", "1", map[string]string{"phone": ""})
	_ = c.ArchiveObject(ctx, "contacts", "1")
	_ = c.Associate(ctx, "contacts", "1", "companies", "2", 279)
	_ = c.Dissociate(ctx, "contacts", "1", "companies", "2", 279)
	_, _ = c.BatchCreate(ctx, "contacts", contactInputs("a@x.org"))
	_, _ = c.BatchUpdate(ctx, "contacts", []hubspot.UpdateInput{{ID: "1"}})
	_ = c.BatchArchive(ctx, "contacts", []string{"1"})
	_, _ = c.BatchAssociate(ctx, "contacts", "companies", associations)
	_ = c.BatchDissociate(ctx, "contacts", "companies", []hubspot.DissociationInput{{From: hubspot.RecordID{ID: "1"}, To: []hubspot.RecordID{{ID: "2"}}}})
	_ = c.BatchRemoveLabels(ctx, "contacts", "companies", associations)
}

// paths are the requests that everyCall makes, without bodies.
func paths(t *testing.T, version hubspot.Version) []string {
	t.Helper()
	var asked []string
	client := newClient(t, hubspot.Options{BaseURL: "http://localhost", Version: version, Transport: carrier(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.Method+" "+r.URL.RequestURI())
		return reply(404, noCategory), nil
	})})
	everyCall(t.Context(), client)
	return asked
}

const emailPath = "a%2Fb%3Fc%23d+e@x.org?archived=true&idProperty=email&properties=phone"

func TestPathsOfVersion3(t *testing.T) {
	t.Parallel()
	want := []string{
		"GET /account-info/v3/details",
		"POST /oauth/v2/private-apps/get/access-token-info",
		"GET /crm/v3/properties/contacts?dataSensitivity=sensitive",
		"GET /crm/v3/property-validations/0-1",
		"GET /crm/v3/owners?archived=true&limit=500",
		"GET /crm/v4/associations/contacts/companies/labels",
		"GET /crm/v3/objects/contacts?limit=10",
		"GET /crm/v3/objects/contacts/" + emailPath,
		"POST /crm/v3/objects/contacts/batch/read?archived=true",
		"POST /crm/v4/associations/contacts/companies/batch/read",
		"POST /crm/v3/objects/companies/search",
		"POST /crm/v3/objects/contacts",
		"PATCH /crm/v3/objects/contacts/1",
		"DELETE /crm/v3/objects/contacts/1",
		"PUT /crm/v3/objects/contacts/1/associations/companies/2/279",
		"DELETE /crm/v3/objects/contacts/1/associations/companies/2/279",
		"POST /crm/v3/objects/contacts/batch/create",
		"POST /crm/v3/objects/contacts/batch/update",
		"POST /crm/v3/objects/contacts/batch/archive",
		"POST /crm/v4/associations/contacts/companies/batch/create",
		"POST /crm/v4/associations/contacts/companies/batch/archive",
		"POST /crm/v4/associations/contacts/companies/batch/labels/archive",
	}
	if diff := cmp.Diff(want, paths(t, "")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestPathsOfDatedVersions(t *testing.T) {
	t.Parallel()
	for _, v := range []hubspot.Version{hubspot.V202603, hubspot.V202609} {
		d := string(v)
		want := []string{
			"GET /account-info/" + d + "/details",
			"POST /oauth/v2/private-apps/get/access-token-info",
			"GET /crm/properties/" + d + "/contacts?dataSensitivity=sensitive",
			"GET /crm/property-validations/" + d + "/0-1",
			"GET /crm/owners/" + d + "?archived=true&limit=500",
			"GET /crm/associations/" + d + "/contacts/companies/labels",
			"GET /crm/objects/" + d + "/contacts?limit=10",
			"GET /crm/objects/" + d + "/contacts/" + emailPath,
			"POST /crm/objects/" + d + "/contacts/batch/read?archived=true",
			"POST /crm/associations/" + d + "/contacts/companies/batch/read",
			"POST /crm/objects/" + d + "/companies/search",
			"POST /crm/objects/" + d + "/contacts",
			"PATCH /crm/objects/" + d + "/contacts/1",
			"DELETE /crm/objects/" + d + "/contacts/1",
			"PUT /crm/objects/" + d + "/contacts/1/associations/companies/2/279",
			"DELETE /crm/objects/" + d + "/contacts/1/associations/companies/2/279",
			"POST /crm/objects/" + d + "/contacts/batch/create",
			"POST /crm/objects/" + d + "/contacts/batch/update",
			"POST /crm/objects/" + d + "/contacts/batch/archive",
			"POST /crm/associations/" + d + "/contacts/companies/batch/create",
			"POST /crm/associations/" + d + "/contacts/companies/batch/archive",
			"POST /crm/associations/" + d + "/contacts/companies/batch/labels/archive",
		}
		if diff := cmp.Diff(want, paths(t, v)); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", v, diff)
		}
	}
}

func TestPathsCannotBeEscaped(t *testing.T) {
	t.Parallel()
	client := local(t, says(200, created))
	for _, id := range []string{"", ".", ".."} {
		if _, err := client.Object(t.Context(), "contacts", id, hubspot.GetOptions{}); err == nil {
			t.Errorf("id %q was accepted", id)
		}
		if err := client.ArchiveObject(t.Context(), id, "1"); err == nil {
			t.Errorf("type %q was accepted", id)
		}
	}
	if n := client.Requests(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Events and errors show routes: no id, no address, no query.
func TestEventsShowRoutes(t *testing.T) {
	t.Parallel()
	var events []hubspot.Event
	client := newClient(t, hubspot.Options{
		BaseURL: "http://localhost", Transport: says(404, noCategory),
		Observe: func(e hubspot.Event) { events = append(events, e) },
	})
	_, err := client.Object(t.Context(), "contacts", "ada@example.com", hubspot.GetOptions{IDProperty: "email"})
	if want := "GET /crm/v3/objects/contacts/{id}: 404 resource not found (correlation ID c4)"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	for i := range events {
		events[i].Wait = 0
	}
	want := []hubspot.Event{{Kind: hubspot.EventRequest, Method: "GET", Path: "/crm/v3/objects/contacts/{id}", Status: 404, Attempt: 1}}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

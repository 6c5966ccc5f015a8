package portal_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// reply is an answer as a client gets it.
type reply struct {
	Status int
	Header http.Header
	Body   string
}

// JSON decodes the body into a value.
func (r reply) JSON(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.Body), into); err != nil {
		t.Fatalf("decoding %q: %v", r.Body, err)
	}
}

// tester is a test, a benchmark or a property's run.
type tester interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// ask sends one request in JSON through the in-process transport.
func ask(tb tester, p *portal.Portal, method, path, body string) reply {
	tb.Helper()
	return send(tb, p, method, path, map[string]string{"Content-Type": "application/json"}, body)
}

func send(tb tester, p *portal.Portal, method, path string, header map[string]string, body string) reply {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), method, "https://portal.test"+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := p.Transport().RoundTrip(request)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

// want asks and demands a status.
func want(tb tester, p *portal.Portal, status int, method, path, body string) reply {
	tb.Helper()
	got := ask(tb, p, method, path, body)
	if got.Status != status {
		tb.Fatalf("%s %s answered %d, not %d: %s", method, path, got.Status, status, got.Body)
	}
	return got
}

type object struct {
	ID                 string             `json:"id"`
	Properties         map[string]*string `json:"properties"`
	CreatedAt          string             `json:"createdAt"`
	UpdatedAt          string             `json:"updatedAt"`
	Archived           bool               `json:"archived"`
	ObjectWriteTraceID string             `json:"objectWriteTraceId"`
	New                *bool              `json:"new"`
}

// text is a property's value, "" when it is null or absent.
func (o object) text(name string) string {
	if o.Properties[name] == nil {
		return ""
	}
	return *o.Properties[name]
}

// add creates a record and returns it.
func add(tb testing.TB, p *portal.Portal, objectType, properties string) object {
	tb.Helper()
	created := want(tb, p, 201, "POST", "/crm/v3/objects/"+objectType, `{"properties":`+properties+`}`)
	var o object
	if err := json.Unmarshal([]byte(created.Body), &o); err != nil {
		tb.Fatal(err)
	}
	return o
}

func TestContactLivesThroughItsWholeLife(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ada := add(t, p, "contacts", `{"email":"Ada@Example.com","firstname":"Ada"}`)
	if got := ada.text("email"); got != "ada@example.com" {
		t.Errorf("the address was stored as %q", got)
	}

	var changed object
	want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/ada%40example.com?idProperty=email", `{"properties":{"firstname":"","jobtitle":"Countess"}}`).JSON(t, &changed)
	if changed.ID != ada.ID || changed.UpdatedAt <= ada.UpdatedAt {
		t.Errorf("the update answered id %s at %s, after %s at %s", changed.ID, changed.UpdatedAt, ada.ID, ada.UpdatedAt)
	}

	var read object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+ada.ID+"?properties=email,firstname,jobtitle,no_such_property", "").JSON(t, &read)
	kept := map[string]string{}
	for name, text := range read.Properties {
		if text == nil {
			kept[name] = "null"
		} else if !strings.HasSuffix(name, "date") {
			kept[name] = *text
		}
	}
	if diff := cmp.Diff(map[string]string{"email": "ada@example.com", "firstname": "null", "jobtitle": "Countess", "hs_object_id": ada.ID}, kept); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}

	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+ada.ID, "")
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+ada.ID, "")
	want(t, p, 404, "GET", "/crm/v3/objects/contacts/"+ada.ID, "")
	want(t, p, 404, "PATCH", "/crm/v3/objects/contacts/"+ada.ID, `{"properties":{"firstname":"A"}}`)
	var binned object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+ada.ID+"?archived=true", "").JSON(t, &binned)
	if !binned.Archived {
		t.Error("the archived contact is not marked as archived")
	}

	again := add(t, p, "contacts", `{"email":"ada@example.com"}`)
	if again.ID == ada.ID {
		t.Errorf("the id %s was given twice", ada.ID)
	}
}

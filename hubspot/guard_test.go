package hubspot

import (
	"net/http"
	"net/url"
	"testing"
)

type sink struct{ got []string }

func (s *sink) RoundTrip(r *http.Request) (*http.Response, error) {
	s.got = append(s.got, r.Method+" "+r.URL.Path)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}

// This test is inside the package because no exported method of Reader can even
// try a write: the transport is what holds if one ever could.
func TestReaderTransportRefusesWrites(t *testing.T) {
	t.Parallel()
	wire := &sink{}
	reader, err := NewReader(Options{BaseURL: "http://localhost", Transport: wire})
	if err != nil {
		t.Fatal(err)
	}
	for id, r := range routes {
		if r.reads {
			continue
		}
		for _, v := range []Version{V3, V202603, V202609} {
			c, err := v.newCall(id, "contacts", "companies", "2", "3", "4")
			if err != nil {
				t.Fatal(err)
			}
			if err := reader.session.command(t.Context(), c); err == nil {
				t.Errorf("%s was let through", c.name())
			}
		}
	}
	for _, request := range []string{
		"DELETE /crm/v3/objects/contacts/1",
		"POST /crm/v3/objects/contacts/batch/read/",
		"POST /crm/v3/objects/contacts/batch/create",
		"POST /crm/v3/objects/../objects/batch/read",
		"POST /crm/v3/objects/contacts/merge",
		"POST /crm/v3/objects//batch/read",
		"PUT /crm/v3/objects/contacts/batch/read",
		"POST /crm/v3/objects/contacts%2Fbatch%2Fcreate",
		"POST /crm/objects/2027-03/contacts/batch/read",
		"GET /contacts/v1/lists/all",
		"POST /crm/v3/imports",
	} {
		var method, path string
		for i, r := range request {
			if r == ' ' {
				method, path = request[:i], request[i+1:]
				break
			}
		}
		target, err := url.Parse("http://localhost" + path)
		if err != nil {
			t.Fatal(err)
		}
		response, err := reader.session.transport.RoundTrip((&http.Request{Method: method, URL: target}).WithContext(t.Context()))
		if err == nil {
			_ = response.Body.Close()
			t.Errorf("%s was let through", request)
		}
	}
	if len(wire.got) != 0 {
		t.Errorf("reached the wire: %q", wire.got)
	}
}

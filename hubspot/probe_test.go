package hubspot_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

// A probe returns refusals as answers, waits out the rate limit, and shows no ids
// in what it tells of its requests.
func TestProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent, told []string
		statuses := []int{http.StatusTooManyRequests, http.StatusConflict}
		probe, err := hubspot.NewProbe(hubspot.Options{
			BaseURL: "http://localhost", Version: hubspot.V202609, Token: hubspot.NewSecret("t0ken"),
			Transport: carrier(func(r *http.Request) (*http.Response, error) {
				sent = append(sent, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
				status := statuses[0]
				statuses = statuses[1:]
				return reply(status, `{"status":"error","policyName":"TEN_SECONDLY_ROLLING"}`), nil
			}),
			Observe: func(e hubspot.Event) { told = append(told, e.Kind.String()+" "+e.Path) },
		})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := probe.Send(t.Context(), "PATCH", "/crm/v3/objects/contacts/ada%40example.com?idProperty=email", map[string]string{"a": "b"})
		if err != nil || answer.StatusCode != http.StatusConflict || !strings.Contains(string(answer.Body), "error") {
			t.Errorf("answered %d %s, %v", answer.StatusCode, answer.Body, err)
		}
		const request = "PATCH /crm/v3/objects/contacts/ada%40example.com?idProperty=email Bearer t0ken"
		if diff := cmp.Diff([]string{request, request}, sent); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
		const shown = " /crm/v3/objects/contacts/{id}"
		if diff := cmp.Diff([]string{"request" + shown, "retry" + shown, "request" + shown}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if probe.Requests() != 2 || probe.Version() != hubspot.V202609 {
			t.Errorf("%d requests by version %s", probe.Requests(), probe.Version())
		}
	})
}

// A write whose answer was lost is not sent again.
func TestProbeLostWrite(t *testing.T) {
	t.Parallel()
	sent := 0
	probe, err := hubspot.NewProbe(hubspot.Options{BaseURL: "http://localhost", Transport: carrier(func(*http.Request) (*http.Response, error) {
		sent++
		return nil, errors.New("connection reset")
	})})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := probe.Send(t.Context(), "POST", "/crm/v3/objects/contacts", struct{}{}); !errors.Is(err, hubspot.ErrUnknownOutcome) || sent != 1 {
		t.Errorf("sent %d times, %v", sent, err)
	}
}

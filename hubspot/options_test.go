package hubspot_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options hubspot.Options
		want    string // "" is accepted
	}{
		"zero":             {hubspot.Options{}, ""},
		"loopback":         {hubspot.Options{BaseURL: "http://127.0.0.1:8899/"}, ""},
		"loopback, IPv6":   {hubspot.Options{BaseURL: "http://[::1]:8899"}, ""},
		"localhost":        {hubspot.Options{BaseURL: "http://localhost:8899"}, ""},
		"http elsewhere":   {hubspot.Options{BaseURL: "http://api.hubapi.com"}, "setting up the hubspot client: the base URL must begin with https:// unless the host is this machine"},
		"looks like local": {hubspot.Options{BaseURL: "http://localhost.example.com"}, "setting up the hubspot client: the base URL must begin with https:// unless the host is this machine"},
		"another scheme":   {hubspot.Options{BaseURL: "ftp://localhost"}, "setting up the hubspot client: the base URL must begin with https:// unless the host is this machine"},
		"with a path":      {hubspot.Options{BaseURL: "https://x.org/api"}, "setting up the hubspot client: the base URL must be scheme and host, such as https://api.hubapi.com"},
		"with a password":  {hubspot.Options{BaseURL: "https://a:b@x.org"}, "setting up the hubspot client: the base URL must be scheme and host, such as https://api.hubapi.com"},
		"no URL":           {hubspot.Options{BaseURL: "::"}, "setting up the hubspot client: the base URL must be scheme and host, such as https://api.hubapi.com"},
		"unknown version":  {hubspot.Options{Version: "v5"}, `setting up the hubspot client: unknown API version "v5": use v3, 2026-03 or 2026-09`},
		"too many at once": {hubspot.Options{InFlight: 17}, "setting up the hubspot client: 17 requests at once: use 1 to 16"},
		"fewer than one":   {hubspot.Options{InFlight: -1}, "setting up the hubspot client: -1 requests at once: use 1 to 16"},
		"token of two":     {hubspot.Options{Token: hubspot.NewSecret("a b")}, "setting up the hubspot client: the access token holds a space or a character that no token has: copy it again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if _, err := hubspot.NewReader(test.options); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	var got http.Header
	client := newClient(t, hubspot.Options{
		BaseURL: "http://localhost", Token: hubspot.NewSecret(" secret-token\n"), UserAgent: "contactsync/1.2",
		Transport: carrier(func(r *http.Request) (*http.Response, error) {
			got = r.Header.Clone()
			return reply(201, created), nil
		}),
	})
	if err := write(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Accept": {"application/json"}, "Authorization": {"Bearer secret-token"},
		"Content-Type": {"application/json;charset=utf-8"}, "User-Agent": {"contactsync/1.2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	client = local(t, carrier(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Clone()
		return reply(200, account), nil
	}))
	if err := read(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if _, sent := got["Authorization"]; sent {
		t.Error("an Authorization header without a token")
	}
}

func TestLimitsAreLearned(t *testing.T) {
	t.Parallel()
	client := local(t, says(200, account,
		"X-HubSpot-RateLimit-Max", "190", "X-HubSpot-RateLimit-Remaining", "189", "X-HubSpot-RateLimit-Interval-Milliseconds", "10000",
		"X-HubSpot-RateLimit-Daily", "250000", "X-HubSpot-RateLimit-Daily-Remaining", "249000"))
	if diff := cmp.Diff(hubspot.LimitState{}, client.Limits()); diff != "" {
		t.Errorf("limits before an answer (-want +got):\n%s", diff)
	}
	if err := read(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	want := hubspot.LimitState{Max: 190, Interval: 10 * time.Second, Daily: 250000, DailyRemaining: 249000}
	if diff := cmp.Diff(want, client.Limits()); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

// Searches have a second limit, and HubSpot itself is never unlimited.
func TestPaceWithoutHeaders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		base     string
		search   bool
		requests int
		want     time.Duration
	}{
		"own portal":           {"http://localhost", false, 1000, 0},
		"hubspot":              {"", false, 201, 20 * time.Second},
		"search, own portal":   {"http://localhost", true, 9, 2 * time.Second},
		"search, hubspot":      {"", true, 9, 2 * time.Second},
		"search, two a second": {"", true, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, hubspot.Options{BaseURL: test.base, Transport: says(200, `{"portalId":1,"results":[]}`)})
				start := time.Now()
				for range test.requests {
					if test.search {
						_, _ = collect(client.Search(t.Context(), "companies", hubspot.SearchRequest{}), objectID)
						continue
					}
					if err := read(t.Context(), client); err != nil {
						t.Fatal(err)
					}
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("took %v, want %v", took, test.want)
				}
			})
		})
	}
}

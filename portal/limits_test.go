package portal_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const contactsPath = "/crm/v3/objects/contacts"

func TestTenSecondWindowRolls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Limits: portal.Pro, AccountID: "42"})
		for i := range 190 {
			got := want(t, p, 200, "GET", contactsPath, "")
			if left := got.Header.Get("X-Hubspot-Ratelimit-Remaining"); left != strconv.Itoa(189-i) {
				t.Fatalf("after %d requests %s are left", i+1, left)
			}
			if i == 99 {
				time.Sleep(6 * time.Second)
			}
		}
		refused := want(t, p, 429, "GET", contactsPath, "")
		const body = `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"UUID","policyName":"TEN_SECONDLY_ROLLING","requestId":"UUID","category":"RATE_LIMITS"}`
		if diff := cmp.Diff(body, normalise(refused.Body)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if after := refused.Header.Get("Retry-After"); after != "" {
			t.Errorf("the answer has Retry-After %q", after)
		}
		// Association batches stand outside the window.
		want(t, p, 200, "POST", "/crm/v4/associations/contacts/companies/batch/read", `{"inputs":[]}`)
		time.Sleep(4*time.Second - time.Millisecond)
		want(t, p, 429, "GET", contactsPath, "")
		time.Sleep(time.Millisecond)
		// Exactly the first hundred have left the window.
		for range 100 {
			want(t, p, 200, "GET", contactsPath, "")
		}
		want(t, p, 429, "GET", contactsPath, "")
	})
}

func TestSearchHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Limits: portal.Free})
		for range 5 {
			got := want(t, p, 200, "POST", contactsPath+"/search", `{}`)
			for name := range got.Header {
				if strings.Contains(name, "Ratelimit") {
					t.Fatalf("a search answers with %s", name)
				}
			}
		}
		if got := want(t, p, 429, "POST", contactsPath+"/search", `{}`); !strings.Contains(got.Body, `"policyName":"SECONDLY"`) {
			t.Errorf("answered %s", got.Body)
		}
		want(t, p, 200, "GET", contactsPath, "")
		time.Sleep(time.Second)
		want(t, p, 200, "POST", contactsPath+"/search", `{}`)
	})
}

func TestDailyLimitEndsAtMidnight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Daily: 3})
		for range 3 {
			want(t, p, 200, "GET", contactsPath, "")
		}
		got := want(t, p, 429, "GET", contactsPath, "")
		if !strings.Contains(got.Body, `"policyName":"DAILY"`) || got.Header.Get("X-Hubspot-Ratelimit-Daily-Remaining") != "0" {
			t.Errorf("answered %v %s", got.Header, got.Body)
		}
		time.Sleep(24*time.Hour - time.Millisecond) // bubbles begin at midnight
		want(t, p, 429, "GET", contactsPath, "")
		time.Sleep(time.Millisecond)
		want(t, p, 200, "GET", contactsPath, "")
	})
}

// The day ends at midnight where the account is, on days of 23 and 25 hours too.
func TestTheDayEndsInTheAccountsTimeZone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone string
		begin      time.Time // of the first request
		end        time.Time // of the day
	}{
		{"east of Greenwich", "Asia/Tokyo", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2000, 1, 1, 15, 0, 0, 0, time.UTC)},
		{"west of Greenwich", "America/New_York", time.Date(2000, 1, 1, 4, 59, 0, 0, time.UTC), time.Date(2000, 1, 1, 5, 0, 0, 0, time.UTC)},
		{"a day of 23 hours", "Europe/Berlin", time.Date(2000, 3, 25, 23, 0, 0, 0, time.UTC), time.Date(2000, 3, 26, 22, 0, 0, 0, time.UTC)},
		{"a day of 25 hours", "Europe/Berlin", time.Date(2000, 10, 28, 22, 0, 0, 0, time.UTC), time.Date(2000, 10, 29, 23, 0, 0, 0, time.UTC)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := portaltest.New(t, portal.Config{Daily: 1, TimeZone: test.zone})
				time.Sleep(time.Until(test.begin)) // bubbles begin on 2000-01-01 at midnight in UTC
				want(t, p, 200, "GET", contactsPath, "")
				time.Sleep(time.Until(test.end) - time.Millisecond)
				want(t, p, 429, "GET", contactsPath, "")
				time.Sleep(time.Millisecond)
				want(t, p, 200, "GET", contactsPath, "")
			})
		})
	}
}

// Each limit refuses with its own body, and tells how long to wait only where the
// portal is ruled to. Who waits that long is let through.
func TestEachLimitRefusesInItsOwnWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy, message string
		config          portal.Config
		allowed         int
		method, path    string
		wait            string
	}{
		{"DAILY", "You have reached your daily limit.", portal.Config{Daily: 2, TimeZone: "Asia/Tokyo"}, 2, "GET", contactsPath, "54000"}, // 15 hours less 0.6 seconds, rounded up
		{"TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.", portal.Config{Limits: portal.Free}, 100, "GET", contactsPath, "10"},
		{"SECONDLY", "You have reached your secondly limit.", portal.Config{Limits: portal.Free}, 5, "POST", contactsPath + "/search", "1"},
	} {
		t.Run(test.policy, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.config.Rulings = portal.Rulings{"retry-after": "send"}
				p := portaltest.New(t, test.config)
				for range test.allowed {
					want(t, p, 200, test.method, test.path, `{}`)
				}
				time.Sleep(600 * time.Millisecond)
				refused := want(t, p, 429, test.method, test.path, `{}`)
				body := `{"status":"error","message":"` + test.message + `","errorType":"RATE_LIMIT","correlationId":"UUID","policyName":"` + test.policy + `","requestId":"UUID","category":"RATE_LIMITS"}`
				if diff := cmp.Diff(body, normalise(refused.Body)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				told := refused.Header.Get("Retry-After")
				if told != test.wait {
					t.Errorf("told to wait %q seconds, want %s", told, test.wait)
				}
				seconds, err := strconv.Atoi(told)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Duration(seconds) * time.Second)
				want(t, p, 200, test.method, test.path, `{}`)
			})
		})
	}
}

// Where refused requests count, one who keeps asking keeps the door shut.
func TestRefusedRequestsCountWhereTheyAreRuledTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ruling string
		status int
	}{{"free", 200}, {"counted", 429}} {
		t.Run(test.ruling, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := portaltest.New(t, portal.Config{Limits: portal.Free, Rulings: portal.Rulings{"refused-requests": test.ruling}})
				for range 100 {
					want(t, p, 200, "GET", contactsPath, "")
				}
				time.Sleep(9 * time.Second)
				for range 11 {
					want(t, p, 429, "GET", contactsPath, "")
				}
				time.Sleep(time.Second)
				for range 89 {
					want(t, p, 200, "GET", contactsPath, "")
				}
				want(t, p, test.status, "GET", contactsPath, "")
			})
		})
	}
}

// No answer but a search's goes without its headers, and a day's limit shows in
// all of them.
func TestRateHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Limits: portal.Pro})
		for left, request := range []struct{ method, path, body string }{
			{"GET", contactsPath, ""},
			{"POST", contactsPath + "/batch/read", `{"inputs":[]}`},
			{"POST", "/crm/v4/associations/contacts/companies/batch/read", `{"inputs":[]}`},
			{"GET", contactsPath + "/7", ""},
		} {
			got := ask(t, p, request.method, request.path, request.body)
			headers := make(map[string]string)
			for name, values := range got.Header {
				if rest, found := strings.CutPrefix(name, "X-Hubspot-Ratelimit-"); found {
					headers[rest] = values[0]
				}
			}
			window := 189 - left
			if left >= 2 {
				window++ // the association batch stands outside the window
			}
			if diff := cmp.Diff(map[string]string{
				"Daily": "625000", "Daily-Remaining": strconv.Itoa(624_999 - left), "Interval-Milliseconds": "10000",
				"Max": "190", "Remaining": strconv.Itoa(window), "Secondly": "19", "Secondly-Remaining": "19",
			}, headers); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", request.method, request.path, diff)
			}
		}
	})
}

func TestLatencyIsAddedToEveryAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Latency: 250 * time.Millisecond})
		begin := time.Now()
		want(t, p, 200, "GET", contactsPath, "")
		if took := time.Since(begin); took != 250*time.Millisecond {
			t.Errorf("took %s", took)
		}
	})
}

func TestTiersAreReadByName(t *testing.T) {
	t.Parallel()
	for _, tier := range []portal.Tier{portal.Off, portal.Free, portal.Pro, portal.Enterprise, portal.Addon} {
		if got, err := portal.ParseTier(tier.String()); err != nil || got != tier {
			t.Errorf("%q is read as %v, %v", tier, got, err)
		}
	}
	if _, err := portal.ParseTier("platinum"); err == nil {
		t.Error("platinum is read as a tier")
	}
}

func TestRequestsAreCountedByOperation(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	id := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	ask(t, p, "GET", "/crm/objects/2026-09/contact/"+id, "")
	ask(t, p, "GET", "/crm/v3/objects/0-1/"+id, "")
	ask(t, p, "POST", "/crm/v3/objects/contacts/batch/read", `{"inputs":[]}`)
	ask(t, p, "POST", "/crm/v3/objects/companies/search", `{}`)
	ask(t, p, "POST", "/crm/v4/associations/0-1/company/batch/create", `{"inputs":[]}`)
	ask(t, p, "PATCH", "/crm/v3/objects/contacts/5", `{}`)
	ask(t, p, "GET", "/nowhere", "")
	if diff := cmp.Diff(portal.Requests{
		"POST /crm/v3/objects/contacts":                             1,
		"GET /crm/v3/objects/contacts/{id}":                         2,
		"POST /crm/v3/objects/contacts/batch/read":                  1,
		"POST /crm/v3/objects/companies/search":                     1,
		"POST /crm/v4/associations/contacts/companies/batch/create": 1,
		"PATCH /crm/v3/objects/contacts/{id}":                       1,
	}, p.Requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if total, mutations := p.Requests().Total(), p.Requests().Mutations(); total != 7 || mutations != 3 {
		t.Errorf("%d requests, %d mutations", total, mutations)
	}
}

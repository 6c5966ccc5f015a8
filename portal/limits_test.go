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

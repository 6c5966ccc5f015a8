package portal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const (
	page502    = "<html>\n<head><title>Error 502 Bad Gateway</title></head>\n<body><h2>HTTP ERROR 502</h2></body>\n</html>\n"
	signInPage = "<html>\n<head><title>Sign in</title></head>\n<body><h1>Sign in to use this network</h1></body>\n</html>\n"
	adaCreated = `{"id":"ID","properties":{"createdate":"TIME","email":"ada@example.com","hs_object_id":"ID","lastmodifieddate":"TIME"},"createdAt":"TIME","updatedAt":"TIME","archived":false}`
)

// faultKinds are what a client gets from each kind of fault that meets a create, and
// whether the contact is there afterwards.
var faultKinds = []struct {
	name      string
	fault     crm.Fault
	status    int    // 0: no answer
	body      string // as far as it arrives
	retry     string // Retry-After
	err       error  // of the request, or of reading the body
	committed bool
}{
	{name: "delay", fault: crm.Fault{Kind: crm.FaultDelay, For: time.Millisecond}, status: 201, body: adaCreated, committed: true},
	{name: "delay after the commit", fault: crm.Fault{Kind: crm.FaultDelay, For: time.Millisecond, AfterCommit: true}, status: 201, body: adaCreated, committed: true},
	{name: "stall", fault: crm.Fault{Kind: crm.FaultStall}, err: context.Canceled},
	{name: "stall after the commit", fault: crm.Fault{Kind: crm.FaultStall, AfterCommit: true}, err: context.Canceled, committed: true},
	{name: "status", fault: crm.Fault{Kind: crm.FaultStatus, Status: 503}, status: 503, body: `{"status":"error","message":"Service Unavailable","correlationId":"UUID"}`},
	{name: "status without a name", fault: crm.Fault{Kind: crm.FaultStatus, Status: 521}, status: 521, body: `{"status":"error","message":"Error 521","correlationId":"UUID"}`},
	{name: "status in HTML after the commit", fault: crm.Fault{Kind: crm.FaultStatus, Status: 502, HTML: true, AfterCommit: true}, status: 502, body: page502, committed: true},
	{name: "drop", fault: crm.Fault{Kind: crm.FaultDrop}, err: syscall.ECONNRESET},
	{name: "drop after the commit", fault: crm.Fault{Kind: crm.FaultDrop, AfterCommit: true}, err: syscall.ECONNRESET, committed: true},
	{name: "cut", fault: crm.Fault{Kind: crm.FaultCut, Bytes: 7, AfterCommit: true}, status: 201, body: adaCreated[:7], err: io.ErrUnexpectedEOF, committed: true},
	{name: "cut of the whole body", fault: crm.Fault{Kind: crm.FaultCut, AfterCommit: true}, status: 201, err: io.ErrUnexpectedEOF, committed: true},
	{name: "cut behind the end", fault: crm.Fault{Kind: crm.FaultCut, Bytes: 9999, AfterCommit: true}, status: 201, body: adaCreated, committed: true},
	{name: "drip", fault: crm.Fault{Kind: crm.FaultDrip, Bytes: 50, Pause: time.Millisecond, AfterCommit: true}, status: 201, body: adaCreated, committed: true},
	{name: "page", fault: crm.Fault{Kind: crm.FaultPage, Status: 200}, status: 200, body: signInPage},
	{name: "page after the commit", fault: crm.Fault{Kind: crm.FaultPage, Status: 504, AfterCommit: true}, status: 504, body: signInPage, committed: true},
	{name: "wrong JSON after the commit", fault: crm.Fault{Kind: crm.FaultWrongJSON, Text: `{"results":7}`, AfterCommit: true}, status: 200, body: `{"results":7}`, committed: true},
	{name: "locked", fault: crm.Fault{Kind: crm.FaultLocked}, status: 423, body: `{"status":"error","message":"Locked: large volumes of data were processed in a short time. Wait at least 2 seconds","correlationId":"UUID"}`},
	{name: "daily limit", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "DAILY"}, status: 429, body: `{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","correlationId":"UUID","policyName":"DAILY","requestId":"UUID","category":"RATE_LIMITS"}`},
	{name: "window", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "TEN_SECONDLY_ROLLING", RetryAfter: 10}, status: 429, retry: "10", body: `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"UUID","policyName":"TEN_SECONDLY_ROLLING","requestId":"UUID","category":"RATE_LIMITS"}`},
	{name: "second", fault: crm.Fault{Kind: crm.FaultRateLimit, Policy: "SECONDLY"}, status: 429, body: `{"status":"error","message":"You have reached your secondly limit.","errorType":"RATE_LIMIT","correlationId":"UUID","policyName":"SECONDLY","requestId":"UUID","category":"RATE_LIMITS"}`},
	{name: "migrating", fault: crm.Fault{Kind: crm.FaultMigrating, RetryAfter: 30}, status: 477, retry: "30", body: `{"status":"error","message":"This account is being migrated to another data center","correlationId":"UUID"}`},
	{name: "unauthorized", fault: crm.Fault{Kind: crm.FaultUnauthorized}, status: 401, body: `{"status":"error","message":"Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview","correlationId":"UUID","category":"INVALID_AUTHENTICATION"}`},
	{name: "missing scopes", fault: crm.Fault{Kind: crm.FaultMissingScopes, Scopes: []string{"crm.objects.contacts.write"}}, status: 403, body: `{"status":"error","message":"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.","correlationId":"UUID","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.contacts.write"]}}],"links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}`},
}

// Each kind looks the same to a client in this process and to one behind a socket.
func TestFaultKinds(t *testing.T) {
	t.Parallel()
	kinds := make(map[crm.FaultKind]bool)
	for _, test := range faultKinds {
		kinds[test.fault.Kind] = true
		for _, way := range []string{"in process", "socket"} {
			t.Run(test.name+", "+way, func(t *testing.T) {
				t.Parallel()
				fault := test.fault
				fault.Match = crm.FaultMatch{Method: "POST", From: 1, To: 1}
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				p := portaltest.New(t, portal.Config{
					Faults: &crm.Scenario{Faults: []crm.Fault{fault}},
					OnFault: func(portal.FaultReport) {
						if fault.Kind == crm.FaultStall {
							leave()
						}
					},
				})
				base, transport := reachedBy(t, p, way)
				answer, err := post(t, ctx, base, transport)
				got := struct {
					Status      int
					Body, Retry string
					Failed      bool
					Fired       []int
					Holders     int
				}{
					answer.Status, normalise(answer.Body), answer.Header.Get("Retry-After"), err != nil,
					p.FaultsFired(), contactsOf(t, p, test.committed),
				}
				want := got
				want.Status, want.Body, want.Retry, want.Failed, want.Fired, want.Holders = test.status, test.body, test.retry, test.err != nil, []int{1}, 0
				if test.committed {
					want.Holders = 1
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if !errors.Is(err, test.err) {
					t.Errorf("the client gets %v, want %v", err, test.err)
				}
			})
		}
	}
	for _, kind := range crm.FaultKinds() {
		if !kinds[kind] {
			t.Errorf("no test shows the kind %s", kind)
		}
	}
}

// reachedBy returns the address of a portal and the transport that leads there.
func reachedBy(t *testing.T, p *portal.Portal, way string) (base string, transport http.RoundTripper) {
	t.Helper()
	if way == "in process" {
		return "http://localhost", p.Transport()
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = portal.Server(p)
	server.Start()
	t.Cleanup(server.Close)
	own := new(http.Transport)
	t.Cleanup(own.CloseIdleConnections)
	return server.URL, own
}

// post creates Ada and returns what arrives of the answer.
func post(t *testing.T, ctx context.Context, base string, transport http.RoundTripper) (reply, error) { //nolint:revive // the context is the client's, not the test's
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+contactsPath, strings.NewReader(`{"properties":{"email":"ada@example.com"}}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer t")
	response, err := transport.RoundTrip(request)
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return reply{response.StatusCode, response.Header, string(body)}, err
}

// contactsOf counts the contacts; when one is to be there it waits for it, since a
// client can leave before the portal has done what it was asked for.
func contactsOf(t *testing.T, p *portal.Portal, expected bool) int {
	t.Helper()
	for {
		var page found
		want(t, p, 200, "GET", contactsPath, "").JSON(t, &page)
		if len(page.Results) > 0 || !expected {
			return len(page.Results)
		}
	}
}

// Which requests a fault meets.
func TestFaultsMeetTheRequestsTheyChoose(t *testing.T) {
	t.Parallel()
	const one, batch = contactsPath + "/151", contactsPath + "/batch/read"
	type asked struct{ method, path string }
	gets := slices.Repeat([]asked{{"GET", one}}, 9)
	for _, test := range []struct {
		name  string
		match crm.FaultMatch
		asked []asked
		want  string // x for each request that is met, . for the others
	}{
		{"everything", crm.FaultMatch{}, []asked{{"GET", one}, {"POST", batch}, {"GET", "/nowhere"}}, "xxx"},
		{"a method", crm.FaultMatch{Method: "POST"}, []asked{{"GET", one}, {"POST", batch}}, ".x"},
		{"a path", crm.FaultMatch{Path: batch}, []asked{{"GET", one}, {"POST", batch}, {"POST", "/crm/objects/2026-09/0-1/batch/read"}, {"POST", "/crm/v3/objects/companies/batch/read"}}, ".xx."},
		{"a record", crm.FaultMatch{Path: one}, []asked{{"GET", one}, {"GET", one + "/"}, {"GET", contactsPath + "/152"}}, "xx."},
		{"a name for a part", crm.FaultMatch{Path: "/crm/v3/objects/{type}/{id}"}, []asked{{"GET", one}, {"GET", "/crm/v3/objects/deals/7"}, {"POST", batch}, {"GET", contactsPath}}, "xx.."},
		{"a star for a part", crm.FaultMatch{Path: "/crm/*/objects/contacts/*/read"}, []asked{{"POST", batch}, {"GET", one}}, "x."},
		{"a star for the rest", crm.FaultMatch{Path: "/crm/v3/objects/contacts/*"}, []asked{{"GET", one}, {"POST", batch}, {"GET", contactsPath}}, "xx."},
		{"everything by a star", crm.FaultMatch{Path: "/*"}, []asked{{"GET", one}, {"GET", "/nowhere/at/all"}}, "xx"},
		{"an unknown path", crm.FaultMatch{Path: "/nowhere"}, []asked{{"GET", "/nowhere"}, {"GET", one}}, "x."},
		{"the third", crm.FaultMatch{From: 3, To: 3}, gets, "..x......"},
		{"every second", crm.FaultMatch{Every: 2}, gets, ".x.x.x.x."},
		{"from the fourth on", crm.FaultMatch{From: 4}, gets, "...xxxxxx"},
		{"up to the second", crm.FaultMatch{To: 2}, gets, "xx......."},
		{"only its own are counted", crm.FaultMatch{Path: batch, From: 2, To: 2}, []asked{{"POST", batch}, {"GET", one}, {"POST", batch}}, "..x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{{Match: test.match, Kind: crm.FaultLocked}}}})
			if test.match.From+test.match.To+test.match.Every > 0 { // a lock would hold for the next requests
				p = portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{{Match: test.match, Kind: crm.FaultStatus, Status: 423}}}})
			}
			var met strings.Builder
			for _, r := range test.asked {
				if ask(t, p, r.method, r.path, `{"inputs":[]}`).Status == 423 {
					met.WriteByte('x')
				} else {
					met.WriteByte('.')
				}
			}
			if met.String() != test.want {
				t.Errorf("met %s, want %s", met.String(), test.want)
			}
		})
	}
}

// A scenario that takes the place of another counts from its own beginning; one that
// is refused changes nothing.
func TestScenarioIsReplaced(t *testing.T) {
	t.Parallel()
	first := crm.Fault{Kind: crm.FaultStatus, Status: 500, Match: crm.FaultMatch{From: 2, To: 2}}
	p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{first}}})
	want(t, p, 404, "GET", contactsPath+"/7", "")
	if err := p.SetFaults(&crm.Scenario{Faults: []crm.Fault{{Kind: "no kind"}}}); err == nil {
		t.Error("a kind that does not exist was taken")
	}
	second := first
	second.Status = 503
	for _, status := range []int{500, 404, 503, 404} {
		want(t, p, status, "GET", contactsPath+"/7", "")
		if status == 500 {
			if err := p.SetFaults(&crm.Scenario{Faults: []crm.Fault{second}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff([]int{1}, p.FaultsFired()); diff != "" {
		t.Errorf("fired (-want +got):\n%s", diff)
	}
	if err := p.SetFaults(nil); err != nil || len(p.FaultsFired()) != 0 {
		t.Errorf("%v; faults are left: %v", err, p.FaultsFired())
	}
}

// The first fault that strikes does; the others count on.
func TestTheFirstFaultThatStrikesDoes(t *testing.T) {
	t.Parallel()
	var reports []portal.FaultReport
	p := portaltest.New(t, portal.Config{
		Faults: &crm.Scenario{Faults: []crm.Fault{
			{Match: crm.FaultMatch{From: 2, To: 2}, Kind: crm.FaultStatus, Status: 500},
			{Match: crm.FaultMatch{Method: "GET", From: 2, To: 3}, Kind: crm.FaultStatus, Status: 503},
		}},
		OnFault: func(r portal.FaultReport) { reports = append(reports, r) },
	})
	for _, status := range []int{404, 500, 503, 404} {
		want(t, p, status, "GET", contactsPath+"/7", "")
	}
	if diff := cmp.Diff([]int{1, 1}, p.FaultsFired()); diff != "" {
		t.Errorf("fired (-want +got):\n%s", diff)
	}
	var told []string
	for _, r := range reports {
		told = append(told, fmt.Sprint(r.Number, " ", r.Fault.Kind, " ", r.Request, " ", r.Nth))
	}
	if diff := cmp.Diff([]string{"1 status GET /crm/v3/objects/contacts/{id} 2", "2 status GET /crm/v3/objects/contacts/{id} 3"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// A scenario strikes where its seed says, however often it is run.
func TestFaultsAreTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Seed: seed, Faults: []crm.Fault{
			{Match: crm.FaultMatch{Probability: 0.25}, Kind: crm.FaultStatus, Status: 500},
		}}})
		var met strings.Builder
		for range 400 {
			met.WriteString(strconv.Itoa(ask(t, p, "GET", contactsPath+"/7", "").Status / 100))
		}
		return met.String()
	}
	first := run(7)
	if again := run(7); again != first {
		t.Errorf("the second run differs:\n%s\n%s", first, again)
	}
	if other := run(8); other == first {
		t.Error("another seed makes no difference")
	}
	if n := strings.Count(first, "5"); n < 70 || n > 130 {
		t.Errorf("a quarter of 400 requests was to be met, %d were", n)
	}
}

// A lock holds for two seconds, and nothing is counted against a limit meanwhile.
func TestALockHoldsForTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Daily: 3, Faults: &crm.Scenario{Faults: []crm.Fault{
			{Match: crm.FaultMatch{Method: "GET", From: 2, To: 2}, Kind: crm.FaultLocked},
		}}})
		want(t, p, 200, "GET", contactsPath, "")
		want(t, p, 423, "GET", contactsPath, "")
		time.Sleep(2*time.Second - time.Millisecond)
		want(t, p, 423, "GET", contactsPath, "")
		want(t, p, 200, "POST", contactsPath+"/batch/read", `{"inputs":[]}`)
		time.Sleep(time.Millisecond)
		want(t, p, 200, "GET", contactsPath, "")
		want(t, p, 429, "GET", contactsPath, "")
	})
}

// A delay is as long as it says, and a client that leaves meanwhile does not take its
// request with it.
func TestADelayedWriteLandsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{
			{Match: crm.FaultMatch{Method: "POST"}, Kind: crm.FaultDelay, For: time.Minute},
		}}})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := post(t, ctx, "http://localhost", p.Transport()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the client gets %v", err)
		}
		time.Sleep(50*time.Second - time.Millisecond)
		synctest.Wait()
		if n := contactsOf(t, p, false); n != 0 {
			t.Errorf("%d contacts before the delay has passed", n)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := contactsOf(t, p, false); n != 1 {
			t.Errorf("%d contacts after the delay, want 1", n)
		}
	})
}

// A body that drips arrives part by part, as over a slow connection.
func TestADrippingBodyTakesItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{
			{Kind: crm.FaultDrip, Bytes: 1, Pause: time.Second, AfterCommit: true},
		}}})
		begin := time.Now()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+contactsPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := p.Transport().RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("the header took %s", took)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || string(body) != `{"results":[]}` || response.ContentLength != int64(len(body)) {
			t.Errorf("%q of %d bytes, %v", body, response.ContentLength, err)
		}
		if took, want := time.Since(begin), time.Duration(len(body)-1)*time.Second; took != want {
			t.Errorf("the body took %s, want %s", took, want)
		}
	})
}

// Who has stopped reading a dripping body is not waited for, and whose time is over
// is told so.
func TestADrippingBodyCanBeLeft(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*http.Response, context.CancelFunc) error{
		"closed": func(r *http.Response, _ context.CancelFunc) error { return r.Body.Close() },
		"cancelled": func(r *http.Response, cancel context.CancelFunc) error {
			cancel()
			if _, err := io.ReadAll(r.Body); !errors.Is(err, context.Canceled) {
				return errors.New("reading on gives no error of the context")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := portaltest.New(t, portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{
					{Kind: crm.FaultDrip, Bytes: 1, Pause: time.Hour, AfterCommit: true},
				}}})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+contactsPath, nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := p.Transport().RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				if err := leave(response, cancel); err != nil {
					t.Error(err)
				}
				_ = response.Body.Close()
			})
		})
	}
}

// Closing the portal ends what would otherwise wait for ever.
func TestCloseEndsAStall(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"in process", "socket"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			met := make(chan struct{})
			p, err := portal.Open(t.Context(), portal.Config{
				Faults:  &crm.Scenario{Faults: []crm.Fault{{Kind: crm.FaultStall}}},
				OnFault: func(portal.FaultReport) { close(met) },
			})
			if err != nil {
				t.Fatal(err)
			}
			base, transport := reachedBy(t, p, way)
			var client sync.WaitGroup
			client.Go(func() {
				if _, err := post(t, t.Context(), base, transport); err == nil {
					t.Error("a stalled request was answered")
				}
			})
			<-met
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			client.Wait()
		})
	}
}

// Closing the portal does not wait for somebody to read a body.
func TestCloseEndsABodyThatNobodyReads(t *testing.T) {
	t.Parallel()
	p, err := portal.Open(t.Context(), portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{
		{Kind: crm.FaultDrip, Bytes: 1, Pause: time.Hour, AfterCommit: true},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+contactsPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := p.Transport().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("reading on gives %v", err)
	}
	_ = response.Body.Close()
}

func TestAScenarioOfAnUnknownKindDoesNotOpen(t *testing.T) {
	t.Parallel()
	p, err := portal.Open(t.Context(), portal.Config{Faults: &crm.Scenario{Faults: []crm.Fault{{Kind: crm.FaultDrop}, {Kind: "flood"}}}})
	if err == nil {
		_ = p.Close()
		t.Fatal("the portal opened")
	}
	if want := `opening the portal: fault 2 of the scenario: there is no kind "flood"`; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

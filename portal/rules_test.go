package portal_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

func TestSecondaryAddressesResolveAndAreUnique(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ada := add(t, p, "contacts", `{"email":"ada@example.com","hs_additional_emails":"countess@example.com;al@example.com"}`)
	var found object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/Countess@Example.com?idProperty=email", "").JSON(t, &found)
	if found.ID != ada.ID || found.text("email") != "ada@example.com" {
		t.Errorf("found %s, %s", found.ID, found.text("email"))
	}
	want(t, p, 409, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"al@example.com"}}`)
	other := add(t, p, "contacts", `{"email":"other@example.com"}`)
	want(t, p, 409, "PATCH", "/crm/v3/objects/contacts/"+other.ID, `{"properties":{"email":"countess@example.com"}}`)

	// Dropped, it is free; changed, the old primary address is not kept.
	want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+ada.ID, `{"properties":{"hs_additional_emails":"countess@example.com","email":"ada@lovelace.example"}}`)
	add(t, p, "contacts", `{"email":"al@example.com"}`)
	add(t, p, "contacts", `{"email":"ada@example.com"}`)
	want(t, p, 404, "GET", "/crm/v3/objects/contacts/nobody@example.com?idProperty=email", "")
}

func TestLifecycleStagesMoveOnlyForward(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	path := "/crm/v3/objects/contacts/" + add(t, p, "contacts", `{"email":"a@example.com","lifecyclestage":"opportunity"}`).ID
	for _, step := range [][2]string{{"lead", "opportunity"}, {"customer", "customer"}, {"", ""}, {"lead", "lead"}} {
		var got object
		want(t, p, 200, "PATCH", path, `{"properties":{"lifecyclestage":"`+step[0]+`"}}`).JSON(t, &got)
		if got.text("lifecyclestage") != step[1] {
			t.Errorf("writing %q left %q, not %q", step[0], got.text("lifecyclestage"), step[1])
		}
	}
}

func TestEveryWriteBumpsTheTimeOfModification(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	contact := add(t, p, "contacts", `{"email":"a@example.com"}`)
	last := contact.text("lastmodifieddate")
	for range 5 {
		var got object
		want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+contact.ID, `{"properties":{"email":"a@example.com"}}`).JSON(t, &got)
		if got.text("lastmodifieddate") <= last || got.text("createdate") != contact.text("createdate") {
			t.Fatalf("modified %s, after %s", got.text("lastmodifieddate"), last)
		}
		last = got.text("lastmodifieddate")
	}
}

func TestHistoryListsFormerValuesNewestFirst(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	contact := add(t, p, "contacts", `{"email":"one@example.com"}`)
	for _, email := range []string{"two@example.com", "two@example.com", "three@example.com"} {
		want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+contact.ID, `{"properties":{"email":"`+email+`","firstname":"F"}}`)
	}
	type version struct{ Value, Timestamp string }
	var read struct {
		PropertiesWithHistory map[string][]version
	}
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+contact.ID+"?propertiesWithHistory=email,firstname,lastname", "").JSON(t, &read)
	got := map[string][]string{}
	for name, versions := range read.PropertiesWithHistory {
		got[name] = []string{}
		for i, v := range versions {
			got[name] = append(got[name], v.Value)
			if i > 0 && v.Timestamp >= versions[i-1].Timestamp {
				t.Errorf("%s: %s is not before %s", name, v.Timestamp, versions[i-1].Timestamp)
			}
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"email": {"three@example.com", "two@example.com", "one@example.com"}, "firstname": {"F"}, "lastname": {},
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of many creates of one address at once exactly one succeeds.
func TestAnAddressIsGivenOnceUnderConcurrency(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Path: t.TempDir() + "/portal.db"})
	statuses := make([]int, 16)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() {
			statuses[i] = ask(t, p, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"one@example.com"}}`).Status
		})
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if diff := cmp.Diff(map[int]int{201: 1, 409: 15}, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListsArePagedById(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	var expected []string
	for i := range 25 {
		expected = append(expected, add(t, p, "contacts", fmt.Sprintf(`{"email":"c%d@example.com"}`, i)).ID)
	}
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+expected[7], "")
	type page struct {
		Results []object
		Paging  *struct {
			Next struct{ After, Link string }
		}
	}
	walk := func(query string) []string {
		var ids []string
		for after := ""; ; {
			var got page
			body := want(t, p, 200, "GET", "/crm/objects/2026-03/contacts?"+query+after, "")
			body.JSON(t, &got)
			for _, o := range got.Results {
				ids = append(ids, o.ID)
			}
			if got.Paging == nil {
				if strings.Contains(body.Body, "paging") {
					t.Error("the last page has a paging key")
				}
				return ids
			}
			after = "&after=" + got.Paging.Next.After
		}
	}
	live := append(append([]string{}, expected[:7]...), expected[8:]...)
	for _, query := range []string{"", "limit=1", "limit=7&properties=email", "limit=24", "limit=100"} {
		if diff := cmp.Diff(live, walk(query)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
	if diff := cmp.Diff(expected[7:8], walk("archived=true")); diff != "" {
		t.Errorf("archived (-want +got):\n%s", diff)
	}
	want(t, p, 400, "GET", "/crm/v3/objects/contacts?limit=101", "")
	want(t, p, 400, "GET", "/crm/v3/objects/contacts?limit=51&propertiesWithHistory=email", "")
}

func TestRequestsThatAreRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Token: "sesame"})
	server := portal.Server(p, "box.lan")
	tests := map[string]struct {
		host   string
		header http.Header
		status int
	}{
		"right token":         {"localhost:8899", http.Header{"Authorization": {"Bearer sesame"}}, 201},
		"IPv6 loopback":       {"[::1]:8899", http.Header{"Authorization": {"Bearer sesame"}}, 409},
		"named host":          {"BOX.lan", http.Header{"Authorization": {"Bearer sesame"}}, 409},
		"no token":            {"localhost", nil, 401},
		"wrong token":         {"localhost", http.Header{"Authorization": {"Bearer simsalabim"}}, 401},
		"a real-looking one":  {"localhost", http.Header{"Authorization": {"Bearer pat-eu1-01234567-89ab-cdef-0123-456789abcdef"}}, 403},
		"a page's origin":     {"localhost", http.Header{"Authorization": {"Bearer sesame"}, "Origin": {"https://evil.example"}}, 403},
		"another host's name": {"evil.example", http.Header{"Authorization": {"Bearer sesame"}}, 421},
		"a form":              {"localhost", http.Header{"Authorization": {"Bearer sesame"}, "Content-Type": {"text/plain"}}, 415},
	}
	for _, name := range []string{"right token", "IPv6 loopback", "named host", "no token", "wrong token", "a real-looking one", "a page's origin", "another host's name", "a form"} {
		test := tests[name]
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/crm/v3/objects/contacts", strings.NewReader(`{"properties":{"email":"a@example.com"}}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = test.host
		request.Header.Set("Content-Type", "application/json")
		maps.Copy(request.Header, test.header)
		w := newRecorder()
		server.Handler.ServeHTTP(w, request)
		if w.status != test.status {
			t.Errorf("%s: answered %d, not %d: %s", name, w.status, test.status, w.body.String())
		}
		if strings.Contains(w.body.String(), "pat-eu1") {
			t.Errorf("%s: the answer repeats the token", name)
		}
	}
}

type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func newRecorder() *recorder { return &recorder{header: make(http.Header)} }

func (r *recorder) Header() http.Header            { return r.header }
func (r *recorder) Write(data []byte) (int, error) { return r.body.Write(data) }
func (r *recorder) WriteHeader(status int)         { r.status = status }

func TestTransportHonoursCancellation(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://portal.test/crm/v3/objects/contacts", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := p.Transport().RoundTrip(request)
	if err == nil {
		_ = response.Body.Close()
		t.Error("a cancelled request was answered")
	}
}

// An idProperty counts in the query alone.
func TestAnUpdateIgnoresTheIDPropertyOfItsBody(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	id := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	for key, status := range map[string]int{id: 200, "a@example.com": 404, "a@example.com?idProperty=email": 200} {
		want(t, p, status, "PATCH", "/crm/v3/objects/contacts/"+key, `{"idProperty":"email","id":"a@example.com","properties":{"firstname":"A"}}`)
		want(t, p, status, "PATCH", "/crm/v3/objects/contacts/"+key, `{"idProperty":"nonsense","properties":{"firstname":"A"}}`)
	}
}

// Values of every type, as JSON may give them, and as they come back.
func TestValuesComeBackInHubSpotsForm(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	if err := p.Fill(t.Context(), &crm.Fixture{Properties: []crm.Property{
		{Name: "score", Type: "number"},
		{Name: "consent", Type: "bool"},
		{Name: "day", Type: "date"},
		{Name: "at", Type: "datetime"},
		{Name: "tags", Type: "enumeration", FieldType: "checkbox", Options: []crm.Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}},
		{Name: "tier", Type: "enumeration", Options: []crm.Option{{Value: "Gold"}}},
	}}); err != nil {
		t.Fatal(err)
	}
	path := "/crm/v3/objects/contacts/" + add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	for _, test := range []struct {
		property, given, stored string // "" is a refusal
	}{
		{"score", `17`, "17"},
		{"score", `1.50`, "1.50"},
		{"score", `"1e3"`, "1e3"},
		{"score", `"1,000"`, ""},
		{"score", `true`, ""},
		{"consent", `true`, "true"},
		{"consent", `"false"`, "false"},
		{"consent", `"True"`, ""},
		{"consent", `1`, ""},
		{"day", `1709164800000`, "2024-02-29"},
		{"day", `"2024-02-29"`, "2024-02-29"},
		{"day", `1709164800001`, ""},
		{"day", `"29/02/2024"`, ""},
		{"at", `1582947017000`, "2020-02-29T03:30:17.000Z"},
		{"at", `"2020-02-29T04:30:17.5+01:00"`, "2020-02-29T03:30:17.500Z"},
		{"at", `"noon"`, ""},
		{"tags", `"b;a"`, "b;a"},
		{"tags", `";c"`, "b;a;c"},
		{"tags", `"a;A"`, ""},
		{"tier", `"Gold"`, "Gold"},
		{"tier", `"gold"`, ""},
		{"firstname", `" 7 "`, " 7 "},
		{"firstname", `"` + strings.Repeat("x", 65537) + `"`, ""},
		{"email", `" B@Example.com "`, "b@example.com"},
		{"email", `"b"`, ""},
		{"createdate", `0`, ""},
	} {
		status := 200
		if test.stored == "" {
			status = 400
		}
		var got object
		want(t, p, status, "PATCH", path, `{"properties":{"`+test.property+`":`+test.given+`}}`).JSON(t, &got)
		if status == 200 && got.text(test.property) != test.stored {
			t.Errorf("%s = %.40s came back as %q, not %q", test.property, test.given, got.text(test.property), test.stored)
		}
	}
	// Null clears, as the empty text does.
	for _, empty := range []string{`null`, `""`} {
		want(t, p, 200, "PATCH", path, `{"properties":{"score":7}}`)
		var got object
		want(t, p, 200, "PATCH", path, `{"properties":{"score":`+empty+`}}`).JSON(t, &got)
		if text, listed := got.Properties["score"]; !listed || text != nil {
			t.Errorf("%s left %v", empty, got.Properties)
		}
	}
}

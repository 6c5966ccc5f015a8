package portal_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// browse sends a request to what a socket would serve, as a browser on the page's
// own address does.
func browse(t *testing.T, handler http.Handler, method, path string, form url.Values, header http.Header) reply {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, "http://localhost:8899"+path, strings.NewReader(form.Encode()))
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	maps.Copy(request.Header, header)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	body, err := io.ReadAll(recorder.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{recorder.Code, recorder.Header(), string(body)}
}

// shows wants a view with these texts in it.
func shows(t *testing.T, handler http.Handler, path string, texts ...string) {
	t.Helper()
	got := browse(t, handler, "GET", path, nil, nil)
	if got.Status != http.StatusOK {
		t.Errorf("GET %s answered %d", path, got.Status)
	}
	for _, text := range texts {
		if !strings.Contains(got.Body, text) {
			t.Errorf("GET %s does not show %q:\n%s", path, text, got.Body)
		}
	}
}

func TestPageFindsContacts(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	ada := add(t, p, "contacts", `{"email":"ada@example.com","firstname":"Ada","lastname":"King","company":"100%"}`).ID
	bob := add(t, p, "contacts", `{"email":"bob@example.com","firstname":"Bob","lastname":"Adams","hs_additional_emails":"robert@old.example"}`).ID
	for query, want := range map[string][]string{
		"":                   {bob, ada},
		"ada":                {bob, ada},
		"ADA kin":            {ada},
		"ada@example.com":    {ada},
		"robert@old.example": {bob},
		ada:                  {ada},
		"100%":               {ada},
		"%":                  {ada},
		"_":                  nil,
	} {
		body := browse(t, handler, "GET", "/?q="+url.QueryEscape(query), nil, nil).Body
		var got []string
		for part := range strings.SplitSeq(body, `<a href="/records/contacts/`) {
			if id, _, found := strings.Cut(part, `"><bdi>`); found && len(id) < 20 {
				got = append(got, id)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("searching for %q (-want +got):\n%s", query, diff)
		}
	}
	shows(t, handler, "/?q=nobody", "Nothing matches", "Show all 2 contacts")
}

func TestPageTurns(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	for range 120 {
		add(t, p, "contacts", `{"lastname":"Doe"}`)
	}
	path, seen := "/?q=doe", []int{}
	for path != "" {
		body := browse(t, handler, "GET", path, nil, nil).Body
		seen = append(seen, strings.Count(body, `role="rowheader"`))
		_, rest, found := strings.Cut(body, `rel="next" href="`)
		path, _, _ = strings.Cut(rest, `"`)
		path = strings.ReplaceAll(path, "&amp;", "&")
		if !found {
			_, rest, _ = strings.Cut(body, `rel="prev" href="`)
			back, _, _ := strings.Cut(rest, `"`)
			shows(t, handler, strings.ReplaceAll(back, "&amp;", "&"), `rel="prev"`, `rel="next"`)
		}
	}
	if diff := cmp.Diff([]int{50, 50, 20}, seen); diff != "" {
		t.Errorf("contacts on each page (-want +got):\n%s", diff)
	}
}

func TestPageShowsARecordWithAllAboutIt(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	ada := add(t, p, "contacts", `{"email":"ada@example.com","firstname":"Ada","lifecyclestage":"lead"}`).ID
	company := add(t, p, "companies", `{"name":"Analytical","domain":"analytical.example"}`).ID
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+ada+"/associations/companies/"+company, `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]`)
	want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+ada, `{"properties":{"firstname":"Augusta"}}`)
	shows(t, handler, "/records/contacts/"+ada,
		"<h1><bdi>Augusta</bdi></h1>", "<code class=\"quiet\"><bdi>lead</bdi></code>", "properties without a value",
		`<a href="/records/companies/`+company+`"><bdi>Analytical</bdi></a> <span class="label"><bdi>Primary</bdi></span>`,
		`<bdi>Ada</bdi></del>`, `<ins><bdi>Augusta</bdi></ins>`, "<p>Created</p>")
	shows(t, handler, "/records/companies/"+company, "<h1><bdi>Analytical</bdi></h1>", `<a href="/records/contacts/`+ada+`">`)
	for _, path := range []string{"/records/contacts/1", "/records/contacts/x", "/records/unicorns", "/records/unicorns/1", "/bin?type=unicorns"} {
		if got := browse(t, handler, "GET", path, nil, nil); got.Status != http.StatusNotFound || !strings.Contains(got.Body, "no such record") {
			t.Errorf("GET %s answered %d: %s", path, got.Status, got.Body)
		}
	}
}

// Custom objects have the names that they were defined with.
func TestPageShowsCustomObjects(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	var made struct {
		ObjectTypeID string `json:"objectTypeId"`
	}
	want(t, p, 201, "POST", "/crm/v3/schemas", `{"name":"engine","labels":{"singular":"Engine","plural":"Engines"},"primaryDisplayProperty":"serial","requiredProperties":["serial"],"searchableProperties":["serial"],"properties":[{"name":"serial","label":"Serial","type":"string","fieldType":"text"}],"associatedObjects":["CONTACT"]}`).JSON(t, &made)
	shows(t, handler, "/records/"+made.ObjectTypeID, "No Engines yet")
	id := add(t, p, made.ObjectTypeID, `{"serial":"No. 2"}`).ID
	shows(t, handler, "/records/"+made.ObjectTypeID+"?q=no.+2", "<bdi>Engines</bdi></h1>", "<bdi>No. 2</bdi></a>")
	shows(t, handler, "/records/"+made.ObjectTypeID+"/"+id, "<bdi>No. 2</bdi></h1>", "← Engines", "Engine <code>")
}

func TestPageRestoresFromTheBin(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	shows(t, handler, "/bin", "No archived contacts")
	ada := add(t, p, "contacts", `{"email":"ada@example.com"}`).ID
	form := url.Values{"type": {"contacts"}, "id": {ada}}
	if got := browse(t, handler, "POST", "/bin/restore", form, nil); got.Status != http.StatusNotFound {
		t.Errorf("restoring what is not archived answered %d", got.Status)
	}
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+ada, "")
	shows(t, handler, "/bin", "ada@example.com", "Restore")
	shows(t, handler, "/records/contacts/"+ada, "lies in the recycle bin")

	taker := add(t, p, "contacts", `{"email":"ada@example.com"}`).ID
	if got := browse(t, handler, "POST", "/bin/restore", form, nil); got.Status != http.StatusConflict || !strings.Contains(got.Body, taker) {
		t.Errorf("restoring a taken address answered %d: %s", got.Status, got.Body)
	}
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+taker, "")
	got := browse(t, handler, "POST", "/bin/restore", form, nil)
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/records/contacts/"+ada+"?restored=1" {
		t.Errorf("restoring answered %d to %s", got.Status, got.Header.Get("Location"))
	}
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+ada, "")
	shows(t, handler, got.Header.Get("Location"), "Restored from the recycle bin.")
}

// What acts on a page, or is not seen on it, is written out.
func TestPageWritesOutWhatHides(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	id := add(t, p, "contacts", `{"firstname":"a\u202eb\u0007","lastname":"<script>alert(1)</script>","jobtitle":"x\u200by\nz\u2028"}`).ID
	for _, path := range []string{"/", "/records/contacts/" + id} {
		body := browse(t, handler, "GET", path, nil, nil).Body
		if strings.ContainsAny(body, "\u202e\u0007\u200b\u2028") || strings.Contains(body, "<script") {
			t.Errorf("GET %s lets it through: %q", path, body)
		}
	}
	shows(t, handler, "/records/contacts/"+id, `a<span class="escape">\u202e</span>b<span class="escape">\x07</span> &lt;script`,
		`x<span class="escape">\u200b</span>y<span class="escape">\n</span><br>z<span class="escape">\u2028</span>`)
}

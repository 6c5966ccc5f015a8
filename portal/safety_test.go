package portal_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// pagePaths are the page's own.
var pagePaths = []string{"/", "/records/contacts", "/bin", "/requests", "/sign-in", "/page.css", "/page.svg"}

func TestPageKeepsToItself(t *testing.T) {
	t.Parallel()
	handler := portal.Server(portaltest.New(t, portal.Config{})).Handler
	for _, path := range append(pagePaths, "/records/contacts/1", "/records/none") {
		got := browse(t, handler, "GET", path, nil, http.Header{"Origin": {"https://evil.example"}})
		header := map[string]string{}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy", "Cache-Control"} {
			header[name] = got.Header.Get(name)
		}
		if diff := cmp.Diff(map[string]string{
			"Content-Security-Policy":      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control":                "no-store",
		}, header); diff != "" {
			t.Errorf("GET %s (-want +got):\n%s", path, diff)
		}
		for name := range got.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("GET %s answers with %s", path, name)
			}
		}
		for _, inline := range []string{"<script", "<style", " style=", " onclick="} {
			if strings.Contains(got.Body, inline) {
				t.Errorf("GET %s holds %s", path, inline)
			}
		}
	}
}

// Another site can neither reach the portal by a name of its own nor send it forms.
func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	handler := portal.Server(p).Handler
	ada := add(t, p, "contacts", `{"email":"ada@example.com"}`).ID
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+ada, "")
	form := url.Values{"type": {"contacts"}, "id": {ada}}
	for name, header := range map[string]http.Header{
		"by its origin":      {"Origin": {"https://evil.example"}},
		"without an origin":  {"Origin": {"null"}},
		"as browsers say it": {"Sec-Fetch-Site": {"cross-site"}},
		"from another port":  {"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://localhost:3000"}},
	} {
		if got := browse(t, handler, "POST", "/bin/restore", form, header); got.Status != http.StatusForbidden {
			t.Errorf("a form %s was answered %d", name, got.Status)
		}
	}
	want(t, p, 404, "GET", "/crm/v3/objects/contacts/"+ada, "")
	for _, path := range append(pagePaths, contactsPath, "/nowhere") {
		request := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		request.Host = "rebound.example:8899"
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusMisdirectedRequest {
			t.Errorf("another host's %s was answered %d", path, recorder.Code)
		}
	}
	own := http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://localhost:8899"}}
	if got := browse(t, handler, "POST", "/bin/restore", form, own); got.Status != http.StatusSeeOther {
		t.Errorf("the page's own form was answered %d", got.Status)
	}
}

// The API stays what it was beside the page: no path of its own shows the page, it
// takes JSON alone, and no web page may call it.
func TestPageLeavesTheAPIAlone(t *testing.T) {
	t.Parallel()
	handler := portal.Server(portaltest.New(t, portal.Config{})).Handler
	bearer := http.Header{"Authorization": {"Bearer any"}}
	for _, path := range []string{contactsPath, "/crm/v3/properties/contacts", "/account-info/v3/details"} {
		if got := browse(t, handler, "GET", path, nil, bearer); got.Status != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
			t.Errorf("GET %s answered %d %s", path, got.Status, got.Header.Get("Content-Type"))
		}
	}
	for _, c := range []struct{ method, path string }{{"POST", "/"}, {"PUT", "/bin"}, {"GET", "/contacts/v1/lists"}, {"GET", "/favicon.ico"}, {"GET", "/crm"}, {"GET", "/records/a/b/c"}} {
		if got := browse(t, handler, c.method, c.path, nil, bearer); got.Status != 404 || !strings.Contains(got.Body, "HTTP ERROR 404") {
			t.Errorf("%s %s answered %d: %s", c.method, c.path, got.Status, got.Body)
		}
	}
	form := browse(t, handler, "POST", contactsPath, url.Values{"properties": {"x"}}, bearer)
	if form.Status != http.StatusUnsupportedMediaType {
		t.Errorf("a form was answered %d", form.Status)
	}
	foreign := browse(t, handler, "GET", contactsPath, nil, http.Header{"Authorization": {"Bearer any"}, "Origin": {"http://localhost:8899"}})
	if foreign.Status != http.StatusForbidden || foreign.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a web page's request was answered %d", foreign.Status)
	}
	genuine := browse(t, handler, "GET", contactsPath, nil, http.Header{"Authorization": {"Bearer pat-eu1-01234567-89ab-cdef-0123-456789abcdef"}})
	if genuine.Status != http.StatusForbidden || strings.Contains(genuine.Body, "89ab") {
		t.Errorf("a token of HubSpot's was answered %d: %s", genuine.Status, genuine.Body)
	}
}

func TestTokenGuardsThePage(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Token: "sesame"})
	handler := portal.Server(p).Handler
	for _, path := range pagePaths[:4] {
		if got := browse(t, handler, "GET", path, nil, nil); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/sign-in" {
			t.Errorf("GET %s answered %d", path, got.Status)
		}
	}
	for _, wrong := range []string{"", "wrong", "pat-eu1-01234567-89ab-cdef-0123-456789abcdef"} {
		got := browse(t, handler, "POST", "/sign-in", url.Values{"token": {wrong}}, nil)
		if got.Status != http.StatusForbidden || got.Header.Get("Set-Cookie") != "" || wrong != "" && strings.Contains(got.Body, wrong) {
			t.Errorf("the token %q was answered %d", wrong, got.Status)
		}
	}
	got := browse(t, handler, "POST", "/sign-in", url.Values{"token": {"sesame"}}, nil)
	cookie := got.Header.Get("Set-Cookie")
	if got.Status != http.StatusSeeOther || !strings.Contains(cookie, "HttpOnly; SameSite=Strict") || strings.Contains(cookie, "sesame") {
		t.Errorf("signing in answered %d, cookie %q", got.Status, cookie)
	}
	session, _, _ := strings.Cut(cookie, ";")
	signed := http.Header{"Cookie": {session}}
	if got := browse(t, handler, "GET", "/", nil, signed); got.Status != http.StatusOK {
		t.Errorf("a signed-in browser was answered %d", got.Status)
	}
	if got := browse(t, portal.Server(p).Handler, "GET", "/", nil, signed); got.Status != http.StatusSeeOther {
		t.Errorf("another process took the session: %d", got.Status)
	}
	if got := browse(t, handler, "GET", contactsPath, nil, signed); got.Status != http.StatusUnauthorized {
		t.Errorf("the API took the page's session: %d", got.Status)
	}
	browse(t, handler, "POST", "/sign-out", url.Values{}, signed)
	if got := browse(t, handler, "GET", "/", nil, signed); got.Status != http.StatusSeeOther {
		t.Errorf("the session outlived signing out: %d", got.Status)
	}
}

func TestServerBoundsWhatItReads(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	server.Config = portal.Server(portaltest.New(t, portal.Config{}))
	server.Start()
	defer server.Close()
	c := server.Config
	if diff := cmp.Diff([]time.Duration{5 * time.Second, 30 * time.Second, 60 * time.Second, 60 * time.Second},
		[]time.Duration{c.ReadHeaderTimeout, c.ReadTimeout, c.WriteTimeout, c.IdleTimeout}); diff != "" {
		t.Errorf("timeouts (-want +got):\n%s", diff)
	}
	for name, sent := range map[string]struct {
		path, header string
		body         io.Reader
		want         int
	}{
		"a small request":     {contactsPath, "x", strings.NewReader(`{"properties":{"firstname":"x"}}`), 201},
		"a header of 40 KiB":  {contactsPath, strings.Repeat("x", 40<<10), nil, 431},
		"a body above 16 MiB": {contactsPath, "x", strings.NewReader(`{"properties":{}}` + strings.Repeat(" ", 16<<20)), 413},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+sent.path, sent.body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer any")
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Padding", sent.header)
		response, err := server.Client().Do(request)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode != sent.want {
			t.Errorf("%s was answered %d, not %d", name, response.StatusCode, sent.want)
		}
	}
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	connections chan net.Conn
	accepted    int
}

func (l *pipes) Accept() (net.Conn, error) {
	connection, ok := <-l.connections
	if !ok {
		return nil, net.ErrClosed
	}
	l.accepted++
	return connection, nil
}

func (l *pipes) Close() error   { close(l.connections); return nil }
func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func TestConnectionsAreLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := &pipes{connections: make(chan net.Conn, 300)}
		server := portal.Server(portaltest.New(t, portal.Config{}))
		server.ReadHeaderTimeout, server.ReadTimeout = 0, 0 // these clients are slow
		var clients []net.Conn
		for range 300 {
			client, connection := net.Pipe()
			clients = append(clients, client)
			listener.connections <- connection
		}
		go func() { _ = server.Serve(portal.Limited(listener)) }()
		synctest.Wait()
		if listener.accepted != 256 {
			t.Errorf("%d connections are served at once", listener.accepted)
		}
		for _, client := range clients[:10] {
			_ = client.Close()
		}
		synctest.Wait()
		if listener.accepted != 266 {
			t.Errorf("after 10 left, %d connections were served", listener.accepted)
		}
		for _, client := range clients[10:] {
			_ = client.Close()
		}
		_ = server.Close()
	})
}

func TestPortalFileIsNobodyElses(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "deeper")
	path := filepath.Join(folder, "portal.db")
	p := open(t, path)
	defer func() { _ = p.Close() }()
	add(t, p, "contacts", `{"email":"ada@example.com"}`)
	for name, mode := range map[string]os.FileMode{
		filepath.Dir(folder): 0o700, folder: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v", name, info.Mode().Perm())
		}
	}
	link := filepath.Join(folder, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if linked, err := portal.Open(t.Context(), portal.Config{Path: link}); err == nil {
		_ = linked.Close()
		t.Error("a symbolic link was followed")
	}
}

func TestPortalRequiresNoTokenOfHubSpots(t *testing.T) {
	t.Parallel()
	p, err := portal.Open(t.Context(), portal.Config{Token: "pat-na1-01234567-89ab-cdef-0123-456789abcdef"})
	if !errors.Is(err, portal.ErrRealToken) {
		t.Errorf("the error is %v", err)
	}
	if p != nil {
		_ = p.Close()
	}
}

// The log remembers the last 500 requests, and nothing that could be a secret.
func TestRequestLogIsBoundedAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Limits: portal.Free})
	handler := portal.Server(p).Handler
	shows(t, handler, "/requests", "No request yet", "of 100", "of 250,000", "of 5")
	header := http.Header{"Authorization": {"Bearer c4n4ry"}, "Content-Type": {"application/json"}}
	for i := range 600 {
		browse(t, handler, "GET", fmt.Sprintf("%s/%d?hapikey=c4n4ry&properties=email", contactsPath, i+1), nil, header)
	}
	browse(t, handler, "GET", "/oauth/v1/access-tokens/c4n4ry", nil, header)
	browse(t, handler, "POST", contactsPath, url.Values{"c4n4ry": {"c4n4ry"}}, header)
	body := browse(t, handler, "GET", "/requests", nil, nil).Body
	if strings.Contains(body, "c4n4ry") {
		t.Error("the log shows a secret")
	}
	if rows := strings.Count(body, `class="status`); rows != 500 {
		t.Errorf("the log shows %d requests", rows)
	}
	shows(t, handler, "/requests", "The last 500 of 602", "/oauth/…", "/600?hapikey=…&amp;properties=email", "429", "<strong>100</strong> of 100")
	if strings.Contains(body, contactsPath+"/102?") || !strings.Contains(body, contactsPath+"/103?") {
		t.Error("the log does not hold the newest requests")
	}
}

// Package page_test looks at the page of the local portal in Chromium, as people do:
// the command that ships serves it, and nothing here imports it.
package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "write screenshots of every view into this `folder`")

// command builds contactsync and returns its path.
func command(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "contactsync")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/contactsync")
	build.Dir, build.Stderr = "../..", t.Output()
	if err := build.Run(); err != nil {
		t.Fatalf("building contactsync: %v", err)
	}
	return path
}

// serve fills a portal with invented people, serves it until the test ends, and
// returns its address.
func serve(t *testing.T, contacts string, flags ...string) string {
	t.Helper()
	command, folder := command(t), t.TempDir()
	if contacts != "0" {
		seed := exec.CommandContext(t.Context(), command, "portal", "seed", "--contacts", contacts, "--seed", "7", "--portal", "file:portal.db")
		seed.Dir, seed.Stderr = folder, t.Output()
		if err := seed.Run(); err != nil {
			t.Fatalf("seeding: %v", err)
		}
	}
	server := exec.CommandContext(t.Context(), command, append([]string{"serve", "--json", "--db", "portal.db", "--addr", "127.0.0.1:0"}, flags...)...)
	server.Dir, server.Stderr = folder, t.Output()
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Wait() }) // its context has ended by then
	var welcome struct{ Address string }
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&welcome); err != nil {
		t.Fatalf("reading where serve listens: %v", err)
	}
	return welcome.Address
}

// api sends one request of the API.
func api(t *testing.T, base, method, path, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// create makes a record and returns its id.
func create(t *testing.T, base, properties string) string {
	t.Helper()
	status, body := api(t, base, "POST", "/crm/v3/objects/contacts", `{"properties":`+properties+`}`)
	id := regexp.MustCompile(`"id":"(\d+)"`).FindStringSubmatch(body)
	if status != http.StatusCreated || id == nil {
		t.Fatalf("creating a contact answered %d: %s", status, body)
	}
	return id[1]
}

// A browser finds a contact, sees it archived by a client, restores it by a click,
// and reads in the log what the client did.
func TestAContactIsFoundAndComesBackFromTheBin(t *testing.T) {
	t.Parallel()
	base := serve(t, "60")
	id := create(t, base, `{"email":"zelda@fitz.example","firstname":"Zelda","lastname":"Fitz\u202e\u0007"}`)
	if status, body := api(t, base, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"jobtitle":"Editor"}}`); status != http.StatusOK {
		t.Fatalf("changing the contact answered %d: %s", status, body)
	}
	b := open(t)

	b.visit(base + "/")
	b.enter("#q", "zelda fi")
	if rows := b.count("tbody tr"); rows != 1 {
		t.Errorf("the search shows %d contacts", rows)
	}
	b.click("tbody a")
	b.holds("Zelda", `Fitz\u202e\x07`, "zelda@fitz.example", "Editor", "Job Title empty → to Editor", "Created", "properties without a value")

	if status, body := api(t, base, "DELETE", "/crm/v3/objects/contacts/"+id, ""); status != http.StatusNoContent {
		t.Fatalf("archiving answered %d: %s", status, body)
	}
	b.visit(base + "/bin")
	b.click("td.act button")
	b.holds("Restored from the recycle bin.", "Zelda")
	if status, _ := api(t, base, "GET", "/crm/v3/objects/contacts/"+id, ""); status != http.StatusOK {
		t.Errorf("reading the restored contact answered %d", status)
	}

	b.visit(base + "/requests")
	b.holds("DELETE /crm/v3/objects/contacts/"+id, "PATCH /crm/v3/objects/contacts/"+id, "204", "201", "10 seconds")
	b.quiet()
}

// A portal with a token lets a browser in only by it.
func TestATokenGuardsThePage(t *testing.T) {
	t.Parallel()
	base := serve(t, "0", "--token", "sesame")
	b := open(t)
	b.visit(base + "/requests")
	b.enter("#token", "wrong")
	b.holds("That is not the token")
	b.loud("403") // Chromium reports an answer of 403 to a form in the console
	b.enter("#token", "sesame")
	b.holds("No contacts yet")
	b.click("header form button")
	b.visit(base + "/bin")
	b.holds("Access token")
	b.quiet()
}

// Every view fits every width in both colour schemes, and nothing on it is refused
// by its own policy.
func TestEveryViewFits(t *testing.T) {
	t.Parallel()
	base := serve(t, "500", "--limits", "pro")
	views := stage(t, base)
	empty := serve(t, "0")
	views["empty"], views["empty-bin"], views["empty-requests"] = empty+"/", empty+"/bin", empty+"/requests"
	views["sign-in"] = serve(t, "0", "--token", "sesame") + "/sign-in"
	b := open(t)
	for name, address := range views {
		for _, width := range []int64{390, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				b.look(width, scheme)
				b.visit(address)
				if overflow := b.number("document.documentElement.scrollWidth - document.documentElement.clientWidth"); overflow > 0 {
					t.Errorf("%s at %d px is %d px too wide", name, width, overflow)
				}
				if got := b.text("getComputedStyle(document.body).backgroundColor"); got != map[string]string{"light": "rgb(246, 245, 242)", "dark": "rgb(20, 23, 26)"}[scheme] {
					t.Errorf("%s in %s has the ground %s", name, scheme, got)
				}
				if *shots != "" {
					b.shoot(filepath.Join(*shots, name+"-"+map[int64]string{390: "phone", 1280: "desktop"}[width]+"-"+scheme+".png"))
				}
			}
		}
	}
	b.quiet()
}

// stage brings a portal into a state worth looking at and returns its views.
func stage(t *testing.T, base string) map[string]string {
	t.Helper()
	id := create(t, base, `{"email":"ada@analytical.example","firstname":"Ada","lastname":"Lovelace","company":"Analytical Engines","phone":"+15550100","lifecyclestage":"lead"}`)
	for _, change := range []string{`{"jobtitle":"Mathematician"}`, `{"phone":"+15550199","jobtitle":""}`, `{"lifecyclestage":"opportunity","jobtitle":"Countess"}`} {
		api(t, base, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":`+change+`}`)
	}
	_, list := api(t, base, "GET", "/crm/v3/objects/companies?limit=3", "")
	for i, company := range regexp.MustCompile(`"id":"(\d+)"`).FindAllStringSubmatch(list, -1) {
		api(t, base, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/companies/"+company[1], `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":`+[]string{"1", "279", "279"}[i]+`}]`)
	}
	_, list = api(t, base, "GET", "/crm/v3/objects/deals?limit=1", "")
	deal := regexp.MustCompile(`"id":"(\d+)"`).FindStringSubmatch(list)[1]
	api(t, base, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/default/deals/"+deal, "")
	_, list = api(t, base, "GET", "/crm/v3/objects/contacts?limit=4", "")
	for _, gone := range regexp.MustCompile(`"id":"(\d+)"`).FindAllStringSubmatch(list, -1) {
		api(t, base, "DELETE", "/crm/v3/objects/contacts/"+gone[1], "")
	}
	api(t, base, "GET", "/crm/v3/objects/contacts/1", "")
	api(t, base, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"ada@analytical.example"}}`)
	api(t, base, "GET", "/crm/v3/nonsense", "")
	api(t, base, "POST", "/crm/v3/objects/contacts/search", `{"query":"ada"}`)
	return map[string]string{
		"contacts": base + "/", "found": base + "/?q=ada", "nothing": base + "/?q=nobody+at+all", "companies": base + "/records/companies",
		"contact": base + "/records/contacts/" + id, "deal": base + "/records/deals/" + deal, "bin": base + "/bin",
		"requests": base + "/requests",
	}
}

// withBrowser is the context of a fresh Chromium, which ends with the test.
func withBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("Chromium is needed: install the package chromium")
	}
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))
	ctx, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("ending the browser: %v", err)
		}
		stop()
	})
	return ctx
}

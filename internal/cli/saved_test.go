package cli_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// A saved plan is held against the definitions that the portal has when it is applied.
// What cannot be written any more refuses it before the first write, with the contact
// and its line, and without the value unless it was asked for.
func TestSavedPlanMeetsOtherDefinitions(t *testing.T) {
	t.Parallel()
	const property = "/crm/v3/properties/contacts/"
	for name, test := range map[string]struct {
		method, path, body string
		says               string
	}{
		"deleted": {
			http.MethodDelete, property + "vessel", "",
			`The portal has no contact property "vessel" any more.`,
		},
		"no such option": {
			http.MethodPatch, property + "rank", `{"options":[{"label":"Admiral","value":"admiral","displayOrder":0,"hidden":false}]}`,
			`rank cannot be written: `,
		},
		"another type": {
			http.MethodPatch, property + "vessel", `{"type":"number","fieldType":"number"}`,
			`vessel cannot be written: `,
		},
		"label deleted": {
			http.MethodDelete, "/crm/v4/associations/contacts/companies/labels/", "",
			"Contacts and companies have no association type USER_DEFINED ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{})
			address := listen(t, p)
			ask := func(method, path, body string) string { return ask(t, method, address+path, body) }
			ask(http.MethodPost, property[:len(property)-1], `{"name":"vessel","label":"Vessel","type":"string","fieldType":"text","groupName":"contactinformation"}`)
			ask(http.MethodPost, property[:len(property)-1], `{"name":"rank","label":"Rank","type":"enumeration","fieldType":"select","groupName":"contactinformation",
				"options":[{"label":"Captain","value":"captain","displayOrder":0,"hidden":false}]}`)
			label := ask(http.MethodPost, "/crm/v4/associations/contacts/companies/labels", `{"name":"sponsor","label":"Sponsor"}`)
			ask(http.MethodPost, "/crm/v3/objects/companies", `{"properties":{"domain":"navy.example"}}`)
			dir := t.TempDir()
			text := "version: 1\ncontacts:\n  - email: grace@navy.example\n    properties: {vessel: Wasp, rank: captain}\n" +
				"    associations:\n      - {to: company, domain: navy.example, labels: [Sponsor]}\n"
			if err := os.WriteFile(filepath.Join(dir, "crm.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func(want int, args ...string) string {
				t.Helper()
				var said strings.Builder
				e := env(t, io.Discard, append(args, "--portal", address)...)
				e.Dir, e.Stderr = dir, &said
				if got := cli.Main(t.Context(), e); got != want {
					t.Fatalf("%s ended with %d:\n%s", strings.Join(args, " "), got, &said)
				}
				return said.String()
			}
			run(0, "plan", "crm.yaml", "-o", "plan.jsonl")
			run(0, "plan", "--check", "plan.jsonl")
			if strings.HasSuffix(test.path, "/labels/") {
				_, id, _ := strings.Cut(label, `"typeId":`)
				test.path += id[:strings.IndexAny(id, ",}")]
			}
			ask(test.method, test.path, test.body)
			before := p.Requests().Mutations()
			for _, args := range [][]string{{"plan", "--check", "plan.jsonl"}, {"apply", "plan.jsonl", "--yes"}} {
				said := run(6, args...)
				for _, want := range []string{test.says, "crm.yaml:3", "plan again", "1 error; nothing was written."} {
					if !strings.Contains(said, want) {
						t.Errorf("%s does not say %q:\n%s", strings.Join(args, " "), want, said)
					}
				}
				if strings.Contains(said, "Wasp") || strings.Contains(said, "grace@") {
					t.Errorf("%s shows what was not asked for:\n%s", strings.Join(args, " "), said)
				}
			}
			if n := p.Requests().Mutations() - before; n != 0 {
				t.Errorf("%d requests wrote", n)
			}
		})
	}
}

// ask sends a request to a portal that listens, and returns the answer's body.
func ask(t *testing.T, method, url, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any-token")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s %v", method, url, response.StatusCode, answer, err)
	}
	return string(answer)
}

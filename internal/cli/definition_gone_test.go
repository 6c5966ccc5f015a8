package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// A property, an association label or a lifecycle stage that goes between the plan and the
// apply refuses the plan; one that goes in the middle of an apply is told with those whom
// it concerns, and the others are written.
func TestDefinitionsThatGoMeanwhile(t *testing.T) {
	t.Parallel()
	const (
		stages = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline/stages"
		labels = "/crm/v4/associations/contacts/companies/labels"
	)
	for name, test := range map[string]struct {
		define, body string                       // the request that makes the definition
		gone         func(made definition) string // the path at which it is removed
		declared     func(made definition) string // what ada declares of it
		refused      string                       // what a plan that was saved before says
		told         []string                     // what an apply says in the middle of which it goes
		writes       int                          // contacts that are written then
	}{
		"property": {
			"/crm/v3/properties/contacts", `{"name":"loyalty","label":"Loyalty","type":"string","fieldType":"text","groupName":"contactinformation"}`,
			func(definition) string { return "/crm/v3/properties/contacts/loyalty" },
			func(definition) string { return "properties: {firstname: Ada, loyalty: gold}" },
			"CS2001",
			[]string{
				"the property loyalty does not exist in the portal any more: plan again", "error: the portal has lost a property that the plan writes",
				"a property of the plan does not exist any more: loyalty", "Next     contactsync plan --portal",
			},
			0,
		},
		"label": {
			labels, `{"name":"decides","label":"Decides"}`,
			func(made definition) string { return fmt.Sprintf("%s/%d", labels, made.Results[0].TypeID) },
			func(definition) string {
				return "properties: {firstname: Ada}, associations: [{to: company, domain: navy.example, labels: [Decides]}]"
			},
			"CS2105",
			[]string{"association with company navy.example: HubSpot refused the association", "2 updated, 1 failed", "crm.yaml:3"},
			2,
		},
		"stage": {
			stages, `{"label":"Trial","displayOrder":5,"metadata":{}}`,
			func(made definition) string { return stages + "/" + made.ID },
			func(made definition) string {
				return "properties: {firstname: Ada, lifecyclestage: \"" + made.ID + "\"}"
			},
			"CS2006",
			[]string{"HubSpot refused lifecyclestage INVALID_OPTION", "1 updated, 1 failed", "crm.yaml:3"},
			1,
		},
	} {
		for _, middle := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, in the middle %t", name, middle), func(t *testing.T) {
				t.Parallel()
				p := portaltest.New(t, portal.Config{})
				own := portaltest.Client(t, p)
				portaltest.Create(t, own, "contacts", map[string]string{"email": "ada@example.com"}, map[string]string{"email": "grace@example.com"})
				portaltest.Create(t, own, "companies", map[string]string{"domain": "navy.example"})
				var made definition
				made.send(t, p, http.MethodPost, test.define, test.body)
				remove := sync.OnceFunc(func() { new(definition).send(t, p, http.MethodDelete, test.gone(made), "") })
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if middle && strings.HasSuffix(r.URL.Path, "/contacts/batch/update") {
						remove()
					}
					portal.Server(p).Handler.ServeHTTP(w, r)
				}))
				t.Cleanup(server.Close)
				var stdout bytes.Buffer
				stderr := new(spoken)
				e := env(t, &stdout)
				e.Stderr = stderr
				text := "version: 1\ncontacts:\n  - {email: ada@example.com, " + test.declared(made) + "}\n  - {email: grace@example.com, properties: {firstname: Grace}}\n"
				if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				e.Args = []string{"plan", "crm.yaml", "-o", "plan.jsonl", "--portal", server.URL}
				if got := cli.Main(t.Context(), e); got != 0 {
					t.Fatalf("plan ended with %d: %s", got, stderr)
				}
				e.Args = []string{"apply", "plan.jsonl", "--yes", "--portal", server.URL}
				if !middle {
					remove()
				}
				want, told, writes := 6, []string{test.refused, "nothing was written. The portal changed since the plan was made; make it again."}, 0
				if middle {
					want, told, writes = 5, test.told, test.writes
				}
				got := cli.Main(t.Context(), e)
				said := stdout.String() + stderr.String()
				if got != want {
					t.Errorf("exit code %d, want %d", got, want)
				}
				for _, text := range told {
					if !strings.Contains(said, text) {
						t.Errorf("it does not say %q:\n%s", text, said)
					}
				}
				written := 0
				for page, err := range own.Objects(t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"firstname"}}) {
					if err != nil {
						t.Fatal(err)
					}
					for _, contact := range page {
						if contact.Properties["firstname"] != nil {
							written++
						}
					}
				}
				if written != writes {
					t.Errorf("%d contacts are written, want %d", written, writes)
				}
			})
		}
	}
}

// definition is what a portal answers of a property, a label or a stage that it made.
type definition struct {
	ID      string `json:"id"`
	Results []struct {
		TypeID int `json:"typeId"`
	} `json:"results"`
}

// send changes the portal's definitions.
func (d *definition) send(t *testing.T, p *portal.Portal, method, path, body string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer t")
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	p.ServeHTTP(answer, request)
	if answer.Code/100 != 2 {
		t.Errorf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	if answer.Body.Len() > 0 {
		if err := json.Unmarshal(answer.Body.Bytes(), d); err != nil {
			t.Error(err)
		}
	}
}

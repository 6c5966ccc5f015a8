package cli_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/internal/cli"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// What the journey does to the 10,000 contacts that it exports.
const (
	journeySize = 10_000
	edited      = 700
	added       = 300
	binned      = 200
)

// A journey is a folder in which the command is run against one portal.
type journey struct {
	t      *testing.T
	dir    string
	portal string
}

// run runs the command and returns what it printed; another exit code than wanted
// ends the test.
func (j journey) run(want int, args ...string) string {
	j.t.Helper()
	var stdout, stderr bytes.Buffer
	got := cli.Main(j.t.Context(), cli.Env{
		Args: append(args, "--portal", j.portal), Dir: j.dir, Random: rand.Reader,
		LookupEnv: func(name string) (string, bool) { return "any-token", name == "HUBSPOT_ACCESS_TOKEN" },
		Stdin:     strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
	})
	if got != want {
		j.t.Fatalf("contactsync %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), got, want, &stdout, &stderr)
	}
	return stdout.String()
}

func (j journey) path(name string) string { return filepath.Join(j.dir, name) }

func (j journey) read(name string) []byte {
	j.t.Helper()
	data, err := os.ReadFile(j.path(name))
	if err != nil {
		j.t.Fatal(err)
	}
	return data
}

func (j journey) load(name string) *spec.Document {
	j.t.Helper()
	document, problems := spec.Load([]spec.Source{{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(j.path(name)) }}})
	if problems.HasErrors() {
		j.t.Fatalf("%s: %v", name, problems)
	}
	return document
}

// edit changes the exported file as somebody's script would.
func (j journey) edit() *spec.Document {
	j.t.Helper()
	var contacts []spec.Contact
	addressed := 0
	for _, c := range j.load("export.yaml").All() {
		if c.Email != "" {
			addressed++
			switch {
			case addressed <= edited:
				c.Properties = withProperty(c.Properties, "jobtitle", fmt.Sprintf("Head of section %d", addressed))
			case addressed <= edited+binned:
				c.Ensure = spec.Archived
			}
		}
		contacts = append(contacts, c)
	}
	for i := range added {
		address := fmt.Sprintf("new.person.%03d@example.com", i)
		contacts = append(contacts, spec.Contact{
			Email: crm.Email(address), Written: address, Ensure: spec.Present, Lifecycle: spec.AtLeast,
			Properties: []spec.Property{{Name: "firstname", Text: "New", Set: true, Mode: spec.Managed, Origin: spec.FromContact}},
		})
	}
	document := spec.NewDocument(contacts)
	var file bytes.Buffer
	if err := document.Encode(&file); err != nil {
		j.t.Fatal(err)
	}
	if err := os.WriteFile(j.path("edited.yaml"), file.Bytes(), 0o600); err != nil {
		j.t.Fatal(err)
	}
	return document
}

func withProperty(properties []spec.Property, name, text string) []spec.Property {
	kept := slices.DeleteFunc(slices.Clone(properties), func(p spec.Property) bool { return p.Name == name })
	kept = append(kept, spec.Property{Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact})
	slices.SortFunc(kept, func(a, b spec.Property) int { return strings.Compare(a.Name, b.Name) })
	return kept
}

// travel exports, edits, validates, plans, applies, and sees an empty plan and an
// export that says what the edited file said. after is called behind each command.
func (j journey) travel(after func(step string)) {
	j.t.Helper()
	step := func(name string, want int, args ...string) string {
		out := j.run(want, args...)
		after(name)
		return out
	}
	step("export", 0, "export", "-o", "export.yaml", "--associations", "company")
	document := j.edit()
	step("validate", 0, "validate", "edited.yaml")
	step("plan", 2, "plan", "edited.yaml", "-o", "plan.jsonl", "--detailed-exitcode")
	j.run(6, "apply", "plan.jsonl", "--yes")
	after("refused apply")
	step("apply", 0, "apply", "plan.jsonl", "--yes", "--allow-archive", fmt.Sprint(binned))
	if out := step("empty plan", 0, "plan", "edited.yaml", "--detailed-exitcode"); !strings.Contains(out, "No changes.") {
		j.t.Errorf("the plan after the apply reads\n%s", out)
	}
	step("second export", 0, "export", "-o", "after.yaml", "--associations", "company")
	if diff := cmp.Diff(meaning(document), meaning(j.load("after.yaml"))); diff != "" {
		j.t.Errorf("the export after the apply differs from the edited file (-edited +exported):\n%s", diff)
	}
}

// said is what a file says of one contact, without positions.
type said struct {
	Properties   map[string]string
	Associations []string
}

func meaning(document *spec.Document) map[string]said {
	contacts := make(map[string]said, document.Len())
	for _, c := range document.All() {
		if c.Ensure == spec.Archived {
			continue
		}
		s := said{Properties: make(map[string]string, len(c.Properties))}
		for _, p := range c.Properties {
			parts := strings.Split(p.Text, ";")
			if p.List {
				slices.Sort(parts)
			}
			s.Properties[p.Name] = strings.Join(parts, ";")
		}
		for _, a := range c.Associations {
			s.Associations = append(s.Associations, fmt.Sprint(a.To, a.Labels, a.Type))
		}
		slices.Sort(s.Associations)
		contacts[string(c.Email)+"/"+string(c.ID)] = s
	}
	return contacts
}

// The same journey through a file and through a socket of a portal with limits:
// the same plan, byte for byte, and not one request more than must be.
func TestJourneyOf10000Contacts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("seeds 10,000 contacts and waits for the limits of a portal")
	}
	dir := t.TempDir()
	seeded := filepath.Join(dir, "seeded.db")
	seedPortal(t, seeded)
	copyFile(t, seeded, filepath.Join(dir, "file.db"))
	local := openPortal(t, portal.Config{Path: seeded, Limits: portal.Pro})
	inProcess := journey{dir: t.TempDir(), portal: "file:" + filepath.Join(dir, "file.db")}
	overSocket := journey{dir: t.TempDir(), portal: listen(t, local)}
	counted := make(map[string]portal.Requests)
	t.Run("roads", func(t *testing.T) { // beside each other: one waits for limits
		t.Run("in process", func(t *testing.T) {
			t.Parallel()
			inProcess.t = t
			inProcess.travel(func(string) {})
		})
		t.Run("over a socket", func(t *testing.T) {
			t.Parallel()
			overSocket.t = t
			before := local.Requests()
			overSocket.travel(func(step string) {
				now := local.Requests()
				counted[step] = now.Since(before)
				before = now
			})
		})
	})
	inProcess.t, overSocket.t = t, t
	if diff := cmp.Diff(inProcess.read("plan.jsonl"), overSocket.read("plan.jsonl")); diff != "" {
		t.Error("the plans through the file and through the socket differ")
	}
	if diff := cmp.Diff(fewest(inProcess.load("export.yaml")), counted, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("requests (-fewest +counted):\n%s", diff)
	}
	for _, step := range slices.Sorted(maps.Keys(counted)) {
		t.Logf("%-14s %3d requests", step, counted[step].Total())
	}
}

// fewest is what each step must cost, from the figures of the exported file alone.
func fewest(exported *spec.Document) map[string]portal.Requests {
	var addresses, ids int
	for _, c := range exported.All() {
		addresses += len(c.Also)
		if c.Email != "" {
			addresses++
		} else {
			ids++
		}
	}
	found := exported.Len()
	definitions := portal.Requests{
		"GET /account-info/v3/details":              1,
		"GET /crm/v3/properties/contacts":           1,
		"GET /crm/v3/property-validations/contacts": 1,
	}
	const labels = "GET /crm/v4/associations/contacts/companies/labels"
	plan := func(addresses, ids, missing, live int) portal.Requests {
		requests := maps.Clone(definitions)
		requests[labels] = 1
		requests["POST /crm/v3/objects/contacts/batch/read"] = hundreds(addresses) + hundreds(ids) + hundreds(missing)
		requests["POST /crm/v4/associations/contacts/companies/batch/read"] = (live + 999) / 1000
		return requests
	}
	export := func(contacts int) portal.Requests {
		requests := maps.Clone(definitions)
		requests[labels] = 1
		requests["GET /crm/v3/objects/contacts"] = hundreds(contacts)
		requests["POST /crm/v4/associations/contacts/companies/batch/read"] = (contacts + 999) / 1000
		return requests
	}
	apply := maps.Clone(definitions)
	apply["POST /oauth/v2/private-apps/get/access-token-info"] = 1
	apply["POST /crm/v3/objects/contacts/batch/read"] = hundreds(edited) + hundreds(binned)
	apply["POST /crm/v3/objects/contacts/batch/update"] = hundreds(edited)
	apply["POST /crm/v3/objects/contacts/batch/create"] = hundreds(added)
	apply["POST /crm/v3/objects/contacts/batch/archive"] = hundreds(binned)
	return map[string]portal.Requests{
		"export":        export(found),
		"validate":      {},
		"plan":          plan(addresses+added, ids, added, found),
		"refused apply": definitions,
		"apply":         apply,
		"empty plan":    plan(addresses+added, ids, binned, found+added-binned),
		"second export": export(found + added - binned),
	}
}

func hundreds(n int) int { return (n + 99) / 100 }

func seedPortal(t *testing.T, path string) {
	t.Helper()
	local, err := portal.Open(t.Context(), portal.Config{Path: path, AccountID: "241234567"})
	if err != nil {
		t.Fatal(err)
	}
	if err := local.Seed(t.Context(), journeySize, 7); err != nil {
		t.Fatal(err)
	}
	if err := local.Close(); err != nil {
		t.Fatal(err)
	}
}

func openPortal(t *testing.T, config portal.Config) *portal.Portal {
	t.Helper()
	local, err := portal.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = local.Close() })
	return local
}

func listen(t *testing.T, local *portal.Portal) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := portal.Server(local)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

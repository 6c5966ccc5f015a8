package portal_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/golden")

// minErrors is how many different refusals the conversations show at least.
const minErrors = 60

// The bodies that HubSpot documents, or that were seen in its answers, and those
// of the rulings, byte for byte but for ids and times: every operation with an
// answer that is a success and with one that is a refusal of its own.
func TestBodiesAreHubSpots(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	succeeded, refused, errors := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, name := range names {
		c := readConversation(t, name)
		c.run(t)
		for _, e := range c.exchanges {
			switch {
			case e.answerAt < 0:
			case e.reply.Status < 300:
				succeeded[operation(e.asked)] = true
			case e.reply.Status != 401:
				refused[operation(e.asked)] = true
				errors[c.normalise(e.reply.Body)] = true
			}
		}
	}
	for label := range operations {
		if !succeeded[operation(label)] {
			t.Errorf("%s has no success in testdata/golden", label)
		}
		if !refused[operation(label)] {
			t.Errorf("%s has no refusal in testdata/golden", label)
		}
	}
	if len(errors) < minErrors {
		t.Errorf("the conversations show %d different refusals, want %d", len(errors), minErrors)
	}
}

// asTheyStand is in the comment of a conversation whose answers depend on the
// version of its paths.
const asTheyStand = "versions: as they stand"

// The dated paths have the bodies of the others, whatever the conversation. What
// has no dated path is asked by the one it has, and which success a status tells
// differs.
func TestBodiesAreTheSameOnDatedPaths(t *testing.T) {
	if *update {
		return // the files are being written
	}
	t.Parallel()
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range versions {
		for _, name := range names {
			c := readConversation(t, name)
			if strings.Contains(string(c.archive.Comment), asTheyStand) {
				continue
			}
			c.version = version
			c.run(t)
		}
	}
}

// operation is a label of Requests without the object types in it.
func operation(label string) string {
	segments := strings.Split(label, "/")
	for i, segment := range segments {
		if portal.IsObjectType(segment) {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

func TestCorrelationIDsAreDifferent(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	seen := map[string]bool{}
	for range 1000 {
		id := want(t, p, 404, "GET", "/crm/v3/objects/contacts/12", "").Header.Get("X-HubSpot-Correlation-Id")
		if seen[id] {
			t.Fatalf("two requests have the correlation id %s", id)
		}
		seen[id] = true
	}
}

func TestWhatIsNoOperationIsAnsweredInHTML(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for path, status := range map[string]int{
		"GET /crm/v3/nothing":                        404,
		"GET /":                                      404,
		"GET /crm/objects/2025-01/contacts":          404,
		"PUT /crm/v3/objects/contacts":               405,
		"GET /crm/v3/objects/contacts/batch/create/": 405,
		"DELETE /crm/v3/objects/contacts/search":     204, // an id that never existed
	} {
		method, path, _ := strings.Cut(path, " ")
		got := ask(t, p, method, path, "")
		if got.Status != status {
			t.Errorf("%s %s answered %d, not %d", method, path, got.Status, status)
		}
		if status >= 400 && !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s %s answered %q", method, path, got.Header.Get("Content-Type"))
		}
	}
}

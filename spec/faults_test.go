package spec_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/schema"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
)

func TestLoadFaults(t *testing.T) {
	t.Parallel()
	got, list := spec.LoadFaults(fileSource("../testdata/good/faults-full.yaml"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	want := &crm.Scenario{Seed: 7, Faults: []crm.Fault{
		{Kind: crm.FaultDelay, For: 90 * time.Second},
		{Kind: crm.FaultDelay, For: 250 * time.Millisecond, AfterCommit: true},
		{Kind: crm.FaultStall, AfterCommit: true, Match: crm.FaultMatch{Method: "POST", Path: "/crm/v3/objects/contacts/batch/create", From: 3, To: 3}},
		{Kind: crm.FaultStatus, Status: 503, Match: crm.FaultMatch{Path: "/crm/*/objects/{type}/{id}", Every: 10}},
		{Kind: crm.FaultStatus, Status: 502, HTML: true, AfterCommit: true, Match: crm.FaultMatch{Path: "/crm/*", From: 2, To: 4, Probability: 0.5}},
		{Kind: crm.FaultDrop, Match: crm.FaultMatch{From: 9}},
		{Kind: crm.FaultCut, AfterCommit: true, Match: crm.FaultMatch{To: 9, Probability: 1}},
		{Kind: crm.FaultDrip, AfterCommit: true, Bytes: 16, Pause: 1500 * time.Millisecond},
		{Kind: crm.FaultPage, Status: 200},
		{Kind: crm.FaultPage, Status: 503, AfterCommit: true},
		{Kind: crm.FaultWrongJSON, Text: `{"results":"none"}`},
		{Kind: crm.FaultWrongJSON, Text: "[]"},
		{Kind: crm.FaultLocked},
		{Kind: crm.FaultRateLimit, Policy: "DAILY"},
		{Kind: crm.FaultRateLimit, Policy: "SECONDLY", RetryAfter: 1},
		{Kind: crm.FaultMigrating, RetryAfter: 86400},
		{Kind: crm.FaultUnauthorized},
		{Kind: crm.FaultMissingScopes, Scopes: []string{"crm.objects.contacts.write", "crm.lists.read"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every problem of a scenario is told at once, each where it stands.
func TestEveryProblemOfAScenarioIsTold(t *testing.T) {
	t.Parallel()
	_, list := spec.LoadFaults(source("storm.yaml", `version: 1
faults:
  - match: {nth: 1}
  - fault: {phase: before}
  - match: {path: crm}
    fault: {kind: status, status: 200}
  - fault: {kind: page, status: 302}
  - fault: {kind: drip, bytes: 0, pause: -1s}
  - fault: {kind: migrating, retry_after: 86401}
  - fault: {kind: cut, bytes: "7"}
  - match: {probability: 0}
    fault: {kind: dorp, for: soon}
`))
	var got []string
	for _, d := range list {
		got = append(got, place(d.At)+" "+d.Code)
	}
	want := []string{
		"storm.yaml:3:5-20 CS1026",
		"storm.yaml:4:12-27 CS1026",
		"storm.yaml:5:19-22 CS1706",
		"storm.yaml:6:35-38 CS1703",
		"storm.yaml:7:33-36 CS1703",
		"storm.yaml:8:32-33 CS1703",
		"storm.yaml:8:42-45 CS1704",
		"storm.yaml:9:43-48 CS1703",
		"storm.yaml:10:31-34 CS1703",
		"storm.yaml:11:26-27 CS1703",
		"storm.yaml:12:19-23 CS1025",
		"storm.yaml:12:30-34 CS1704",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// docs/faults.md describes every kind and every key, and its example is one.
func TestFaultsDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Error("the document shows no scenario")
	}
	for _, block := range blocks {
		if _, list := spec.LoadFaults(source("docs/faults.md", block[1])); len(list) > 0 {
			t.Errorf("%s:\n%s", describe(list), block[1])
		}
	}
	for _, kind := range crm.FaultKinds() {
		if !strings.Contains(string(text), "\n| `"+string(kind)+"` |") {
			t.Errorf("the document has no row for the kind %s", kind)
		}
	}
	var published struct {
		Definitions map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"definitions"`
	}
	if err := json.Unmarshal(schema.Text(schema.Faults), &published); err != nil {
		t.Fatal(err)
	}
	for _, mapping := range []string{"match", "fault"} {
		keys := published.Definitions[mapping].Properties
		if len(keys) < 7 {
			t.Errorf("the schema has %d keys of %s", len(keys), mapping)
		}
		for key := range keys {
			if !regexp.MustCompile("\\b" + key + "\\b").Match(text) {
				t.Errorf("the document does not name the key %s", key)
			}
		}
	}
}

package spec_test

import (
	"testing"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func project(t *testing.T, text string) *spec.Project {
	t.Helper()
	loaded, list := spec.LoadProject(source("contactsync.yaml", text), environment)
	if len(list) > 0 {
		t.Fatalf("%s", describe(list))
	}
	return loaded
}

func TestLoadProject(t *testing.T) {
	t.Parallel()
	got, list := spec.LoadProject(fileSource("../testdata/good/project-full.yaml"), environment)
	if len(list) > 0 {
		t.Fatal(list)
	}
	want := &spec.Project{
		Name: "project-full.yaml",
		Profiles: map[string]spec.Profile{
			"sandbox": {Portal: "file:.contactsync/portal.db", Seed: "seed.yaml"},
			"memory":  {Portal: "mem:"},
			"server":  {Portal: "http://127.0.0.1:8899"},
			"prod":    {Portal: "hubspot", Account: "12345678", TokenEnv: "HUBSPOT_PROD_TOKEN"},
		},
		DefaultProfile: "sandbox",
		Files:          []string{"crm/", "people/*.yaml"},
		Settings: spec.Settings{
			Account:      "12345678",
			Scope:        spec.Scope{Kind: spec.ScopeWhere, Where: []spec.Condition{{Property: "managed_by", Equals: new("contactsync")}}},
			Prune:        spec.PruneArchive,
			PruneMinAge:  6 * 7 * 24 * time.Hour,
			Protect:      []spec.Condition{{Property: "lifecyclestage", In: []string{"customer", "evangelist"}}, {Property: "num_associated_deals", Has: new(true)}},
			DailyReserve: 25,
			Limits: spec.Limits{
				Archive:   spec.Limit{Number: new(25)},
				Create:    spec.Limit{Number: new(1000)},
				Update:    spec.Limit{Percent: new(30.0)},
				Clear:     spec.Limit{Number: new(100)},
				Overwrite: spec.Limit{Percent: new(20.0)},
				StageBack: spec.Limit{Number: new(0)},
			},
			ExactAssociations: []crm.ObjectType{"company"},
			Watch:             []string{"hubspot_owner_id", "lifecyclestage"},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(diag.Range{}), cmpopts.IgnoreUnexported(spec.Project{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The defaults are those of the format where the project file is silent.
func TestLeastProject(t *testing.T) {
	t.Parallel()
	got := project(t, "version: 1\n").Settings
	if got.Prune != spec.PruneKeep || got.PruneMinAge != 30*24*time.Hour || got.Scope.Kind != spec.ScopeListed || got.DailyReserve != 25 || got.Account != "" {
		t.Errorf("%+v", got)
	}
	if limit := got.Limits.Archive; *limit.Number != 50 || *limit.Percent != 5 {
		t.Errorf("archive: %v", limit)
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	document := load(t, "version: 1\nlimits: {archive: 7}\ncontacts:\n  - email: ada@example.com\n")
	if list := document.Adopt(project(t, "version: 1\naccount: '1'\nprune_min_age: 1d\n")); len(list) > 0 {
		t.Fatal(list)
	}
	got := document.Settings()
	if got.Account != "1" || *got.Limits.Archive.Number != 7 || got.PruneMinAge != 24*time.Hour || got.DailyReserve != 25 {
		t.Errorf("%+v", got)
	}
	if list := document.Adopt(project(t, "version: 1\nlimits: {archive: 9}\n")); codes(list) != string(diag.SettingTwice) {
		t.Errorf("given twice: %v", list)
	}
	if *document.Settings().Limits.Archive.Number != 7 {
		t.Error("the second setting was taken over")
	}
}

func TestIDsNeedAnAccount(t *testing.T) {
	t.Parallel()
	const byID = "version: 1\ncontacts:\n  - id: '151'\n"
	tests := map[string]struct {
		file, project string
		warned        bool
	}{
		"id, no project":        {byID, "", true},
		"id, no account":        {byID, "version: 1\n", true},
		"id, account":           {byID, "version: 1\naccount: '1'\n", false},
		"id, account of a file": {"account: '1'\n" + byID, "", false},
		"id, a profile's":       {byID, "version: 1\nprofiles: {prod: {portal: hubspot, account: '1'}}\n", false},
		"id of a target":        {"version: 1\ncontacts:\n  - {email: a@example.com, associations: [{to: deal, id: '7'}]}\n", "", true},
		"no id":                 {"version: 1\ncontacts:\n  - email: a@example.com\n", "", false},
	}
	for name, test := range tests {
		var adopted *spec.Project
		if test.project != "" {
			adopted = project(t, test.project)
		}
		list := load(t, test.file).Adopt(adopted)
		if warned := codes(list) == string(diag.IDsNeedAccount); warned != test.warned || list.HasErrors() {
			t.Errorf("%s: %v", name, list)
		}
	}
}

func TestVariablesAreReplacedInValuesOnly(t *testing.T) {
	t.Parallel()
	got := project(t, "version: 1\nprofiles: {prod: {portal: 'file:${ACCOUNT}/${EMPTY}x${ACCOUNT}.db', account: \"${ACCOUNT}\"}} # ${NOT_SET}\n")
	if profile := got.Profiles["prod"]; profile.Portal != "file:12345678/x12345678.db" || profile.Account != "12345678" {
		t.Errorf("%+v", profile)
	}
	document := load(t, "version: 1\ncontacts:\n  - {email: a@example.com, properties: {message: '${ACCOUNT}'}}\n")
	if text := document.Contact(0).Properties[0].Text; text != "${ACCOUNT}" {
		t.Errorf("a desired-state file took %q from the environment", text)
	}
}

package report_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func at(file string, line int) diag.Range {
	return diag.Range{File: file, Line: line, Column: 5, EndColumn: 10}
}

func company(id crm.ObjectID, name string, before, after []crm.AssociationType) plan.AssociationChange {
	return plan.AssociationChange{To: crm.Ref{Type: crm.TypeCompany, ID: id}, Name: name, Before: before, After: after}
}

// small is a plan with every kind of change.
func small() *plan.Plan {
	plain := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 279}
	maker := crm.AssociationType{Category: crm.UserDefined, TypeID: 7, Label: "Decision maker"}
	return &plan.Plan{
		Portal: "241234567", Files: "sha256:00", Watch: []string{"lifecyclestage"},
		Counts: plan.Counts{Declared: 6, Found: 5, Unchanged: 2},
		Changes: []plan.Change{
			{
				Action: plan.Update, Email: "ada@example.com", ID: "101", At: at("crm/sales.yaml", 5),
				Properties: []plan.PropertyChange{
					{Name: "jobtitle", Before: "Engineer", After: "CTO", Origin: plan.OriginContact},
					{Name: "lifecyclestage", Before: "lead", After: "customer", Origin: plan.OriginContact},
					{Name: "phone", Before: "+15550100", Origin: plan.OriginContact},
					{Name: "hubspot_owner_id", Before: "70", After: "71", Origin: plan.OriginOwner},
				},
				Associations: []plan.AssociationChange{company("9001", "example.com", nil, []crm.AssociationType{plain, maker})},
			},
			{
				Action: plan.Update, Email: "grace@example.com", From: "gb@example.com", ID: "102", At: at("crm/sales.yaml", 14),
				Properties: []plan.PropertyChange{{Name: "email", Before: "gb@example.com", After: "grace@example.com", Origin: plan.OriginRename}},
			},
			{
				Action: plan.Archive, Email: "lee@oldco.com", ID: "103", At: at("crm/sales.yaml", 31),
				Live: plan.Live{Name: "Lee Moran", LastModified: "2026-10-02T09:11:00Z", Deals: 2},
			},
			{
				Action: plan.Create, Email: "linus@example.org", At: at("crm/eng.yaml", 8),
				Properties: []plan.PropertyChange{
					{Name: "firstname", After: "Linus", Origin: plan.OriginContact},
					{Name: "lifecyclestage", After: "lead", Origin: plan.OriginDefaults},
				},
			},
			{
				Action: plan.Update, Email: "mary@example.com", ID: "104", At: at("crm/eng.yaml", 20),
				Associations: []plan.AssociationChange{
					company("9002", "", []crm.AssociationType{plain}, nil),
					company("9003", "navy.example", []crm.AssociationType{plain}, []crm.AssociationType{plain, maker}),
				},
			},
		},
	}
}

func smallStats() report.Stats {
	return report.Stats{
		Portal: "file:.contactsync/portal.db", Account: "241234567", Kind: "local", Version: "v3",
		Advice: "use --portal hubspot for your HubSpot account", Scope: "crm/", Files: 2, Declared: 6, Found: 5,
		Requests: 2, Elapsed: 400 * time.Millisecond, RateMax: 190, RateInterval: 10 * time.Second,
	}
}

func definitions() *crm.Portal {
	return &crm.Portal{Owners: map[crm.Email]crm.ObjectID{"raj@acme.example": "71"}, Properties: map[string]crm.Property{
		"hubspot_owner_id": {Name: "hubspot_owner_id", Type: "enumeration", FieldType: "select", References: "OWNER"},
		"lifecyclestage":   {Name: "lifecyclestage", Type: "enumeration", FieldType: "radio"},
		"jobtitle":         {Name: "jobtitle", Type: "string", FieldType: "text"},
		"phone":            {Name: "phone", Type: "string", FieldType: "phonenumber"},
		"firstname":        {Name: "firstname", Type: "string", FieldType: "text"},
		"ssn":              {Name: "ssn", Type: "string", FieldType: "text", Sensitivity: "highly_sensitive"},
	}}
}

func render(t *testing.T, p *plan.Plan, o report.Options) string {
	t.Helper()
	var out strings.Builder
	if err := report.Plan(&out, p, smallStats(), o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPlanScreens(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]report.Options{
		"plan-wide.golden":      {Format: report.Text, PII: report.Full, Width: 120},
		"plan.golden":           {Format: report.Text, PII: report.Full},
		"plan-narrow.golden":    {Format: report.Text, PII: report.Full, Width: 50},
		"plan-mask.golden":      {Format: report.Text, PII: report.Mask, Key: key},
		"plan-none.golden":      {Format: report.Text, PII: report.None},
		"plan-colour.golden":    {Format: report.Text, PII: report.Full, Color: true},
		"plan-mask.json":        {Format: report.JSON, PII: report.Mask, Key: key},
		"plan-full.json":        {Format: report.JSON, PII: report.Full},
		"plan-none.json":        {Format: report.JSON, PII: report.None},
		"plan-mask.md":          {Format: report.Markdown, PII: report.Mask, Key: key},
		"plan-full.md":          {Format: report.Markdown, PII: report.Full, Profile: "prod"},
		"plan-full.html":        {Format: report.HTML, PII: report.Full},
		"plan-grouped.golden":   {Format: report.Text, PII: report.Full, Details: 1},
		"plan-ungrouped.golden": {Format: report.Text, PII: report.Full, Details: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			details := o.Details
			golden(t, name, render(t, small(), o.For(definitions(), o.Profile, details)))
		})
	}
}

func TestNoChanges(t *testing.T) {
	t.Parallel()
	empty := &plan.Plan{Portal: "241234567", Counts: plan.Counts{Declared: 1204, Found: 1204, Unchanged: 1204}}
	got := render(t, empty, report.Options{Format: report.Text})
	if want := "No changes. 1,204 contacts match crm/ (0.4 s).\n"; !strings.HasSuffix(got, want) {
		t.Errorf("the screen does not end in %q:\n%s", want, got)
	}
	if got := render(t, empty, report.Options{Format: report.JSON}); !strings.Contains(got, `"changes": [],`) {
		t.Errorf("the document has no empty list of changes:\n%s", got)
	}
}

// large is a plan with very many changes and archives, and awkward texts.
func large(n int) *plan.Plan {
	p := &plan.Plan{Portal: "1", Counts: plan.Counts{Declared: 3 * n}}
	for i := range n {
		p.Changes = append(p.Changes,
			plan.Change{Action: plan.Archive, Email: crm.Email(fmt.Sprintf("a%d@old.example", i)), ID: "9", At: at("crm/a.yaml", i+1)},
			plan.Change{Action: plan.Create, Email: crm.Email(fmt.Sprintf("c%d@d%d.example", i, i%40)), At: at("crm/c.yaml", i+1)},
			plan.Change{
				Action: plan.Update, Email: crm.Email(fmt.Sprintf("u%d@example.com", i)), ID: "8", At: at("crm/u.yaml", i+1),
				Properties: []plan.PropertyChange{
					{Name: "jobtitle", Before: strings.Repeat("`|@\n", i%300), After: "x", Origin: plan.OriginContact},
					{Name: "lifecyclestage", Before: "lead", After: "customer", Origin: plan.OriginContact},
				},
			})
	}
	return p
}

func TestMarkdownFitsAComment(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 50, 3000} {
		for _, pii := range []report.PII{report.Full, report.Mask, report.None} {
			got := render(t, large(n), report.Options{Format: report.Markdown, PII: pii, Profile: "prod"}.For(definitions(), "prod", 0))
			if len(got) > 60_000 {
				t.Errorf("%d changes of each kind make %d bytes", n, len(got))
			}
			if !strings.HasPrefix(got, "<!-- contactsync:plan:prod -->\n") {
				t.Errorf("the first line is %q", got[:40])
			}
			if open, end := strings.Count(got, "<details>"), strings.Count(got, "</details>"); open != end {
				t.Errorf("%d details are opened and %d closed", open, end)
			}
		}
	}
}

func TestLongPlanIsGrouped(t *testing.T) {
	t.Parallel()
	got := render(t, large(300), report.Options{Format: report.Text, PII: report.Full}.For(definitions(), "", 0))
	for _, want := range []string{
		"  - archive   a199@old.example", "and 100 more archives",
		"lifecyclestage    lead -> customer  300   u0@example.com",
		"and 20 more rows", "50 changes in full; all of them: --details 0.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	if strings.Contains(got, "a200@old.example") {
		t.Error("more than 200 archives are listed")
	}
}

// No format shows a masked person, text or name.
func TestMaskHidesPeople(t *testing.T) {
	t.Parallel()
	secrets := []string{"ada@", "grace@", "gb@", "lee@", "Lee Moran", "Engineer", "+15550100", "Linus", "CTO", "raj@"}
	for format := report.Text; format <= report.HTML; format++ {
		for _, pii := range []report.PII{report.Mask, report.None} {
			got := render(t, small(), report.Options{Format: format, PII: pii, Key: key}.For(definitions(), "", 0))
			for _, secret := range secrets {
				if strings.Contains(got, secret) {
					t.Errorf("%v with --pii %v shows %q:\n%s", format, pii, secret, got)
				}
			}
		}
	}
}

func TestSensitiveIsNeverShown(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Portal: "1", Changes: []plan.Change{{
		Action: plan.Update, Email: "ada@example.com", ID: "1",
		Properties: []plan.PropertyChange{{Name: "ssn", Before: "078-05-1120", After: "219-09-9999", Origin: plan.OriginContact}},
	}}}
	for format := report.Text; format <= report.HTML; format++ {
		got := render(t, p, report.Options{Format: format, PII: report.Full}.For(definitions(), "", 0))
		if strings.Contains(got, "078-05") || strings.Contains(got, "219-09") {
			t.Errorf("%v shows a sensitive value:\n%s", format, got)
		}
	}
}

func TestJSONIsOneDocument(t *testing.T) {
	t.Parallel()
	decoder := json.NewDecoder(strings.NewReader(render(t, small(), report.Options{Format: report.JSON})))
	var document struct{ Version int }
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	if document.Version != 1 || decoder.More() {
		t.Errorf("version %d, more documents: %v", document.Version, decoder.More())
	}
}

// Whatever stands in a plan, no line of its screen acts on the terminal, and at no
// width does it panic.
func FuzzPlan(f *testing.F) {
	f.Add("ada@example.com", "jobtitle", "before\x1b[2J", "after\n::error::", "crm/a.yaml", 80)
	f.Add("", "名前", "\u202e", strings.Repeat("長", 200), "", 3)
	f.Fuzz(func(t *testing.T, email, name, before, after, file string, width int) {
		p := &plan.Plan{Portal: "1", Changes: []plan.Change{{
			Action: plan.Update, Email: crm.Email(email), From: crm.Email(before), ID: "1", At: at(file, 3),
			Properties:   []plan.PropertyChange{{Name: name, Before: before, After: after, Origin: plan.OriginDefaults}},
			Associations: []plan.AssociationChange{company("1", after, nil, []crm.AssociationType{{Label: before}})},
			Reasons:      []plan.Reason{{Code: name, Text: after}},
		}}}
		for row := range strings.Lines(render(t, p, report.Options{Format: report.Text, PII: report.Full, Width: width})) {
			row = strings.TrimSuffix(row, "\n")
			if shown := report.Terminal(row); shown != row {
				t.Errorf("a line acts on the terminal: %q", row)
			}
		}
	})
}

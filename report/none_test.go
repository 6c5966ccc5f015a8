package report_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

// A canary stands where a file or the portal says something of a person, of a value or
// of another record. Ids of records are numbers that stand nowhere else.
const canaryID = "90210"

var canaries = regexp.MustCompile(`(?i)kanary|90210`)

func canaryLink(before, after string) plan.AssociationChange {
	types := func(label string) []crm.AssociationType {
		if label == "" {
			return nil
		}
		return []crm.AssociationType{{Category: crm.UserDefined, TypeID: 7, Label: label}}
	}
	return plan.AssociationChange{
		To: crm.Ref{Type: crm.TypeCompany, ID: canaryID + "1"}, Name: "kanary works", Before: types(before), After: types(after),
		PrimaryFrom: crm.Ref{Type: crm.TypeCompany, ID: canaryID + "2"},
	}
}

// canaryPlan says nothing of a contact that is not a canary, but for names of properties.
func canaryPlan() *plan.Plan {
	reasons := []plan.Reason{{Code: "x", Text: `contact 902103 bears kanary@kanary.example and "kanary"`}}
	p := &plan.Plan{Portal: "241234567", Watch: []string{"lifecyclestage"}, Counts: plan.Counts{Declared: 4}, Changes: []plan.Change{
		{
			Action: plan.Update, Email: "kanary1@kanary.example", From: "kanary2@kanary.example", ID: canaryID, At: at("crm/a.yaml", 3), Reasons: reasons,
			Properties: []plan.PropertyChange{
				{Name: "jobtitle", Before: "kanary", After: "kanary2", Origin: plan.OriginContact},
				{Name: "lifecyclestage", Before: "kanary", After: "kanary2", Origin: plan.OriginContact, Backward: true},
				{Name: "optin", Before: "kanary", After: "kanary2", Origin: plan.OriginContact},
				{Name: "closedate", Before: "kanary", After: "kanary2", Origin: plan.OriginContact},
				{Name: "hubspot_owner_id", Before: "902101", After: "902102", Origin: plan.OriginOwner},
				{Name: "unknown", Before: "kanary", After: "kanary2", Origin: plan.OriginContact},
				{Name: "ssn", Before: "kanary", After: "kanary2", Origin: plan.OriginContact},
			},
			Associations: []plan.AssociationChange{canaryLink("", "kanary"), canaryLink("kanary", ""), canaryLink("kanary", "kanary2")},
		},
		{
			Action: plan.Archive, Email: "kanary3@kanary.example", ID: canaryID, At: at("crm/a.yaml", 9), Reasons: reasons,
			Live: plan.Live{Name: "Kanary", LastModified: "9021-01-01T00:00:00Z kanary", LastActivity: "kanary", Deals: 2},
		},
		{
			Action: plan.Create, Email: "kanary4@kanary.example", At: at("crm/b.yaml", 1), Reasons: reasons,
			Properties: []plan.PropertyChange{{Name: "lifecyclestage", After: "kanary", Origin: plan.OriginDefaults}},
		},
	}}
	p.Strays = []plan.Stray{{
		Standing: plan.StrayReported, Email: "kanary5@kanary.example", ID: canaryID, Live: p.Changes[1].Live, Text: `contact 902104 is kept: "kanary"`,
	}}
	return p
}

func canaryDefinitions() *crm.Portal {
	portal := definitions()
	portal.Properties["optin"] = crm.Property{Name: "optin", Type: "bool"}
	portal.Properties["closedate"] = crm.Property{Name: "closedate", Type: "datetime"}
	portal.Owners = map[crm.Email]crm.ObjectID{"kanary@kanary.example": "902102"}
	return portal
}

func canaryDiagnostics() diag.List {
	one := diag.Diagnostic{
		Severity: diag.Error, Code: "CS2003", Summary: "Value the portal refuses", Detail: `lifecyclestage cannot be written: "kanary" is none of the options Kanary, contact 90210.`,
		Hint: `did you mean "kanary"?`, At: at("crm/a.yaml", 4), Line: "      lifecyclestage: kanary", Subject: "kanary@kanary.example", Property: "lifecyclestage",
		Related: []diag.Related{{At: at("crm/b.yaml", 2), Note: "kanary stands here, too", Line: "kanary"}},
	}
	var list diag.List
	for range 60 { // more than a screen shows one by one
		list = append(list, one)
	}
	return list
}

// canaryResult ends the changes of canaryPlan badly.
func canaryResult() *apply.Result {
	failed := apply.Entry{
		Outcome: apply.Failed, ID: canaryID, Reason: `contact 90210 holds "kanary" of kanary@kanary.example`, Message: "Kanary was not one of the allowed options",
	}
	link := failed
	link.Contact, link.Reason = apply.Applied, "association with company kanary works: one of the two records does not exist any more"
	link.Associations = []apply.Association{{Outcome: apply.Failed, Reason: "one of the two records does not exist any more", Message: "kanary"}}
	skipped := apply.Entry{Outcome: apply.Skipped, Reason: "contact kanary@kanary.example was not created"}
	return &apply.Result{Entries: []apply.Entry{link, failed, skipped}, Counts: apply.Counts{Failed: 2, Skipped: 1}, Stopped: `contact 90210 and "kanary"`}
}

// --pii none keeps counts, names of properties and places in files: nothing else that a
// file or the portal says comes into a report of any kind and format.
func TestNoneKeepsCountsNamesAndPlacesAlone(t *testing.T) {
	t.Parallel()
	p, stats := canaryPlan(), smallStats()
	stats.Warnings = canaryDiagnostics()[:2]
	undone := stats
	undone.Undo = "20261123T164210Z"
	undone.Kept = []apply.Kept{
		{ID: canaryID, Email: "kanary@kanary.example", Property: "lifecyclestage", Now: "kanary", Reason: "contact 90210 holds it"},
		{ID: canaryID, Email: "kanary@kanary.example", Property: "email", Now: "kanary@kanary.example", Reason: `"kanary"`},
		{ID: canaryID, To: crm.Ref{Type: crm.TypeCompany, ID: canaryID}, Reason: "company 90210 is gone"},
		{ID: canaryID, Archived: true, Reason: "it was archived"},
	}
	explanation := plan.Explanation{
		Contact: "kanary1@kanary.example", Live: canaryID, Email: "kanary2@kanary.example", Matched: "id", Known: p.Changes[1].Live, Change: p.Changes[0],
		Rules:    []plan.Rule{{Property: "lifecyclestage", Declared: "kanary", Live: "kanary2", After: "kanary3", Rule: "lifecycle-at-least", Changes: true, At: at("crm/a.yaml", 5)}},
		Links:    []plan.LinkRule{{To: crm.Ref{Type: crm.TypeCompany, ID: canaryID}, Name: "kanary works", After: canaryLink("", "kanary").After, Rule: "declared"}},
		Problems: canaryDiagnostics()[:1],
	}
	byID := explanation
	byID.Contact, byID.Live, byID.Bin, byID.Change = canaryID, "", canaryID, plan.Change{Reasons: p.Changes[0].Reasons}
	stale := []apply.StaleChange{{Change: 0, Reason: `contact 90210 bears "kanary"`}}
	remains := []apply.Remainder{{Change: 0, Ours: true, Field: "lifecyclestage", Reason: `the portal has "kanary"`}, {Change: 0, Reason: "association with company kanary works is there"}}
	for format := report.Text; format <= report.HTML; format++ {
		for _, details := range []int{0, 1} {
			o := report.Options{Format: format, PII: report.None, Key: key}.For(canaryDefinitions(), "", details)
			for name, write := range map[string]func(*strings.Builder) error{
				"plan": func(out *strings.Builder) error { return report.Plan(out, p, stats, o) },
				"undo": func(out *strings.Builder) error { return report.Plan(out, p, undone, o) },
				"result": func(out *strings.Builder) error {
					return report.Result(out, p, canaryResult(), stats, report.Run{ID: "r"}, o)
				},
				"diagnostics": func(out *strings.Builder) error { return report.Diagnostics(out, canaryDiagnostics(), o) },
				"validation":  func(out *strings.Builder) error { return report.Validation(out, canaryDiagnostics(), report.Read{}, o) },
				"explanation": func(out *strings.Builder) error {
					return errors.Join(report.Explanation(out, explanation, stats, o), report.Explanation(out, byID, stats, o))
				},
				"freshness": func(out *strings.Builder) error { return report.Freshness(out, p, stale, stats, o) },
				"remainders": func(out *strings.Builder) error {
					_, err := fmt.Fprintln(out, report.Remainders(p, remains, o))
					return err
				},
				"events": func(out *strings.Builder) error {
					s := report.NewStream(out, "v", "apply")
					s.With(o)
					s.Diagnostics(canaryDiagnostics())
					s.Failure(`contact 90210`, `"kanary"`, `kanary@kanary.example`)
					s.Plan(p, stats)
					s.ApplyStart(p, "r")
					s.Applying(apply.Event{Kind: apply.EventItem, Step: apply.Update, Entry: canaryResult().Entries[1]})
					s.ApplyComplete(canaryResult(), report.Run{ID: "r"})
					return s.Err()
				},
			} {
				var out strings.Builder
				if err := write(&out); err != nil {
					t.Fatal(err)
				}
				if found := canaries.FindString(out.String()); found != "" {
					t.Errorf("%s as %v shows %q:\n%s", name, format, found, out.String())
				}
				if name == "diagnostics" && !strings.Contains(out.String(), "lifecyclestage") {
					t.Errorf("%s as %v lost the name of the property:\n%s", name, format, out.String())
				}
			}
		}
	}
}

// HubSpot may quote anything in its own words: they are told in full reports alone, and
// the others say where to find them.
func TestWordsOfThePortalAreToldInFull(t *testing.T) {
	t.Parallel()
	for pii, told := range map[report.PII]bool{report.Full: true, report.Mask: false, report.None: false} {
		for _, format := range []report.Format{report.Text, report.JSON} {
			got := result(t, mixed(), report.Run{ID: "20261123T164210Z"}, report.Options{Format: format, PII: pii})
			if strings.Contains(got, "Contact already exists") != told {
				t.Errorf("%v with --pii %v:\n%s", format, pii, got)
			}
			if format == report.Text && strings.Contains(got, "show 20261123T164210Z --pii full") == told {
				t.Errorf("%v with --pii %v does not say where the words are:\n%s", format, pii, got)
			}
		}
	}
}

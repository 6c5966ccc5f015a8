package report_test

import (
	"fmt"
	"os"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

func ExamplePlan() {
	p := &plan.Plan{
		Portal: "12345678", Counts: plan.Counts{Declared: 1},
		Changes: []plan.Change{{
			Action: plan.Create, Email: "ada@example.com", At: diag.Range{File: "crm.yaml", Line: 3},
			Properties: []plan.PropertyChange{{Name: "lifecyclestage", After: "lead", Origin: plan.OriginDefaults}},
		}},
	}
	stats := report.Stats{Portal: "hubspot", Account: "12345678", Kind: "SANDBOX", Version: "v3", Files: 1, Declared: 1, Requests: 4}
	portal := &crm.Portal{Properties: map[string]crm.Property{"lifecyclestage": {Name: "lifecyclestage", Type: "enumeration"}}}
	options := report.Options{Format: report.Text, PII: report.Full}.For(portal, "", 0)
	if err := report.Plan(os.Stdout, p, stats, options); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Portal   hubspot  account 12345678, SANDBOX, API v3
	// Files    1 file, 1 contact             Live 0 contacts found, read in 4 requests
	//
	//   + create    ada@example.com                   crm.yaml:3
	//         lifecyclestage   lead   (from defaults)
	//
	// Consequences: 1 net new contact. Filled 0, overwritten 0, cleared 0. Owners
	//               moved 0. Opted-out contacts touched 0.
	// Plan: 1 to create, 0 to update, 0 to archive, 0 associations to add, 0 to
	//       remove; 0 unchanged.
	// API:  1 request; this portal has no limits.
}

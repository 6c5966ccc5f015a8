package apply_test

import (
	"fmt"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// The requests of a plan can be shown before anything is written.
func ExampleStages() {
	p := &plan.Plan{Changes: []plan.Change{
		{Action: plan.Create, Email: "ada@example.com"},
		{Action: plan.Archive, Email: "lee@example.com", ID: "151"},
		{
			Action: plan.Update, Email: "grace@example.com", ID: "152",
			Properties: []plan.PropertyChange{{Name: "jobtitle", After: "Rear admiral"}},
			Associations: []plan.AssociationChange{{
				To:    crm.Ref{Type: crm.TypeCompany, ID: "9001"},
				After: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 279}},
			}},
		},
	}}
	for i, stage := range apply.Stages(p) {
		for _, step := range stage {
			fmt.Println(i+1, step.Kind, step.To, len(step.Items))
		}
	}
	// Output:
	// 1 update  1
	// 2 create  1
	// 3 associate company 1
	// 4 archive  1
}

package plan_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

func ExamplePlanner() {
	files := []spec.Source{{Name: "sales.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(`version: 1
defaults:
  properties: {lifecyclestage: lead}
contacts:
  - email: ada@example.com
    owner: raj@acme.example
    properties: {jobtitle: CTO}
  - email: grace@example.com
    previous_email: gb@example.com
  - email: linus@example.org
    properties: {firstname: Linus}
  - email: lee@oldco.example
    ensure: archived
`)), nil
	}}}
	doc, problems := spec.Load(files)
	if problems.HasErrors() {
		fmt.Println(problems)
		return
	}
	planner := plan.New(doc, testPortal(), plan.Options{})
	planner.Add(
		crm.Contact{ID: "1", Email: "ada@example.com", Properties: crm.NewProperties(crm.Value{Name: "jobtitle", Text: "Engineer"})},
		crm.Contact{ID: "2", Email: "gb@example.com"},
		crm.Contact{ID: "3", Email: "lee@oldco.example"},
	)
	p, problems := planner.Plan()
	if problems.HasErrors() {
		fmt.Println(problems)
		return
	}
	for _, change := range p.Changes {
		fmt.Printf("%s %s (%s:%d)\n", change.Action.Symbol(), change.Email, change.At.File, change.At.Line)
		for _, property := range change.Properties {
			fmt.Printf("    %s: %q -> %q, from %s\n", property.Name, property.Before, property.After, property.Origin)
		}
	}
	// Output:
	// ~ ada@example.com (sales.yaml:5)
	//     hubspot_owner_id: "" -> "71", from owner
	//     jobtitle: "Engineer" -> "CTO", from contact
	// ~ grace@example.com (sales.yaml:8)
	//     email: "gb@example.com" -> "grace@example.com", from rename
	// - lee@oldco.example (sales.yaml:12)
	// + linus@example.org (sales.yaml:10)
	//     firstname: "" -> "Linus", from contact
	//     lifecyclestage: "" -> "lead", from defaults
}

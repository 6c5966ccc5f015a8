package spec_test

import (
	"fmt"
	"os"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// Texts stand in quotes where a reader of YAML would take them for a number, a
// truth value or something else.
func ExampleDocument_Encode() {
	document := spec.NewDocument([]spec.Contact{{
		Email: "ada@example.com",
		Properties: []spec.Property{
			{Name: "country", Text: "NO", Set: true},
			{Name: "event_tags", Text: "Paris;Berlin 2027", Set: true, List: true},
			{Name: "jobtitle", Text: "Engineer, first class", Set: true},
			{Name: "zip", Text: "02139", Set: true},
		},
		Associations: []spec.Association{
			{To: crm.Target{Type: crm.TypeCompany, ID: "9001"}, Labels: []string{"Primary"}},
		},
	}})
	if err := document.Encode(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	// Output:
	// version: 1
	// contacts:
	//   - email: ada@example.com
	//     properties:
	//       country: "NO"
	//       event_tags: [Berlin 2027, Paris]
	//       jobtitle: Engineer, first class
	//       zip: "02139"
	//     associations:
	//       - {to: company, id: "9001", labels: [Primary]}
}

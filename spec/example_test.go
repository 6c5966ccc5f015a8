package spec_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/contactsync/contactsync/spec"
)

func Example() {
	text := `version: 1
defaults:
  fill_only: [jobtitle]
contacts:
  - email: Ada@Example.com
    properties:
      zip: 02139
      jobtitle: Engineer
    associations:
      - {to: company, domain: analytical.example}
`
	files := []spec.Source{{Name: "crm/team.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}}
	document, list := spec.Load(files)
	if list.HasErrors() {
		fmt.Println(list)
		return
	}
	for _, contact := range document.All() {
		fmt.Printf("%s is %s, declared at %s:%d\n", contact.Written, contact.Email, contact.At.File, contact.At.Line)
	}
	if err := document.Encode(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Ada@Example.com is ada@example.com, declared at crm/team.yaml:5
	// version: 1
	// contacts:
	//   - email: Ada@Example.com
	//     properties:
	//       jobtitle: Engineer
	//       zip: "02139"
	//     fill_only: [jobtitle]
	//     associations:
	//       - {to: company, domain: analytical.example}
}

func ExampleLoad_problems() {
	text := "version: 1\ncontacts:\n  - emial: grace@example.com\n    id: \"151\"\n"
	_, list := spec.Load([]spec.Source{{Name: "sales.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}})
	for _, d := range list {
		fmt.Printf("%s:%d:%d: %s: %s\n", d.At.File, d.At.Line, d.At.Column, d.Summary, d.Hint)
	}
	// Output:
	// sales.yaml:3:5: Unknown key in a contact: did you mean "email"?
}

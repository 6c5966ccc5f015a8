package schema_test

import (
	"errors"
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/schema"
)

// The error says where, never what: the address stays in the file.
func ExampleValidate() {
	const file = `
version: 1
contacts:
  - email: mary@shelley.example
    ensure: archive
    properties:
      city:
`
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(file), &document); err != nil {
		fmt.Println(err)
		return
	}
	err := schema.Validate(schema.Desired, schema.Value(&document))
	if refused, ok := errors.AsType[*schema.Error](err); ok {
		for _, problem := range refused.Problems {
			fmt.Println(problem.Path, "does not fit", problem.Keyword)
		}
	}
	// Output:
	// /contacts/0/ensure does not fit /definitions/contact/properties/ensure/enum
	// /contacts/0/properties/city does not fit /definitions/value/type
}

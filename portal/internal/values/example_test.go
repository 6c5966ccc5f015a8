package values_test

import (
	"fmt"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/values"
)

func ExampleStore() {
	events := hubspot.Property{
		Name: "events", Type: "enumeration", FieldType: "checkbox",
		Options: []hubspot.Option{{Value: "webinar"}, {Value: "fair"}},
	}
	stored, _ := values.Store(events, ";fair", "webinar")
	fmt.Println(stored)
	_, problem := values.Store(events, "picnic", "webinar")
	fmt.Println(problem.Code, problem.Message)
	// Output:
	// webinar;fair
	// INVALID_OPTION picnic was not one of the allowed options: [webinar, fair]
}

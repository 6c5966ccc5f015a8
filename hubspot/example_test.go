package hubspot_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/contactsync/contactsync/hubspot"
)

// A refusal of HubSpot's is an *Error, and matches the sentinel of its kind.
func ExampleError() {
	portal := says(409, `{"status":"error","message":"Contact already exists. Existing ID: 151","category":"CONFLICT"}`)
	client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: portal})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.CreateObject(context.Background(), "contacts", hubspot.CreateInput{
		Properties: map[string]string{"email": "ada@example.com"},
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, hubspot.ErrConflict))
	if refusal, ok := errors.AsType[*hubspot.Error](err); ok {
		id, _ := refusal.ExistingID()
		fmt.Println(id)
	}
	// Output:
	// POST /crm/v3/objects/contacts: 409 CONFLICT: Contact already exists. Existing ID: 151
	// true
	// 151
}

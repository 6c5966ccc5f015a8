package portal_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/contactsync/contactsync/portal"
)

// An address belongs to one contact, here as in HubSpot.
func Example() {
	p, err := portal.Open(context.Background(), portal.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = p.Close() }()

	client := http.Client{Transport: p.Transport()}
	for range 2 {
		response, err := client.Post("http://localhost/crm/v3/objects/contacts", "application/json",
			strings.NewReader(`{"properties":{"email":"ada@example.com"}}`))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(response.Status)
		_ = response.Body.Close()
	}
	fmt.Println(p.Requests())
	// Output:
	// 201 Created
	// 409 Conflict
	// map[POST /crm/v3/objects/contacts:2]
}

package conformance_test

import (
	"context"
	"fmt"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/conformance"
)

// Two checks against a portal in memory.
func ExampleRun() {
	ctx := context.Background()
	p, err := portal.Open(ctx, portal.Config{Rulings: portal.Rulings{"empty-properties": "omit"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = p.Close() }()
	probe, err := hubspot.NewProbe(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	var checks []conformance.Check
	for _, check := range conformance.Checks() {
		if check.Name == "create" || check.Name == "read-empty" {
			checks = append(checks, check)
		}
	}
	report, err := conformance.Run(ctx, probe, checks, conformance.Options{Run: "example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range report.Results {
		fmt.Println(result.Outcome, result.Check.Name)
		if result.Observed != nil {
			fmt.Println("as with serve --ruling", result.Observed)
		}
	}
	fmt.Println(report.Made, "made,", len(report.Left), "left")
	// Output:
	// pass create
	// differs read-empty
	// as with serve --ruling empty-properties=omit
	// 2 made, 0 left
}

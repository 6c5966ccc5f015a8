package snapshot_test

import (
	"context"
	"fmt"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// A whole portal becomes a document that is true of it.
func ExampleDocument() {
	ctx := context.Background()
	p, err := portal.Open(ctx, portal.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = p.Close() }()
	if err := p.Fill(ctx, &crm.Fixture{Records: []crm.FixtureRecord{
		{Type: crm.TypeContact, Properties: crm.NewProperties(crm.Value{Name: "email", Text: "ada@example.com"}, crm.Value{Name: "firstname", Text: "Ada"})},
	}}); err != nil {
		fmt.Println(err)
		return
	}
	reader, err := hubspot.NewReader(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	described, err := snapshot.Portal(ctx, reader, spec.NewDocument(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := snapshot.Document(ctx, reader, described, snapshot.ExportOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, contact := range doc.All() {
		fmt.Println(contact.Email, contact.Properties[0].Name, contact.Properties[0].Text)
	}
	// Output: ada@example.com firstname Ada
}

// Package portaltest opens a real portal for a test: the double of HubSpot is the
// portal that ships, not an imitation of it.
package portaltest

import (
	"slices"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
)

// New opens a portal, in memory unless config names a file, and closes it when
// the test ends. It works inside a synctest bubble.
func New(tb testing.TB, config portal.Config) *portal.Portal {
	tb.Helper()
	p, err := portal.Open(tb.Context(), config)
	if err != nil {
		tb.Fatalf("opening a portal: %v", err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Errorf("closing the portal: %v", err)
		}
	})
	return p
}

// Client returns a client of the portal that reads and writes in process, by the
// v3 and v4 paths.
func Client(tb testing.TB, p *portal.Portal) *hubspot.Client {
	tb.Helper()
	client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport()})
	if err != nil {
		tb.Fatalf("making a client: %v", err)
	}
	return client
}

// Create creates records with a client and returns their ids, in the order given.
func Create(tb testing.TB, client *hubspot.Client, objectType string, properties ...map[string]string) []crm.ObjectID {
	tb.Helper()
	ids := make([]crm.ObjectID, 0, len(properties))
	for chunk := range slices.Chunk(properties, hubspot.MaxBatch) {
		inputs := make([]hubspot.CreateInput, len(chunk))
		for i := range chunk {
			inputs[i].Properties = chunk[i]
		}
		results, err := client.BatchCreate(tb.Context(), objectType, inputs)
		if err != nil {
			tb.Fatalf("filling the portal: %v", err)
		}
		for _, result := range results {
			if result.Err != nil {
				tb.Fatalf("filling the portal: %v", result.Err)
			}
			ids = append(ids, crm.ObjectID(result.Object.ID))
		}
	}
	return ids
}

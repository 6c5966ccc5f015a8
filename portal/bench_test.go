package portal_test

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// BenchmarkBatchCreate creates contacts with an address and seven properties in
// batches of 100 over HTTP, eight requests at once, each batch on disk before it is
// answered; then the same with a primary company each, of a hundred.
func BenchmarkBatchCreate(b *testing.B) {
	for _, name := range []string{"Alone", "WithCompany"} {
		b.Run(name, func(b *testing.B) {
			client := served(b, portal.Config{Path: filepath.Join(b.TempDir(), "portal.db")})
			var companies []crm.ObjectID
			if name == "WithCompany" {
				companies = portaltest.Create(b, client, "companies", slices.Repeat([]map[string]string{{"name": "Navy"}}, 100)...)
			}
			createBatches(b, client, companies)
		})
	}
}

// served is a client of a portal behind a socket.
func served(tb testing.TB, config portal.Config) *hubspot.Client {
	tb.Helper()
	server := portal.Server(portaltest.New(tb, config))
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	tb.Cleanup(func() { _ = server.Close() })
	client, err := hubspot.New(hubspot.Options{BaseURL: "http://" + listener.Addr().String(), Token: hubspot.NewSecret("local")})
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

func createBatches(b *testing.B, client *hubspot.Client, companies []crm.ObjectID) {
	b.Helper()
	batches := make(chan int)
	var group sync.WaitGroup
	b.ResetTimer()
	for range 8 {
		group.Go(func() {
			for batch := range batches {
				results, err := client.BatchCreate(b.Context(), "contacts", hundred(batch, companies))
				if err = errors.Join(err, firstError(results)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for batch := range b.N {
		batches <- batch
	}
	close(batches)
	group.Wait()
	b.ReportMetric(float64(b.N)*hubspot.MaxBatch/b.Elapsed().Seconds(), "contacts/s")
}

func firstError(results []hubspot.ItemResult) error {
	for _, result := range results {
		if result.Err != nil {
			return result.Err
		}
	}
	return nil
}

// hundred are the contacts of a batch, with a primary company each if there are any.
func hundred(batch int, companies []crm.ObjectID) []hubspot.CreateInput {
	inputs := make([]hubspot.CreateInput, hubspot.MaxBatch)
	for i := range inputs {
		n := batch*hubspot.MaxBatch + i
		inputs[i].Properties = map[string]string{
			"email":     fmt.Sprintf("person%d@company%d.example", n, n%1000),
			"firstname": fmt.Sprint("First", n), "lastname": fmt.Sprint("Last", n), "phone": fmt.Sprintf("+1555%07d", n),
			"jobtitle": "Engineer", "city": "Zürich", "company": fmt.Sprint("Company ", n%1000), "lifecyclestage": "lead",
		}
		if len(companies) > 0 {
			inputs[i].Associations = []hubspot.NewAssociation{{
				To:    hubspot.RecordID{ID: hubspot.FlexID(companies[i%len(companies)])},
				Types: []hubspot.AssociationSpec{{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 1}},
			}}
		}
	}
	return inputs
}

// BenchmarkOpen opens a portal in memory, as most tests do.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		p, err := portal.Open(b.Context(), portal.Config{})
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

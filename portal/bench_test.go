package portal_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// BenchmarkBatchCreate creates contacts of seven properties in batches of 100 over
// HTTP, eight requests at once, each batch on disk before it is answered.
func BenchmarkBatchCreate(b *testing.B) {
	p := portaltest.New(b, portal.Config{Path: filepath.Join(b.TempDir(), "portal.db")})
	server := portal.Server(p)
	listener, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	url := "http://" + listener.Addr().String() + "/crm/v3/objects/contacts/batch/create"
	batches := make(chan int)
	var group sync.WaitGroup
	b.ResetTimer()
	for range 8 {
		group.Go(func() {
			for batch := range batches {
				request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, strings.NewReader(hundred(batch)))
				if err != nil {
					b.Error(err)
					return
				}
				request.Header.Set("Authorization", "Bearer local")
				request.Header.Set("Content-Type", "application/json")
				response, err := client.Do(request)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if response.StatusCode != http.StatusCreated {
					b.Errorf("answered %d", response.StatusCode)
				}
			}
		})
	}
	for batch := range b.N {
		batches <- batch
	}
	close(batches)
	group.Wait()
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "contacts/s")
}

// hundred is the body of a batch create.
func hundred(batch int) string {
	var body strings.Builder
	body.WriteString(`{"inputs":[`)
	for i := range 100 {
		if i > 0 {
			body.WriteByte(',')
		}
		n := batch*100 + i
		fmt.Fprintf(&body, `{"objectWriteTraceId":"%d","properties":{"email":"person%d@company%d.example","firstname":"First%d","lastname":"Last%d","phone":"+1555%07d","jobtitle":"Engineer","city":"Zürich","lifecyclestage":"lead"}}`, n, n, n%1000, n, n, n)
	}
	body.WriteString(`]}`)
	return body.String()
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

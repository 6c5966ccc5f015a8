package hubspot_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

// strictPortal counts requests in a rolling window as strictly as a server can.
type strictPortal struct {
	max           int
	others        int // requests of another client in each window, evenly spread
	latency       time.Duration
	countsRefused bool
	silent        bool // tells no limits

	mu       sync.Mutex
	arrivals []time.Time
	refused  int
}

const rolling = 10 * time.Second

func (p *strictPortal) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(p.latency / 2) // fake time: the way there
	status, left := p.arrive(time.Now())
	time.Sleep(p.latency - p.latency/2)
	response := reply(status, `{"results":[]}`)
	if !p.silent {
		response.Header.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(p.max))
		response.Header.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(left))
		response.Header.Set("X-HubSpot-RateLimit-Interval-Milliseconds", "10000")
	}
	return response, nil
}

func (p *strictPortal) arrive(now time.Time) (status, left int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.arrivals) > 0 && !p.arrivals[0].After(now.Add(-rolling)) {
		p.arrivals = p.arrivals[1:]
	}
	used := len(p.arrivals) + p.othersAt(now)
	if used >= p.max {
		p.refused++
		if p.countsRefused {
			p.arrivals = append(p.arrivals, now)
		}
		return http.StatusTooManyRequests, 0
	}
	p.arrivals = append(p.arrivals, now)
	return http.StatusOK, p.max - used - 1
}

// othersAt is the other client's part of the window that ends now.
func (p *strictPortal) othersAt(now time.Time) int {
	if p.others == 0 {
		return 0
	}
	every := int64(rolling) / int64(p.others)
	return int(now.UnixNano()/every - (now.UnixNano()-int64(rolling))/every)
}

// drain sends requests as fast as the client lets them go, and returns how long
// that took.
func drain(t *testing.T, p *strictPortal, requests int) time.Duration {
	t.Helper()
	client := newClient(t, hubspot.Options{BaseURL: "http://localhost", Transport: p, InFlight: hubspot.MaxInFlight})
	start := time.Now()
	work := make(chan struct{})
	var workers sync.WaitGroup
	for range hubspot.MaxInFlight {
		workers.Go(func() {
			for range work {
				if _, err := client.Properties(t.Context(), "contacts", ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range requests {
		work <- struct{}{}
	}
	close(work)
	workers.Wait()
	return time.Since(start)
}

// The floor: with `share` requests in any 10 s, request number n (from 1) cannot
// arrive before 10·⌊(n−1)/share⌋ seconds after the first.
func floor(requests, share int) time.Duration {
	return rolling * time.Duration((requests-1)/share)
}

func TestWindowIsFullAndNothingIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		others, requests int
		countsRefused    bool
	}{
		{20, 2000, false},
		{20, 2000, true},
		{0, 2000, true},
		{0, 190, true},
		{95, 2000, true},
	} {
		name := fmt.Sprintf("%d requests, others use %d, refused count %v", test.requests, test.others, test.countsRefused)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &strictPortal{max: 190, others: test.others, latency: 250 * time.Millisecond, countsRefused: test.countsRefused}
				took := drain(t, p, test.requests)
				if p.refused != 0 {
					t.Errorf("%d requests were refused, want none", p.refused)
				}
				least := floor(test.requests, 190-test.others)
				most := time.Duration(float64(least) / 0.95)
				if test.requests <= 190 {
					most = 4 * time.Second // bound by latency: 12 rounds of 16
				}
				t.Logf("took %v, floor %v: %.1f %%", took, least, 100*float64(least)/float64(took))
				if took > most {
					t.Errorf("took %v, want at most %v", took, most)
				}
			})
		})
	}
}

// However many ask, no more than InFlight requests are under way.
func TestInFlightIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		client := newClient(t, hubspot.Options{BaseURL: "http://localhost", InFlight: 3, Transport: carrier(func(*http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second) // fake time
			now.Add(-1)
			return reply(http.StatusOK, account), nil
		})})
		var workers sync.WaitGroup
		for range 20 {
			workers.Go(func() {
				if err := read(t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		workers.Wait()
		if most.Load() != 3 {
			t.Errorf("%d requests at once, want 3", most.Load())
		}
	})
}

// Without the limiter, which a portal that tells no limits does not start, the
// same load is refused: the test above can fail.
func TestUnpacedLoadIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &strictPortal{max: 190, others: 20, latency: 250 * time.Millisecond, silent: true}
		drain(t, p, 2000)
		if p.refused == 0 {
			t.Error("no request was refused without a limiter")
		}
	})
}

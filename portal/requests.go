package portal

import (
	"maps"
	"strings"
	"sync"
)

// Requests counts requests by method and path since a portal was opened, those that
// were refused or met a fault included. Object types stand in the path in the plural, ids as {id}, and
// the version as v3 or v4 whatever it was:
//
//	POST /crm/v3/objects/contacts/batch/read
//	POST /crm/v4/associations/contacts/companies/batch/create
//	PATCH /crm/v3/objects/contacts/{id}
type Requests map[string]int

// Total is the number of requests.
func (r Requests) Total() int {
	total := 0
	for _, count := range r {
		total += count
	}
	return total
}

// Mutations is the number of requests of a kind that can change the portal.
func (r Requests) Mutations() int {
	mutations := 0
	for key, count := range r {
		method, path, _ := strings.Cut(key, " ")
		if mutates(method, path) {
			mutations += count
		}
	}
	return mutations
}

// Since is what came after an earlier count.
func (r Requests) Since(before Requests) Requests {
	after := make(Requests)
	for key, count := range r {
		if count > before[key] {
			after[key] = count - before[key]
		}
	}
	return after
}

// Requests returns the counts so far.
func (p *Portal) Requests() Requests { return p.counts.snapshot() }

type counts struct {
	mu       *sync.Mutex
	requests Requests
}

func newCounts() counts { return counts{mu: new(sync.Mutex), requests: make(Requests)} }

func (c *counts) add(label string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests[label]++
}

func (c *counts) snapshot() Requests {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.requests)
}

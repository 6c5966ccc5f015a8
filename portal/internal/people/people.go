// Package people invents contacts, and what surrounds them, for a local portal:
// people of twenty-one countries in nine scripts, their companies, deals,
// tickets and notes, with the oddities of real portals (addresses nobody has,
// postal codes with leading zeros, values in several lines, nothing at all).
//
// Everything follows from the seed and an index: the same seed and index give
// the same person on every machine, whatever the number of people asked for. No
// address, phone number or domain is meant to exist; all domains end in .example.
package people

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// People are those of one seed. It is safe for concurrent use.
type People struct {
	seed    uint64
	locales []locale
	drawn   []int // an index of locales for each unit of weight
	// firstCompany is where the walk through the company names begins.
	firstCompany int
}

// New returns the people of a seed.
func New(seed uint64) *People {
	p := &People{seed: seed, locales: locales()}
	for i, l := range p.locales {
		for range l.Weight {
			p.drawn = append(p.drawn, i)
		}
	}
	p.firstCompany = p.draw(kindOrder, 0).IntN(len(companyWords) * len(trades))
	return p
}

// Record is an invented record of any type.
type Record struct {
	Type       crm.ObjectType
	Properties crm.Properties
	Created    time.Time
	Updated    time.Time // not before Created
}

// kind keeps the random numbers of different things apart.
type kind uint64

const (
	kindPerson kind = iota + 1
	kindDetail
	kindEmployer
	kindCompany
	kindActivity
	kindOwner
	kindOrder
)

// draw gives the random numbers of one thing, independent of those of any other.
func (p *People) draw(k kind, index int) *rand.Rand {
	mixed := (uint64(index) + uint64(k)<<48) * 0x9e3779b97f4a7c15 // #nosec G115 -- any bits will do
	return rand.New(rand.NewPCG(p.seed, mixed^mixed>>29))         // #nosec G404 -- invented people need no secrecy
}

// pick draws one of several.
func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true in so many of a hundred cases.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// moments of a record: created in one of the seven years up to 2026, updated
// since then at the latest.
func moments(r *rand.Rand) (created, updated time.Time) {
	start := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	const span = 7 * 365 * 24 * int64(time.Hour/time.Millisecond)
	at := r.Int64N(span)
	return start.Add(time.Duration(at) * time.Millisecond), start.Add(time.Duration(at+r.Int64N(span-at)) * time.Millisecond)
}

// weighted draws a value by its share.
func weighted(r *rand.Rand, shares []share) string {
	total := 0
	for _, s := range shares {
		total += s.parts
	}
	at := r.IntN(total)
	for _, s := range shares {
		if at -= s.parts; at < 0 {
			return s.value
		}
	}
	return ""
}

// some draws one to most of several, in their order, joined by semicolons.
func some(r *rand.Rand, from []string, most int) string {
	left := 1 + r.IntN(most)
	var drawn []string
	for i, value := range from {
		if r.IntN(len(from)-i) < left {
			drawn = append(drawn, value)
			left--
		}
	}
	return strings.Join(drawn, ";")
}

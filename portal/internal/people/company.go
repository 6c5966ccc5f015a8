package people

import (
	"fmt"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Staff is how many people share a company.
const Staff = 8

// Companies is the number of companies that so many people work for.
func Companies(contacts int) int { return (contacts + Staff - 1) / Staff }

// step has no divisor in common with the number of word pairs, so that employer
// visits every pair before any comes again.
const step = 1361

// employer is what the people of a company share with it.
type employer struct {
	name     string
	domain   string
	industry string // an option of a company's industry
	home     *locale
	style    addressStyle
	seat     city
}

// employer invents the company of an index. Names, and so domains, are unique:
// after every pair of words was used, a number follows.
func (p *People) employer(index int) employer {
	r := p.draw(kindEmployer, index)
	pairs := len(companyWords) * len(trades)
	place := (index*step + p.firstCompany) % pairs
	business := trades[place%len(trades)]
	words := companyWords[place/len(trades)] + " " + business.word
	if round := index / pairs; round > 0 {
		words += fmt.Sprintf(" %d", round+1)
	}
	home := &p.locales[pick(r, p.drawn)]
	style := pick(r, []addressStyle{givenDotFamily, givenDotFamily, initialDotFamily, familyGiven, givenOnly})
	return employer{
		name:     words,
		domain:   strings.ReplaceAll(strings.ToLower(words), " ", "-") + ".example",
		industry: business.industry,
		home:     home,
		style:    style,
		seat:     pick(r, home.Cities),
	}
}

// Company returns the company of an index.
func (p *People) Company(index int) Record {
	r := p.draw(kindCompany, index)
	e := p.employer(index)
	created, updated := moments(r)
	size := pick(r, []int{3, 7, 18, 40, 85, 240, 700, 2600, 14000})
	properties := []crm.Value{
		{Name: "name", Text: e.name + " " + e.home.Company},
		{Name: "domain", Text: e.domain},
		{Name: "city", Text: e.seat.Name},
		{Name: "state", Text: e.seat.State},
		{Name: "zip", Text: digits(r, e.seat.Zip)},
		{Name: "country", Text: e.home.Country},
		{Name: "address", Text: e.home.street(r)},
		{Name: "industry", Text: e.industry},
		{Name: "numberofemployees", Text: fmt.Sprint(size + r.IntN(size))},
		{Name: "lifecyclestage", Text: weighted(r, stages)},
	}
	if chance(r, 80) {
		properties = append(properties, crm.Value{Name: "website", Text: "https://www." + e.domain})
	}
	if chance(r, 60) {
		properties = append(properties, crm.Value{Name: "phone", Text: e.seat.Area + digits(r, e.home.Phone)})
	}
	if chance(r, 40) {
		properties = append(properties, crm.Value{Name: "annualrevenue", Text: fmt.Sprint(size * (40_000 + 500*r.IntN(200)))})
	}
	if chance(r, 70) {
		properties = append(properties, crm.Value{Name: "hubspot_owner_id", Text: p.ownerID(r)})
	}
	return Record{crm.TypeCompany, filled(properties), created, updated}
}

// filled sorts properties and leaves the empty ones out.
func filled(all []crm.Value) crm.Properties {
	kept := all[:0]
	for _, value := range all {
		if value.Text != "" {
			kept = append(kept, value)
		}
	}
	return crm.NewProperties(kept...)
}

package people

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// Contact is a person with what they are linked to.
type Contact struct {
	Record Record
	// Company is the index of the employer, -1 for a private person.
	Company int
	// Primary says that the employer is the contact's primary company.
	Primary bool
	// DecisionMaker says that the employer's association has that label.
	DecisionMaker bool
	// Colleague is the index of a person of the same company with a lower index
	// whom the contact is linked to, -1 for none.
	Colleague int
	// Activities concern this contact.
	Activities []Activity
}

// identity is what a person is called, apart from everything else about them, so
// that neighbours can be compared cheaply.
type identity struct {
	home    *locale
	private bool // writes from a mailbox of their own, not from a company's
	given   name
	family  name
}

func (p *People) identity(index int, e employer) identity {
	r := p.draw(kindPerson, index)
	who := identity{home: e.home, private: chance(r, 14)}
	if who.private || chance(r, 40) {
		who.home = &p.locales[pick(r, p.drawn)]
	}
	who.given, who.family = who.home.names(r, chance(r, 50))
	return who
}

// addressStyle is how a company writes the addresses of its people.
type addressStyle int

const (
	givenDotFamily addressStyle = iota
	initialDotFamily
	familyGiven
	givenOnly
)

// local is the part of an address before the @, in the style of the company.
func (i identity) local(style addressStyle) string {
	switch style {
	case initialDotFamily:
		return i.given.latin[:1] + "." + i.family.latin
	case givenOnly:
		return i.given.latin
	case familyGiven:
		return i.family.latin + "_" + i.given.latin
	case givenDotFamily:
	}
	return i.given.latin + "." + i.family.latin
}

// address is unique: by a number where two people of one company would share it,
// by the index for private people.
func (p *People) address(index int, who identity, e employer) string {
	if who.private {
		return fmt.Sprintf("%s%d@%s", who.local(givenDotFamily), index, mailboxes[index%len(mailboxes)])
	}
	local := who.local(e.style)
	same := 1
	for other := index / Staff * Staff; other < index; other++ {
		if neighbour := p.identity(other, e); !neighbour.private && neighbour.local(e.style) == local {
			same++
		}
	}
	if same > 1 {
		local += fmt.Sprint(same)
	}
	return local + "@" + e.domain
}

// Contact returns the person of an index.
func (p *People) Contact(index int) Contact {
	e := p.employer(index / Staff)
	who := p.identity(index, e)
	r := p.draw(kindDetail, index)
	created, updated := moments(r)
	c := Contact{Company: index / Staff, Colleague: -1}
	stage := weighted(r, stages)
	all := p.person(make([]crm.Value, 0, 40), r, index, who, e)
	all = p.place(all, r, who)
	all = p.relation(all, r, stage, created)
	all = custom(all, r, index, who)
	if who.private {
		c.Company = -1
	} else {
		all = work(all, r, who, e)
		c.Primary = chance(r, 85)
		c.DecisionMaker = chance(r, 12)
		if index%Staff > 0 && chance(r, 6) {
			c.Colleague = index - 1 - r.IntN(index%Staff)
		}
	}
	c.Activities = p.activities(index, who, e, stage, created)
	if deals := countOf(c.Activities, crm.TypeDeal); deals > 0 {
		all = append(all, crm.Value{Name: "num_associated_deals", Text: fmt.Sprint(deals)})
	}
	c.Record = Record{crm.TypeContact, filled(all), created, updated}
	return c
}

// person adds what somebody is called and reached by.
func (p *People) person(all []crm.Value, r *rand.Rand, index int, who identity, e employer) []crm.Value {
	all = append(all, crm.Value{Name: "firstname", Text: who.given.native}, crm.Value{Name: "lastname", Text: who.family.native})
	if r.IntN(400) > 0 { // every portal has some contacts without an address
		all = append(all, crm.Value{Name: "email", Text: p.address(index, who, e)})
		if chance(r, 3) {
			all = append(all, crm.Value{Name: "hs_additional_emails", Text: fmt.Sprintf("%s.%d@former.example", who.family.latin, index)})
		}
	}
	if chance(r, 60) {
		all = append(all, crm.Value{Name: "mobilephone", Text: digits(r, who.home.Mobile)})
	}
	if chance(r, 8) {
		all = append(all, crm.Value{Name: "salutation", Text: pick(r, salutations)})
	}
	if chance(r, 30) {
		born := time.Date(1945, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(60*365))
		all = append(all, crm.Value{Name: "date_of_birth", Text: born.Format(time.DateOnly)})
	}
	if chance(r, 70) {
		all = append(all, crm.Value{Name: "hs_language", Text: who.home.Language})
	}
	if chance(r, 40) {
		all = append(all, crm.Value{Name: "hs_timezone", Text: who.home.Timezone})
	}
	if chance(r, 25) {
		all = append(all, crm.Value{Name: "hs_linkedin_url", Text: "https://www.linkedin.example/in/" + who.given.latin + "-" + who.family.latin + fmt.Sprintf("-%x", index)})
	}
	return all
}

// place adds where somebody lives.
func (p *People) place(all []crm.Value, r *rand.Rand, who identity) []crm.Value {
	seat := pick(r, who.home.Cities)
	all = append(all, crm.Value{Name: "country", Text: who.home.Country})
	if chance(r, 80) {
		all = append(all, crm.Value{Name: "phone", Text: seat.Area + digits(r, who.home.Phone)})
	}
	if chance(r, 65) {
		all = append(all,
			crm.Value{Name: "address", Text: who.home.street(r)},
			crm.Value{Name: "zip", Text: digits(r, seat.Zip)},
			crm.Value{Name: "city", Text: seat.Name},
			crm.Value{Name: "state", Text: seat.State},
			crm.Value{Name: "hs_country_region_code", Text: who.home.CountryCode})
	}
	return all
}

// relation adds how far somebody has come with us.
func (p *People) relation(all []crm.Value, r *rand.Rand, stage string, created time.Time) []crm.Value {
	all = append(all,
		crm.Value{Name: "lifecyclestage", Text: stage},
		crm.Value{Name: "hs_analytics_source", Text: weighted(r, sources)})
	if chance(r, 55) {
		all = append(all, crm.Value{Name: "hubspot_owner_id", Text: p.ownerID(r)})
	}
	if chance(r, 45) {
		all = append(all, crm.Value{Name: "hs_lead_status", Text: weighted(r, leadStatuses)})
	}
	if chance(r, 15) {
		all = append(all, crm.Value{Name: "hs_buying_role", Text: some(r, buyingRoles, 3)})
	}
	if chance(r, 35) {
		all = append(all, crm.Value{Name: "hs_legal_basis", Text: some(r, legalBases, 2)})
	}
	if chance(r, 12) {
		all = append(all, crm.Value{Name: "message", Text: remark(r)})
	}
	if stage == "customer" || stage == "evangelist" {
		all = append(all, crm.Value{Name: "closedate", Text: datetime(created.Add(time.Duration(r.IntN(300*24)) * time.Hour))})
	}
	return all
}

// work adds a job.
func work(all []crm.Value, r *rand.Rand, who identity, e employer) []crm.Value {
	all = append(all, crm.Value{Name: "company", Text: e.name + " " + e.home.Company})
	if chance(r, 85) {
		job := pick(r, jobs)
		title := job.title
		if len(who.home.Titles) > 0 && chance(r, 15) {
			title = pick(r, who.home.Titles)
		}
		all = append(all, crm.Value{Name: "jobtitle", Text: title})
		if chance(r, 60) {
			all = append(all, crm.Value{Name: "hs_seniority", Text: job.seniority}, crm.Value{Name: "hs_role", Text: job.role})
		}
	}
	if chance(r, 20) {
		all = append(all, crm.Value{Name: "numemployees", Text: pick(r, headcounts)})
	}
	if chance(r, 30) {
		all = append(all, crm.Value{Name: "website", Text: "https://www." + e.domain})
	}
	return all
}

// remark is a line; one in ten has grown to some pages.
func remark(r *rand.Rand) string {
	if !chance(r, 10) {
		return pick(r, remarks)
	}
	lines := make([]string, 10+r.IntN(60))
	for i := range lines {
		lines[i] = pick(r, remarks)
	}
	return strings.Join(lines, "\n")
}

// datetime is a time as HubSpot returns it.
func datetime(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

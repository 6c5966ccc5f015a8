package people

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// Activity is a record that concerns one contact and, unless that is a private
// person, their employer.
type Activity struct {
	Record Record
	// Sponsor says that the contact is the one who wants the deal.
	Sponsor bool
}

// activities are the deals, tickets and notes around a contact; few have any.
func (p *People) activities(index int, who identity, e employer, stage string, created time.Time) []Activity {
	r := p.draw(kindActivity, index)
	var all []Activity
	later := func() time.Time { return created.Add(time.Duration(r.IntN(200*24*60)) * time.Minute) }
	dealing := stage == "opportunity" || stage == "customer" || stage == "evangelist"
	if dealing && !who.private && chance(r, 45) {
		all = append(all, Activity{Record: p.deal(r, e, stage, later()), Sponsor: chance(r, 40)})
	}
	if stage == "customer" && chance(r, 30) {
		all = append(all, Activity{Record: p.ticket(r, later())})
	}
	if chance(r, 12) {
		all = append(all, Activity{Record: p.note(r, later())})
	}
	return all
}

func countOf(activities []Activity, objectType crm.ObjectType) int {
	count := 0
	for _, a := range activities {
		if a.Record.Type == objectType {
			count++
		}
	}
	return count
}

func (p *People) deal(r *rand.Rand, e employer, stage string, at time.Time) Record {
	status := "closedwon"
	if stage == "opportunity" {
		status = weighted(r, []share{{"appointmentscheduled", 3}, {"qualifiedtobuy", 3}, {"presentationscheduled", 2}, {"contractsent", 1}, {"closedlost", 2}})
	}
	return Record{crm.TypeDeal, filled([]crm.Value{
		{Name: "dealname", Text: e.name + pick(r, []string{" – new business", " – renewal", ": pilot", " (expansion)"})},
		{Name: "amount", Text: fmt.Sprintf("%d.%02d", 500+r.IntN(120_000), r.IntN(100))},
		{Name: "pipeline", Text: "default"},
		{Name: "dealstage", Text: status},
		{Name: "closedate", Text: datetime(at.AddDate(0, 1+r.IntN(6), 0))},
		{Name: "hubspot_owner_id", Text: p.ownerID(r)},
	}), at, at}
}

func (p *People) ticket(r *rand.Rand, at time.Time) Record {
	return Record{crm.TypeTicket, filled([]crm.Value{
		{Name: "subject", Text: pick(r, []string{"Cannot log in since Monday", "Invoice has the wrong address", "Export stops at 10,000 rows", "Frage zur Rechnung", "データが表示されない"})},
		{Name: "content", Text: remark(r)},
		{Name: "hs_pipeline", Text: "0"},
		{Name: "hs_pipeline_stage", Text: pick(r, []string{"1", "2", "3", "4", "4", "4"})},
		{Name: "hs_ticket_priority", Text: pick(r, []string{"LOW", "MEDIUM", "HIGH", ""})},
		{Name: "hubspot_owner_id", Text: p.ownerID(r)},
	}), at, at}
}

func (p *People) note(r *rand.Rand, at time.Time) Record {
	return Record{crm.TypeNote, filled([]crm.Value{
		{Name: "hs_note_body", Text: "<p>" + pick(r, remarks) + "</p>"},
		{Name: "hs_timestamp", Text: datetime(at)},
		{Name: "hubspot_owner_id", Text: p.ownerID(r)},
	}), at, at}
}

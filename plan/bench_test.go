package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// BenchmarkPlan plans 10,000 contacts with seven properties and one association,
// one in twenty of which changes, against as many live ones in batches of 100.
func BenchmarkPlan(b *testing.B) {
	const contacts = 10_000
	declared := make([]spec.Contact, contacts)
	live := make([]crm.Contact, contacts)
	for i := range contacts {
		email := crm.Email(fmt.Sprintf("person%05d@example.com", i))
		title := "Engineer"
		if i%20 == 0 {
			title = "CTO"
		}
		declared[i] = declare(email, "company", "Navy", "contract_end", "2026-03-15", "firstname", "Ada", "hs_lead_status", "NEW",
			"jobtitle", title, "lastname", "Lovelace", "nps_score", "9")
		declared[i].Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "navy.example"}}}
		live[i] = found(crm.ObjectID(fmt.Sprint(1_000_000+i)), email, "company", "Navy", "contract_end", "2026-03-15", "firstname", "Ada",
			"hs_lead_status", "NEW", "jobtitle", "Engineer", "lastname", "Lovelace", "nps_score", "9")
		live[i].Associations = []crm.Association{liveLink("9001", unlabeled)}
	}
	doc, portal := spec.NewDocument(declared), testPortal()
	b.ReportAllocs()
	for b.Loop() {
		planner := plan.New(doc, portal, plan.Options{})
		for batch := range slices.Chunk(live, 100) {
			planner.Add(batch...)
		}
		p, problems := planner.Plan()
		if len(problems) > 0 || len(p.Changes) != contacts/20 {
			b.Fatalf("%d changes, %v", len(p.Changes), problems)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/contacts, "ns/contact")
}

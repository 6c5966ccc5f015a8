package apply_test

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// A wish is what the document of a soak says of one contact. Nothing is said of a
// value, a stage, a company or a colleague that does not stand here.
type wish struct {
	email, previous string
	archived        bool
	values          map[string]string // by property; "" clears
	stage           string
	back            bool            // the stage may move back
	firms           map[string]bond // by the id of the company
	colleagues      map[string]bond // by the address of another wish
}

// A bond is an association as a document asks for it.
type bond struct{ absent, primary, billing bool }

var (
	soakValues = map[string][]string{"jobtitle": {"Clerk", "Boss", ""}, "lastname": {"Ada", "Bob", "02139", ""}}
	soakStages = []string{"lead", "customer", "evangelist"}
	soakFirms  = []string{"9001", "9002"}
)

const (
	soakAddresses = 14 // in all, so that contacts meet at them
	soakWishes    = 9  // at most
)

func soakAddress(i int) string { return fmt.Sprintf("p%d@example.com", i) }

// edit changes some lines of the document.
func (s *soak) edit(most int) {
	s.edits++
	for range rapid.IntRange(1, most).Draw(s.t, "lines") {
		if len(s.doc) == 0 || len(s.doc) < soakWishes && rapid.IntRange(0, 2).Draw(s.t, "new") == 0 {
			s.declare()
			continue
		}
		s.editOne(rapid.IntRange(0, len(s.doc)-1).Draw(s.t, "whom"))
	}
}

func (s *soak) declare() {
	email := soakAddress(rapid.IntRange(0, soakAddresses-1).Draw(s.t, "address"))
	if s.wished(email) < 0 {
		s.doc = append(s.doc, wish{
			email: email, values: map[string]string{"lastname": s.pick("lastname", soakValues["lastname"])},
			firms: make(map[string]bond), colleagues: make(map[string]bond),
		})
	}
}

// wished is the place of the wish with an address, -1 for none.
func (s *soak) wished(email string) int {
	return slices.IndexFunc(s.doc, func(w wish) bool { return w.email == email })
}

func (s *soak) pick(what string, texts []string) string {
	return rapid.SampledFrom(texts).Draw(s.t, what)
}

func (s *soak) editOne(i int) {
	w := &s.doc[i]
	switch s.pick("line", []string{"value", "value", "stage", "stage", "company", "company", "company", "colleague", "colleague", "address", "fate", "drop"}) {
	case "value":
		name := s.pick("property", []string{"jobtitle", "lastname"})
		w.values[name] = s.pick(name, soakValues[name])
	case "stage":
		w.stage, w.back = s.pick("stage", soakStages), rapid.Bool().Draw(s.t, "back")
	case "company":
		s.bind(w, s.pick("company", soakFirms))
	case "colleague":
		other := s.doc[rapid.IntRange(0, len(s.doc)-1).Draw(s.t, "colleague")].email
		if other != w.email {
			w.colleagues[other] = bond{absent: rapid.Bool().Draw(s.t, "absent")}
		}
	case "address":
		s.readdress(i, soakAddress(rapid.IntRange(0, soakAddresses-1).Draw(s.t, "address")))
	case "fate":
		w.archived = !w.archived
	case "drop":
		s.forget(w.email)
		s.doc = slices.Delete(s.doc, i, i+1)
	}
}

// bind says something of a company; only one of a contact's is the primary one.
func (s *soak) bind(w *wish, firm string) {
	switch how := s.pick("bond", []string{"plain", "primary", "billing", "both", "absent", "unsaid"}); how {
	case "unsaid":
		delete(w.firms, firm)
	default:
		b := bond{absent: how == "absent", primary: how == "primary" || how == "both", billing: how == "billing" || how == "both"}
		for other, said := range w.firms {
			if b.primary && other != firm {
				said.primary = false
				w.firms[other] = said
			}
		}
		w.firms[firm] = b
	}
}

// readdress gives a wish another address, which the contact is renamed to. Those that
// name it as a colleague follow.
func (s *soak) readdress(i int, email string) {
	if s.wished(email) >= 0 {
		return
	}
	former := s.doc[i].email
	for k := range s.doc {
		if b, named := s.doc[k].colleagues[former]; named {
			delete(s.doc[k].colleagues, former)
			s.doc[k].colleagues[email] = b
		}
	}
	s.doc[i].previous, s.doc[i].email = former, email
}

// forget takes an address out of what the document says of others.
func (s *soak) forget(email string) {
	for k := range s.doc {
		delete(s.doc[k].colleagues, email)
	}
}

// document is what the product gets to see of the wishes.
func (s *soak) document() *spec.Document {
	contacts := make([]spec.Contact, len(s.doc))
	for i, w := range s.doc {
		contacts[i] = w.declared()
	}
	return spec.NewDocument(contacts)
}

func (w *wish) declared() spec.Contact {
	c := spec.Contact{Email: crm.Email(w.email), Written: w.email, Ensure: spec.Present, Lifecycle: spec.AtLeast, Recreate: true}
	if w.archived {
		c.Ensure = spec.Archived
		return c
	}
	if w.previous != "" {
		c.PreviousEmails = []crm.Email{crm.Email(w.previous)}
	}
	say := func(name, text string) {
		c.Properties = append(c.Properties, spec.Property{Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact})
	}
	for _, name := range slices.Sorted(maps.Keys(w.values)) {
		say(name, w.values[name])
	}
	if w.stage != "" {
		say("lifecyclestage", w.stage)
		if w.back {
			c.Lifecycle = spec.AllowBackward
		}
	}
	for _, firm := range slices.Sorted(maps.Keys(w.firms)) {
		b := w.firms[firm]
		a := spec.Association{To: crm.Target{Type: crm.TypeCompany, ID: crm.ObjectID(firm)}, Absent: b.absent}
		if b.primary {
			a.Labels = append(a.Labels, "Primary")
		}
		if b.billing {
			a.Labels = append(a.Labels, "Billing Contact")
		}
		c.Associations = append(c.Associations, a)
	}
	for _, email := range slices.Sorted(maps.Keys(w.colleagues)) {
		c.Associations = append(c.Associations, spec.Association{To: crm.Target{Type: crm.TypeContact, Email: crm.Email(email)}, Absent: w.colleagues[email].absent})
	}
	return c
}

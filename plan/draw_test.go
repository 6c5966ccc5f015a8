package plan_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// scene is a document and a portal's contacts that were drawn together, so that
// every way in which the two can meet occurs.
type scene struct {
	declared []spec.Contact
	live     []crm.Contact
	features map[string]bool
	next     int
}

// Texts of each property, equal ones in several forms among them. The text
// property has those that YAML readers resolve to something else.
var texts = map[string][]string{
	"jobtitle":        {"CTO", "no", "02139", "1.10", "2024-01-02", "null", "~", "0x1F", "+15550100", " CTO"},
	"nps_score":       {"1", "1.0", "+1e0", "2", "-0.5", "-.50"},
	"newsletter":      {"true", "false"},
	"contract_end":    {"2026-03-15", "1773532800000", "2026-03-16"},
	"last_webinar_at": {"2026-03-15T09:30:00Z", "1773567000000", "2026-03-15T10:30:00.000+01:00", "2026-03-15T09:30:01Z"},
	"hs_lead_status":  {"NEW", "OPEN"},
	"event_tags":      {"berlin", "berlin;paris", "paris;berlin;", "rome"},
	"lifecyclestage":  {"lead", "opportunity", "customer"},
}

var textNames = []string{"contract_end", "event_tags", "hs_lead_status", "jobtitle", "last_webinar_at", "lifecyclestage", "newsletter", "nps_score"}

// meeting is one way in which a declared and a live contact, or only one of them,
// come into a scene.
type meeting struct {
	name string
	meet func(*rapid.T, *scene)
}

func drawScene(t *rapid.T) *scene {
	s := &scene{features: make(map[string]bool)}
	meetings := []meeting{
		{"new", meetNew},
		{"live", meetLive},
		{"live by id", meetByID},
		{"id alone", meetIDAlone},
		{"rename", meetRename},
		{"rename done", meetRenameDone},
		{"rename to a taken address", meetTaken},
		{"secondary address", meetSecondary},
		{"two declared on one record", meetTwoOnOne},
		{"recycle bin", meetBin},
		{"archive", meetArchive},
		{"nothing to archive", meetGone},
		{"take email", meetTakeEmail},
		{"opted out", meetOptedOut},
		{"freed address", meetFreed},
		{"also", meetAlso},
		{"merged", meetMerged},
		{"undeclared", meetStranger},
	}
	s.meet(t, rapid.SliceOfN(rapid.SampledFrom(meetings), 4, 9).Draw(t, "meetings"))
	strays := []meeting{
		{"undeclared in scope", meetStray},
		{"undeclared that a declared one knows", meetKnown},
		{"undeclared with a declared address before", meetMoved},
		{"undeclared that looks like a new one", meetLookalike},
	}
	s.meet(t, rapid.SliceOfN(rapid.SampledFrom(strays), 2, 6).Draw(t, "strays"))
	for i := range s.declared {
		s.declared[i].At = diag.Range{File: "a.yaml", Line: i + 1, Column: 5, EndColumn: 9}
		if s.declared[i].Associations == nil && rapid.IntRange(0, 2).Draw(t, "linked") == 0 {
			s.associate(t, &s.declared[i])
		}
	}
	return s
}

func (s *scene) meet(t *rapid.T, meetings []meeting) {
	for _, one := range meetings {
		s.features[one.name] = true
		one.meet(t, s)
	}
}

func (s *scene) email() crm.Email {
	s.next++
	return crm.Email(fmt.Sprintf("p%d@x.example", s.next))
}

func (s *scene) id() crm.ObjectID {
	s.next++
	return crm.ObjectID(fmt.Sprintf("%d", 1000+s.next*7%1000))
}

// add declares a contact with drawn values.
func (s *scene) add(t *rapid.T, email crm.Email) *spec.Contact {
	c := declare(email)
	for _, name := range textNames {
		if rapid.IntRange(0, 1).Draw(t, "declared") == 0 {
			c.Properties = append(c.Properties, s.property(t, name))
			s.features[name] = true
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "owned") == 0 {
		c.Owner = "raj@acme.example"
		s.features["owner"] = true
	}
	if len(c.Properties) > 0 && rapid.IntRange(0, 5).Draw(t, "ignored") == 0 {
		c.Ignore = []string{c.Properties[0].Name}
		s.features["ignore"] = true
	}
	switch rapid.IntRange(0, 3).Draw(t, "lifecycle") {
	case 0:
		c.Lifecycle = spec.Exact
		s.features["lifecycle exact"] = true
	case 1:
		c.Lifecycle = spec.AllowBackward
		for i := range c.Properties {
			if c.Properties[i].Name == "lifecyclestage" {
				c.Properties[i] = value("lifecyclestage", "lead")
			}
		}
		s.features["lifecycle allow_backward"] = true
	}
	s.declared = append(s.declared, c)
	return &s.declared[len(s.declared)-1]
}

func (s *scene) property(t *rapid.T, name string) spec.Property {
	p := value(name, rapid.SampledFrom(texts[name]).Draw(t, "text"))
	switch rapid.IntRange(0, 8).Draw(t, "mode") {
	case 0:
		p.Mode = spec.CreateOnly
		s.features["create-only"] = true
	case 1:
		p.Mode = spec.FillOnly
		s.features["fill-only"] = true
	case 2:
		p.Text = ""
		s.features["clear"] = true
	case 3:
		if name == "event_tags" {
			p.Mode = spec.Additive
			s.features["additive"] = true
		}
	case 4:
		if name == "event_tags" {
			p.Text, p.Set, p.Remove = "", false, []string{"berlin"}
			s.features["remove"] = true
		}
	case 5:
		p.Text = "no such value"
		s.features["refused value"] = name != "jobtitle" || s.features["refused value"]
	}
	return p
}

// exist puts a contact with drawn values into the portal.
func (s *scene) exist(t *rapid.T, email crm.Email) *crm.Contact {
	var values []string
	for _, name := range textNames {
		if rapid.Bool().Draw(t, "has") {
			values = append(values, name, rapid.SampledFrom(texts[name]).Draw(t, "live text"))
		}
	}
	c := found(s.id(), email, values...)
	for _, company := range []crm.ObjectID{"9001", "9002", "9003"} {
		switch rapid.IntRange(0, 5).Draw(t, "company") {
		case 0:
			c.Associations = append(c.Associations, liveLink(company, unlabeled))
		case 1:
			if !slices.ContainsFunc(c.Associations, func(a crm.Association) bool { return slices.Contains(a.Types, primary) }) {
				c.Associations = append(c.Associations, liveLink(company, primary, unlabeled))
			}
		}
	}
	s.live = append(s.live, c)
	return &s.live[len(s.live)-1]
}

func (s *scene) associate(t *rapid.T, c *spec.Contact) {
	company := rapid.SampledFrom([]crm.ObjectID{"9001", "9002", "9003"}).Draw(t, "to company")
	switch rapid.IntRange(0, 7).Draw(t, "association") {
	case 0:
		c.Associations = []spec.Association{toCompany(company)}
		s.features["association by id"] = true
	case 1:
		c.Associations = []spec.Association{{To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "navy.example"}, Labels: []string{"Decision maker"}}}
		s.features["association by domain"] = true
	case 2, 6, 7:
		c.Associations = []spec.Association{toCompany(company, "Primary")}
		s.features["association primary"] = true
	case 3:
		gone := toCompany(company)
		gone.Absent = true
		c.Associations = []spec.Association{gone}
		s.features["association absent"] = true
	case 4:
		other := rapid.SampledFrom(s.declared).Draw(t, "to contact").Email
		if other != "" && other != c.Email {
			c.Associations = []spec.Association{toContact(other)}
			s.features["association with a declared contact"] = true
		}
	case 5:
		c.Associations = []spec.Association{toContact("friend@example.com")}
		s.features["association with another contact"] = true
	}
}

func meetNew(t *rapid.T, s *scene) { s.add(t, s.email()) }

func meetStranger(t *rapid.T, s *scene) { s.exist(t, s.email()) }

// meetStray is a contact in scope that no file names, with what the guards of prune
// look at.
func meetStray(t *rapid.T, s *scene) { s.own(t, s.exist(t, s.email())) }

func meetKnown(t *rapid.T, s *scene) {
	friend := s.exist(t, s.email())
	s.own(t, friend)
	c := declare(s.email())
	c.Associations = []spec.Association{{To: crm.Target{Type: crm.TypeContact, ID: friend.ID}}}
	s.declared = append(s.declared, c)
}

func meetMoved(t *rapid.T, s *scene) {
	declared := declare(s.email())
	s.declared = append(s.declared, declared)
	moved := s.exist(t, s.email())
	moved.Former = []crm.Email{moved.Email, declared.Email}
	s.own(t, moved)
	if rapid.Bool().Draw(t, "address went on") {
		s.exist(t, declared.Email)
	}
}

func meetLookalike(t *rapid.T, s *scene) {
	c := declare(s.email())
	person := []string{"firstname", "Max", "lastname", s.names(), "phone", "+49 551 1"}
	for i := 0; i < len(person); i += 2 {
		c.Properties = append(c.Properties, value(person[i], person[i+1]))
	}
	s.declared = append(s.declared, c)
	live := s.exist(t, s.email())
	s.own(t, live, person...)
}

func (s *scene) names() string {
	s.next++
	return fmt.Sprint("Born ", s.next)
}

// own puts a live contact into the scope of the drawn projects.
func (s *scene) own(t *rapid.T, c *crm.Contact, values ...string) {
	values = append(values, "company", "ours",
		"createdate", rapid.SampledFrom([]string{"2025-11-26T00:00:00Z", "2026-01-01T00:00:00Z", "2026-11-25T00:00:00Z", ""}).Draw(t, "created"),
		"num_associated_deals", rapid.SampledFrom([]string{"", "", "0", "2"}).Draw(t, "deals"))
	for i := 0; i < len(values); i += 2 {
		c.Properties = append(c.Properties, crm.Value{Name: values[i], Text: values[i+1]})
	}
	c.Properties = crm.NewProperties(c.Properties...)
}

func meetLive(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email)
	s.exist(t, email)
}

func meetByID(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email).ID = s.exist(t, email).ID
}

func meetIDAlone(t *rapid.T, s *scene) {
	c := s.add(t, "")
	if c.ID = s.exist(t, s.email()).ID; rapid.IntRange(0, 3).Draw(t, "lost") == 0 {
		c.ID = s.id()
		s.features["unknown id"] = true
	}
}

func meetRename(t *rapid.T, s *scene) {
	old := s.email()
	s.add(t, s.email()).PreviousEmails = []crm.Email{s.email(), old}
	s.exist(t, old)
}

func meetRenameDone(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email).PreviousEmails = []crm.Email{s.email()}
	s.exist(t, email)
}

func meetTaken(t *rapid.T, s *scene) {
	old, email := s.email(), s.email()
	s.add(t, email).PreviousEmails = []crm.Email{old}
	s.exist(t, old)
	s.exist(t, email)
	if rapid.Bool().Draw(t, "renamed too") {
		s.add(t, s.email()).PreviousEmails = []crm.Email{email}
	}
}

func meetSecondary(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email)
	s.exist(t, s.email()).Additional = []crm.Email{email}
}

func meetTwoOnOne(t *rapid.T, s *scene) {
	first, second := s.email(), s.email()
	s.add(t, first)
	s.add(t, second)
	s.exist(t, first).Additional = []crm.Email{second}
}

func meetBin(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email).Recreate = rapid.Bool().Draw(t, "recreate")
	c := s.exist(t, email)
	c.Archived, c.ArchivedAt = true, "2026-10-02T08:00:00Z"
}

func meetArchive(t *rapid.T, s *scene) {
	email := s.email()
	s.add(t, email).Ensure = spec.Archived
	s.exist(t, email)
}

func meetGone(t *rapid.T, s *scene) { s.add(t, s.email()).Ensure = spec.Archived }

func meetTakeEmail(t *rapid.T, s *scene) {
	c := s.add(t, s.email())
	c.ID, c.TakeEmail = s.exist(t, s.email()).ID, rapid.Bool().Draw(t, "take")
}

func meetOptedOut(t *rapid.T, s *scene) {
	old := s.email()
	c := s.add(t, s.email())
	c.PreviousEmails, c.ConsentChecked = []crm.Email{old}, rapid.Bool().Draw(t, "consent")
	live := s.exist(t, old)
	live.Properties = crm.NewProperties(append(live.Properties, crm.Value{Name: "hs_email_optout", Text: "true"})...)
}

func meetFreed(t *rapid.T, s *scene) {
	old := s.email()
	s.add(t, s.email()).PreviousEmails = []crm.Email{old}
	s.add(t, old)
	s.exist(t, old)
}

func meetAlso(t *rapid.T, s *scene) {
	other := s.email()
	s.add(t, s.email()).Also = []crm.Email{other}
	s.exist(t, other)
}

func meetMerged(t *rapid.T, s *scene) {
	c := s.add(t, s.email())
	live := s.exist(t, s.email())
	live.Asked = []string{string(c.Email)}
	if rapid.Bool().Draw(t, "by id") {
		c.ID = s.id()
		live.Asked = append(live.Asked, string(c.ID))
	}
}

package apply_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
)

// lawAccount is the account of every portal of the law.
const lawAccount = "241234567"

// someone is a contact that a drawn portal begins with.
type someone struct {
	id        string
	email     string // "" for none
	secondary []string
	binned    bool
	optedOut  bool
	ours      bool // in the scope, where there is one
	stage     string
	merged    bool // into the contact before it, once the portal is filled
}

// A lawCase draws one portal and the files about it, and notes what it drew.
type lawCase struct {
	t         *rapid.T
	bench     *bench
	drawn     map[string]bool
	automatic bool
	stages    []string // in the portal's order
	people    []someone
	scoped    bool // the project has a scope and prunes
	errs      bool // some of what the files ask for is refused
	clock     time.Time
}

func newLawCase(t *rapid.T, b func(portal.Config) *bench) *lawCase {
	c := &lawCase{t: t, drawn: make(map[string]bool), clock: time.Now()}
	config := portal.Config{AccountID: lawAccount, Rulings: portal.Rulings{}}
	if c.automatic = c.chance("automatic changes"); c.automatic {
		config.Rulings["auto-company"], config.Rulings["stage-sync"] = "on", "on"
	}
	c.errs = rapid.SampledFrom([]bool{false, true, false, false}).Draw(t, "errs")
	c.bench = b(config)
	if c.chance("dated paths") {
		c.bench.remote = client(c.bench.t, c.bench.portal.Transport(), hubspot.V202609)
	}
	return c
}

// chance is true in one case of two.
func (c *lawCase) chance(feature string) bool {
	happens := rapid.Bool().Draw(c.t, feature)
	c.drawn[feature] = c.drawn[feature] || happens
	return happens
}

// seldom is true in one case of eight.
func (c *lawCase) seldom(feature string) bool {
	happens := rapid.SampledFrom([]bool{false, false, false, true, false, false, false, false}).Draw(c.t, feature)
	c.drawn[feature] = c.drawn[feature] || happens
	return happens
}

// wrong is seldom true, and only where the files may ask for what is refused.
func (c *lawCase) wrong(feature string) bool { return c.errs && c.seldom(feature) }

func (c *lawCase) pick(what string, texts ...string) string {
	return rapid.SampledFrom(texts).Draw(c.t, what)
}

// The orders of lifecycle stages that portals have: HubSpot's own, and one of somebody
// who added a stage and moved two.
var (
	ownStages    = []string{"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist", "other"}
	customStages = []string{"lead", "8812", "subscriber", "customer", "evangelist"}
)

// fill makes the portal.
func (c *lawCase) fill() {
	fixture := crm.Fixture{
		Properties: lawProperties(),
		Owners: []crm.FixtureOwner{
			{ID: "71", Email: "raj@acme.example", FirstName: "Raj"},
			{ID: "72", Email: "sofia@acme.example", FirstName: "Sofía"},
			{ID: "73", Email: "gone@acme.example", FirstName: "Gone", Archived: true},
		},
		Labels: []crm.FixtureLabel{
			{From: crm.TypeContact, To: crm.TypeCompany, Label: "Decision maker", TypeID: 28},
			{From: crm.TypeContact, To: crm.TypeCompany, Label: "Billing", TypeID: 30},
			{From: crm.TypeContact, To: crm.TypeContact, Label: "Colleague", TypeID: 32},
			{From: crm.TypeContact, To: crm.TypeDeal, Label: "Sponsor", TypeID: 34},
		},
		Objects: []crm.FixtureObject{{
			Type: "2-77", Name: "machines", Primary: "serial", Associated: []crm.ObjectType{crm.TypeContact},
			Properties: []crm.Property{{Name: "serial", Label: "Serial", Type: "string", FieldType: "text"}},
		}},
		Records: []crm.FixtureRecord{
			{Type: crm.TypeCompany, ID: "9001", Properties: texts("domain", "acme.example", "name", "Acme")},
			{Type: crm.TypeCompany, ID: "9002", Properties: texts("domain", "navy.example", "name", "Navy")},
			{Type: crm.TypeCompany, ID: "9003", Properties: texts("domain", "twin.example", "name", "Twin")},
			{Type: crm.TypeCompany, ID: "9004", Properties: texts("domain", "twin.example", "name", "Twin")},
			{Type: crm.TypeDeal, ID: "5001", Properties: texts("dealname", "Engine")},
			{Type: crm.TypeTicket, ID: "6001", Properties: texts("subject", "Broken gear")},
			{Type: crm.TypeNote, ID: "8001", Properties: texts("hs_note_body", "Met at the fair")},
			{Type: "2-77", ID: "7001", Properties: texts("serial", "S1")},
		},
	}
	c.stages = ownStages
	if c.chance("custom stages") {
		c.stages = customStages
		stage := crm.Property{Name: "lifecyclestage"}
		for i, name := range c.stages {
			stage.Options = append(stage.Options, crm.Option{Value: name, Label: "Stage " + name, DisplayOrder: i})
		}
		fixture.Properties = append(fixture.Properties, stage)
	}
	for i := range rapid.SampledFrom([]int{3, 4, 5, 6, 7, 8, 1, 2}).Draw(c.t, "people") {
		fixture.Records = append(fixture.Records, c.person(i))
	}
	if err := c.bench.portal.Fill(c.bench.t.Context(), &fixture); err != nil {
		c.t.Fatalf("filling the portal: %v", err)
	}
	c.merge()
}

// texts makes properties of names and texts in turn.
func texts(pairs ...string) crm.Properties {
	var values []crm.Value
	for i := 0; i < len(pairs); i += 2 {
		values = append(values, crm.Value{Name: pairs[i], Text: pairs[i+1]})
	}
	return crm.NewProperties(values...)
}

// lawProperties are one of each type, one that is unique, and the one that scopes.
func lawProperties() []crm.Property {
	colours := []crm.Option{{Label: "Red", Value: "red"}, {Label: "No", Value: "no", DisplayOrder: 1}, {Label: "7", Value: "007", DisplayOrder: 2}}
	return []crm.Property{
		{Name: "managed_by", Label: "Managed by", Type: "string", FieldType: "text"},
		{Name: "x_text", Label: "Text", Type: "string", FieldType: "textarea"},
		{Name: "x_phone", Label: "Phone", Type: "phone_number", FieldType: "phonenumber"},
		{Name: "x_number", Label: "Number", Type: "number", FieldType: "number"},
		{Name: "x_bool", Label: "Bool", Type: "bool", FieldType: "booleancheckbox", Options: []crm.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false"}}},
		{Name: "x_date", Label: "Date", Type: "date", FieldType: "date"},
		{Name: "x_instant", Label: "Instant", Type: "datetime", FieldType: "date"},
		{Name: "x_colour", Label: "Colour", Type: "enumeration", FieldType: "select", Options: colours},
		{Name: "x_colours", Label: "Colours", Type: "enumeration", FieldType: "checkbox", Options: colours},
		{Name: "x_badge", Label: "Badge", Type: "string", FieldType: "text", Unique: true},
	}
}

// lawValues are texts that each property takes; several of a property are one value.
var lawValues = map[string][]string{
	"firstname": {"Ada", "no", "02139", "Zoë;x", ""},
	"x_text":    {"one", "two\nlines", " edge ", "\u202eabc", ""},
	"x_phone":   {"+15550100", "0171 5550", ""},
	"x_number":  {"7", "7.0", "-1.50", "1e3", "0", ""},
	"x_bool":    {"true", "false", ""},
	"x_date":    {"2026-03-15", "1773532800000", "1931-01-01", ""},
	"x_instant": {"2026-03-15T10:00:00Z", "1773568800000", "2001-01-01T00:00:00.5Z", ""},
	"x_colour":  {"red", "no", "007", ""},
	"x_colours": {"red", "no;red", "red;no", "007", ""},
}

// lawNames are the properties that files name beside the stage and the owner.
var lawNames = []string{"firstname", "x_text", "x_phone", "x_number", "x_bool", "x_date", "x_instant", "x_colour", "x_colours"}

// person draws a contact.
func (c *lawCase) person(i int) crm.FixtureRecord {
	s := someone{id: strconv.Itoa(101 + i), email: fmt.Sprintf("p%d@%s", i, c.pick("domain", "acme.example", "navy.example", "gmail.com"))}
	values := map[string]string{"lastname": "Person"}
	switch c.pick("kind of person", "plain", "secondary", "plain", "nameless", "opted out", "bin", "dealing", "bin", "former owner") {
	case "secondary":
		s.secondary = []string{fmt.Sprintf("old%d@acme.example", i), fmt.Sprintf("older%d@acme.example", i)}
		values["hs_additional_emails"] = s.secondary[0] + ";" + s.secondary[1]
	case "nameless":
		s.email = ""
	case "opted out":
		s.optedOut = true
		values["hs_email_optout"] = "true"
	case "bin":
		s.binned = true
	case "dealing":
		values["num_associated_deals"] = "2"
	case "former owner":
		values["hubspot_owner_id"] = "73"
		c.drawn["former owner"] = true
	}
	values["createdate"] = "2019-03-01T00:00:00Z"
	if c.pick("created", "long ago", "long ago", "today") == "today" {
		values["createdate"] = c.clock.UTC().Format(time.RFC3339)
	}
	if s.email != "" {
		values["email"] = s.email
	}
	if s.ours = rapid.Bool().Draw(c.t, "ours"); s.ours {
		values["managed_by"] = "ours"
	}
	if s.stage = c.pick("live stage", append([]string{""}, c.stages...)...); s.stage != "" {
		values["lifecyclestage"] = s.stage
	}
	for _, name := range lawNames {
		if text := c.pick("live "+name, lawValues[name]...); text != "" && rapid.Bool().Draw(c.t, "has "+name) {
			values[name] = text
		}
	}
	record := crm.FixtureRecord{Type: crm.TypeContact, ID: crm.ObjectID(s.id), Archived: s.binned}
	for name, text := range values {
		record.Properties = append(record.Properties, crm.Value{Name: name, Text: text})
	}
	record.Properties = crm.NewProperties(record.Properties...)
	if !s.binned {
		record.Associations = c.liveLinks()
	}
	c.people = append(c.people, s)
	return record
}

// liveLinks draws what a contact is associated with before the files come.
func (c *lawCase) liveLinks() []crm.FixtureAssociation {
	var links []crm.FixtureAssociation
	add := func(to crm.ObjectType, id crm.ObjectID, labels ...string) {
		if rapid.Bool().Draw(c.t, "linked") {
			links = append(links, crm.FixtureAssociation{To: crm.Target{Type: to, ID: id}, Labels: labels})
		}
	}
	add(crm.TypeCompany, "9001", [][]string{{"Primary"}, nil, {"Billing"}}[rapid.IntRange(0, 2).Draw(c.t, "label")]...)
	add(crm.TypeCompany, "9002", [][]string{nil, {"Decision maker"}, {"Billing", "Decision maker"}}[rapid.IntRange(0, 2).Draw(c.t, "label")]...)
	add(crm.TypeDeal, "5001")
	add(crm.TypeNote, "8001")
	add("2-77", "7001")
	return links
}

// merge merges the second live contact into the first.
func (c *lawCase) merge() {
	var live []int
	for i, s := range c.people {
		if !s.binned && s.email != "" {
			live = append(live, i)
		}
	}
	if len(live) < 3 || !c.seldom("merged contacts") {
		return
	}
	c.people[live[1]].merged = true
	send(c.bench.t, c.bench.portal, http.MethodPost, "/crm/v3/objects/contacts/merge",
		map[string]string{"primaryObjectId": c.people[live[0]].id, "objectIdToMerge": c.people[live[1]].id})
}

// lawState is what a portal holds, as it says itself.
type lawState struct {
	live   map[string]lawContact
	binned map[string]bool
}

type lawContact struct {
	properties map[string]string
	links      map[string][]string // the types of a pair, sorted, by type and id of the other record
}

// addresses are all that lead to the contact.
func (c lawContact) addresses() []string {
	var all []string
	if email := c.properties["email"]; email != "" {
		all = append(all, email)
	}
	return append(all, crm.SplitSet(c.properties["hs_additional_emails"])...)
}

// state reads the portal by plain lists, past everything that is under test.
func (c *lawCase) state() lawState {
	return c.bench.holdings(c.t, []string{"contacts", "companies", "deals", "tickets", "notes", "2-77"}, append([]string{
		"email", "hs_additional_emails", "hs_email_optout", "lastname", "createdate", "lifecyclestage",
		"hubspot_owner_id", "num_associated_deals", "managed_by", "x_badge", "hs_merged_object_ids",
	}, lawNames...))
}

// holdings are what a portal holds: these properties of its contacts, and their
// associations with records of these types.
func (b *bench) holdings(t fataler, types, names []string) lawState {
	s := lawState{live: make(map[string]lawContact), binned: make(map[string]bool)}
	ctx := b.t.Context()
	var ids []string
	for _, archived := range []bool{false, true} {
		for page, err := range b.own.Objects(ctx, "contacts", hubspot.ListOptions{Properties: names, Archived: archived}) {
			if err != nil {
				t.Fatalf("listing contacts: %v", err)
			}
			for i := range page {
				if archived {
					s.binned[page[i].ID] = true
					continue
				}
				contact := lawContact{make(map[string]string), make(map[string][]string)}
				for name, text := range page[i].Properties {
					if text != nil && *text != "" && slices.Contains(names, name) {
						contact.properties[name] = *text
					}
				}
				s.live[page[i].ID] = contact
				ids = append(ids, page[i].ID)
			}
		}
	}
	if len(ids) == 0 {
		return s
	}
	for _, to := range types {
		records, err := b.own.AssociationsOf(ctx, "contacts", to, ids)
		if err != nil {
			t.Fatalf("reading associations: %v", err)
		}
		for _, record := range records {
			for _, link := range record.To {
				var types []string
				for _, one := range link.AssociationTypes {
					types = append(types, fmt.Sprintf("%s %d", one.Category, one.TypeID))
				}
				slices.Sort(types)
				s.live[string(record.From.ID)].links[to+"/"+string(link.ToObjectID)] = types
			}
		}
	}
	return s
}

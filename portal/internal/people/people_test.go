package people_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/people"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// crowd is enough people for everything to occur.
const crowd = 8000

func TestLawAPersonFollowsFromSeedAndIndex(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		index := rapid.IntRange(0, 1_000_000).Draw(t, "index")
		if diff := cmp.Diff(people.New(seed).Contact(index), people.New(seed).Contact(index)); diff != "" {
			t.Fatalf("two drawings of one person differ:\n%s", diff)
		}
		if cmp.Equal(people.New(seed).Contact(index), people.New(seed+1).Contact(index)) {
			t.Fatal("another seed gives the same person")
		}
	})
}

// records calls see for every record around so many contacts.
func records(seed uint64, contacts int, see func(people.Record)) {
	p := people.New(seed)
	for i := range people.Companies(contacts) {
		see(p.Company(i))
	}
	for i := range contacts {
		c := p.Contact(i)
		see(c.Record)
		for _, a := range c.Activities {
			see(a.Record)
		}
	}
}

func definitions() map[crm.ObjectType]map[string]hubspot.Property {
	all := map[crm.ObjectType]map[string]hubspot.Property{}
	for _, objectType := range crm.ObjectTypes() {
		all[objectType] = map[string]hubspot.Property{}
		for _, p := range defaults.Properties(objectType) {
			all[objectType][p.Name] = p
		}
	}
	for _, p := range people.Definitions() {
		def := defaults.Custom(p.Name, p.Label, p.Type, p.FieldType)
		for _, o := range p.Options {
			def.Options = append(def.Options, hubspot.Option{Value: o.Value})
		}
		all[crm.TypeContact][p.Name] = def
	}
	return all
}

func TestEveryValueIsOneThatHubSpotWouldHold(t *testing.T) {
	t.Parallel()
	defs := definitions()
	types := map[[2]string]bool{}
	for _, def := range defs[crm.TypeContact] {
		if !def.ModificationMetadata.ReadOnlyValue && !strings.HasPrefix(def.FieldType, "calculation_") {
			types[[2]string{def.Type, def.FieldType}] = false
		}
	}
	delete(types, [2]string{"enumeration", "booleancheckbox"}) // HubSpot's are about advertisements
	records(7, crowd, func(r people.Record) {
		if r.Updated.Before(r.Created) {
			t.Errorf("a %s was updated at %s, before it was created at %s", r.Type, r.Updated, r.Created)
		}
		for _, value := range r.Properties {
			def, ok := defs[r.Type][value.Name]
			if !ok {
				t.Fatalf("%s has no property %s", r.Type, value.Name)
			}
			stored, problem := values.Accept(def, value.Text, "")
			if problem != nil || stored != value.Text || stored == "" {
				t.Errorf("%s.%s = %q is stored as %q with problem %v", r.Type, value.Name, value.Text, stored, problem)
			}
			if def.ModificationMetadata.ReadOnlyValue && value.Name != "num_associated_deals" {
				t.Errorf("%s.%s is HubSpot's to set", r.Type, value.Name)
			}
			if r.Type == crm.TypeContact {
				types[[2]string{def.Type, def.FieldType}] = true
			}
		}
	})
	for kind, occurs := range types {
		if !occurs {
			t.Errorf("no contact has a value of type %s, field %s", kind[0], kind[1])
		}
	}
}

func TestIdentifiersAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	claim := func(what, value string) {
		if key := what + " " + value; value != "" && seen[key] {
			t.Errorf("two records have %s", key)
		} else {
			seen[key] = true
		}
	}
	records(3, 4*crowd, func(r people.Record) {
		claim("address", r.Properties.Text("email"))
		claim("address", r.Properties.Text("hs_additional_emails"))
		claim("loyalty id", r.Properties.Text("loyalty_id"))
		claim("domain", r.Properties.Text("domain"))
	})
}

func TestPeopleAreVaried(t *testing.T) {
	t.Parallel()
	scripts := map[string]*unicode.RangeTable{
		"Latin": unicode.Latin, "Cyrillic": unicode.Cyrillic, "Greek": unicode.Greek, "Arabic": unicode.Arabic, "Hebrew": unicode.Hebrew,
		"Devanagari": unicode.Devanagari, "Han": unicode.Han, "Hiragana": unicode.Hiragana, "Hangul": unicode.Hangul, "Thai": unicode.Thai,
	}
	count := map[string]int{}
	records(11, crowd, func(r people.Record) {
		count[string(r.Type)]++
		if r.Type != crm.TypeContact {
			return
		}
		for script, table := range scripts {
			if unicode.In([]rune(r.Properties.Text("firstname"))[0], table) {
				count[script]++
			}
		}
		count["stage "+r.Properties.Text("lifecyclestage")]++
		for what, is := range map[string]bool{
			"accents":      strings.ContainsAny(r.Properties.Text("lastname"), "żłóøåäöüéñç"),
			"apostrophe":   strings.ContainsAny(r.Properties.Text("lastname"), "'’"),
			"zero zip":     strings.HasPrefix(r.Properties.Text("zip"), "0"),
			"no address":   r.Properties.Text("email") == "",
			"several tags": strings.Contains(r.Properties.Text("event_tags"), ";"),
			"long text":    len(r.Properties.Text("message")) > 2000,
			"several rows": strings.Contains(r.Properties.Text("message"), "\n"),
		} {
			if is {
				count[what]++
			}
		}
	})
	for what, least := range map[string]int{
		"company": crowd / 8, "contact": crowd, "deal": 100, "ticket": 100, "note": 500,
		"Latin": crowd / 3, "Cyrillic": 80, "Greek": 80, "Arabic": 80, "Hebrew": 80, "Devanagari": 80, "Han": 200, "Hiragana": 20, "Hangul": 50, "Thai": 50,
		"accents": 300, "apostrophe": 50, "zero zip": 300, "no address": 5, "several tags": 500, "long text": 20, "several rows": 100,
		"stage lead": crowd / 4, "stage customer": crowd / 12, "stage evangelist": 20,
	} {
		if count[what] < least {
			t.Errorf("%d of %d: %s, want at least %d", count[what], crowd, what, least)
		}
	}
}

func TestLinksLeadToTheSameCompany(t *testing.T) {
	t.Parallel()
	p := people.New(5)
	private, colleagues := 0, 0
	for i := range crowd {
		c := p.Contact(i)
		if c.Company < 0 {
			private++
			if c.Primary || c.Colleague >= 0 {
				t.Errorf("private person %d has ties to a company", i)
			}
			continue
		}
		if c.Company >= people.Companies(crowd) {
			t.Errorf("person %d works for company %d of %d", i, c.Company, people.Companies(crowd))
		}
		if c.Colleague >= 0 {
			colleagues++
			if c.Colleague >= i || c.Colleague/8 != i/8 {
				t.Errorf("person %d has colleague %d", i, c.Colleague)
			}
		}
	}
	if private == 0 || colleagues == 0 {
		t.Errorf("%d private people and %d colleagues among %d", private, colleagues, crowd)
	}
}

func TestOwners(t *testing.T) {
	t.Parallel()
	p := people.New(9)
	ids := map[string]bool{}
	archived := 0
	for _, o := range p.Owners() {
		ids[o.ID] = true
		if o.Archived {
			archived++
		}
		if _, err := crm.ParseEmail(o.Email); err != nil || o.FirstName == "" || o.LastName == "" {
			t.Errorf("owner %+v is incomplete: %v", o, err)
		}
	}
	if len(ids) != len(p.Owners()) || archived != 1 {
		t.Errorf("%d ids of %d owners, %d archived", len(ids), len(p.Owners()), archived)
	}
	records(9, 500, func(r people.Record) {
		if id := r.Properties.Text("hubspot_owner_id"); id != "" && !ids[id] {
			t.Errorf("a %s is owned by %s, whom nobody knows", r.Type, id)
		}
	})
}

func BenchmarkContact(b *testing.B) {
	p := people.New(1)
	for i := range b.N {
		p.Contact(i)
	}
}

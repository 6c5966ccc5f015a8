package portal_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// seeded opens a portal of one account with so many invented contacts.
func seeded(tb testing.TB, contacts int, seed uint64) *portal.Portal {
	tb.Helper()
	p := portaltest.New(tb, portal.Config{AccountID: "4711"})
	if err := p.Seed(tb.Context(), contacts, seed); err != nil {
		tb.Fatal(err)
	}
	return p
}

// contents is what clients can read of the first contacts and companies.
func contents(t *testing.T, p *portal.Portal) []string {
	t.Helper()
	const properties = "&properties=email,firstname,zip,event_tags,loyalty_id,hubspot_owner_id&associations=companies,deals,tickets,notes,contacts"
	var all []string
	for _, path := range []string{
		"/crm/v3/objects/contacts?limit=100" + properties,
		"/crm/v3/objects/companies?limit=100&properties=name,domain,industry",
		"/crm/v3/owners", "/crm/v4/associations/contacts/companies/labels",
	} {
		all = append(all, want(t, p, 200, "GET", path, "").Body)
	}
	return all
}

func TestSeedIsReproducible(t *testing.T) {
	t.Parallel()
	first, second := contents(t, seeded(t, 60, 7)), contents(t, seeded(t, 60, 7))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two portals of one seed differ (-first +second):\n%s", diff)
	}
	if other := contents(t, seeded(t, 60, 8)); other[0] == first[0] || other[1] == first[1] {
		t.Error("another seed gives the same records")
	}
}

func TestSeedFillsThePortal(t *testing.T) {
	t.Parallel()
	p := seeded(t, 900, 1)
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for objectType, least := range map[crm.ObjectType]int64{crm.TypeContact: 900, crm.TypeCompany: 113, crm.TypeDeal: 20, crm.TypeTicket: 10, crm.TypeNote: 50} {
		if got := stats.Objects[objectType].Live; got < least || objectType == crm.TypeContact && got != least {
			t.Errorf("%d records of type %s, want %d", got, objectType, least)
		}
	}
	if stats.Associations < 900 {
		t.Errorf("%d associations, want one a contact and more", stats.Associations)
	}
	var page struct{ Results []object }
	want(t, p, 200, "POST", "/crm/v3/objects/contacts/search",
		`{"limit":1,"properties":["email","loyalty_id"],"filterGroups":[{"filters":[{"propertyName":"loyalty_id","operator":"HAS_PROPERTY"},{"propertyName":"email","operator":"HAS_PROPERTY"}]}]}`).JSON(t, &page)
	found := page.Results[0]
	taken := ask(t, p, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"`+found.text("email")+`"}}`)
	if taken.Status != 409 {
		t.Errorf("another contact with a seeded address: status %d, want 409", taken.Status)
	}
	taken = ask(t, p, "POST", "/crm/v3/objects/contacts", `{"properties":{"firstname":"Twin","loyalty_id":"`+found.text("loyalty_id")+`"}}`)
	if taken.Status != 400 {
		t.Errorf("another contact with a seeded unique value: status %d, want 400", taken.Status)
	}
}

func TestSeedKeepsOnePrimaryCompanyPerContact(t *testing.T) {
	t.Parallel()
	p := seeded(t, 100, 2)
	var page struct {
		Results []struct {
			Associations map[string]struct{ Results []struct{ Type string } }
		}
	}
	want(t, p, 200, "GET", "/crm/v3/objects/contacts?limit=100&associations=companies", "").JSON(t, &page)
	primary := 0
	for _, contact := range page.Results {
		here := 0
		for _, row := range contact.Associations["companies"].Results {
			if row.Type == "contact_to_company" {
				here++
			}
		}
		if here > 1 {
			t.Errorf("a contact has %d primary companies", here)
		}
		primary += here
	}
	if primary < 50 {
		t.Errorf("%d of 100 contacts have a primary company, want most", primary)
	}
}

func TestSeedLeavesRecordsAlone(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	want(t, p, 201, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"ada@example.com"}}`)
	if err := p.Seed(t.Context(), 10, 1); !errors.Is(err, portal.ErrNotEmpty) {
		t.Errorf("seeding a portal with a contact: %v, want ErrNotEmpty", err)
	}
}

func TestSeedCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Seed(ctx, 1000, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("seeding after the caller left: %v, want Canceled", err)
	}
	if empty, err := p.Empty(t.Context()); err != nil || !empty {
		t.Errorf("the portal is empty: %t, %v", empty, err)
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		p := portaltest.New(b, portal.Config{Path: filepath.Join(b.TempDir(), "portal.db")})
		if err := p.Seed(b.Context(), 10_000, 1); err != nil {
			b.Fatal(err)
		}
	}
}

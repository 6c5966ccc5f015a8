package portal_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// One address can be that of an active owner and of one who left, with different
// ids; a queue has a name and no address.
func TestOwners(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	fixture := &crm.Fixture{Owners: []crm.FixtureOwner{
		{ID: "501", Email: "raj@acme.example", FirstName: "Raj"},
		{ID: "502", Email: "raj@acme.example", FirstName: "Raj", Archived: true},
		{ID: "503", Email: "lin@acme.example"},
		{ID: "504", FirstName: "Support", Queue: true},
	}}
	if err := p.Fill(t.Context(), fixture); err != nil {
		t.Fatal(err)
	}
	owners := func(query string) []string {
		var ids []string
		for after := ""; ; {
			var page hubspot.Page[hubspot.Owner]
			want(t, p, 200, "GET", "/crm/v3/owners/?limit=1"+query+after, "").JSON(t, &page)
			for _, owner := range page.Results {
				ids = append(ids, owner.ID+" "+owner.Type)
			}
			if page.Paging == nil {
				return ids
			}
			after = "&after=" + page.Paging.Next.After
		}
	}
	for query, expected := range map[string][]string{
		"":                                      {"501 PERSON", "503 PERSON", "504 QUEUE"},
		"&archived=true":                        {"502 PERSON"},
		"&email=RAJ@acme.example":               {"501 PERSON"},
		"&email=raj@acme.example&archived=true": {"502 PERSON"},
		"&email=nobody@acme.example":            nil,
	} {
		if diff := cmp.Diff(expected, owners(query)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
	want(t, p, 400, "GET", "/crm/v3/owners?limit=501", "")
	want(t, p, 200, "GET", "/crm/owners/2026-03/501", "")
	want(t, p, 404, "GET", "/crm/v3/owners/502", "")
	want(t, p, 200, "GET", "/crm/v3/owners/502?archived=true", "")
	want(t, p, 400, "GET", "/crm/v3/owners/501?idProperty=email", "")
	contact := add(t, p, "contacts", `{"email":"a@example.com","hubspot_owner_id":"504"}`)
	if contact.text("hubspot_owner_id") != "504" {
		t.Errorf("the queue owns %q", contact.text("hubspot_owner_id"))
	}
}

func TestOwnersByUser(t *testing.T) {
	t.Parallel()
	p := seeded(t, 10, 1)
	var page hubspot.Page[hubspot.Owner]
	want(t, p, 200, "GET", "/crm/v3/owners", "").JSON(t, &page)
	if len(page.Results) < 2 {
		t.Fatalf("a seeded portal has %d active owners", len(page.Results))
	}
	var found hubspot.Owner
	want(t, p, 200, "GET", "/crm/v3/owners/41000001?idProperty=userId", "").JSON(t, &found)
	if found.ID != page.Results[1].ID {
		t.Errorf("the user is owner %s, not %s", found.ID, page.Results[1].ID)
	}
}

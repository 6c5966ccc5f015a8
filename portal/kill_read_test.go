//go:build exhaustive

package portal_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

// contacts reads everything that the writers made, by writer and key, and demands
// that no two live contacts share an address.
func (c *campaign) contacts(t *testing.T, client *hubspot.Client) map[string]map[int]contact {
	t.Helper()
	all := make(map[string]map[int]contact)
	for _, w := range c.writers {
		all[w.name] = make(map[int]contact)
	}
	holders := make(map[string]string)
	for _, archived := range []bool{false, true} {
		for page, err := range client.Objects(t.Context(), "contacts", hubspot.ListOptions{
			Properties: []string{"email", "firstname", "lastname", "city", "address"}, Associations: []string{"companies"}, Archived: archived,
		}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page {
				key, name, got := read(t, o)
				if other := holders[got.Email]; other != "" && !archived {
					t.Fatalf("the contacts %s and %s share the address %s", other, o.ID, got.Email)
				}
				if !archived {
					holders[got.Email] = o.ID
				}
				all[name][key] = got
			}
		}
	}
	return all
}

// read is an object as a contact, and whose it is.
func read(t *testing.T, o hubspot.Object) (key int, name string, c contact) {
	t.Helper()
	text := func(name string) string {
		if o.Properties[name] == nil {
			return ""
		}
		return *o.Properties[name]
	}
	c = contact{ID: o.ID, Email: text("email"), First: text("firstname"), Last: text("lastname"), City: text("city"), Archived: o.Archived}
	name, number, _ := strings.Cut(text("address"), "/")
	if _, err := fmt.Sscan(number, &key); err != nil {
		t.Fatalf("contact %s is nobody's: its address is %q", o.ID, text("address"))
	}
	if !o.Archived {
		var names []string
		for _, row := range o.Associations["companies"].Results {
			names = append(names, row.Type)
		}
		slices.Sort(names)
		c.Links = strings.Join(names, " ")
	}
	return key, name, c
}

// mirrored demands that each writer's company has exactly the associations that its
// contacts have with it.
func (c *campaign) mirrored(t *testing.T, client *hubspot.Client, found map[string]map[int]contact) {
	t.Helper()
	for _, w := range c.writers {
		var want, got []string
		for _, c := range found[w.name] {
			if c.Links != "" {
				want = append(want, c.ID)
			}
		}
		companies, err := client.AssociationsOf(t.Context(), "companies", "contacts", []string{w.company})
		if err != nil {
			t.Fatal(err)
		}
		for _, company := range companies {
			for _, to := range company.To {
				got = append(got, string(to.ToObjectID))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: the company is associated (-want +got):\n%s", w.name, diff)
		}
	}
}

// addressed demands that the address of each live contact leads to it.
func (c *campaign) addressed(t *testing.T, client *hubspot.Client) {
	t.Helper()
	ids := make(map[string]string)
	for _, w := range c.writers {
		for _, c := range w.held {
			if !c.Archived {
				ids[c.Email] = c.ID
			}
		}
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), hubspot.MaxBatch) {
		request := hubspot.BatchReadRequest{IDProperty: "email"}
		for _, email := range chunk {
			request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(email)})
		}
		result, err := client.BatchRead(t.Context(), "contacts", request, false)
		if err != nil || len(result.Missing) > 0 {
			t.Fatalf("no contact has the addresses %v: %v", result.Missing, err)
		}
		for _, found := range result.Found {
			if found.Object.ID != ids[found.Asked] {
				t.Fatalf("%s leads to %s, not to %s", found.Asked, found.Object.ID, ids[found.Asked])
			}
		}
	}
}

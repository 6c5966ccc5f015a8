package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

type found struct {
	Total   int      `json:"total"`
	Results []object `json:"results"`
	Paging  *struct{ Next struct{ After string } }
}

func TestSearchOperators(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	add(t, p, "companies", `{"name":"Alpha Works","domain":"alpha.example","numberofemployees":"9"}`)
	add(t, p, "companies", `{"name":"Beta","domain":"Beta.example","numberofemployees":"10"}`)
	add(t, p, "companies", `{"name":"Gamma"}`)
	add(t, p, "companies", `{"name":"Binned","domain":"gamma.example"}`)
	want(t, p, 204, "DELETE", "/crm/v3/objects/companies/"+add(t, p, "companies", `{"name":"Gone","domain":"alpha.example"}`).ID, "")

	one := func(filter string) string {
		return `{"filterGroups":[{"filters":[` + filter + `]}],"properties":["name"]}`
	}
	tests := map[string][]string{
		one(`{"propertyName":"domain","operator":"EQ","value":"ALPHA.example"}`):                                                                                                              {"Alpha Works"},
		one(`{"propertyName":"domain","operator":"IN","values":["alpha.example","beta.example"]}`):                                                                                            {"Alpha Works", "Beta"},
		one(`{"propertyName":"domain","operator":"NEQ","value":"alpha.example"}`):                                                                                                             {"Beta", "Binned"},
		one(`{"propertyName":"domain","operator":"NOT_IN","values":["alpha.example","gamma.example"]}`):                                                                                       {"Beta"},
		one(`{"propertyName":"domain","operator":"HAS_PROPERTY"}`):                                                                                                                            {"Alpha Works", "Beta", "Binned"},
		one(`{"propertyName":"domain","operator":"NOT_HAS_PROPERTY"}`):                                                                                                                        {"Gamma"},
		one(`{"propertyName":"numberofemployees","operator":"LT","value":10}`):                                                                                                                {"Alpha Works"},
		one(`{"propertyName":"numberofemployees","operator":"LTE","value":"10"}`):                                                                                                             {"Alpha Works", "Beta"},
		one(`{"propertyName":"numberofemployees","operator":"GT","value":"9.5"}`):                                                                                                             {"Beta"},
		one(`{"propertyName":"numberofemployees","operator":"GTE","value":"9"}`):                                                                                                              {"Alpha Works", "Beta"},
		one(`{"propertyName":"numberofemployees","operator":"BETWEEN","value":"9","highValue":"9"}`):                                                                                          {"Alpha Works"},
		one(`{"propertyName":"numberofemployees","operator":"NOT_HAS_PROPERTY"}`):                                                                                                             {"Binned", "Gamma"},
		one(`{"propertyName":"name","operator":"CONTAINS_TOKEN","value":"works"}`):                                                                                                            {"Alpha Works"},
		one(`{"propertyName":"name","operator":"CONTAINS_TOKEN","value":"*amm*"}`):                                                                                                            {"Gamma"},
		one(`{"propertyName":"name","operator":"NOT_CONTAINS_TOKEN","value":"works"}`):                                                                                                        {"Beta", "Binned", "Gamma"},
		one(`{"propertyName":"createdate","operator":"LT","value":"1999-01-01T00:00:00Z"}`):                                                                                                   nil,
		one(`{"propertyName":"name","operator":"HAS_PROPERTY"},{"propertyName":"domain","operator":"NOT_HAS_PROPERTY"}`):                                                                      {"Gamma"},
		`{"query":"beta","properties":["name"]}`:                                                                                                                                              {"Beta"},
		`{"filterGroups":[{"filters":[{"propertyName":"name","operator":"EQ","value":"beta"}]},{"filters":[{"propertyName":"name","operator":"EQ","value":"gamma"}]}],"properties":["name"]}`: {"Beta", "Gamma"},
	}
	for body, names := range tests {
		var got found
		want(t, p, 200, "POST", "/crm/v3/objects/companies/search", body).JSON(t, &got)
		var seen []string
		for _, o := range got.Results {
			seen = append(seen, o.text("name"))
			if len(o.Properties) != 1 {
				t.Errorf("%s returns %d properties", body, len(o.Properties))
			}
		}
		slices.Sort(seen)
		if diff := cmp.Diff(names, seen); diff != "" || got.Total != len(names) {
			t.Errorf("%s: total %d (-want +got):\n%s", body, got.Total, diff)
		}
	}
	for _, body := range []string{
		one(`{"propertyName":"nope","operator":"EQ","value":"x"}`),
		one(`{"propertyName":"name","operator":"LIKE","value":"x"}`),
		one(`{"propertyName":"name","operator":"HAS_PROPERTY","value":"x"}`),
		one(`{"propertyName":"numberofemployees","operator":"GT","value":"many"}`),
		`{"limit":201}`, `{"after":"x"}`, `{"limit":100,"after":9901}`,
		`{"query":"` + strings.Repeat("x", 3000) + `"}`,
	} {
		want(t, p, 400, "POST", "/crm/v3/objects/companies/search", body)
	}
}

func TestSearchIsPagedByOffset(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for i := range 7 {
		add(t, p, "contacts", fmt.Sprintf(`{"email":"c%d@example.com"}`, i))
	}
	var emails []string
	for after := "0"; ; {
		var got found
		want(t, p, 200, "POST", "/crm/v3/objects/contacts/search", `{"limit":3,"after":`+after+`,"sorts":[{"propertyName":"email","direction":"DESCENDING"}]}`).JSON(t, &got)
		if got.Total != 7 {
			t.Fatalf("the total is %d", got.Total)
		}
		for _, o := range got.Results {
			emails = append(emails, o.text("email"))
		}
		if got.Paging == nil {
			break
		}
		after = got.Paging.Next.After
	}
	if diff := cmp.Diff([]string{"c6@example.com", "c5@example.com", "c4@example.com", "c3@example.com", "c2@example.com", "c1@example.com", "c0@example.com"}, emails); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Searches follow writes at a distance, and reads by id do not.
func TestSearchLagsBehindWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lag = 2 * time.Second
		p := portaltest.New(t, portal.Config{SearchLag: lag})
		ada := add(t, p, "contacts", `{"email":"ada@example.com"}`)
		add(t, p, "contacts", `{"email":"lee@example.com"}`)
		seen := func(moment string, want ...string) {
			t.Helper()
			for _, body := range []string{`{}`, `{"query":"example"}`, `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"HAS_PROPERTY"}]}]}`} {
				var got found
				ask(t, p, "POST", "/crm/v3/objects/contacts/search", body).JSON(t, &got)
				var emails []string
				for _, contact := range got.Results {
					emails = append(emails, contact.text("email"))
				}
				if diff := cmp.Diff(want, emails); diff != "" || got.Total != len(want) {
					t.Errorf("%s, %s finds %d (-want +got):\n%s", moment, body, got.Total, diff)
				}
			}
		}
		seen("at once")
		want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+ada.ID, "")
		time.Sleep(lag - time.Millisecond)
		seen("just before the lag has passed")
		time.Sleep(time.Millisecond)
		seen("after the lag", "ada@example.com", "lee@example.com")

		want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+ada.ID, `{"properties":{"email":"countess@example.com"}}`)
		seen("after a change", "lee@example.com")
		time.Sleep(lag)
		seen("when the change has arrived", "countess@example.com", "lee@example.com")

		want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+ada.ID, "")
		seen("after an archive", "lee@example.com")
	})
}

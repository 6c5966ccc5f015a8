package portal_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Whatever is searched for: the pages together hold the records that a plain
// reading of HubSpot's search guide selects, in the order asked for, each once.
func TestSearchesFollowTheGuide(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	p, rows := searchable(t)
	rapid.Check(t, func(rt *rapid.T) {
		groups := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawFilter), 1, 2), 0, 2).Draw(rt, "groups")
		sort := rapid.SampledFrom([]string{"", "firstname", "visits"}).Draw(rt, "sort")
		descending := rapid.Bool().Draw(rt, "descending")
		var expected []string
		for _, r := range sorted(rows, sort, descending) {
			if len(groups) == 0 || slices.ContainsFunc(groups, func(group []searchFilter) bool { return r.meets(group) }) {
				expected = append(expected, r.id)
			}
		}
		request := map[string]any{"properties": []string{"firstname"}, "limit": rapid.IntRange(1, 9).Draw(rt, "limit")}
		request["filterGroups"] = groupsOf(groups)
		if sort != "" {
			request["sorts"] = []any{map[string]string{"propertyName": sort, "direction": map[bool]string{true: "DESCENDING", false: "ASCENDING"}[descending]}}
		}
		if got := searchAll(rt, p, request, len(expected)); !slices.Equal(expected, got) {
			rt.Fatalf("%v (-want +got):\n%s", request, diff.Diff(expected, got))
		}
	})
}

// searchRow is a contact as the search sees it; "" is no value.
type searchRow struct {
	id, firstname, visits, tier string
}

func searchable(t *testing.T) (*portal.Portal, []searchRow) {
	t.Helper()
	p := portaltest.New(t, portal.Config{AccountID: "1"})
	fixture := &crm.Fixture{Properties: []crm.Property{
		{Name: "visits", Type: "number"},
		{Name: "tier", Type: "enumeration", Options: []crm.Option{{Value: "gold"}, {Value: "Gold"}, {Value: "silver"}}},
	}}
	var rows []searchRow
	for i, firstname := range []string{"", "Ada", "ada", "Ada Lovelace", "Bob", "bob-ada"} {
		for j, visits := range []string{"", "9", "10", "-1.5"} {
			tier := []string{"gold", "Gold", "silver", ""}[(i+j)%4]
			id := strconv.Itoa(100 + len(rows))
			rows = append(rows, searchRow{id, firstname, visits, tier})
			fixture.Records = append(fixture.Records, crm.FixtureRecord{Type: crm.TypeContact, ID: crm.ObjectID(id), Properties: texts(
				"firstname", firstname, "visits", visits, "tier", tier, "email", "c"+id+"@example.com")})
		}
	}
	fixture.Records = append(fixture.Records, crm.FixtureRecord{Type: crm.TypeContact, ID: "99", Properties: texts("firstname", "Ada", "visits", "9"), Archived: true})
	if err := p.Fill(t.Context(), fixture); err != nil {
		t.Fatal(err)
	}
	return p, rows
}

type searchFilter struct {
	property, operator string
	values             []string
}

func drawFilter(rt *rapid.T) searchFilter {
	f := searchFilter{property: rapid.SampledFrom([]string{"firstname", "visits", "tier"}).Draw(rt, "property")}
	operators := []string{"EQ", "NEQ", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY"}
	words := map[string][]string{
		"firstname": {"ada", "ADA", "Bob", "ada lovelace", "nobody", "bob-ada"}, "visits": {"9", "10", "-1.5", "9.0", "11"}, "tier": {"gold", "Gold", "GOLD", "silver"},
	}[f.property]
	switch f.property {
	case "firstname":
		operators = append(operators, "LT", "LTE", "GT", "GTE", "BETWEEN", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN")
	case "visits":
		operators = append(operators, "LT", "LTE", "GT", "GTE", "BETWEEN")
	}
	f.operator = rapid.SampledFrom(operators).Draw(rt, "operator")
	count := map[string]int{"HAS_PROPERTY": 0, "NOT_HAS_PROPERTY": 0, "BETWEEN": 2, "IN": 2, "NOT_IN": 2}
	n, listed := count[f.operator]
	if !listed {
		n = 1
	}
	f.values = rapid.SliceOfN(rapid.SampledFrom(words), n, n).Draw(rt, "values")
	return f
}

func groupsOf(groups [][]searchFilter) []any {
	all := []any{}
	for _, group := range groups {
		filters := []any{}
		for _, f := range group {
			filter := map[string]any{"propertyName": f.property, "operator": f.operator}
			switch {
			case strings.HasSuffix(f.operator, "IN"):
				filter["values"] = f.values
			case len(f.values) > 1:
				filter["highValue"] = f.values[1]
				fallthrough
			case len(f.values) > 0:
				filter["value"] = f.values[0]
			}
			filters = append(filters, filter)
		}
		all = append(all, map[string]any{"filters": filters})
	}
	return all
}

func (r searchRow) text(property string) string {
	return map[string]string{"firstname": r.firstname, "visits": r.visits, "tier": r.tier}[property]
}

// compare orders two texts of a property: numbers by value, options as they are,
// texts without regard to case.
func compare(property, a, b string) int {
	switch property {
	case "visits":
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return cmp.Compare(x, y)
	case "tier":
		return cmp.Compare(a, b)
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

func (r searchRow) meets(group []searchFilter) bool {
	return !slices.ContainsFunc(group, func(f searchFilter) bool { return !f.holds(r.text(f.property)) })
}

// holds reports whether a filter selects a record with a value. Without a value
// only NOT_HAS_PROPERTY does.
func (f searchFilter) holds(text string) bool {
	if text == "" || f.operator == "NOT_HAS_PROPERTY" {
		return text == "" && f.operator == "NOT_HAS_PROPERTY"
	}
	among := slices.ContainsFunc(f.values, func(value string) bool {
		capitals := f.property == "firstname" && strings.HasSuffix(f.operator, "IN") && value != strings.ToLower(value)
		return !capitals && compare(f.property, text, value) == 0
	})
	switch f.operator {
	case "EQ", "IN":
		return among
	case "NEQ", "NOT_IN":
		return !among
	case "LT":
		return compare(f.property, text, f.values[0]) < 0
	case "LTE":
		return compare(f.property, text, f.values[0]) <= 0
	case "GT":
		return compare(f.property, text, f.values[0]) > 0
	case "GTE":
		return compare(f.property, text, f.values[0]) >= 0
	case "BETWEEN":
		return compare(f.property, text, f.values[0]) >= 0 && compare(f.property, text, f.values[1]) <= 0
	case "CONTAINS_TOKEN":
		return f.contained(text)
	case "NOT_CONTAINS_TOKEN":
		return !f.contained(text)
	}
	return true // HAS_PROPERTY
}

// contained reports whether the words of the value follow each other in a text.
func (f searchFilter) contained(text string) bool {
	words := func(text string) string {
		return " " + strings.ReplaceAll(strings.ToLower(text), "-", " ") + " "
	}
	return strings.Contains(words(text), words(f.values[0]))
}

// sorted orders rows by a property and then by id; what has no value comes first.
func sorted(rows []searchRow, property string, descending bool) []searchRow {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b searchRow) int {
		if property == "" {
			return 0
		}
		order := cmp.Compare(min(len(a.text(property)), 1), min(len(b.text(property)), 1))
		if order == 0 {
			order = compare(property, a.text(property), b.text(property))
		}
		if descending {
			return -order
		}
		return order
	})
	return rows
}

// searchAll is the ids on all pages of a search, which must each tell the total.
func searchAll(rt *rapid.T, p *portal.Portal, request map[string]any, total int) []string {
	var ids []string
	for {
		body, err := json.Marshal(request)
		if err != nil {
			rt.Fatal(err)
		}
		var page found
		if err := json.Unmarshal([]byte(want(rt, p, 200, "POST", "/crm/v3/objects/contacts/search", string(body)).Body), &page); err != nil {
			rt.Fatal(err)
		}
		if page.Total != total {
			rt.Fatalf("%s found %d in all, want %d", body, page.Total, total)
		}
		for _, o := range page.Results {
			ids = append(ids, o.ID)
		}
		if page.Paging == nil {
			return ids
		}
		if page.Paging.Next.After != fmt.Sprint(len(ids)) {
			rt.Fatalf("after %d results the next page begins at %s", len(ids), page.Paging.Next.After)
		}
		request["after"] = page.Paging.Next.After
	}
}

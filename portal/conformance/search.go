package conformance

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

func searchChecks() []Check {
	return []Check{
		{"search", "a search finds by value, with the total and the asked properties alone", "search guide", search},
		{"search-limit", "a page of more than 200 results is refused", "search guide", searchLimit},
		{"search-filters", "more than 18 filters are refused", "search guide", searchFilters},
	}
}

// A search lags behind writes by moments; it is asked again for so long.
const (
	searchPatience = 30 * time.Second
	searchPause    = 2 * time.Second
)

func search(ctx context.Context, t *Target) error {
	word := t.name()
	contact, err := t.contact(ctx, map[string]string{"lastname": word})
	if err != nil {
		return err
	}
	path := t.object(contacts, "search")
	body := hubspot.SearchRequest{FilterGroups: filters(1, "lastname", word), Properties: []string{"lastname"}, Limit: 10}
	var page hubspot.Page[hubspot.Object]
	for waited := time.Duration(0); ; waited += searchPause {
		page = hubspot.Page[hubspot.Object]{}
		if err := t.do(ctx, 200, "POST", path, body, &page); err != nil {
			return err
		}
		if len(page.Results) > 0 || waited >= searchPatience {
			break
		}
		if err := pause(ctx, searchPause); err != nil {
			return err
		}
	}
	request := "POST " + path
	if err := first(equal(request, "results", 1, len(page.Results)), holds(request, page.Total != nil && *page.Total == 1, "total 1", page.Total)); err != nil {
		return err
	}
	_, more := page.Results[0].Properties["email"]
	return first(
		equal(request, "id", contact.ID, page.Results[0].ID),
		equal(request, "lastname", word, texts(page.Results[0])["lastname"]),
		holds(request, !more, "lastname without the default properties", slices.Sorted(maps.Keys(page.Results[0].Properties))),
	)
}

// filters are groups of at most six filters for the same value.
func filters(n int, property, value string) []hubspot.FilterGroup {
	const group = 6
	all := make([]hubspot.Filter, n)
	for i := range all {
		all[i] = hubspot.Filter{PropertyName: property, Operator: "EQ", Value: value}
	}
	var groups []hubspot.FilterGroup
	for chunk := range slices.Chunk(all, group) {
		groups = append(groups, hubspot.FilterGroup{Filters: chunk})
	}
	return groups
}

func searchLimit(ctx context.Context, t *Target) error {
	body := hubspot.SearchRequest{FilterGroups: filters(1, "lastname", t.name()), Properties: []string{"hs_object_id"}, Limit: 201}
	_, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.object(contacts, "search"), body)
	return err
}

func searchFilters(ctx context.Context, t *Target) error {
	body := hubspot.SearchRequest{FilterGroups: filters(19, "lastname", t.name()), Properties: []string{"hs_object_id"}, Limit: 1}
	_, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.object(contacts, "search"), body)
	return err
}

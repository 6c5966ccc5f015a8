package portal

import (
	"context"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Limits of a search, by HubSpot's search guide.
const (
	maxSearchBody   = 3000 // characters
	maxFilterGroups = 5
	maxGroupFilters = 6
	maxFilters      = 18
)

// search is POST /crm/v3/objects/{type}/search. Archived records never appear. after
// is an offset.
//
// HubSpot's index follows writes after "a few moments" (search guide). With
// Config.SearchLag this one does too, in the simplest way that a caller cannot rely
// on: a record is missing from every search until its last write is that old, where
// HubSpot would still find a changed one as it was before.
func search(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	if utf8.RuneCount(c.body) > maxSearchBody {
		return answer{}, invalid("The request body is longer than %d characters", maxSearchBody)
	}
	request, err := decode[searchRequest](c)
	if err != nil {
		return answer{}, err
	}
	query, err := c.storeQuery(objectType, request)
	if err != nil {
		return answer{}, err
	}
	if lag := c.portal.config.SearchLag; lag > 0 {
		query.WrittenBy = c.now.Add(-lag).UnixMilli()
	}
	selected := c.catalog.exactly(objectType, request.Properties)
	if len(request.Properties) == 0 {
		selected = c.catalog.selected(objectType, nil)
	}
	page := hubspot.Page[hubspot.Object]{Results: []hubspot.Object{}}
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		records, total, err := tx.Search(ctx, query)
		page.Total = &total
		for i := range records {
			page.Results = append(page.Results, selected.object(&records[i]))
		}
		if next := query.Offset + len(records); len(records) > 0 && next < total {
			page.Paging = &hubspot.Paging{Next: &hubspot.NextPage{After: strconv.Itoa(next)}}
		}
		return err
	})
	return answer{http.StatusOK, page}, err
}

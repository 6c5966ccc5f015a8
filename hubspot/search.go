package hubspot

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"unicode/utf8"
)

// Search yields the matches page by page. Search lags behind writes by moments,
// never finds archived records, and is paced at 4 requests a second. A query that
// matches more than MaxSearchResults ends with ErrSearchTooBroad before anything
// is yielded; a body of more than MaxSearchBody characters is an error before
// anything is sent.
func (r *Reader) Search(ctx context.Context, objectType string, request SearchRequest) iter.Seq2[[]Object, error] {
	return func(yield func([]Object, error) bool) {
		request := request // the search may be walked again, from its beginning
		if request.Limit <= 0 || request.Limit > MaxSearchPage {
			request.Limit = MaxSearchPage
		}
		seen := newIDSet()
		for offset := -1; ; {
			page, err := r.searchPage(ctx, objectType, request)
			if err != nil {
				yield(nil, err)
				return
			}
			matches, _ := firstOf(page.Results, seen, func(o Object) (id, revision string) { return o.ID, "" })
			if !yield(matches, nil) {
				return
			}
			if page.Paging == nil || page.Paging.Next == nil || page.Paging.Next.After == "" {
				return
			}
			request.After = page.Paging.Next.After
			next, err := strconv.Atoi(request.After)
			if err != nil || next <= offset {
				yield(nil, fmt.Errorf("searching %s: %w: a page leads back to an earlier one", objectType, ErrInconsistent))
				return
			}
			offset = next
		}
	}
}

func (r *Reader) searchPage(ctx context.Context, objectType string, request SearchRequest) (Page[Object], error) {
	if request.FilterGroups == nil {
		request.FilterGroups = []FilterGroup{}
	}
	c, err := r.session.post(routeSearch, request, objectType)
	if err != nil {
		return Page[Object]{}, err
	}
	if n := utf8.RuneCount(c.body); n > MaxSearchBody {
		return Page[Object]{}, fmt.Errorf("searching %s: the query has %d characters, and hubspot takes %d", objectType, n, MaxSearchBody)
	}
	page, err := fetchList[Page[Object]](ctx, r.session, c)
	if err == nil && page.Total != nil && *page.Total > MaxSearchResults {
		return Page[Object]{}, fmt.Errorf("searching %s: %w: %d", objectType, ErrSearchTooBroad, *page.Total)
	}
	return page, err
}

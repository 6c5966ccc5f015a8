package hubspot

import (
	"context"
	"fmt"
	"iter"
	"maps"
)

// pages follows a list's cursor to its end. A record that comes twice, because it
// moved from page to page meanwhile, is yielded once; a cursor that comes twice
// ends the list with ErrInconsistent. The link in an answer is never followed.
func pages[T any](ctx context.Context, s *session, c call, id func(T) string) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		c := c // the list may be walked again, from its beginning
		c.query = maps.Clone(c.query)
		seen, cursors := newIDSet(), map[string]bool{}
		for {
			page, err := fetchList[Page[T]](ctx, s, c)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(firstOf(page.Results, seen, id), nil) {
				return
			}
			if page.Paging == nil || page.Paging.Next == nil || page.Paging.Next.After == "" {
				return
			}
			after := page.Paging.Next.After
			if cursors[after] {
				yield(nil, fmt.Errorf("%s: %w: a page leads back to an earlier one", c.name(), ErrInconsistent))
				return
			}
			cursors[after] = true
			c.query.Set("after", after)
		}
	}
}

// firstOf keeps what was not seen before.
func firstOf[T any](items []T, seen idSet, id func(T) string) []T {
	kept := items[:0]
	for _, item := range items {
		if seen.add(id(item)) {
			kept = append(kept, item)
		}
	}
	return kept
}

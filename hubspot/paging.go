package hubspot

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// pages follows a list's cursor to its end. A record that comes twice, because it
// moved from page to page meanwhile, is yielded once; if it changed in between, the
// list ends with ErrListChanged after its last page. A cursor that comes twice ends
// the list with ErrInconsistent. The link in an answer is never followed.
func pages[T any](ctx context.Context, s *session, c call, id func(T) (id, revision string)) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		c := c // the list may be walked again, from its beginning
		c.query = maps.Clone(c.query)
		seen, cursors, changed := newIDSet(), map[string]bool{}, false
		for {
			page, err := fetchList[Page[T]](ctx, s, c)
			if err != nil {
				yield(nil, err)
				return
			}
			if slices.ContainsFunc(page.Results, func(item T) bool { name, _ := id(item); return name == "" }) {
				yield(nil, fmt.Errorf("%s: %w: a record has no id", c.name(), ErrInconsistent))
				return
			}
			items, moved := firstOf(page.Results, seen, id)
			changed = changed || moved
			if !yield(items, nil) {
				return
			}
			if page.Paging == nil || page.Paging.Next == nil || page.Paging.Next.After == "" {
				break
			}
			after := page.Paging.Next.After
			if cursors[after] {
				yield(nil, fmt.Errorf("%s: %w: a page leads back to an earlier one", c.name(), ErrInconsistent))
				return
			}
			cursors[after] = true
			c.query.Set("after", after)
		}
		if changed {
			yield(nil, fmt.Errorf("%s: %w", c.name(), ErrListChanged))
		}
	}
}

// firstOf keeps what was not seen before, and reports whether something came again
// that had changed since.
func firstOf[T any](items []T, seen idSet, id func(T) (id, revision string)) (kept []T, changed bool) {
	kept = items[:0]
	for _, item := range items {
		added, moved := seen.add(id(item))
		changed = changed || moved
		if added {
			kept = append(kept, item)
		}
	}
	return kept, changed
}

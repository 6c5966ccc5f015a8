package conformance

import (
	"context"
	"net/url"

	"github.com/contactsync/contactsync/hubspot"
)

func listChecks() []Check {
	return []Check{
		{"list-pages", "a list has a page's records and the cursor of the next page", "objects guide", listPages},
		{"list-limit", "a page of more than 100 records is refused", "objects guide", listLimit},
		{"list-archived", "archived=true lists archived records alone", "objects guide", listArchived},
	}
}

const idsAlone = "&properties=hs_object_id"

func listPages(ctx context.Context, t *Target) error {
	for range 2 {
		if _, err := t.contact(ctx, nil); err != nil {
			return err
		}
	}
	path := t.object(contacts) + "?limit=1" + idsAlone
	var one, two hubspot.Page[hubspot.Object]
	if err := t.do(ctx, 200, "GET", path, nil, &one); err != nil {
		return err
	}
	request := "GET " + path
	if err := first(
		equal(request, "records", 1, len(one.Results)),
		holds(request, one.Paging != nil && one.Paging.Next != nil && one.Paging.Next.After != "", "paging.next.after", one.Paging),
	); err != nil {
		return err
	}
	path += "&after=" + url.QueryEscape(one.Paging.Next.After)
	if err := t.do(ctx, 200, "GET", path, nil, &two); err != nil {
		return err
	}
	if err := equal("GET "+path, "records", 1, len(two.Results)); err != nil {
		return err
	}
	return first(
		holds("GET "+path, two.Results[0].ID != one.Results[0].ID, "another record than on the first page", two.Results[0].ID),
		holds("GET "+path, two.Total == nil, "no total", two.Total),
	)
}

func listLimit(ctx context.Context, t *Target) error {
	_, err := t.refused(ctx, 400, "VALIDATION_ERROR", "GET", t.object(contacts)+"?limit=101"+idsAlone, nil)
	return err
}

func listArchived(ctx context.Context, t *Target) error {
	if _, err := t.archived(ctx); err != nil {
		return err
	}
	path := t.object(contacts) + "?archived=true&limit=10" + idsAlone
	var page hubspot.Page[hubspot.Object]
	if err := t.do(ctx, 200, "GET", path, nil, &page); err != nil {
		return err
	}
	for _, object := range page.Results {
		if err := equal("GET "+path, "archived", true, object.Archived); err != nil {
			return err
		}
	}
	return holds("GET "+path, len(page.Results) > 0, "archived records", len(page.Results))
}

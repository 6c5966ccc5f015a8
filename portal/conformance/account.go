package conformance

import (
	"context"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/hubspot"
)

func accountChecks() []Check {
	return []Check{
		{"account-details", "the account says its number, kind and time zone", "account information guide", accountDetails},
		{"rate-headers", "answers tell the limit of ten seconds and what is left of it", "usage guidelines", rateHeaders},
		{"rate-headers-search", "answers to searches tell no limit", "usage guidelines", rateHeadersOfSearch},
	}
}

func accountDetails(ctx context.Context, t *Target) error {
	var account hubspot.Account
	if err := t.do(ctx, 200, "GET", t.account(), nil, &account); err != nil {
		return err
	}
	// LOCAL is the local portal, which says that it is none of HubSpot's.
	kinds := []string{"STANDARD", "DEVELOPER_TEST", "SANDBOX", "APP_DEVELOPER", "LOCAL"}
	request := "GET " + t.account()
	return first(
		holds(request, account.PortalID > 0, "portalId above 0", account.PortalID),
		holds(request, slices.Contains(kinds, account.AccountType), "accountType one of "+show(kinds), account.AccountType),
		holds(request, account.TimeZone != "", "a timeZone", account.TimeZone),
	)
}

const ratePrefix = "X-Hubspot-Ratelimit-"

func rateHeaders(ctx context.Context, t *Target) error {
	r, err := t.send(ctx, "GET", t.object(contacts)+"?limit=1&properties=hs_object_id", nil)
	if err != nil {
		return err
	}
	if err := r.want(200); err != nil {
		return err
	}
	most, remaining := r.Header.Get(ratePrefix+"Max"), r.Header.Get(ratePrefix+"Remaining")
	if most == "" && remaining == "" {
		return &Skip{"the portal has no limits"}
	}
	limit, err := strconv.Atoi(most)
	left, leftErr := strconv.Atoi(remaining)
	return first(
		equal(r.request, ratePrefix+"Interval-Milliseconds", "10000", r.Header.Get(ratePrefix+"Interval-Milliseconds")),
		holds(r.request, err == nil && limit > 0, ratePrefix+"Max above 0", most),
		holds(r.request, leftErr == nil && left >= 0 && left < limit, ratePrefix+"Remaining below Max", remaining),
	)
}

func rateHeadersOfSearch(ctx context.Context, t *Target) error {
	r, err := t.send(ctx, "POST", t.object(contacts, "search"), hubspot.SearchRequest{FilterGroups: []hubspot.FilterGroup{}, Limit: 1, Properties: []string{"hs_object_id"}})
	if err != nil {
		return err
	}
	return first(r.want(200), equal(r.request, ratePrefix+"Max", "", r.Header.Get(ratePrefix+"Max")))
}

// first is the first error of a list.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

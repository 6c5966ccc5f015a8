package portal

import (
	"net/http"

	"github.com/contactsync/contactsync/hubspot"
)

// account is GET /account-info/v3/details. HubSpot has no account type LOCAL: it
// is what tells this portal from a real one.
func account(c *call) (answer, error) {
	host := "localhost"
	if c.request.Host != "" {
		host = c.request.Host
	}
	local := c.now.In(c.portal.zone)
	_, offset := local.Zone()
	return answer{http.StatusOK, hubspot.Account{
		PortalID: c.portal.number, AccountType: "LOCAL", TimeZone: c.portal.zone.String(), CompanyCurrency: "EUR",
		AdditionalCurrencies: []string{}, UTCOffset: local.Format("-07:00"), UTCOffsetMilliseconds: int64(offset) * 1000,
		UIDomain: host, DataHostingLocation: "local",
	}}, nil
}

// token is POST /oauth/v2/private-apps/get/access-token-info: the scopes of the
// configuration, or all of them. What the body says is not read.
func token(c *call) (answer, error) {
	scopes := c.portal.config.Scopes
	if scopes == nil {
		scopes = allScopes()
	}
	return answer{http.StatusOK, hubspot.TokenInfo{UserID: 1, HubID: c.portal.number, AppID: 1, Scopes: scopes}}, nil
}

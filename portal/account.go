package portal

import (
	"net/http"

	"github.com/contactsync/contactsync/crm"
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

// token is POST /oauth/v2/private-apps/get/access-token-info. Every token may do
// everything here. What it says is not read.
func token(c *call) (answer, error) {
	info := hubspot.TokenInfo{UserID: 1, HubID: c.portal.number, AppID: 1, Scopes: []string{"crm.objects.owners.read"}}
	for _, objectType := range crm.ObjectTypes() {
		for _, scope := range []string{"crm.objects.", "crm.schemas."} {
			info.Scopes = append(info.Scopes, scope+objectType.Plural()+".read", scope+objectType.Plural()+".write")
		}
	}
	return answer{http.StatusOK, info}, nil
}

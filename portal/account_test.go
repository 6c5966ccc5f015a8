package portal_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// The offset is that of the moment: an account in Berlin is an hour further from
// UTC in summer.
func TestAccountTellsItsTimeZone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // begins on 2000-01-01
		p := portaltest.New(t, portal.Config{AccountID: "12345678", TimeZone: "Europe/Berlin"})
		expected := hubspot.Account{
			PortalID: 12345678, AccountType: "LOCAL", TimeZone: "Europe/Berlin", CompanyCurrency: "EUR", AdditionalCurrencies: []string{},
			UTCOffset: "+01:00", UTCOffsetMilliseconds: 3_600_000, UIDomain: "portal.test", DataHostingLocation: "local",
		}
		var winter, summer hubspot.Account
		want(t, p, 200, "GET", "/account-info/v3/details", "").JSON(t, &winter)
		if diff := cmp.Diff(expected, winter); diff != "" {
			t.Errorf("in winter (-want +got):\n%s", diff)
		}
		time.Sleep(180 * 24 * time.Hour)
		expected.UTCOffset, expected.UTCOffsetMilliseconds = "+02:00", 7_200_000
		want(t, p, 200, "GET", "/account-info/2026-09/details", "").JSON(t, &summer)
		if diff := cmp.Diff(expected, summer); diff != "" {
			t.Errorf("in summer (-want +got):\n%s", diff)
		}
	})
}

func TestAPortalInNoTimeZoneDoesNotOpen(t *testing.T) {
	t.Parallel()
	if p, err := portal.Open(t.Context(), portal.Config{TimeZone: "Mars/Olympus"}); err == nil {
		t.Error("the portal opened", p.Close())
	}
}

package cli

import (
	"errors"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

func orderFor(t *testing.T, portal string, pins ...pin) *order {
	t.Helper()
	to := &target{pins: pins}
	if err := to.parse(portal, func(path string) string { return path }); err != nil {
		t.Fatal(err)
	}
	p := &plan.Plan{Portal: "12345678", Limits: plan.Limits{Create: 10}, Changes: []plan.Change{{Action: plan.Create, Email: crm.Email("ada@example.com")}}}
	return &order{
		work: &work{remote: &remote{target: to}},
		made: &planned{plan: p, stats: report.Stats{Account: "12345678"}},
	}
}

// Writing to HubSpot needs the account's number, whoever says yes; this cannot be
// tried out on HubSpot itself.
func TestWritingToHubSpotNeedsTheAccount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		portal string
		pins   []pin
		want   exitCode
	}{
		"unnamed":    {"hubspot", nil, exitRefused},
		"address":    {"https://api.hubapi.com", nil, exitRefused},
		"foreign":    {"https://crm.example", nil, exitRefused},
		"named":      {"hubspot", []pin{{"12345678", "--account"}}, exitDone},
		"local file": {"file:portal.db", nil, exitDone},
		"memory":     {"mem:", nil, exitDone},
		"loopback":   {"http://127.0.0.1:8899", nil, exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f *failure
			got := exitDone
			if err := (&invocation{}).admit(orderFor(t, c.portal, c.pins...)); errors.As(err, &f) {
				got = f.exit
			}
			if got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}

// A token goes to HubSpot and to this machine; to another host only by hand.
func TestWhereATokenGoes(t *testing.T) {
	t.Parallel()
	for portal, want := range map[string]bool{
		"hubspot": true, "https://api.hubapi.com": true, "http://localhost:1": true, "http://[::1]:1": true,
		"https://crm.example": false, "https://api.hubapi.com.crm.example": false, "https://127.0.0.1.crm.example": false,
	} {
		to := &target{}
		if err := to.parse(portal, func(path string) string { return path }); err != nil {
			t.Fatal(err)
		}
		if got := to.takesToken(); got != want {
			t.Errorf("%s from a file: token sent %v, want %v", portal, got, want)
		}
		if to.named = true; !to.takesToken() {
			t.Errorf("%s named by hand: token not sent", portal)
		}
	}
}

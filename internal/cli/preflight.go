package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// preflight refuses, before anybody is asked, an apply that is sure to end halfway: the
// day's requests would not do, or the token may not write.
func (inv *invocation) preflight(ctx context.Context, o *order) error {
	if err := o.keepReserve(); err != nil && !o.flags.resume { // what is left of a run is less than its plan
		return err
	}
	if o.work.remote.target.inProcess() {
		return nil // it asks for no token
	}
	info, err := o.client.TokenInfo(ctx)
	if err != nil {
		return nil //nolint:nilerr // HubSpot does not tell the scopes of every kind of token
	}
	if missing := missingScopes(info, o.made.plan, o.made.portal.Properties); len(missing) > 0 {
		return scopesMissing(missing)
	}
	return nil
}

// keepReserve leaves the share of the day's requests to other integrations that the
// files ask for. The portal told what is left with its last answer; one that tells
// nothing of a day has no such limit, or does not tell it to this kind of token.
func (o *order) keepReserve() error {
	limits := o.client.Limits()
	if limits.Daily == 0 {
		return nil
	}
	b := budget{
		daily: limits.Daily, left: limits.DailyRemaining, percent: o.dailyReserve(),
		planned: apply.Requests(o.made.plan, o.made.document == nil),
		again:   dayEnd(o.made.portal.TimeZone, o.client.Now()),
	}
	if o.flags.verify {
		b.planned += int(o.made.stats.Requests) // it reads everything once more
	}
	if b.planned > b.left-b.reserve() {
		return reserveNeeded(b)
	}
	return nil
}

// budget is what the requests of a day are for.
type budget struct {
	daily, left int // of the whole account
	percent     int // that is kept for others
	planned     int // requests of this apply
	again       string
}

func (b budget) reserve() int { return (b.daily*b.percent + 99) / 100 }

// dailyReserve is the percentage that the files ask for; for a saved plan, the one of
// the project.
func (o *order) dailyReserve() int {
	switch {
	case o.made.document != nil:
		return o.made.document.Settings().DailyReserve
	case o.work.project != nil && o.work.project.file != nil:
		return o.work.project.file.Settings.DailyReserve
	}
	return spec.NewDocument(nil).Settings().DailyReserve
}

// dayEnd says after when a daily limit is whole again: midnight in the account's time
// zone (usage guidelines).
func dayEnd(zone string, now time.Time) string {
	location, err := time.LoadLocation(zone)
	if zone == "" || err != nil {
		return "midnight in the portal's time zone"
	}
	year, month, day := now.In(location).Date()
	return fmt.Sprintf("midnight in %s (%s)", zone, time.Date(year, month, day+1, 0, 0, 0, 0, location).Format("2006-01-02 15:04 -07:00"))
}

// scopeTypes are the object types that have a scope of their own for writing.
var scopeTypes = []crm.ObjectType{crm.TypeContact, crm.TypeCompany, crm.TypeDeal, crm.TypeTicket}

// missingScopes are the scopes that a plan needs and the token lacks, sorted. A token of
// whose scopes none is one for records may be of a kind that names them otherwise. A run
// that is carried on has no definitions, and its sensitive values are left to HubSpot.
func missingScopes(info hubspot.TokenInfo, p *plan.Plan, definitions map[string]crm.Property) []string {
	if !slices.Contains(info.Scopes, "crm.objects.contacts.read") {
		return nil
	}
	needed := []string{writeScope(crm.TypeContact)}
	for i := range p.Changes {
		for _, link := range p.Changes[i].Associations {
			if slices.Contains(scopeTypes, link.To.Type) {
				needed = append(needed, writeScope(link.To.Type))
			}
		}
		for _, property := range p.Changes[i].Properties {
			if s := definitions[property.Name].Sensitivity; s == "sensitive" || s == "highly_sensitive" {
				needed = append(needed, "crm.objects.contacts."+s+".write.v2")
			}
		}
	}
	slices.Sort(needed)
	return slices.DeleteFunc(slices.Compact(needed), func(scope string) bool {
		// The guides name the scopes of sensitive values without .v2, tokens list them with it.
		return slices.Contains(info.Scopes, scope) || slices.Contains(info.Scopes, strings.TrimSuffix(scope, ".v2"))
	})
}

func writeScope(t crm.ObjectType) string { return "crm.objects." + t.Plural() + ".write" }

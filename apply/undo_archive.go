package apply

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
)

// What shows that a contact has a life of its own. HubSpot touches every new contact
// within seconds, so the date of its last change proves nothing. These properties are
// set by HubSpot alone, each when something is done with the contact (HubSpot's
// default contact properties): deals; sales activities, calls, meetings and emails;
// replies; form submissions. A count of 0 is as good as empty.
var engagementProperties = []string{
	"engagements_last_meeting_booked",
	"hs_email_last_reply_date",
	"hs_last_sales_activity_timestamp",
	"hs_sales_email_last_replied",
	"notes_last_contacted",
	"notes_last_updated",
	propertyDeals,
	"num_contacted_notes",
	"num_conversion_events",
	"num_notes",
	"num_unique_conversion_events",
	"recent_conversion_date",
}

// Tickets have no such property, and counts are calculated some time later, so the
// associations themselves are looked at, too.
var engagementTypes = []crm.ObjectType{
	crm.TypeCall, crm.TypeDeal, crm.TypeEmail, crm.TypeMeeting, crm.TypeNote, crm.TypeTask, crm.TypeTicket,
}

// archive takes back a contact that the run created, unless somebody has worked with
// it since. What was looked at is looked at again just before the archive.
func (u *undoing) archive(d *deed, now *crm.Contact) (plan.Change, bool) {
	if kept, grown := u.grown(d, now); grown {
		u.keep(d, kept)
		return plan.Change{}, false
	}
	change := u.change(plan.Archive, now)
	expect := []crm.Value{{Name: propertyEmail, Text: now.Properties.Text(propertyEmail)}}
	for _, name := range engagementProperties {
		if _, defined := u.portal.Properties[name]; defined {
			expect = append(expect, crm.Value{Name: name, Text: now.Properties.Text(name)})
		}
	}
	change.Expect = crm.NewProperties(expect...)
	return change, true
}

// grown finds what speaks against archiving a contact that the run created.
func (u *undoing) grown(d *deed, now *crm.Contact) (Kept, bool) {
	switch {
	case d.adopted:
		return Kept{Reason: "it was found when the run read its create back: somebody else may have created it"}, true
	case now.Email != d.email:
		return Kept{Property: propertyEmail, Now: now.Properties.Text(propertyEmail), Reason: "it was changed since, so the contact is kept"}, true
	}
	for _, name := range engagementProperties {
		text := now.Properties.Text(name)
		if text == "" || text == "0" || name == propertyDeals && u.ownDeals(d, text) {
			continue
		}
		return Kept{Property: name, Now: text, Reason: "somebody has worked with the contact since, so it is kept"}, true
	}
	for _, a := range now.Associations {
		if slices.Contains(engagementTypes, a.To.Type) && !d.linked(a.To) {
			return Kept{To: a.To, Reason: fmt.Sprintf("a %s belongs to the contact since, so it is kept", a.To.Type)}, true
		}
	}
	for _, v := range d.values {
		text := now.Properties.Text(v.name)
		def, known := u.portal.Properties[v.name]
		if known && !slices.ContainsFunc(v.after, func(after string) bool { return def.Equal(text, after) }) {
			return Kept{Property: v.name, Now: text, Reason: "it was changed since, so the contact is kept"}, true
		}
	}
	return Kept{}, false
}

// ownDeals reports whether a contact has no more deals than the run gave it.
func (u *undoing) ownDeals(d *deed, text string) bool {
	deals, err := strconv.Atoi(text)
	own := 0
	for _, link := range d.links {
		if link.To.Type == crm.TypeDeal {
			own++
		}
	}
	return err == nil && deals <= own
}

// linked reports whether the run itself associated the contact with a record.
func (d *deed) linked(to crm.Ref) bool {
	return slices.ContainsFunc(d.links, func(link journal.Link) bool { return link.To.Type == to.Type && link.To.ID == to.ID })
}

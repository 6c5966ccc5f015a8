package plan

import (
	"time"

	"github.com/contactsync/contactsync/crm"
)

// recentActivity is how long ago somebody dealt with a contact, for its archive to be
// pointed out.
const recentActivity = 30 * 24 * time.Hour

// activities are the properties in which HubSpot keeps when something was last logged
// on a contact (a note, a call, a meeting), and when the contact last did something
// (opened an email, filled in a form). Source: HubSpot's default contact properties.
var activities = []string{"notes_last_updated", "hs_last_sales_activity_timestamp"}

// archiveContext is what a reviewer wants to know of a live contact that is archived,
// or may be.
func (j *judge) archiveContext(live *crm.Contact) Live {
	known := LiveOf(live)
	var last time.Time
	for _, name := range activities {
		if at, ok := instant(live.Properties.Text(name)); ok && at.After(last) {
			last, known.LastActivity = at, at.Format(time.RFC3339)
		}
	}
	known.Active = !last.IsZero() && !j.now.IsZero() && last.After(j.now.Add(-recentActivity))
	return known
}

package people

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// Labels that the people's portal defines for associations.
const (
	LabelDecisionMaker = "Decision maker" // contact to company
	LabelSponsor       = "Sponsor"        // contact to deal
	LabelColleague     = "Colleague"      // contact to contact
)

var (
	events   = []string{"Berlin 2027", "Lisbon 2026", "Partner day", "Roundtable", "Trade fair", "Webinar"}
	channels = []string{"email", "phone", "post"}
)

// Definitions are contact properties that the people's portal has beside
// HubSpot's: with them, every type that can be written occurs.
func Definitions() []crm.Property {
	return []crm.Property{
		{Name: "annual_spend", Label: "Annual spend", Type: "number", FieldType: "number"},
		{Name: "briefing", Label: "Briefing", Type: "string", FieldType: "html"},
		{Name: "contract_end", Label: "Contract end", Type: "date", FieldType: "date"},
		{Name: "direct_line", Label: "Direct line", Type: "phone_number", FieldType: "phonenumber"},
		{Name: "event_tags", Label: "Events", Type: "enumeration", FieldType: "checkbox", Options: options(events)},
		{Name: "last_webinar_at", Label: "Last webinar", Type: "datetime", FieldType: "date"},
		{Name: "loyalty_id", Label: "Loyalty id", Type: "string", FieldType: "text", Unique: true},
		{Name: "newsletter_consent", Label: "Newsletter consent", Type: "bool", FieldType: "booleancheckbox"},
		{Name: "nps_score", Label: "NPS score", Type: "number", FieldType: "number"},
		{Name: "preferred_channel", Label: "Preferred channel", Type: "enumeration", FieldType: "radio", Options: options(channels)},
	}
}

func options(values []string) []crm.Option {
	all := make([]crm.Option, len(values))
	for i, value := range values {
		all[i] = crm.Option{Label: value, Value: value, DisplayOrder: i}
	}
	return all
}

// custom adds values of the properties in Definitions.
func custom(all []crm.Value, r *rand.Rand, index int, who identity) []crm.Value {
	day := func(from int) time.Time {
		return time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(900))
	}
	if chance(r, 18) {
		all = append(all, crm.Value{Name: "annual_spend", Text: fmt.Sprintf("%d.%02d", r.IntN(90_000), r.IntN(100))})
	}
	if chance(r, 3) {
		all = append(all, crm.Value{Name: "briefing", Text: "<p><strong>" + who.family.native + "</strong>: " + pick(r, remarks) + "</p>"})
	}
	if chance(r, 20) {
		all = append(all, crm.Value{Name: "contract_end", Text: day(2025).Format(time.DateOnly)})
	}
	if chance(r, 5) {
		all = append(all, crm.Value{Name: "direct_line", Text: digits(r, who.home.Mobile)})
	}
	if chance(r, 30) {
		all = append(all, crm.Value{Name: "event_tags", Text: some(r, events, 3)})
	}
	if chance(r, 15) {
		all = append(all, crm.Value{Name: "last_webinar_at", Text: datetime(day(2023).Add(time.Duration(r.IntN(86_400_000)) * time.Millisecond))})
	}
	if chance(r, 40) {
		all = append(all, crm.Value{Name: "loyalty_id", Text: fmt.Sprintf("%03d-%07d", r.IntN(1000), index)})
	}
	if chance(r, 70) {
		all = append(all, crm.Value{Name: "newsletter_consent", Text: fmt.Sprint(chance(r, 62))})
	}
	if chance(r, 25) {
		all = append(all, crm.Value{Name: "nps_score", Text: fmt.Sprint(r.IntN(11))})
	}
	if chance(r, 35) {
		all = append(all, crm.Value{Name: "preferred_channel", Text: pick(r, channels)})
	}
	return all
}

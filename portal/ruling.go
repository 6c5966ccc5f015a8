package portal

import (
	"fmt"
	"slices"
	"strings"
)

// Rulings are choices among behaviours that portals differ in or that sources
// disagree about, by the name of the ruling; a name that is missing has its
// default. ParseRuling reads one, and docs/portal-fidelity.md lists them all.
type Rulings map[string]string

// ruling is a choice that can be made differently. The first value is the default.
type ruling struct {
	name   string
	values []string
	about  string // what is decided
	source string // why it is open, and where each answer comes from
}

// The names of the rulings. Each is asked for in one place.
const (
	rulingAutoCompany       = "auto-company"
	rulingStageSync         = "stage-sync"
	rulingNormalisePhone    = "normalise-phone"
	rulingEmptyProperties   = "empty-properties"
	rulingBackwardStage     = "backward-stage"
	rulingUpsertByEmail     = "upsert-by-email"
	rulingUpdateUnknownIDs  = "update-unknown-ids"
	rulingMergeID           = "merge-id"
	rulingForgottenAddress  = "forgotten-address"
	rulingUnchangedUpdate   = "unchanged-update"
	rulingRefusedRequests   = "refused-requests"
	rulingRetryAfter        = "retry-after"
	rulingAssociationStatus = "association-status"
	rulingLabelLimit        = "label-limit"
)

// rulings is every choice that can be switched, in the order of the docs.
var rulings = []ruling{
	{rulingAutoCompany, []string{"off", "on"}, "a new contact is associated with the company of its email domain, which is created if need be and becomes its primary one", "a setting of each portal (contacts guide)"},
	{rulingStageSync, []string{"off", "on"}, "the lifecycle stages of a contact and its primary company move together", "a setting of each portal (lifecycle guide)"},
	{rulingNormalisePhone, []string{"off", "on"}, "`phone` and `mobilephone` have a rule: numbers need their country code and are stored as E.164", "a normalising validation rule of the portal (property validations)"},
	{rulingEmptyProperties, []string{"null", "omit"}, "a property that was asked for and is empty", "live samples have null; the objects guide says that it does not appear"},
	{rulingBackwardStage, []string{"ignore", "allow"}, "a write that moves the lifecycle stage backward", "field reports of 2016 and 2026: 2xx, unchanged; one page says that it moves"},
	{rulingUpsertByEmail, []string{"apply", "reject", "replace"}, "an upsert by email that gives some properties only", "the guide says that it is not supported, field reports that it applies"},
	{rulingUpdateUnknownIDs, []string{"report", "silent"}, "a batch update with ids that do not exist", "the spec has 207 with errors, one report has 207 without any"},
	{rulingMergeID, []string{"new", "primary"}, "the id of a merged contact", "the guide: a new one; portals in the Primary ID Preservation beta: that of the primary contact"},
	{rulingForgottenAddress, []string{"allow", "refuse"}, "a create with the address of a contact that was permanently deleted", "the spec says that it is blocked, the knowledge base that the API may add it again"},
	{rulingUnchangedUpdate, []string{"bump", "keep"}, "the modification time after a PATCH that changes nothing", "remembered, not confirmed"},
	{rulingRefusedRequests, []string{"free", "counted"}, "whether a request that was refused by a limit counts against it", "not documented"},
	{rulingRetryAfter, []string{"omit", "send"}, "Retry-After on a 429", "documented for 477 alone; other tools report it"},
	{rulingAssociationStatus, []string{"version", "200", "201"}, "the status of an association batch that went well", "the v4 spec has 201 and 204, the dated ones 200; one report saw it change"},
	{rulingLabelLimit, []string{"10", "50"}, "how many labels a pair of object types can have", "an older text of the associations guide says 10; a portal of October 2026 had 50, and answered 437 to the next"},
}

// ParseRuling reads NAME=VALUE and adds it to the rulings.
func (r Rulings) ParseRuling(text string) error {
	name, value, _ := strings.Cut(text, "=")
	i := slices.IndexFunc(rulings, func(known ruling) bool { return known.name == name })
	if i < 0 {
		return fmt.Errorf("no ruling is called %q: %s are", name, strings.Join(rulingNames(), ", "))
	}
	if !slices.Contains(rulings[i].values, value) {
		return fmt.Errorf("the ruling %s cannot be %q: it can be %s", name, value, strings.Join(rulings[i].values, " or "))
	}
	r[name] = value
	return nil
}

func rulingNames() []string {
	names := make([]string, len(rulings))
	for i, known := range rulings {
		names[i] = known.name
	}
	return names
}

// ruled is the choice that this portal made.
func (p *Portal) ruled(name string) string {
	if value, ok := p.config.Rulings[name]; ok {
		return value
	}
	i := slices.IndexFunc(rulings, func(known ruling) bool { return known.name == name })
	return rulings[i].values[0]
}

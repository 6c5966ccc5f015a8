package spec

import (
	"fmt"

	"github.com/contactsync/contactsync/diag"
)

// Adopt takes a project's settings over; nil stands for no project file. A setting
// that both the project and the document's own file give is an error that names
// both places.
//
// Ids differ from portal to portal, so ids without an account in the settings or
// in any profile are a warning (diag.IDsNeedAccount), given once. A caller that is
// told the account in another way leaves it out.
func (d *Document) Adopt(project *Project) diag.List {
	var list diag.List
	if project == nil {
		project = &Project{Settings: defaultSettings()}
	}
	for _, key := range settingKeys {
		theirs, given := project.given[key]
		if !given {
			continue
		}
		if ours, twice := d.given[key]; twice {
			one := diag.New(diag.SettingTwice, ours.at, fmt.Sprintf("%q is given here and in the project file.", key), "keep the one in the project file")
			one.Line = ours.line
			one.Related = []diag.Related{{At: theirs.at, Note: "given in the project file", Line: theirs.line}}
			list = append(list, one)
			continue
		}
		d.settings.take(key, &project.Settings)
	}
	if warning, needed := d.accountWarning(project); needed {
		list = append(list, warning)
	}
	list.Sort()
	return list
}

// take copies what one key of a project file says.
func (s *Settings) take(key string, from *Settings) {
	if s.At.IsZero() {
		s.At = from.At
	}
	switch key {
	case "account":
		s.Account = from.Account
	case "scope":
		s.Scope = from.Scope
	case "prune":
		s.Prune, s.PruneAt = from.Prune, from.PruneAt
	case "prune_min_age":
		s.PruneMinAge = from.PruneMinAge
	case "protect":
		s.Protect = from.Protect
	case "limits":
		s.Limits = from.Limits
	case "daily_reserve":
		s.DailyReserve = from.DailyReserve
	case "policy":
		s.ExactAssociations, s.ExactStrict = from.ExactAssociations, from.ExactStrict
		s.Watch, s.Sensitive = from.Watch, from.Sensitive
	}
}

func (d *Document) accountWarning(project *Project) (diag.Diagnostic, bool) {
	if d.settings.Account != "" {
		return diag.Diagnostic{}, false
	}
	for _, profile := range project.Profiles {
		if profile.Account != "" {
			return diag.Diagnostic{}, false
		}
	}
	if d.firstID.at.IsZero() {
		return diag.Diagnostic{}, false
	}
	warning := diag.New(diag.IDsNeedAccount, d.firstID.at, "An id names another record in every portal, and nothing says which portal these files are for.", "add account: to contactsync.yaml")
	warning.Line = d.firstID.line
	return warning, true
}

package spec

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

var (
	settingKeys   = []string{"account", "scope", "prune", "prune_min_age", "protect", "limits", "daily_reserve", "policy"}
	limitKeys     = []string{"archive", "create", "update", "clear", "overwrite", "stage_back"}
	policyKeys    = []string{"associations", "watch", "sensitive"}
	conditionKeys = []string{"property", "equals", "in", "has"}
)

// settings are those of a project while they are read, and where each was given.
type settings struct {
	Settings
	given map[string]place
}

// place is where a setting was given.
type place struct {
	at   diag.Range
	line string
}

func newSettings() *settings {
	return &settings{Settings: defaultSettings(), given: make(map[string]place)}
}

// read reads one of the settings.
func (s *settings) read(r *reader, f field) {
	at := r.file.at(f.name)
	if first, twice := s.given[f.key]; twice {
		r.report(diag.SettingTwice, at, fmt.Sprintf("%q is already given in line %d.", f.key, first.at.Line), "keep one of the two",
			diag.Related{At: first.at, Note: "first given here", Line: first.line})
		return
	}
	s.given[f.key] = place{at, r.file.line(at.Line)}
	if s.At.IsZero() {
		s.At = at
	}
	switch f.key {
	case "account":
		s.Account = r.account(f)
	case "scope":
		s.Scope = r.scope(f)
	case "prune":
		s.Prune, s.PruneAt = r.prune(f), r.at(f)
	case "prune_min_age":
		if age, ok := r.duration(f); ok {
			s.PruneMinAge = age
		}
	case "protect":
		s.Protect = r.conditions(f)
	case "limits":
		s.limits(r, f)
	case "daily_reserve":
		s.DailyReserve = r.reserve(f)
	case "policy":
		s.policy(r, f)
	}
}

func (r *reader) account(f field) string {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	if len(text) > 19 || text == "" || strings.Trim(text, "0123456789") != "" || text[0] == '0' {
		r.report(diag.AccountNumber, r.at(f), "An account number consists of digits.", "copy it from HubSpot's account menu")
		return ""
	}
	return text
}

func (r *reader) scope(f field) Scope {
	if f.value.Kind == yaml.ScalarNode && !missing(f) {
		if word, ok := r.word(f, "listed", "all"); ok && word == "all" {
			return Scope{Kind: ScopeAll}
		}
		return Scope{Kind: ScopeListed}
	}
	fields, ok := r.fields(f)
	if !ok {
		return Scope{Kind: ScopeListed}
	}
	scope := Scope{Kind: ScopeWhere}
	for _, one := range fields {
		if one.key != "where" {
			r.unknown(diag.UnknownProjectKey, one, []string{"where"})
			continue
		}
		scope.Where = r.conditions(one)
	}
	r.require(f, fields, []string{"where"}, []string{"where"})
	return scope
}

func (r *reader) prune(f field) Prune {
	word, _ := r.word(f, "keep", "report", "archive")
	switch word {
	case "report":
		return PruneReport
	case "archive":
		return PruneArchive
	}
	return PruneKeep
}

func (r *reader) conditions(f field) []Condition {
	list, ok := r.items(f, "conditions")
	if !ok {
		return nil
	}
	conditions := make([]Condition, 0, len(list))
	for _, one := range list {
		if condition, ok := r.condition(one); ok {
			conditions = append(conditions, condition)
		}
	}
	return conditions
}

func (r *reader) condition(f field) (Condition, bool) {
	fields, ok := r.fields(f)
	if !ok {
		return Condition{}, false
	}
	before := r.errors
	c := Condition{At: r.at(f)}
	tests := 0
	for _, one := range fields {
		switch one.key {
		case "property":
			if text, ok := r.text(one); ok && r.propertyName(one, text) {
				c.Property = r.intern(text)
			}
			continue
		case "equals":
			if text, ok := r.text(one); ok {
				c.Equals = &text
			}
		case "in":
			if list, ok := r.items(one, "texts"); ok {
				c.In = r.listTexts(list)
			}
		case "has":
			c.Has = new(r.flag(one))
		default:
			r.unknown(diag.UnknownProjectKey, one, conditionKeys)
			continue
		}
		tests++
	}
	if !misspelt(fields, conditionKeys) && (tests != 1 || !has(fields, "property")) {
		r.report(diag.ConditionShape, c.At, "A condition has a property and exactly one of equals, in and has.", "")
	}
	return c, r.errors == before
}

// duration reads a whole number of hours, days or weeks.
func (r *reader) duration(f field) (time.Duration, bool) {
	units := map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	text, ok := r.text(f)
	if !ok {
		return 0, false
	}
	number := strings.TrimRight(text, "hdw")
	unit, known := units[strings.TrimPrefix(text, number)]
	count, err := strconv.ParseUint(number, 10, 16)
	if !known || err != nil || len(number) > 4 {
		r.report(diag.DurationText, r.at(f), "A duration is a whole number below 10,000 and h, d or w.", "write, for example, 30d")
		return 0, false
	}
	return time.Duration(count) * unit, true // at most 9,999 weeks
}

func (s *settings) limits(r *reader, f field) {
	fields, ok := r.fields(f)
	if !ok {
		return
	}
	limits := map[string]*Limit{
		"archive": &s.Limits.Archive, "create": &s.Limits.Create, "update": &s.Limits.Update,
		"clear": &s.Limits.Clear, "overwrite": &s.Limits.Overwrite, "stage_back": &s.Limits.StageBack,
	}
	for _, one := range fields {
		into, known := limits[one.key]
		if !known {
			r.unknown(diag.UnknownProjectKey, one, limitKeys)
		} else if limit, ok := r.limit(one); ok {
			*into = limit
		}
	}
}

// limit reads a number of contacts or a percent of those in scope.
func (r *reader) limit(f field) (Limit, bool) {
	text, ok := r.text(f)
	if !ok {
		return Limit{}, false
	}
	if percent, ok := parsePercent(text); ok {
		return Limit{Percent: &percent}, true
	}
	count, err := strconv.ParseUint(text, 10, 31)
	if err != nil || f.value.Tag != "!!int" || len(text) > 1 && text[0] == '0' {
		r.report(diag.LimitText, r.at(f), "A limit is a whole number, or a percent from 0% to 100%.", "write, for example, 25 or 5%")
		return Limit{}, false
	}
	return Limit{Number: new(int(count))}, true
}

// parsePercent reads "30%" and "2.5%".
func parsePercent(text string) (float64, bool) {
	number, ok := strings.CutSuffix(text, "%")
	if !ok || strings.Trim(number, "0123456789.") != "" || len(number) > 6 || strings.HasPrefix(number, ".") || strings.HasSuffix(number, ".") {
		return 0, false
	}
	percent, err := strconv.ParseFloat(number, 64)
	return percent, err == nil && percent <= 100
}

func (r *reader) reserve(f field) int {
	text, ok := r.text(f)
	if !ok {
		return defaultDailyReserve
	}
	percent, ok := parsePercent(text)
	if !ok || percent != math.Trunc(percent) {
		r.report(diag.LimitText, r.at(f), "The reserve is a whole percent of the day's requests, from 0% to 100%.", "write, for example, 25%")
		return defaultDailyReserve
	}
	return int(percent)
}

func (s *settings) policy(r *reader, f field) {
	fields, ok := r.fields(f)
	if !ok {
		return
	}
	for _, one := range fields {
		switch one.key {
		case "associations":
			s.associationPolicy(r, one)
		case "watch":
			s.Watch = r.propertyNames(one)
		case "sensitive":
			s.Sensitive = r.propertyNames(one)
		default:
			r.unknown(diag.UnknownProjectKey, one, policyKeys)
		}
	}
}

func (s *settings) associationPolicy(r *reader, f field) {
	fields, ok := r.fields(f)
	if !ok {
		return
	}
	for _, one := range fields {
		kind, known := crm.ParseObjectType(one.key)
		if !known || string(kind) != one.key {
			hint := ""
			if known {
				hint = fmt.Sprintf("write %q", kind)
			}
			r.report(diag.PolicyObjectType, r.file.at(one.name), "Each line names an object type and says additive, exact or exact_strict.", hint)
			continue
		}
		word, _ := r.word(one, "additive", "exact", "exact_strict")
		switch word {
		case "exact":
			s.ExactAssociations = append(s.ExactAssociations, kind)
		case "exact_strict":
			s.ExactAssociations = append(s.ExactAssociations, kind)
			s.ExactStrict = append(s.ExactStrict, kind)
		}
	}
	slices.Sort(s.ExactAssociations)
	slices.Sort(s.ExactStrict)
}

// propertyNames reads a list of internal names, sorted.
func (r *reader) propertyNames(f field) []string {
	list, ok := r.items(f, "property names")
	if !ok {
		return nil
	}
	var names []string
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		text, ok := r.text(one)
		switch {
		case !ok || !r.propertyName(one, text):
		case seen[text]:
			r.report(diag.ListedTwice, r.at(one), "The property already stands in this list.", "remove it here")
		default:
			seen[text] = true
			names = append(names, r.intern(text))
		}
	}
	slices.Sort(names)
	return names
}

package spec

import (
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
)

// settings writes what the document's own file sets otherwise than the defaults. A
// project's settings stand in the project's file.
func (e *encoder) settings(d *Document) {
	own := func(key string) bool {
		_, given := d.given[key]
		return given
	}
	s, base := &d.settings, defaultSettings()
	if own("account") && s.Account != "" {
		e.setting("account")
		e.value(s.Account)
	}
	if own("scope") {
		e.scope(s.Scope)
	}
	if own("limits") {
		e.limits(s.Limits, base.Limits)
	}
	if own("daily_reserve") && s.DailyReserve != base.DailyReserve {
		e.setting("daily_reserve")
		e.value(strconv.Itoa(s.DailyReserve) + "%")
	}
	if own("policy") {
		e.policy(s, base)
	}
}

// setting begins a line at the top of the file.
func (e *encoder) setting(key string) {
	e.at = key
	e.raw(key)
	e.raw(":")
}

func (e *encoder) scope(s Scope) {
	switch s.Kind {
	case ScopeListed:
	case ScopeAll:
		e.setting("scope")
		e.value("all")
	case ScopeWhere:
		e.setting("scope")
		e.raw("\n  where:\n")
		for i := range s.Where {
			e.condition(&s.Where[i])
		}
	}
}

func (e *encoder) condition(c *Condition) {
	e.raw(keyLead)
	e.raw("- {property: ")
	e.scalar(c.Property, inFlow)
	switch {
	case c.Equals != nil:
		e.entry("equals", *c.Equals)
	case c.Has != nil:
		e.raw(", has: ")
		e.buf = strconv.AppendBool(e.buf, *c.Has)
	default:
		e.raw(", in: ")
		flow(e, c.In)
	}
	e.raw("}\n")
}

func (e *encoder) limits(own, base Limits) {
	headed := false
	for _, one := range []struct {
		key       string
		own, base Limit
	}{
		{"archive", own.Archive, base.Archive},
		{"create", own.Create, base.Create},
		{"update", own.Update, base.Update},
		{"clear", own.Clear, base.Clear},
		{"overwrite", own.Overwrite, base.Overwrite},
		{"stage_back", own.StageBack, base.StageBack},
	} {
		text := one.own.text()
		if text == one.base.text() {
			continue
		}
		if !headed {
			e.setting("limits")
			e.raw("\n")
			headed = true
		}
		e.raw("  " + one.key + ": " + text + "\n")
	}
}

// text is the limit as files give it: a number, or a percent, which no reader
// takes for a number. The default limits that are both cannot be written.
func (l Limit) text() string {
	text := ""
	if l.Number != nil {
		text = strconv.Itoa(*l.Number)
	}
	if l.Percent != nil {
		text += `"` + strconv.FormatFloat(*l.Percent, 'f', -1, 64) + `%"`
	}
	return text
}

func (e *encoder) policy(s *Settings, base Settings) {
	watch := !slices.Equal(s.Watch, base.Watch)
	if !watch && len(s.ExactAssociations) == 0 && len(s.Sensitive) == 0 {
		return
	}
	e.setting("policy")
	e.raw("\n")
	if len(s.ExactAssociations) > 0 {
		e.raw("  associations:\n")
		e.exactAssociations(s)
	}
	if watch {
		e.raw("  watch:")
		listLine(e, s.Watch)
	}
	if len(s.Sensitive) > 0 {
		e.raw("  sensitive:")
		listLine(e, s.Sensitive)
	}
}

func (e *encoder) exactAssociations(s *Settings) {
	for _, kind := range s.ExactAssociations {
		e.raw(keyLead)
		e.scalar(string(kind), inBlock)
		e.raw(":")
		e.value(s.strictness(kind))
	}
}

func (s *Settings) strictness(kind crm.ObjectType) string {
	if slices.Contains(s.ExactStrict, kind) {
		return "exact_strict"
	}
	return "exact"
}

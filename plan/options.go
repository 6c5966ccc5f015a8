package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// Part is a kind of change that a plan can be narrowed to.
type Part uint8

// PartUpdate is properties and renames of live contacts; PartAssociate their
// associations. A create is planned with its associations.
const (
	PartCreate Part = iota + 1
	PartUpdate
	PartArchive
	PartAssociate
)

// Options of a planner. The zero value plans everything and refuses the plan when
// any contact has an error.
type Options struct {
	// SkipInvalid leaves contacts with errors of their own out, whole, and plans
	// the others. Default: any error refuses the plan.
	SkipInvalid bool
	// Only narrows the plan to these kinds of change. Default: all.
	Only []Part
	// Targets narrows the plan to contacts whose address or id, as declared or as
	// live, matches one of these patterns; * stands for any text, ? for one
	// character. Default: all.
	Targets []string
	// Whole says that the document is everything that its project declares, so that
	// prune may act on contacts that no file names. Default: prune is off.
	Whole bool
	// Now is the moment that the ages of contacts are reckoned to, for prune_min_age,
	// and whether somebody dealt with a contact of late. Default: no contact is old
	// enough to be pruned, and no activity is recent.
	Now time.Time
}

// keeps cuts a change down to the parts that were asked for and reports whether
// anything is left.
func (o *Options) keeps(c *spec.Contact, change *Change) bool {
	if len(o.Targets) > 0 && !o.targeted(c, change) {
		return false
	}
	if len(o.Only) == 0 {
		return true
	}
	switch change.Action {
	case Create:
		return slices.Contains(o.Only, PartCreate)
	case Archive:
		return slices.Contains(o.Only, PartArchive)
	case Update:
		if !slices.Contains(o.Only, PartUpdate) {
			if change.renames() {
				change.Email = change.From
			}
			change.Properties, change.From = nil, ""
		}
		if !slices.Contains(o.Only, PartAssociate) {
			change.Associations = nil
		}
	}
	return len(change.Properties) > 0 || len(change.Associations) > 0
}

func (o *Options) targeted(c *spec.Contact, change *Change) bool {
	names := []string{string(c.Email), string(c.ID), string(change.Email), string(change.From), string(change.ID)}
	for _, pattern := range o.Targets {
		if email, err := crm.ParseEmail(pattern); err == nil {
			pattern = string(email)
		}
		for _, name := range names {
			if name != "" && matches(strings.ToLower(pattern), name) {
				return true
			}
		}
	}
	return false
}

// matches reports whether a name fits a pattern with * and ?. It needs time in
// proportion to both lengths multiplied, whatever the pattern.
func matches(pattern, name string) bool {
	p, n := 0, 0
	star, resume := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

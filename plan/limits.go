package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/spec"
)

// NoLimit in Limits allows any number.
const NoLimit = -1

// percentsFrom is the number of contacts from which percents count: a share of a
// handful says nothing.
const percentsFrom = 10

// ResolveLimits turns limits into numbers for so many live contacts. Of a number
// and a percent the smaller one stands; shares are rounded down. Percents count from
// ten contacts on.
func ResolveLimits(limits spec.Limits, contacts int) Limits {
	return Limits{
		Archive:   resolveLimit(limits.Archive, contacts),
		Create:    resolveLimit(limits.Create, contacts),
		Update:    resolveLimit(limits.Update, contacts),
		Clear:     resolveLimit(limits.Clear, contacts),
		Overwrite: resolveLimit(limits.Overwrite, contacts),
		StageBack: resolveLimit(limits.StageBack, contacts),
	}
}

func resolveLimit(limit spec.Limit, contacts int) int {
	number := NoLimit
	if limit.Number != nil {
		number = max(0, *limit.Number)
	}
	if limit.Percent == nil || contacts < percentsFrom {
		return number
	}
	share := max(0, int(float64(contacts)**limit.Percent/100))
	if number == NoLimit {
		return share
	}
	return min(number, share)
}

// Allowances override limits, each by the exact number that is planned. Nil, the
// default, overrides nothing. Overwrite is the largest number of one property.
type Allowances struct {
	Archive, Create, Update, Clear, Overwrite, StageBack *int
}

// Excess is a limit that a plan goes over.
type Excess struct {
	Limit    string // archive, create, update, clear, overwrite, stage_back
	Property string // of overwrite: the property it is about
	Planned  int
	Allowed  int
	Flag     string // what allows it, with its number
}

// Exceeded lists the limits that the plan goes over and that nothing allows, in a
// fixed order. An allowance of another number than the planned one allows nothing:
// it was meant for another plan.
func (p *Plan) Exceeded(allow Allowances) []Excess {
	t := p.tally()
	var over []Excess
	for _, limit := range []struct {
		name             string
		planned, allowed int
		exact            *int
	}{
		{"archive", t.archive, p.Limits.Archive, allow.Archive},
		{"create", t.create, p.Limits.Create, allow.Create},
		{"update", t.update, p.Limits.Update, allow.Update},
		{"clear", t.clear, p.Limits.Clear, allow.Clear},
		{"stage_back", t.stageBack, p.Limits.StageBack, allow.StageBack},
	} {
		if exceeds(limit.planned, limit.allowed) && !equals(limit.exact, limit.planned) {
			over = append(over, excess(limit.name, "", limit.planned, limit.allowed, limit.planned))
		}
	}
	return append(over, p.overwritten(t, allow.Overwrite)...)
}

func (p *Plan) overwritten(t tally, exact *int) []Excess {
	most := 0
	for _, effect := range t.properties {
		most = max(most, effect.Overwritten)
	}
	if equals(exact, most) {
		return nil
	}
	var over []Excess
	for _, effect := range t.properties {
		if exceeds(effect.Overwritten, p.Limits.Overwrite) {
			over = append(over, excess("overwrite", effect.Name, effect.Overwritten, p.Limits.Overwrite, most))
		}
	}
	slices.SortFunc(over, func(a, b Excess) int { return cmp.Compare(a.Property, b.Property) })
	return over
}

func exceeds(planned, allowed int) bool { return allowed != NoLimit && planned > allowed }

func equals(exact *int, planned int) bool { return exact != nil && *exact == planned }

func excess(name, property string, planned, allowed, number int) Excess {
	flag := "--allow-" + strings.ReplaceAll(name, "_", "-") + " " + strconv.Itoa(number)
	return Excess{Limit: name, Property: property, Planned: planned, Allowed: allowed, Flag: flag}
}

package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// desired is the text a property should have, and the rule that made it so. Hands
// off is added here: what must not be touched is desired as it is live, so the
// comparison after this needs no special case.
type desired struct {
	text     string
	origin   Origin
	rule     string
	backward bool // a lifecycle stage that moves back and may
	refused  bool // a lifecycle stage that moves back and may not
}

// Rules, as Explain names them.
const (
	ruleManaged    = "managed"
	ruleIgnored    = "ignored"
	ruleCreateOnly = "create-only"
	ruleFillOnly   = "fill-only"
	ruleAdditive   = "additive"
	ruleRemove     = "remove"
	ruleAtLeast    = "lifecycle-at-least"
	ruleExact      = "lifecycle-exact"
	ruleBackward   = "lifecycle-allow-backward"
)

// desire says what a declared property should be on a contact that has the text
// live now; found is false for a contact that is to be created.
func (j *judge) desire(c *spec.Contact, p *spec.Property, def *crm.Property, live string, found bool) desired {
	hold := desired{text: live, origin: OriginRule}
	want := desired{text: p.Text, origin: origin(p.Origin), rule: ruleManaged}
	if _, ignored := slices.BinarySearch(c.Ignore, p.Name); ignored {
		hold.rule = ruleIgnored
		return hold
	}
	switch p.Mode {
	case spec.CreateOnly:
		want.rule = ruleCreateOnly
		if found {
			hold.rule = ruleCreateOnly
			return hold
		}
	case spec.FillOnly:
		want.rule = ruleFillOnly
		if live != "" {
			hold.rule = ruleFillOnly
			return hold
		}
	case spec.Additive, spec.Managed:
	}
	if p.Mode == spec.Additive || len(p.Remove) > 0 {
		return members(p, def, live, want)
	}
	if p.Name == propertyStage {
		return j.stage(c, live, want)
	}
	return want
}

// members is the set that additive and remove make of the live and the declared
// one. Where that is the declared set, it keeps the declared text.
func members(p *spec.Property, def *crm.Property, live string, want desired) desired {
	want.rule = ruleRemove
	set := crm.SplitSet(live)
	switch {
	case p.Mode == spec.Additive:
		want.rule = ruleAdditive
		set = append(set, crm.SplitSet(p.Text)...)
	case p.Set:
		set = crm.SplitSet(p.Text)
	}
	set = slices.DeleteFunc(set, func(part string) bool { return slices.Contains(p.Remove, part) })
	slices.Sort(set)
	text := crm.JoinSet(slices.Compact(set))
	if !def.Equal(text, p.Text) {
		want.text, want.origin = text, OriginRule
	}
	return want
}

// stage reads a declared lifecycle stage as the contact means it. The order is
// the portal's; a live stage that the portal no longer has holds nothing back.
func (j *judge) stage(c *spec.Contact, live string, want desired) desired {
	was, will := slices.Index(j.portal.Stages, live), slices.Index(j.portal.Stages, want.text)
	backward := will >= 0 && will < was
	switch c.Lifecycle {
	case spec.Exact:
		want.rule, want.refused = ruleExact, backward
		return want
	case spec.AllowBackward:
		want.rule, want.backward = ruleBackward, backward
		return want
	case spec.AtLeast:
	}
	if backward {
		return desired{text: live, origin: OriginRule, rule: ruleAtLeast}
	}
	return want
}

func origin(o spec.Origin) Origin {
	switch o {
	case spec.FromContact:
		return OriginContact
	case spec.FromDefaults:
		return OriginDefaults
	case spec.FromOwner:
		return OriginOwner
	}
	return OriginContact
}

func stageBackDetail(before, after string) string {
	return fmt.Sprintf("The contact is at stage %q, and %q comes before it in this portal. HubSpot moves stages forward only.", before, after)
}

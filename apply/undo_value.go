package apply

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// value puts one property back, where it still holds what the run wrote.
func (u *undoing) value(change *plan.Change, d *deed, now *crm.Contact, v writtenValue) {
	text := now.Properties.Text(v.name)
	def, known := u.portal.Properties[v.name]
	kept := Kept{Property: v.name, Now: text}
	switch {
	case !known:
		kept.Reason = "the property does not exist any more"
	case def.Equal(text, v.before):
		return
	case !slices.ContainsFunc(v.after, func(after string) bool { return def.Equal(text, after) }):
		kept.Reason = "it was changed since"
	case def.Check(v.before) != nil:
		kept.Reason = "its former value is none that the portal takes any more"
	default:
		change.Properties = append(change.Properties, plan.PropertyChange{
			Name: v.name, Before: text, After: v.before, Origin: plan.OriginContact, Backward: u.backward(v.name, text, v.before),
		})
		return
	}
	u.keep(d, kept)
}

// backward reports whether a lifecycle stage moves back in the portal's order.
func (u *undoing) backward(name, from, to string) bool {
	was, will := slices.Index(u.portal.Stages, from), slices.Index(u.portal.Stages, to)
	return name == propertyStage && will >= 0 && will < was
}

// rename gives a contact its former address back.
func (u *undoing) rename(change *plan.Change, d *deed, now *crm.Contact, v writtenValue) {
	text := now.Properties.Text(propertyEmail)
	former, err := crm.ParseEmail(v.before)
	holder := u.holders[former]
	kept := Kept{Property: propertyEmail, Now: text}
	switch {
	case sameEmail(text, v.before):
		return
	case !slices.ContainsFunc(v.after, func(after string) bool { return sameEmail(text, after) }):
		kept.Reason = "it was changed since"
	case v.before == "":
		kept.Reason = "the contact had no address before, and none is taken away from a person"
	case err != nil:
		kept.Reason = "the former address is not a valid one"
	case change.Live.OptedOut:
		kept.Reason = "the contact has opted out of email, and opt-outs belong to addresses: rename it in a file, with consent_checked: true"
	case holder != nil && holder.ID != now.ID:
		kept.Reason = fmt.Sprintf("contact %s holds the former address", holder.ID)
		if other := u.deeds[holder.ID]; other != nil && other.created {
			kept.Reason += ", which the same run created: undo the run again once that one is archived"
		}
	default:
		change.From, change.Email = now.Email, former
		change.Properties = append(change.Properties, plan.PropertyChange{
			Name: propertyEmail, Before: text, After: string(former), Origin: plan.OriginRename,
		})
		return
	}
	u.keep(d, kept)
}

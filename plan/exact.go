package plan

import (
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// removeUndeclared plans the removal of live associations that no line declares,
// for the object types whose associations are declared to be exact. Two kinds stay
// unless the policy is strict: the primary one, while no other primary is
// declared, and the company of the contact's own domain, which HubSpot adds by
// itself and would add again. An association of two contacts is declared by either.
func (j *judge) removeUndeclared(d *decision, c *spec.Contact, links []link, there []crm.Association, others peers) {
	for _, a := range there {
		if !j.exact(a.To.Type) || others.declared(a.To) {
			continue
		}
		if slices.ContainsFunc(links, func(l link) bool { return sameRecord(l.to, a.To) }) {
			continue
		}
		strict := slices.Contains(j.settings.ExactStrict, a.To.Type)
		if !strict && (j.keepsPrimary(a, links) || j.keepsOwnCompany(d, c, a)) {
			continue
		}
		d.reason("exact", fmt.Sprintf("policy.associations is exact for %s, and no line declares this one", a.To.Type))
		d.change.Associations = append(d.change.Associations, AssociationChange{
			To:     crm.Ref{Type: a.To.Type, ID: a.To.ID},
			Before: union(nil, a.Types...),
		})
	}
}

// exact reports whether associations of a type are removed that no line declares.
func (j *judge) exact(to crm.ObjectType) bool {
	return slices.Contains(j.settings.ExactAssociations, to) || slices.Contains(j.settings.ExactStrict, to)
}

// declared reports whether the other contact of an association declares it.
func (p peers) declared(to crm.Ref) bool {
	return to.Type == crm.TypeContact && p.declares != nil && p.declares(to.ID)
}

func (j *judge) keepsPrimary(a crm.Association, links []link) bool {
	primary, ok := j.primary(a.To.Type)
	if !ok || !slices.ContainsFunc(a.Types, primary.Same) {
		return false
	}
	return !slices.ContainsFunc(links, func(l link) bool {
		return l.to.Type == a.To.Type && !l.absent && slices.ContainsFunc(l.types, primary.Same)
	})
}

// keepsOwnCompany compares with the companies of the contact's own domain. Where
// those were not read, nobody knows, and nothing is removed.
func (j *judge) keepsOwnCompany(d *decision, c *spec.Contact, a crm.Association) bool {
	if a.To.Type != crm.TypeCompany || d.change.Email == "" || crm.Freemail(d.change.Email.Domain()) {
		return false
	}
	own, read := j.portal.Targets[crm.Target{Type: crm.TypeCompany, Property: "domain", Value: d.change.Email.Domain()}]
	if read {
		return slices.Contains(own, a.To.ID)
	}
	d.warn(c, diag.OwnCompanyUnread, c.At,
		fmt.Sprintf("Company %s is not declared and stays, because the companies of the domain %s were not read.", a.To.ID, d.change.Email.Domain()),
		"remove it with ensure: absent, or declare it")
	return true
}

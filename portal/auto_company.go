package portal

import (
	"context"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// The ruling auto-company, by HubSpot's guides to the setting "create and associate
// companies with contacts":
//
// A contact that is created with an address of a company's domain is associated with
// the company of that domain; of several, with the oldest. There is one from then
// on: if need be it is created, with the domain for its name. Domains of personal
// mailboxes are no company's. Associations that the create itself asks for come
// first. Changing the address later changes no association.
//
// The first company that a contact is associated with, by itself or by a request,
// becomes its primary one.

// employ associates a new contact with its company.
func (c *call) employ(ctx context.Context, tx *store.Tx, record *store.Record) error {
	if record.Type != crm.TypeContact || c.portal.ruled(rulingAutoCompany) != "on" {
		return nil
	}
	_, domain, _ := strings.Cut(record.Properties.Text(propertyEmail), "@")
	if domain == "" || crm.Freemail(domain) {
		return nil
	}
	company, found, err := c.companyOf(ctx, tx, domain)
	if err != nil || !found {
		return err
	}
	err = c.associate(ctx, tx, endOf(record), company)
	if _, refused := asError[*refusal](err); refused { // the company has too many contacts
		return nil
	}
	return err
}

// companyOf finds or creates the company of a domain. There is none where the
// portal's own rules do not let it be created.
func (c *call) companyOf(ctx context.Context, tx *store.Tx, domain string) (store.End, bool, error) {
	found, _, err := tx.Search(ctx, store.Query{
		Type: crm.TypeCompany, Limit: 1,
		Groups: [][]store.Condition{{{Column: store.Column{Name: propertyDomain, Kind: store.Text}, Operator: "EQ", Values: []any{domain}}}},
	})
	if err != nil || len(found) > 0 {
		if len(found) > 0 {
			return endOf(&found[0]), true, err
		}
		return store.End{}, false, err
	}
	company, err := c.insert(ctx, tx, crm.TypeCompany, createInput{Properties: texts{propertyDomain: domain, "name": domain}}, nil)
	if _, refused := asError[*refusal](err); refused {
		return store.End{}, false, nil
	}
	return endOf(&company), err == nil, err
}

// firstCompany adds to the types of an association that of a primary company, if it
// is a contact's first.
func (c *call) firstCompany(ctx context.Context, tx *store.Tx, from, to store.End, types []crm.AssociationType) ([]crm.AssociationType, error) {
	contact, company := from, to
	if from.Type == crm.TypeCompany {
		contact, company = to, from
	}
	if contact.Type != crm.TypeContact || company.Type != crm.TypeCompany || c.portal.ruled(rulingAutoCompany) != "on" {
		return types, nil
	}
	companies, err := tx.AllLinks(ctx, contact, crm.TypeCompany)
	if err != nil || len(companies) > 0 {
		return types, err
	}
	primary, ok := c.catalog.primary(crm.TypeContact, crm.TypeCompany)
	if !ok {
		return types, nil
	}
	added := []crm.AssociationType{primary.Type}
	if from == company {
		added = c.catalog.inverse(contact.Type, company.Type, added)
	}
	return append(added, types...), nil
}

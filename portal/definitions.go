package portal

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

const nonSensitive = "non_sensitive"

// listProperties is GET /crm/v3/properties/{type}: definitions by name, of one
// sensitivity. No definition is ever archived here.
func listProperties(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	sensitivity := cmp.Or(c.query.Get("dataSensitivity"), nonSensitive)
	page := hubspot.Page[hubspot.Property]{Results: []hubspot.Property{}}
	if c.archived() {
		return answer{http.StatusOK, page}, nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.catalog.properties[objectType])) {
		if property := c.catalog.properties[objectType][name]; cmp.Or(property.DataSensitivity, nonSensitive) == sensitivity {
			page.Results = append(page.Results, property)
		}
	}
	return answer{http.StatusOK, page}, nil
}

// readProperty is GET /crm/v3/properties/{type}/{name}.
func readProperty(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	property, ok := c.catalog.property(objectType, c.values["name"])
	if !ok {
		return answer{}, refuse(http.StatusNotFound, categoryNotFound, `Property "`+c.values["name"]+`" does not exist`)
	}
	return answer{http.StatusOK, property}, nil
}

// listRules is GET /crm/v3/property-validations/{type}.
func listRules(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[hubspot.PropertyRules]{Results: []hubspot.PropertyRules{}}
	rules := c.catalog.listed(objectType)
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		page.Results = append(page.Results, hubspot.PropertyRules{PropertyName: name, PropertyValidationRules: rules[name]})
	}
	return answer{http.StatusOK, page}, nil
}

// maxOwners is the most owners of a page.
const maxOwners = 500

// listOwners is GET /crm/v3/owners: by id, active ones or archived ones, all or
// those with an email.
func listOwners(c *call) (answer, error) {
	limit, after, err := c.page(100, maxOwners)
	if err != nil {
		return answer{}, err
	}
	email := c.query.Get("email")
	page := hubspot.Page[hubspot.Owner]{Results: []hubspot.Owner{}}
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		owners, err := tx.Owners(ctx)
		if err != nil {
			return err
		}
		for _, owner := range owners {
			id, _ := recordID(owner.ID)
			if id < after || owner.Archived != c.archived() || email != "" && !strings.EqualFold(owner.Email, email) {
				continue
			}
			if len(page.Results) == limit {
				page.Paging = c.next(owner.ID)
				return nil
			}
			page.Results = append(page.Results, owner)
		}
		return nil
	})
	return answer{http.StatusOK, page}, err
}

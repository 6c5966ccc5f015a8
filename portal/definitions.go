package portal

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

const nonSensitive = "non_sensitive"

// visible are the definitions that a read sees: active ones or archived ones, of
// one sensitivity.
func (c *catalog) visible(objectType crm.ObjectType, archived bool, sensitivity string) map[string]hubspot.Property {
	all := c.properties[objectType]
	if archived {
		all = c.archived[objectType]
	}
	visible := make(map[string]hubspot.Property, len(all))
	for name, property := range all {
		if cmp.Or(property.DataSensitivity, nonSensitive) == sensitivity {
			visible[name] = property
		}
	}
	return visible
}

// visible are the definitions that the query asks for.
func (c *call) visible() (map[string]hubspot.Property, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return nil, err
	}
	sensitivity := cmp.Or(c.query.Get("dataSensitivity"), nonSensitive)
	if !slices.Contains(sensitivities, sensitivity) {
		return nil, invalid("There is no data sensitivity %q: it can be %s", sensitivity, strings.Join(sensitivities, ", "))
	}
	return c.catalog.visible(objectType, c.archived(), sensitivity), nil
}

// listProperties is GET /crm/v3/properties/{type}: definitions by name, active
// ones or archived ones, of one sensitivity. The parameter properties, which
// HubSpot lists without saying what it does, chooses among them by name.
func listProperties(c *call) (answer, error) {
	visible, err := c.visible()
	if err != nil {
		return answer{}, err
	}
	chosen := c.list("properties")
	page := hubspot.Page[hubspot.Property]{Results: []hubspot.Property{}}
	for _, name := range slices.Sorted(maps.Keys(visible)) {
		if len(chosen) == 0 || slices.Contains(chosen, name) {
			page.Results = append(page.Results, visible[name])
		}
	}
	return answer{http.StatusOK, page}, nil
}

// readProperty is GET /crm/v3/properties/{type}/{name}. A property of another
// sensitivity than the one asked for is not found, as was seen.
func readProperty(c *call) (answer, error) {
	visible, err := c.visible()
	if err != nil {
		return answer{}, err
	}
	property, ok := visible[c.values["name"]]
	if !ok {
		return answer{}, noProperty(c.values["name"])
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

package portal

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// group returns an active property group.
func (c *catalog) group(objectType crm.ObjectType, name string) (hubspot.PropertyGroup, bool) {
	group, found := c.groups[objectType][name]
	return group, found && !group.Archived
}

func (c *catalog) hasGroup(objectType crm.ObjectType, name string) bool {
	_, found := c.group(objectType, name)
	return found
}

// listGroups is GET /crm/v3/properties/{type}/groups: active ones, those that have
// an order first. Archived ones cannot be listed in HubSpot either.
func listGroups(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[hubspot.PropertyGroup]{Results: []hubspot.PropertyGroup{}}
	for _, name := range slices.Sorted(maps.Keys(c.catalog.groups[objectType])) {
		if group := c.catalog.groups[objectType][name]; !group.Archived {
			page.Results = append(page.Results, group)
		}
	}
	slices.SortStableFunc(page.Results, func(a, b hubspot.PropertyGroup) int {
		behind := func(g hubspot.PropertyGroup) int { return min(g.DisplayOrder, 0) }
		return cmp.Or(cmp.Compare(behind(b), behind(a)), cmp.Compare(a.DisplayOrder, b.DisplayOrder), cmp.Compare(a.Label, b.Label))
	})
	return answer{http.StatusOK, page}, nil
}

// readGroup is GET …/groups/{name}.
func readGroup(c *call) (answer, error) {
	_, group, err := c.pathGroup()
	return answer{http.StatusOK, group}, err
}

// pathGroup is the active group that the path names.
func (c *call) pathGroup() (crm.ObjectType, hubspot.PropertyGroup, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return "", hubspot.PropertyGroup{}, err
	}
	group, found := c.catalog.group(objectType, c.values["name"])
	if !found {
		return "", group, refuse(http.StatusNotFound, categoryNotFound, fmt.Sprintf("Property group %q does not exist", c.values["name"]))
	}
	return objectType, group, nil
}

type groupInput struct {
	Name         *string `json:"name"`
	Label        *string `json:"label"`
	DisplayOrder *int    `json:"displayOrder"`
}

// createGroup is POST …/groups. A name that is archived is made anew, with the new
// label. The body for a name that is taken was seen for properties alone.
func createGroup(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	input, err := decode[groupInput](c)
	if err != nil {
		return answer{}, err
	}
	if input.Name == nil || input.Label == nil || strings.TrimSpace(*input.Label) == "" {
		return answer{}, invalid("Invalid input JSON: Some required fields were not set: [name, label]")
	}
	group := hubspot.PropertyGroup{Name: *input.Name, Label: *input.Label, DisplayOrder: -1}
	give(&group.DisplayOrder, input.DisplayOrder)
	switch {
	case c.catalog.hasGroup(objectType, group.Name):
		return answer{}, refuse(http.StatusConflict, categoryExists, fmt.Sprintf("A property group named '%s' already exists.", group.Name))
	case !propertyName.MatchString(group.Name) || len(group.Name) > maxNameLength:
		return answer{}, invalid("Invalid names: %s", group.Name)
	}
	if err := c.putGroup(objectType, group); err != nil {
		return answer{}, err
	}
	return c.created(group.Name, group), nil
}

func (c *call) putGroup(objectType crm.ObjectType, group hubspot.PropertyGroup) error {
	return c.define(func(ctx context.Context, tx *store.Tx) error {
		return tx.PutGroup(ctx, store.Group{Type: objectType, Group: group})
	})
}

// updateGroup is PATCH …/groups/{name}. The name of a group never changes.
func updateGroup(c *call) (answer, error) {
	objectType, group, err := c.pathGroup()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[groupInput](c)
	if err != nil {
		return answer{}, err
	}
	give(&group.Label, input.Label)
	give(&group.DisplayOrder, input.DisplayOrder)
	if strings.TrimSpace(group.Label) == "" {
		return answer{}, invalid("The label of a property group cannot be empty")
	}
	return answer{http.StatusOK, group}, c.putGroup(objectType, group)
}

// archiveGroup is DELETE …/groups/{name}: 204. Of a group that holds properties
// HubSpot's refusal was seen with its body as JSON inside the message.
func archiveGroup(c *call) (answer, error) {
	objectType, group, err := c.pathGroup()
	if err != nil {
		return answer{}, err
	}
	for _, property := range c.catalog.properties[objectType] {
		if property.GroupName == group.Name {
			nested := invalid("Can't delete or purge a group with active properties").because("PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES").body
			nested.CorrelationID = c.correlation
			return answer{}, refuse(http.StatusBadRequest, "", string(marshal(nested)))
		}
	}
	group.Archived = true
	return answer{status: http.StatusNoContent}, c.putGroup(objectType, group)
}

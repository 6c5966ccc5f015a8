package portal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// A custom object type is addressed by its id, 2-123, or by its fully qualified
// name, p{portal}_{name}. Its associations with other types have no label, and ids
// that the portal chose.

// parse reads an object type by any of its names.
func (c *catalog) parse(text string) (crm.ObjectType, bool) {
	if objectType, ok := crm.ParseObjectType(text); ok {
		return objectType, true
	}
	for objectType, object := range c.objects {
		if c.qualified(object.Name) == text {
			return objectType, true
		}
	}
	return "", false
}

// qualified is the name of a custom object type that no other portal has.
func (c *catalog) qualified(name string) string { return fmt.Sprintf("p%d_%s", c.number, name) }

// objectTypes are all that the portal has records of, sorted.
func (c *catalog) objectTypes() []crm.ObjectType {
	types := crm.ObjectTypes()
	for objectType := range c.objects {
		types = append(types, objectType)
	}
	slices.Sort(types[len(crm.ObjectTypes()):])
	return types
}

// key is an object type as the associations of a read have it.
func (c *catalog) key(objectType crm.ObjectType) string {
	if object, custom := c.objects[objectType]; custom {
		return c.qualified(object.Name)
	}
	return objectType.Plural()
}

// labels are an object type's names for people.
func (c *catalog) labels(objectType crm.ObjectType) (singular, plural string) {
	if object, custom := c.objects[objectType]; custom {
		return object.Singular, object.Plural
	}
	title := func(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
	return title(string(objectType)), title(objectType.Plural())
}

// searchable are the properties that a free-text search looks at.
func (c *catalog) searchable(objectType crm.ObjectType) []string {
	if object, custom := c.objects[objectType]; custom {
		return slices.DeleteFunc(slices.Clone(object.Searchable), func(name string) bool { return name == propertyID })
	}
	return searched[objectType]
}

// customGroup is the property group of a custom object type.
func customGroup(name string) string { return strings.ToLower(name) + "_information" }

// customProperties are the properties that HubSpot gives every custom object type;
// it has more of them.
func customProperties(name string) map[string]hubspot.Property {
	all := make(map[string]hubspot.Property)
	for _, property := range []hubspot.Property{
		defaults.Custom(propertyID, "Record ID", "number", "number"),
		defaults.Custom("hs_createdate", "Object create date/time", "datetime", "date"),
		defaults.Custom("hs_lastmodifieddate", "Object last modified date/time", "datetime", "date"),
		defaults.Custom("hubspot_owner_id", "Owner", "enumeration", "select"),
	} {
		owner := property.Name == "hubspot_owner_id"
		property.GroupName, property.HubSpotDefined, property.FormField = customGroup(name), true, false
		property.ModificationMetadata = &hubspot.ModificationMetadata{ReadOnlyDefinition: true, ReadOnlyValue: !owner}
		if owner {
			property.ExternalOptions, property.ReferencedObjectType = true, "OWNER"
		}
		all[property.Name] = property
	}
	return all
}

// addObjects adds the custom object types that are not archived.
func (c *catalog) addObjects(objects []store.ObjectType) {
	c.objects, c.archivedObjects = make(map[crm.ObjectType]store.ObjectType), make(map[crm.ObjectType]store.ObjectType)
	for _, object := range objects {
		if object.Archived {
			c.archivedObjects[object.Type] = object
			continue
		}
		c.objects[object.Type] = object
		c.properties[object.Type] = customProperties(object.Name)
	}
}

// demanded refuses a custom record without the properties that it must have. The
// words are remembered.
func (c *call) demanded(objectType crm.ObjectType, properties crm.Properties) error {
	missing := slices.DeleteFunc(slices.Clone(c.catalog.objects[objectType].Required), func(name string) bool { return properties.Text(name) != "" })
	if len(missing) == 0 {
		return nil
	}
	refused := invalid("Error creating %s. Some required properties were not set.", objectType)
	refused.body.Context = map[string][]string{"properties": missing}
	return refused
}

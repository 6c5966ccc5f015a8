package portal

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// How property definitions change here. What HubSpot's reference leaves open was
// seen on a developer test portal, API 2026-09, in September and October 2026:
//
// An archived property keeps its name, and its values stay in the records, unseen.
// Creating the name again brings the property back as the new definition says,
// with its old creation time and its values; whether HubSpot gives the values back
// is not known. A PATCH changes what it gives, a list of options as a whole, and
// leaves alone without a word what can never change: the name, uniqueness,
// sensitivity, references.
//
// HubSpot's own properties can be neither archived nor changed, but for the
// options of those that say so. The body of that refusal is not documented.

// Limits of definitions, by the properties guide and by what the limits endpoint
// said of a portal.
const (
	maxUnique     = 10     // unique properties an object
	maxCustom     = 1_000  // custom properties an object
	maxCustomAll  = 10_000 // custom properties in all
	maxNameLength = 99     // "less than 100 characters"
)

// createProperty is POST /crm/v3/properties/{type}.
func createProperty(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	input, err := decode[propertyInput](c)
	if err != nil {
		return answer{}, err
	}
	definition, err := c.newProperty(objectType, input)
	if err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error { return c.keepNew(ctx, tx, objectType, definition) })
	if err != nil {
		return answer{}, err
	}
	return c.created(definition.Name, definition), nil
}

// newProperty is the definition that an input creates, or the refusal of it.
func (c *call) newProperty(objectType crm.ObjectType, input propertyInput) (hubspot.Property, error) {
	if missing := input.missing(); len(missing) > 0 {
		return hubspot.Property{}, invalid("Invalid input JSON: Some required fields were not set: [%s]", strings.Join(missing, ", "))
	}
	definition := defaults.Custom(*input.Name, "", "", "")
	definition.FormField = false
	definition.CreatedAt = timestamp(c.now.UnixMilli())
	definition.UpdatedAt = definition.CreatedAt
	input.update(&definition)
	give(&definition.HasUniqueValue, input.HasUniqueValue)
	give(&definition.ExternalOptions, input.ExternalOptions)
	give(&definition.DataSensitivity, input.DataSensitivity)
	give(&definition.ReferencedObjectType, input.ReferencedObjectType)
	if err := c.nameable(objectType, definition.Name); err != nil {
		return definition, err
	}
	if err := c.sensitive(objectType, definition.DataSensitivity); err != nil {
		return definition, err
	}
	if err := c.catalog.check(objectType, input, definition); err != nil {
		return definition, err
	}
	if old, found := c.catalog.archived[objectType][definition.Name]; found {
		definition.CreatedAt = old.CreatedAt
	}
	return definition, c.catalog.room(objectType, definition)
}

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// nameable refuses a name that a property has or that none may have. The wording
// was seen in answers, which word of them for which fault was not.
func (c *call) nameable(objectType crm.ObjectType, name string) error {
	switch {
	case strings.ToLower(name) != name || len(name) > maxNameLength:
		return invalid("Names for properties should be lowercase and have less than 100 characters.")
	case !propertyName.MatchString(name):
		return invalid("Invalid names: %s", name)
	}
	if _, taken := c.catalog.property(objectType, name); taken {
		return refuse(http.StatusConflict, categoryExists, fmt.Sprintf("A property named '%s' already exists.", name)).
			because("Properties.PROPERTY_WITH_NAME_EXISTS")
	}
	return nil
}

// room refuses a property beyond a limit.
func (c *catalog) room(objectType crm.ObjectType, definition hubspot.Property) error {
	unique := 0
	for _, property := range c.properties[objectType] {
		if !property.HubSpotDefined && property.HasUniqueValue {
			unique++
		}
	}
	switch {
	case definition.HasUniqueValue && unique >= maxUnique:
		return invalid("An object can have at most %d properties with unique values", maxUnique)
	case c.custom(objectType) >= maxCustom:
		return invalid("An object can have at most %d custom properties", maxCustom)
	case c.customOverall() >= maxCustomAll:
		return invalid("A portal can have at most %d custom properties", maxCustomAll)
	}
	return nil
}

// custom counts the properties of an object that HubSpot did not define.
func (c *catalog) custom(objectType crm.ObjectType) int {
	count := 0
	for _, property := range c.properties[objectType] {
		if !property.HubSpotDefined {
			count++
		}
	}
	return count
}

func (c *catalog) customOverall() int {
	count := 0
	for objectType := range c.properties {
		count += c.custom(objectType)
	}
	return count
}

// keepNew stores a definition that is new, or back from the bin: values that are
// there already are claimed again.
func (c *call) keepNew(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, definition hubspot.Property) error {
	if err := tx.Define(ctx, store.Definition{Type: objectType, Property: definition}); err != nil {
		return err
	}
	if _, back := c.catalog.archived[objectType][definition.Name]; back && definition.HasUniqueValue {
		return tx.ClaimValues(ctx, objectType, definition.Name)
	}
	return nil
}

// updateProperty is PATCH /crm/v3/properties/{type}/{name}.
func updateProperty(c *call) (answer, error) {
	objectType, definition, err := c.pathProperty()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[propertyInput](c)
	if err != nil {
		return answer{}, err
	}
	if metadata := definition.ModificationMetadata; metadata != nil && metadata.ReadOnlyDefinition {
		open := metadata.ReadOnlyOptions != nil && !*metadata.ReadOnlyOptions
		if !open || !input.onlyOptions() {
			return answer{}, invalid("The definition of property %s is read only", definition.Name)
		}
	}
	input.update(&definition)
	definition.UpdatedAt = timestamp(c.now.UnixMilli())
	if err := c.catalog.check(objectType, input, definition); err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		rules := c.catalog.rules[objectType][definition.Name]
		return tx.Define(ctx, store.Definition{Type: objectType, Property: definition, Rules: rules})
	})
	return answer{http.StatusOK, definition}, err
}

// pathProperty is the active property that the path names.
func (c *call) pathProperty() (crm.ObjectType, hubspot.Property, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return "", hubspot.Property{}, err
	}
	definition, found := c.catalog.property(objectType, c.values["name"])
	if !found {
		return "", definition, noProperty(c.values["name"])
	}
	return objectType, definition, nil
}

func noProperty(name string) *refusal {
	return refuse(http.StatusNotFound, categoryNotFound, fmt.Sprintf("Property %q does not exist", name))
}

// archiveProperty is DELETE /crm/v3/properties/{type}/{name}: 204. A property that
// does not exist, or no longer, is a 404, which is not documented.
func archiveProperty(c *call) (answer, error) {
	objectType, definition, err := c.pathProperty()
	if err != nil {
		return answer{}, err
	}
	if err := c.catalog.archivable(objectType, definition, nil); err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error { return c.binProperty(ctx, tx, objectType, definition) })
	return answer{status: http.StatusNoContent}, err
}

// word separates the names in a formula.
var word = regexp.MustCompile(`[A-Za-z0-9_]+`)

// archivable refuses to archive HubSpot's own properties and those that a formula
// uses, unless the property with the formula goes with it.
func (c *catalog) archivable(objectType crm.ObjectType, definition hubspot.Property, along []string) error {
	if definition.HubSpotDefined {
		return invalid("Property %s is defined by HubSpot and cannot be archived", definition.Name)
	}
	uses := 0
	for name, property := range c.properties[objectType] {
		if !slices.Contains(along, name) && slices.Contains(word.FindAllString(property.CalculationFormula, -1), definition.Name) {
			uses++
		}
	}
	if uses == 0 {
		return nil
	}
	refused := invalid("Property: %s of object type %s is currently used in %d places and cannot be deleted", definition.Name, objectType.ID(), uses).
		because("PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE")
	refused.body.Context = map[string][]string{"usageCount": {fmt.Sprint(uses)}}
	return refused
}

// binProperty archives a definition and frees its unique values.
func (c *call) binProperty(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, definition hubspot.Property) error {
	archived := true
	definition.Archived, definition.ArchivedAt = &archived, timestamp(c.now.UnixMilli())
	definition.UpdatedAt = definition.ArchivedAt
	if err := tx.Define(ctx, store.Definition{Type: objectType, Property: definition}); err != nil {
		return err
	}
	return tx.ReleaseValues(ctx, objectType, definition.Name)
}

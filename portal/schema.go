package portal

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Refusals of schemas were seen, with their subcategories, on a developer test
// portal, API 2026-09, in October 2026; so was that a deletion leaves the schema
// archived, and that archived=true removes it for good.

// maxObjects is the most custom object types; the limit depends on the portal.
const maxObjects = 10

// objectSchema is a custom object type as the API returns it.
type objectSchema struct {
	ID                         string              `json:"id"`
	ObjectTypeID               string              `json:"objectTypeId"`
	Name                       string              `json:"name"`
	FullyQualifiedName         string              `json:"fullyQualifiedName"`
	Labels                     schemaLabels        `json:"labels"`
	Description                string              `json:"description,omitempty"`
	PrimaryDisplayProperty     string              `json:"primaryDisplayProperty"`
	SecondaryDisplayProperties []string            `json:"secondaryDisplayProperties"`
	RequiredProperties         []string            `json:"requiredProperties"`
	SearchableProperties       []string            `json:"searchableProperties"`
	Properties                 []hubspot.Property  `json:"properties"`
	Associations               []schemaAssociation `json:"associations"`
	CreatedAt                  string              `json:"createdAt"`
	UpdatedAt                  string              `json:"updatedAt"`
	Archived                   bool                `json:"archived"`
}

type schemaLabels struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

type schemaAssociation struct {
	ID   string `json:"id"`
	From string `json:"fromObjectTypeId"`
	To   string `json:"toObjectTypeId"`
	Name string `json:"name"`
}

type schemaInput struct {
	Name              string          `json:"name"`
	Labels            *schemaLabels   `json:"labels"`
	Description       *string         `json:"description"`
	Primary           *string         `json:"primaryDisplayProperty"`
	Secondary         []string        `json:"secondaryDisplayProperties"`
	Required          []string        `json:"requiredProperties"`
	Searchable        []string        `json:"searchableProperties"`
	Properties        []propertyInput `json:"properties"`
	AssociatedObjects []string        `json:"associatedObjects"`
}

// schema renders a custom object type.
func (c *catalog) schema(object store.ObjectType) objectSchema {
	s := objectSchema{
		ID: strings.TrimPrefix(string(object.Type), "2-"), ObjectTypeID: string(object.Type), Name: object.Name, FullyQualifiedName: c.qualified(object.Name),
		Labels: schemaLabels{object.Singular, object.Plural}, Description: object.About, PrimaryDisplayProperty: object.Primary,
		SecondaryDisplayProperties: append([]string{}, object.Secondary...), RequiredProperties: append([]string{}, object.Required...),
		SearchableProperties: append([]string{}, object.Searchable...), Properties: []hubspot.Property{}, Associations: []schemaAssociation{},
		CreatedAt: timestamp(object.Created), UpdatedAt: timestamp(object.Updated), Archived: object.Archived,
	}
	for _, name := range slices.Sorted(maps.Keys(c.properties[object.Type])) {
		s.Properties = append(s.Properties, c.properties[object.Type][name])
	}
	for _, other := range c.objectTypes() {
		for _, pair := range [][2]crm.ObjectType{{object.Type, other}, {other, object.Type}} {
			for _, t := range c.types[pair] {
				s.Associations = append(s.Associations, schemaAssociation{strconv.Itoa(t.Type.TypeID), pair[0].ID(), pair[1].ID(), t.Name})
			}
		}
	}
	return s
}

// listSchemas is GET /crm/v3/schemas: custom object types by id; with
// archived=true the archived ones as well, as was seen.
func listSchemas(c *call) (answer, error) {
	all := maps.Clone(c.catalog.objects)
	if c.archived() {
		maps.Copy(all, c.catalog.archivedObjects)
	}
	page := hubspot.Page[objectSchema]{Results: []objectSchema{}}
	for _, objectType := range slices.Sorted(maps.Keys(all)) {
		page.Results = append(page.Results, c.catalog.schema(all[objectType]))
	}
	return answer{http.StatusOK, page}, nil
}

// pathObject is the custom object type that the path names.
func (c *call) pathObject() (store.ObjectType, bool) {
	objectType, _ := c.catalog.parse(c.values["type"])
	object, found := c.catalog.objects[objectType]
	return object, found
}

// readSchema is GET /crm/v3/schemas/{type}. Of HubSpot's own objects it tells
// nothing here.
func readSchema(c *call) (answer, error) {
	object, found := c.pathObject()
	if !found {
		return answer{}, refuse(http.StatusNotFound, categoryNotFound, "There is no custom object "+c.values["type"])
	}
	return answer{http.StatusOK, c.catalog.schema(object)}, nil
}

// createSchema is POST /crm/v3/schemas: 201. The name of an archived schema is free.
func createSchema(c *call) (answer, error) {
	input, err := decode[schemaInput](c)
	if err != nil {
		return answer{}, err
	}
	if err := c.namesObject(input); err != nil {
		return answer{}, err
	}
	object := store.ObjectType{Name: input.Name, Singular: input.Labels.Singular, Plural: input.Labels.Plural, Created: c.now.UnixMilli()}
	others, err := c.companionsAnd(input.AssociatedObjects)
	if err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NextID(ctx)
		if err != nil {
			return err
		}
		object.Type = crm.ObjectType("2-" + idText(id))
		return c.keepObject(ctx, tx, &object, input, others)
	})
	if err != nil {
		return answer{}, err
	}
	return c.created(string(object.Type), c.portal.catalog.Load().schema(object)), nil
}

// namesObject refuses a schema for its name or for what it lacks.
func (c *call) namesObject(input schemaInput) error {
	switch {
	case !crm.ValidObjectTypeName(input.Name):
		return invalid("invalid object type name %s", input.Name).because("InboundDbObjectTypeError.OBJECT_TYPE_NAME_FORMAT")
	case input.Labels == nil || strings.TrimSpace(input.Labels.Singular) == "" || strings.TrimSpace(input.Labels.Plural) == "":
		return invalid("Invalid input JSON: Some required fields were not set: [labels]")
	case input.Primary == nil:
		return invalid("A primary display property is required").because("ObjectSchemaError.PRIMARY_DISPLAY_PROPERTY_REQUIRED")
	case len(c.catalog.objects) >= maxObjects:
		return invalid("A portal can have at most %d custom objects", maxObjects)
	}
	for _, object := range c.catalog.objects {
		if strings.EqualFold(object.Name, input.Name) {
			return refuse(http.StatusConflict, categoryExists, input.Name+" already exists").because("InboundDbObjectTypeError.OBJECT_TYPE_ALREADY_EXIST")
		}
	}
	return nil
}

// companions are the object types that every custom object can be associated with,
// by the custom objects guide.
var companions = []crm.ObjectType{crm.TypeCall, crm.TypeEmail, crm.TypeMeeting, crm.TypeNote, crm.TypeTask}

// companionsAnd are the object types that a schema is associated with. Their names
// may be in capitals.
func (c *call) companionsAnd(names []string) ([]crm.ObjectType, error) {
	others := slices.Clone(companions)
	for _, name := range names {
		other, ok := c.catalog.parse(strings.ToLower(name))
		if !ok || !c.catalog.serves(other) {
			return nil, unknownType(name)
		}
		others = append(others, other)
	}
	slices.Sort(others)
	return slices.Compact(others), nil
}

// keepObject stores a new object type with its group, properties and association
// types.
func (c *call) keepObject(ctx context.Context, tx *store.Tx, object *store.ObjectType, input schemaInput, others []crm.ObjectType) error {
	group := hubspot.PropertyGroup{Name: customGroup(object.Name), Label: object.Singular + " Information"}
	if err := tx.PutGroup(ctx, store.Group{Type: object.Type, Group: group}); err != nil {
		return err
	}
	c.catalog = c.catalog.draft(object.Type)
	c.catalog.properties[object.Type] = customProperties(object.Name)
	c.catalog.groups = maps.Clone(c.catalog.groups)
	c.catalog.groups[object.Type] = map[string]hubspot.PropertyGroup{group.Name: group}
	for _, property := range input.Properties {
		property.standards(group.Name)
		definition, err := c.newProperty(object.Type, property)
		if err != nil {
			return err
		}
		c.catalog.properties[object.Type][definition.Name] = definition
		if err := tx.Define(ctx, store.Definition{Type: object.Type, Property: definition}); err != nil {
			return err
		}
	}
	if err := c.describe(object, input); err != nil {
		return err
	}
	if err := tx.PutObjectType(ctx, *object); err != nil {
		return err
	}
	return relate(ctx, tx, *object, others)
}

// standards are what a property of a schema need not say.
func (in *propertyInput) standards(group string) {
	for field, value := range map[**string]string{&in.Type: "string", &in.FieldType: "text", &in.GroupName: group} {
		if *field == nil {
			*field = &value
		}
	}
}

// relate makes the unlabeled association types of both directions.
func relate(ctx context.Context, tx *store.Tx, object store.ObjectType, others []crm.ObjectType) error {
	ids, err := newLabelIDs(ctx, tx, nil)
	if err != nil {
		return err
	}
	for _, other := range others {
		there, back := ids.take(0), ids.take(0)
		for _, direction := range []store.Label{
			{From: object.Type, To: other, TypeID: there, Inverse: back, Name: strings.ToLower(object.Name) + "_to_" + string(other)},
			{From: other, To: object.Type, TypeID: back, Inverse: there, Name: string(other) + "_to_" + strings.ToLower(object.Name)},
		} {
			if err := tx.DefineLabel(ctx, direction); err != nil {
				return err
			}
		}
	}
	return ids.save(ctx, tx)
}

// describe writes what an input gives of a schema, and refuses names of properties
// that it has not.
func (c *call) describe(object *store.ObjectType, input schemaInput) error {
	if input.Labels != nil {
		object.Singular, object.Plural = input.Labels.Singular, input.Labels.Plural
	}
	give(&object.About, input.Description)
	give(&object.Primary, input.Primary)
	for _, list := range []struct{ into, given *[]string }{
		{&object.Secondary, &input.Secondary}, {&object.Required, &input.Required}, {&object.Searchable, &input.Searchable},
	} {
		if *list.given != nil {
			*list.into = *list.given
		}
	}
	object.Updated = c.now.UnixMilli()
	for _, check := range []struct {
		names  []string
		reason string
	}{
		{[]string{object.Primary}, "ObjectSchemasSandboxesSyncErrorType.INVALID_PRIMARY_DISPLAY_PROPERTY"},
		{object.Secondary, "ObjectSchemasSandboxesSyncErrorType.INVALID_SECONDARY_DISPLAY_PROPERTY"},
		{object.Required, "InvalidPropertiesError.INVALID_REQUIRED_PROPERTIES"},
		{object.Searchable, "ObjectSchemasSandboxesSyncErrorType.INVALID_SEARCHABLE_PROPERTIES"},
	} {
		for _, name := range check.names {
			if _, defined := c.catalog.property(object.Type, name); !defined {
				return invalid("Property %q does not exist", name).because(check.reason)
			}
		}
	}
	return nil
}

// updateSchema is PATCH /crm/v3/schemas/{type}: 200. The name never changes.
func updateSchema(c *call) (answer, error) {
	object, found := c.pathObject()
	if !found {
		return answer{}, noSchema()
	}
	input, err := decode[schemaInput](c)
	if err != nil {
		return answer{}, err
	}
	if err := c.describe(&object, input); err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error { return tx.PutObjectType(ctx, object) })
	return answer{http.StatusOK, c.catalog.schema(object)}, err
}

func noSchema() *refusal { return invalid("Invalid object or event type id") }

// deleteSchema is DELETE /crm/v3/schemas/{type}: 204, and the schema is archived,
// unless it has records. With archived=true an archived one is gone for good, with
// its records in the bin.
func deleteSchema(c *call) (answer, error) {
	if c.archived() {
		object, found := c.catalog.archivedObjects[crm.ObjectType(c.values["type"])]
		if !found {
			return answer{}, invalid("Couldn't find soft-deleted object type(s)")
		}
		err := c.define(func(ctx context.Context, tx *store.Tx) error { return tx.PurgeObjectType(ctx, object.Type) })
		return answer{status: http.StatusNoContent}, err
	}
	object, found := c.pathObject()
	if !found {
		return answer{}, noSchema()
	}
	object.Archived = true
	err := c.define(func(ctx context.Context, tx *store.Tx) error {
		records, err := tx.List(ctx, object.Type, 0, 1, false)
		if err != nil {
			return err
		}
		if len(records) > 0 {
			return invalid("Object type %s cannot be deleted until all object records are deleted", object.Type).because("ObjectSchemaError.EXISTING_OBJECT_RECORDS")
		}
		return tx.PutObjectType(ctx, object)
	})
	return answer{status: http.StatusNoContent}, err
}

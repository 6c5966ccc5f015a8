// Package defaults is what every new portal knows: HubSpot's own property
// definitions, their groups, and the association types between the object
// types that the local portal serves.
//
// Contact definitions are those of a portal's answer of February 2026. The
// other object types have the properties that associations, fixtures and
// searches need, not all of HubSpot's. Every function returns fresh values that
// the caller may change.
package defaults

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

//go:embed properties/*.json groups.json associations.json
var files embed.FS

// definedAt stands for the creation time of HubSpot's own definitions; real
// answers give one for nearly all of them, different in each portal.
const definedAt = "2020-06-30T15:57:37.247Z"

// Properties returns HubSpot's definitions for an object type, sorted by name;
// none for a custom object type, which has no properties of its own here.
func Properties(objectType crm.ObjectType) []hubspot.Property {
	var definitions []json.RawMessage
	if !load("properties/"+string(objectType)+".json", &definitions) {
		return nil
	}
	properties := make([]hubspot.Property, len(definitions))
	for i, definition := range definitions {
		properties[i] = blank()
		decode("properties/"+string(objectType)+".json", definition, &properties[i])
	}
	slices.SortFunc(properties, func(a, b hubspot.Property) int { return cmp.Compare(a.Name, b.Name) })
	return properties
}

// blank is what the files leave out: the value that most definitions have.
func blank() hubspot.Property {
	return hubspot.Property{
		Options:              []hubspot.Option{},
		DisplayOrder:         -1,
		HubSpotDefined:       true,
		DataSensitivity:      "non_sensitive",
		CreatedAt:            definedAt,
		UpdatedAt:            definedAt,
		ModificationMetadata: &hubspot.ModificationMetadata{ReadOnlyDefinition: true},
	}
}

// Custom returns the definition of a property that a portal adds to HubSpot's:
// what HubSpot fills in for a contact property that somebody creates. An
// enumeration needs options; a bool has them.
func Custom(name, label, kind, fieldType string) hubspot.Property {
	property := blank()
	archived := false
	property.Name, property.Label, property.Type, property.FieldType = name, label, kind, fieldType
	property.GroupName = "contactinformation"
	property.HubSpotDefined, property.FormField, property.Archived = false, true, &archived
	property.ModificationMetadata = &hubspot.ModificationMetadata{Archivable: true}
	if kind == "bool" {
		property.Options = []hubspot.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false", DisplayOrder: 1}}
	}
	return property
}

// Group is a property group: a heading under which HubSpot lists properties.
type Group struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder"` // -1 = after those with an order
}

// Groups returns the property groups of an object type in HubSpot's order.
func Groups(objectType crm.ObjectType) []Group {
	var groups map[crm.ObjectType][]Group
	load("groups.json", &groups)
	return groups[objectType]
}

// AssociationType is one of HubSpot's association types, in one direction.
type AssociationType struct {
	From     crm.ObjectType `json:"from"`
	To       crm.ObjectType `json:"to"`
	TypeID   int            `json:"typeId"`
	Category string         `json:"category"` // HUBSPOT_DEFINED
	Name     string         `json:"name"`     // contact_to_company; the v3 API accepts it for the id
	Label    *string        `json:"label"`    // nil for the unlabeled type
	Inverse  int            `json:"inverseTypeId"`
	Kind     Kind           `json:"kind"`
}

// Kind says what an association type makes of the record it points to.
type Kind string

// The kinds that occur. Every pair of object types has exactly one Default type
// in each direction.
const (
	Default Kind = "default"
	Primary Kind = "primary"
	Billing Kind = "billing"
	Parent  Kind = "parent"
	Child   Kind = "child"
)

// AssociationTypes returns the types between all object types served, sorted by
// from, to and type id.
func AssociationTypes() []AssociationType {
	var types []AssociationType
	load("associations.json", &types)
	return types
}

// load decodes an embedded file and reports whether there is one of that name.
func load(name string, value any) bool {
	text, err := files.ReadFile(name)
	if err != nil {
		return false
	}
	decode(name, text, value)
	return true
}

// decode cannot fail for files that were embedded whole; a damaged one is a
// fault of the build that no caller could handle.
func decode(name string, text []byte, value any) {
	if err := json.Unmarshal(text, value); err != nil {
		panic(fmt.Sprintf("defaults: decoding %s: %v", name, err))
	}
}

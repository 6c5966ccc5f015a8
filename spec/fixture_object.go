package spec

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// object reads a custom object type with its records, which are named by its id.
func (f *fixtureReader) object(at field, fields []field) {
	var object crm.FixtureObject
	var primary, records *field
	contacts := f.fixture.Properties
	f.fixture.Properties = nil
	for _, one := range fields {
		if one.key == "id" {
			object.Type = f.customType(one)
			f.once("custom object", string(object.Type), f.at(one))
			f.of = string(object.Type) + " "
		}
	}
	for _, one := range fields {
		switch one.key {
		case "id":
		case "name":
			object.Name = f.objectName(one)
		case "singular":
			object.Singular = f.filled(one)
		case "plural":
			object.Plural = f.filled(one)
		case "primary":
			primary = &one
			if text, ok := f.text(one); ok && f.propertyName(one, text) {
				object.Primary = text
			}
		case "properties":
			f.each(one, f.definition)
		case "associated":
			items, _ := f.items(one, "object types")
			for _, item := range items {
				object.Associated = append(object.Associated, f.objectType(item))
			}
		case "records":
			records = &one
		default:
			f.unknown(diag.UnknownFixtureKey, one, objectKeys)
		}
	}
	f.require(at, fields, objectKeys, []string{"id", "name", "primary", "properties"})
	object.Properties, f.fixture.Properties, f.of = f.fixture.Properties, contacts, ""
	f.primary(object, primary)
	f.fixture.Objects = append(f.fixture.Objects, object)
	if records != nil {
		f.records(*records, object.Type, recordKeys)
	}
}

// customType reads the id of a custom object type.
func (f *fixtureReader) customType(one field) crm.ObjectType {
	objectType := f.objectType(one)
	if objectType != "" && !objectType.Custom() {
		f.report(diag.FixtureObject, f.at(one), fmt.Sprintf("Every portal has the type %s already.", objectType), "write an id of your own such as 2-123")
		return ""
	}
	return objectType
}

func (f *fixtureReader) objectName(one field) string {
	name, ok := f.text(one)
	if ok && !crm.ValidObjectTypeName(name) {
		f.report(diag.FixtureObject, f.at(one), "Internal names of object types begin with a letter and consist of at most 50 letters, digits and underscores.", "write the internal name, and what people see as `singular` and `plural`")
		return ""
	}
	return name
}

// primary refuses an object type whose records would be named by a property that it lacks.
func (f *fixtureReader) primary(object crm.FixtureObject, at *field) {
	names := make([]string, 0, len(object.Properties))
	for _, p := range object.Properties {
		names = append(names, p.Name)
	}
	unread := len(names) == 0 || slices.Contains(names, "") // which has an error of its own
	if object.Primary == "" || unread || slices.Contains(names, object.Primary) {
		return
	}
	f.report(diag.FixtureObject, f.at(*at), fmt.Sprintf("%s is not among the properties of the object type.", object.Primary), cmp.Or(suggest(object.Primary, names), "write one of "+either(names)))
}

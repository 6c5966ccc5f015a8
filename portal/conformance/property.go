package conformance

import (
	"context"
	"errors"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func propertyChecks() []Check {
	return []Check{
		{"property-create", "a created property is answered with 201, is read by its name and takes values", "properties guide", propertyCreate},
		{"property-taken", "a name that a property has is refused with 409", "live report", propertyTaken},
		{"property-options", "an update without options keeps them, one with options replaces them", "live report", propertyOptions},
		{"property-archive", "an archived property is read with archived=true alone", "live report", propertyArchive},
		{"property-restore", "creating a property with an archived one's name brings it back", "live report", propertyRestore},
		{"property-unique", "a property with unique values finds its record, and takes a value once", "properties guide; field report", propertyUnique},
		{"property-batch", "properties are created, read and archived in batches; what is not found is named with 207", "properties guide", propertyBatch},
		{"property-group", "a group is created, and cannot be archived while it has properties", "properties guide; live report", propertyGroup},
	}
}

// definition is the body that creates a property.
type definition struct {
	Name           string           `json:"name"`
	Label          string           `json:"label"`
	GroupName      string           `json:"groupName"`
	Type           string           `json:"type"`
	FieldType      string           `json:"fieldType"`
	Options        []hubspot.Option `json:"options,omitempty"`
	HasUniqueValue bool             `json:"hasUniqueValue,omitempty"`
}

// definition is a property of the run's own, with two options.
func (t *Target) definition() definition {
	name := strings.ReplaceAll(t.name(), "-", "_")
	return definition{
		Name: name, Label: name, GroupName: "contactinformation", Type: "enumeration", FieldType: "select",
		Options: []hubspot.Option{{Label: "One", Value: "one"}, {Label: "Two", Value: "two", DisplayOrder: 1}},
	}
}

// define creates a property, waits until it can be read, and gives its path.
func (t *Target) define(ctx context.Context, definition definition) (path string, err error) {
	path = t.property(contacts, definition.Name)
	if err = t.do(ctx, 201, "POST", t.property(contacts), definition, nil); errors.Is(err, hubspot.ErrUnknownOutcome) {
		t.ledger.define(path)
	}
	if err != nil {
		return path, err
	}
	return path, t.eventually(ctx, 200, path)
}

func propertyCreate(ctx context.Context, t *Target) error {
	definition := t.definition()
	path, err := t.define(ctx, definition)
	if err != nil {
		return err
	}
	var read hubspot.Property
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	name := definition.Name
	contact, err := t.contact(ctx, map[string]string{name: "one"})
	if err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, name)
	return first(
		err,
		equal("GET "+path, "type and field type", "enumeration select", read.Type+" "+read.FieldType),
		equal("GET "+path, "number of options", 2, len(read.Options)),
		equal("GET "+t.object(contacts, contact.ID), name, "one", values[name]),
	)
}

func propertyTaken(ctx context.Context, t *Target) error {
	definition := t.definition()
	if _, err := t.define(ctx, definition); err != nil {
		return err
	}
	_, err := t.refused(ctx, 409, "OBJECT_ALREADY_EXISTS", "POST", t.property(contacts), definition)
	return err
}

func propertyOptions(ctx context.Context, t *Target) error {
	path, err := t.define(ctx, t.definition())
	if err != nil {
		return err
	}
	for _, step := range []struct {
		body map[string]any
		want string
	}{
		{map[string]any{"label": "Renamed"}, "one two"},
		{map[string]any{"options": []hubspot.Option{{Label: "Three", Value: "three"}}}, "three"},
	} {
		if err := t.do(ctx, 200, "PATCH", path, step.body, nil); err != nil {
			return err
		}
		var read hubspot.Property
		if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
			return err
		}
		var values []string
		for _, option := range read.Options {
			values = append(values, option.Value)
		}
		if err := equal("PATCH "+path, "options", step.want, strings.Join(values, " ")); err != nil {
			return err
		}
	}
	return nil
}

// definedAndArchived makes a property and archives it.
func (t *Target) definedAndArchived(ctx context.Context) (definition definition, path string, err error) {
	definition = t.definition()
	if path, err = t.define(ctx, definition); err != nil {
		return definition, path, err
	}
	return definition, path, t.do(ctx, 204, "DELETE", path, nil, nil)
}

func propertyArchive(ctx context.Context, t *Target) error {
	_, path, err := t.definedAndArchived(ctx)
	if err != nil {
		return err
	}
	if err := t.eventually(ctx, 404, path); err != nil {
		return err
	}
	var read hubspot.Property
	err = t.do(ctx, 200, "GET", path+"?archived=true", nil, &read)
	return first(err, holds("GET "+path+"?archived=true", read.Archived != nil && *read.Archived, "archived true", read.Archived))
}

func propertyRestore(ctx context.Context, t *Target) error {
	definition, path, err := t.definedAndArchived(ctx)
	if err != nil {
		return err
	}
	if err := t.eventually(ctx, 404, path); err != nil {
		return err
	}
	_, err = t.define(ctx, definition)
	return err
}

func propertyUnique(ctx context.Context, t *Target) error {
	definition := t.definition()
	definition.Type, definition.FieldType, definition.HasUniqueValue, definition.Options = "string", "text", true, nil
	if _, err := t.define(ctx, definition); err != nil {
		return err
	}
	name, value := definition.Name, t.name()
	contact, err := t.contact(ctx, map[string]string{name: value})
	if err != nil {
		return err
	}
	path := t.object(contacts, value) + "?idProperty=" + name
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	if err := equal("GET "+path, "id", contact.ID, read.ID); err != nil {
		return err
	}
	_, err = t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.object(contacts), written(map[string]string{"email": t.email(), name: value}))
	return err
}

func propertyBatch(ctx context.Context, t *Target) error {
	one, two := t.definition(), t.definition()
	path := t.property(contacts, "batch")
	names := []string{one.Name, two.Name}
	for _, name := range names {
		t.ledger.define(t.property(contacts, name))
	}
	var made, read hubspot.BatchResponse[hubspot.Property]
	if err := t.do(ctx, 201, "POST", path+"/create", map[string]any{"inputs": []any{one, two}}, &made); err != nil {
		return err
	}
	for _, name := range names {
		if err := t.eventually(ctx, 200, t.property(contacts, name)); err != nil {
			return err
		}
	}
	named := func(names ...string) map[string]any {
		inputs := make([]any, len(names))
		for i, name := range names {
			inputs[i] = map[string]string{"name": name}
		}
		return map[string]any{"archived": false, "inputs": inputs}
	}
	if err := t.do(ctx, 207, "POST", path+"/read", named(names[0], names[1], "contactsync_nowhere"), &read); err != nil {
		return err
	}
	return first(
		equal("POST "+path+"/create", "results", 2, len(made.Results)),
		equal("POST "+path+"/read", "results", 2, len(read.Results)),
		holds("POST "+path+"/read", len(read.Errors) > 0, "errors", read.Errors),
		t.do(ctx, 204, "POST", path+"/archive", named(names...), nil),
		t.eventually(ctx, 404, t.property(contacts, names[0])),
	)
}

func propertyGroup(ctx context.Context, t *Target) error {
	definition := t.definition()
	group := definition.Name + "_group"
	if err := t.do(ctx, 201, "POST", t.property(contacts, "groups"), map[string]any{"name": group, "label": group, "displayOrder": -1}, nil); err != nil {
		return err
	}
	definition.GroupName = group
	path, err := t.define(ctx, definition)
	if err != nil {
		return err
	}
	return first(
		t.do(ctx, 400, "DELETE", t.property(contacts, "groups", group), nil, nil),
		t.do(ctx, 204, "DELETE", path, nil, nil),
		t.do(ctx, 204, "DELETE", t.property(contacts, "groups", group), nil, nil),
	)
}

package portal

import (
	"cmp"
	"context"
	"maps"
	"net/http"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

type namedInput struct {
	Name string `json:"name"`
}

// batchCreateProperties is POST /crm/v3/properties/{type}/batch/create. Each input
// stands for itself: those that are refused are listed by name, the others made.
func batchCreateProperties(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[propertyInput](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	results := make([]hubspot.Property, 0, len(inputs))
	var failures []itemError
	c.catalog = c.catalog.draft(objectType)
	for _, input := range inputs {
		definition, err := c.newProperty(objectType, input)
		if refused, ok := asError[*refusal](err); ok {
			failures = append(failures, refused.listed(map[string][]string{"name": {definition.Name}}))
			continue
		}
		c.catalog.properties[objectType][definition.Name] = definition
		results = append(results, definition)
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		for _, definition := range results {
			if err := c.keepNew(ctx, tx, objectType, definition); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusCreated, results, failures), nil
}

// draft is a catalog to which properties of one object can be added.
func (c *catalog) draft(objectType crm.ObjectType) *catalog {
	draft := *c
	draft.properties = maps.Clone(c.properties)
	draft.properties[objectType] = maps.Clone(c.properties[objectType])
	return &draft
}

// batchReadProperties is POST /crm/v3/properties/{type}/batch/read: the properties
// of one sensitivity, active or archived, and an error for each of the others.
func batchReadProperties(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	request, err := decode[struct {
		inputs[namedInput]
		Archived        bool   `json:"archived"`
		DataSensitivity string `json:"dataSensitivity"`
	}](c)
	if err != nil {
		return answer{}, err
	}
	if len(request.Inputs) > hubspot.MaxBatch {
		return answer{}, tooMany(hubspot.MaxBatch)
	}
	visible := c.catalog.visible(objectType, request.Archived, cmp.Or(request.DataSensitivity, nonSensitive))
	results := make([]hubspot.Property, 0, len(request.Inputs))
	var failures []itemError
	seen := make(map[string]bool, len(request.Inputs))
	for _, input := range request.Inputs {
		definition, found := visible[input.Name]
		switch {
		case seen[input.Name]:
		case found:
			results = append(results, definition)
		default:
			failures = append(failures, noProperty(input.Name).listed(map[string][]string{"name": {input.Name}}))
		}
		seen[input.Name] = true
	}
	return completed(c, http.StatusOK, results, failures), nil
}

// batchArchiveProperties is POST /crm/v3/properties/{type}/batch/archive: 204
// whatever the state of each property was. One that cannot be archived refuses
// all of them.
func batchArchiveProperties(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[namedInput](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	names := make([]string, len(inputs))
	for i, input := range inputs {
		names[i] = input.Name
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		for _, name := range names {
			definition, found := c.catalog.property(objectType, name)
			if !found {
				continue
			}
			if err := c.catalog.archivable(objectType, definition, names); err != nil {
				return err
			}
			if err := c.binProperty(ctx, tx, objectType, definition); err != nil {
				return err
			}
		}
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

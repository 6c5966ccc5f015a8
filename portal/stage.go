package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// How lifecycle stages change here, as pipelines were seen to on a developer test
// portal, API 2026-09, in October 2026: no two stages have one place, so one that
// is put where another stands comes after it and all are numbered anew; labels
// differ by more than case; deleting a stage that does not exist is a 204.

type stageInput struct {
	ID           string  `json:"stageId"`
	Label        *string `json:"label"`
	DisplayOrder *int    `json:"displayOrder"`
}

// lifecycle is the pipeline that the path names, if its stages can be changed here.
func (c *call) lifecycle() (crm.ObjectType, []hubspot.Option, error) {
	objectType, p, err := c.pathPipeline()
	if err != nil {
		return "", nil, err
	}
	if pipelineProperties[objectType].property != propertyStage {
		return "", nil, invalid("This local portal does not change the stages of pipeline %s", p.ID)
	}
	return objectType, inOrder(c.catalog.properties[crm.TypeContact][propertyStage].Options), nil
}

// check refuses what a stage cannot be beside its siblings.
func (in *stageInput) check(siblings []hubspot.Option) error {
	if in.Label != nil {
		same := func(o hubspot.Option) bool {
			return strings.EqualFold(strings.TrimSpace(o.Label), strings.TrimSpace(*in.Label))
		}
		switch {
		case strings.TrimSpace(*in.Label) == "":
			return invalid("The label of a stage cannot be empty")
		case slices.ContainsFunc(siblings, same):
			return invalid("Stage with label %s already exists", *in.Label).because("PipelineError.STAGE_LABEL_EXISTS")
		}
	}
	if in.DisplayOrder != nil && *in.DisplayOrder < 0 {
		return invalid("Pipeline display order cannot be negative")
	}
	return nil
}

// place puts a stage among its siblings.
func place(siblings []hubspot.Option, stage hubspot.Option) []hubspot.Option {
	i := slices.IndexFunc(siblings, func(o hubspot.Option) bool { return o.DisplayOrder == stage.DisplayOrder })
	if i < 0 {
		return inOrder(append(slices.Clone(siblings), stage))
	}
	all := slices.Insert(slices.Clone(siblings), i+1, stage)
	for i := range all {
		all[i].DisplayOrder = i
	}
	return all
}

// keepStages stores the lifecycle, which contacts and companies share.
func (c *call) keepStages(ctx context.Context, tx *store.Tx, stages []hubspot.Option) error {
	for objectType, of := range pipelineProperties {
		if of.property != propertyStage {
			continue
		}
		property := c.catalog.properties[objectType][propertyStage]
		property.Options, property.UpdatedAt = stages, timestamp(c.now.UnixMilli())
		rules := c.catalog.rules[objectType][propertyStage]
		if err := tx.Define(ctx, store.Definition{Type: objectType, Property: property, Rules: rules}); err != nil {
			return err
		}
	}
	return nil
}

// stageAnswer reads a stage back after it was written.
func (c *call) stageAnswer(status int, objectType crm.ObjectType, id string) answer {
	for _, stage := range c.portal.catalog.Load().pipelines(objectType)[0].Stages {
		if stage.ID == id {
			return answer{status, stage}
		}
	}
	return answer{status: status}
}

// createStage is POST /crm/v3/pipelines/{type}/{pipeline}/stages: 201. A stage
// without a stageId gets a number.
func createStage(c *call) (answer, error) {
	objectType, stages, err := c.lifecycle()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[stageInput](c)
	if err != nil {
		return answer{}, err
	}
	if input.Label == nil {
		return answer{}, invalid("Invalid input JSON: Some required fields were not set: [label]")
	}
	if err := input.check(stages); err != nil {
		return answer{}, err
	}
	stage := hubspot.Option{Label: *input.Label, Value: input.ID}
	give(&stage.DisplayOrder, input.DisplayOrder)
	if slices.ContainsFunc(stages, func(o hubspot.Option) bool { return o.Value == stage.Value }) {
		return answer{}, invalid("A stage with id %s already exists", stage.Value)
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		if stage.Value == "" {
			id, err := tx.NextID(ctx)
			if err != nil {
				return err
			}
			stage.Value = idText(id)
		}
		return c.keepStages(ctx, tx, place(stages, stage))
	})
	return c.stageAnswer(http.StatusCreated, objectType, stage.Value), err
}

// updateStage is PATCH and PUT …/stages/{stage}: 200. The id of a stage never
// changes.
func updateStage(c *call) (answer, error) {
	objectType, stages, err := c.lifecycle()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[stageInput](c)
	if err != nil {
		return answer{}, err
	}
	i := slices.IndexFunc(stages, func(o hubspot.Option) bool { return o.Value == c.values["stage"] })
	if i < 0 {
		return answer{}, noStage(c.values["stage"])
	}
	stage, siblings := stages[i], slices.Delete(slices.Clone(stages), i, i+1)
	if err := input.check(siblings); err != nil {
		return answer{}, err
	}
	give(&stage.Label, input.Label)
	if input.DisplayOrder != nil && *input.DisplayOrder != stage.DisplayOrder {
		stage.DisplayOrder = *input.DisplayOrder
		stages = place(siblings, stage)
	} else {
		stages[i] = stage
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error { return c.keepStages(ctx, tx, stages) })
	return c.stageAnswer(http.StatusOK, objectType, stage.Value), err
}

// deleteStage is DELETE …/stages/{stage}: 204. 2026-09 refuses it for a stage that
// records are in, unless validateReferencesBeforeDelete says no; the older paths
// refuse it when that says yes.
func deleteStage(c *call) (answer, error) {
	_, stages, err := c.lifecycle()
	if err != nil {
		return answer{}, err
	}
	id := c.values["stage"]
	left := slices.DeleteFunc(slices.Clone(stages), func(o hubspot.Option) bool { return o.Value == id })
	if len(left) == len(stages) {
		return answer{status: http.StatusNoContent}, nil
	}
	if len(left) == 0 {
		return answer{}, invalid("Pipeline must have at least one stage")
	}
	validates := c.enforces()
	if asked := c.query.Get("validateReferencesBeforeDelete"); asked != "" {
		validates = asked == "true"
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		if validates {
			if err := stageInUse(ctx, tx, id); err != nil {
				return err
			}
		}
		return c.keepStages(ctx, tx, left)
	})
	return answer{status: http.StatusNoContent}, err
}

// stageInUse refuses to delete a stage that records are in; it names ten of them.
// The body is the pipelines guide's.
func stageInUse(ctx context.Context, tx *store.Tx, id string) error {
	var ids []string
	for _, objectType := range []crm.ObjectType{crm.TypeContact, crm.TypeCompany} {
		records, _, err := tx.Search(ctx, store.Query{
			Type: objectType, Limit: 10,
			Groups: [][]store.Condition{{{Column: store.Column{Name: propertyStage, Kind: store.Exact}, Operator: "EQ", Values: []any{id}}}},
		})
		if err != nil {
			return err
		}
		for _, record := range records {
			ids = append(ids, idText(record.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	objects, stage := "["+strings.Join(ids, ", ")+"]", "["+id+"]"
	refused := invalid("Stage IDs: %s are being referenced by object IDs: %s", stage, objects).because("PipelineError.STAGE_ID_IN_USE")
	refused.body.Context = map[string][]string{"stageIds": {stage}, "objectIds": {objects}}
	return refused
}

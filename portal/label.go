package portal

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// A label that a user defines is two association types, one a direction, with one
// name and texts of their own; they are made, renamed and deleted together. A
// label for one object type, without an inverse text, is one type for both
// directions. What the associations guide leaves open (a rename without an inverse
// text puts the text on both sides, either type id deletes both) was seen on a
// developer test portal, API 2026-09, in October 2026.

// listLabels is GET /crm/v4/associations/{from}/{to}/labels.
func listLabels(c *call) (answer, error) {
	from, to, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[hubspot.Label]{Results: []hubspot.Label{}}
	for _, t := range c.catalog.types[[2]crm.ObjectType{from, to}] {
		page.Results = append(page.Results, labelOf(t.Type))
	}
	return answer{http.StatusOK, page}, nil
}

// labelOf renders a type; the unlabeled one has null for its label.
func labelOf(t crm.AssociationType) hubspot.Label {
	label := hubspot.Label{Category: t.Category, TypeID: t.TypeID}
	if t.Label != "" {
		label.Label = &t.Label
	}
	return label
}

type labelInput struct {
	TypeID       hubspot.FlexID `json:"associationTypeId"`
	Name         string         `json:"name"`
	Label        string         `json:"label"`
	InverseLabel string         `json:"inverseLabel"`
}

// labelled are the object types whose associations can have labels, by the
// associations guide; custom objects can too.
var labelled = []crm.ObjectType{crm.TypeContact, crm.TypeCompany, crm.TypeDeal, crm.TypeTicket}

// createLabel is POST …/labels: 200 with the types of both directions.
func createLabel(c *call) (answer, error) {
	from, to, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[labelInput](c)
	if err != nil {
		return answer{}, err
	}
	if err := c.labellable(from, to, input); err != nil {
		return answer{}, err
	}
	there := store.Label{From: from, To: to, Name: input.Name, Label: input.Label}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		ids, err := newLabelIDs(ctx, tx, nil)
		if err != nil {
			return err
		}
		there.TypeID = ids.take(0)
		there.Inverse = there.TypeID
		if from != to || input.InverseLabel != "" {
			there.Inverse = ids.take(0)
		}
		for _, direction := range directions(there, input.InverseLabel) {
			if err := tx.DefineLabel(ctx, direction); err != nil {
				return err
			}
		}
		return ids.save(ctx, tx)
	})
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[hubspot.Label]{}
	for _, direction := range directions(there, input.InverseLabel) {
		page.Results = append(page.Results, labelOf(crm.AssociationType{Category: crm.UserDefined, TypeID: direction.TypeID, Label: direction.Label}))
	}
	return answer{http.StatusOK, page}, nil
}

// directions are the one or two types of a label.
func directions(there store.Label, inverse string) []store.Label {
	if there.Inverse == there.TypeID {
		return []store.Label{there}
	}
	back := store.Label{From: there.To, To: there.From, TypeID: there.Inverse, Inverse: there.TypeID, Name: there.Name, Label: inverse}
	if inverse == "" {
		back.Label = there.Label
	}
	return []store.Label{there, back}
}

// labellable refuses a label that cannot be made.
func (c *call) labellable(from, to crm.ObjectType, input labelInput) error {
	switch {
	case strings.TrimSpace(input.Label) == "" || strings.TrimSpace(input.Name) == "":
		return invalid("Invalid input JSON: Some required fields were not set: [label, name]")
	case !canLabel(from) || !canLabel(to):
		return invalid("Associations from %s to %s cannot have labels", from, to)
	}
	own := 0
	for pair, types := range c.catalog.types {
		for _, t := range types {
			if t.Type.Category != crm.UserDefined || t.Type.Label == "" {
				continue
			}
			if t.Name == input.Name {
				return invalid("Association definition named %s already exists for portal", input.Name)
			}
			if pair == [2]crm.ObjectType{from, to} {
				own++
			}
		}
	}
	if err := c.free(from, to, input.Label, 0); err != nil {
		return err
	}
	if err := c.free(to, from, input.InverseLabel, 0); err != nil {
		return err
	}
	most, _ := strconv.Atoi(c.portal.ruled(rulingLabelLimit))
	if own < most {
		return nil
	}
	refused := invalid("No more than %d association types are allowed between %s and %s", most, from, to)
	if most > 10 {
		refused.status = statusTooManyLabels
	}
	return refused
}

// statusTooManyLabels was seen where the limit is 50.
const statusTooManyLabels = 437

func canLabel(objectType crm.ObjectType) bool {
	return objectType.Custom() || slices.Contains(labelled, objectType)
}

// free refuses a text that another type of the direction has.
func (c *call) free(from, to crm.ObjectType, label string, but int) error {
	found, taken := c.catalog.labelled(from, to, label)
	if !taken || but != 0 && (found.Type.TypeID == but || found.Inverse == but) {
		return nil
	}
	return invalid("Association definition label %s already exists on ObjectType pair %s-%s", label, from.ID(), to.ID()).
		because("AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL")
}

// updateLabel is PUT …/labels: 204.
func updateLabel(c *call) (answer, error) {
	from, to, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	input, err := decode[labelInput](c)
	if err != nil {
		return answer{}, err
	}
	there, err := c.ownLabel(from, to, string(input.TypeID), fmt.Sprintf("Unable to find association type %s", input.TypeID))
	if err != nil {
		return answer{}, err
	}
	if strings.TrimSpace(input.Label) == "" {
		return answer{}, invalid("Invalid input JSON: Some required fields were not set: [label]")
	}
	if err := c.free(from, to, input.Label, there.TypeID); err != nil {
		return answer{}, err
	}
	if err := c.free(to, from, input.InverseLabel, there.TypeID); err != nil {
		return answer{}, err
	}
	there.Label = input.Label
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		for _, direction := range directions(there, input.InverseLabel) {
			if err := tx.DefineLabel(ctx, direction); err != nil {
				return err
			}
		}
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

// ownLabel is the label of the pair with a type id, unless HubSpot defined it.
func (c *call) ownLabel(from, to crm.ObjectType, text, missing string) (store.Label, error) {
	id, err := strconv.Atoi(text)
	found, ok := c.catalog.find(from, to, crm.UserDefined, id)
	switch {
	case err == nil && ok && found.Type.Label != "":
		return store.Label{From: from, To: to, TypeID: id, Inverse: found.Inverse, Name: found.Name, Label: found.Type.Label}, nil
	case err == nil:
		if _, hubSpots := c.catalog.find(from, to, "", id); hubSpots {
			return store.Label{}, invalid("Association type %d is not a label that can be changed", id)
		}
	}
	return store.Label{}, invalid("%s", missing)
}

// deleteLabel is DELETE …/labels/{associationType}: 204. Every pair of records
// that bears the label loses it and stays associated.
func deleteLabel(c *call) (answer, error) {
	from, to, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	label, err := c.ownLabel(from, to, c.values["associationType"], "Unable to find objectTypeIds")
	if err != nil {
		return answer{}, err
	}
	err = c.define(func(ctx context.Context, tx *store.Tx) error {
		for _, direction := range directions(label, "") {
			if err := tx.DeleteLabel(ctx, direction); err != nil {
				return err
			}
		}
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

package portal

import (
	"context"
	"net/http"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

type pairInput struct {
	From  hubspot.RecordID `json:"from"`
	To    hubspot.RecordID `json:"to"`
	Types []typeSpec       `json:"types"`
}

// pairTypes reads the two object types in the path of an association batch.
func (c *call) pairTypes() (from, to crm.ObjectType, err error) {
	if from, err = c.objectType("from"); err != nil {
		return "", "", err
	}
	to, err = c.objectType("to")
	return from, to, err
}

// eachPair runs a write for each input of a batch, in one transaction. What is
// refused is listed with its ids, and the rest is done.
func (c *call) eachPair(work func(ctx context.Context, tx *store.Tx, from, to store.End, specs []typeSpec) error) ([]itemError, error) {
	fromType, toType, err := c.pairTypes()
	if err != nil {
		return nil, err
	}
	inputs, err := decodeInputs[pairInput](c, hubspot.MaxAssociate)
	if err != nil {
		return nil, err
	}
	var failures []itemError
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, input := range inputs {
			err := c.onPair(ctx, tx, fromType, toType, input, work)
			if refused, ok := asError[*refusal](err); ok {
				failures = append(failures, itemError{
					Status: "error", Category: refused.body.Category, Message: refused.body.Message,
					Context: map[string][]string{"fromObjectId": {string(input.From.ID)}, "toObjectId": {string(input.To.ID)}},
				})
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return failures, err
}

func (c *call) onPair(ctx context.Context, tx *store.Tx, fromType, toType crm.ObjectType, input pairInput,
	work func(ctx context.Context, tx *store.Tx, from, to store.End, specs []typeSpec) error,
) error {
	fromID, fromOK := recordID(string(input.From.ID))
	toID, toOK := recordID(string(input.To.ID))
	if !fromOK || !toOK {
		return invalid("An association needs the ids of two records")
	}
	from, err := living(ctx, tx, store.End{Type: fromType, ID: fromID})
	if err != nil {
		return err
	}
	to, err := living(ctx, tx, store.End{Type: toType, ID: toID})
	if err != nil {
		return err
	}
	return work(ctx, tx, from, to, input.Types)
}

// batchAssociate is POST /crm/v4/associations/{from}/{to}/batch/create: each
// input replaces the labels of its pair.
func batchAssociate(c *call) (answer, error) {
	var results []labelledPair
	failures, err := c.eachPair(func(ctx context.Context, tx *store.Tx, from, to store.End, specs []typeSpec) error {
		types, err := c.resolveAll(from.Type, to.Type, specs)
		if err != nil {
			return err
		}
		if len(types) == 0 {
			return invalid("At least one association type is required")
		}
		if err := c.connect(ctx, tx, from, to, types); err != nil {
			return err
		}
		results = append(results, labelsBetween(from, to, types))
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, c.associated(), results, failures), nil
}

// associated is the status of a batch that associated: 201 by the spec of v4, 200
// by that of 2026-09.
func (c *call) associated() int {
	switch c.portal.ruled(rulingAssociationStatus) {
	case "200":
		return http.StatusOK
	case "201":
		return http.StatusCreated
	}
	if c.values["version"] == version202609 {
		return http.StatusOK
	}
	return http.StatusCreated
}

// dissociated answers a batch that removed associations: 204 by the spec of v4. By
// that of the dated versions it is 200, which is answered only where it is ruled.
func (c *call) dissociated(failures []itemError) answer {
	if len(failures) > 0 || c.portal.ruled(rulingAssociationStatus) == "200" {
		return completed[labelledPair](c, http.StatusOK, nil, failures)
	}
	return answer{status: http.StatusNoContent}
}

// batchAssociateDefault is POST …/batch/associate/default.
func batchAssociateDefault(c *call) (answer, error) {
	var results []defaultAssociation
	failures, err := c.eachPair(func(ctx context.Context, tx *store.Tx, from, to store.End, _ []typeSpec) error {
		both, err := c.catalog.defaultsBetween(from, to)
		if err != nil {
			return err
		}
		results = append(results, both...)
		return c.associate(ctx, tx, from, to)
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusOK, results, failures), nil
}

// batchRemoveLabels is POST …/batch/labels/archive: labels of pairs, or whole
// associations where the unlabeled type is named.
func batchRemoveLabels(c *call) (answer, error) {
	failures, err := c.eachPair(func(ctx context.Context, tx *store.Tx, from, to store.End, specs []typeSpec) error {
		types, err := c.resolveAll(from.Type, to.Type, specs)
		if err != nil {
			return err
		}
		return c.unlabel(ctx, tx, from, to, types)
	})
	if err != nil {
		return answer{}, err
	}
	return c.dissociated(failures), nil
}

type recordInput struct {
	From hubspot.RecordID   `json:"from"`
	To   []hubspot.RecordID `json:"to"`
}

// batchDissociate is POST …/batch/archive: whole associations. Those that do not
// exist are as good as removed.
func batchDissociate(c *call) (answer, error) {
	fromType, toType, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[recordInput](c, hubspot.MaxDissociate)
	if err != nil {
		return answer{}, err
	}
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, input := range inputs {
			for _, record := range input.To {
				if err := c.dissociate(ctx, tx, fromType, toType, input.From, record); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return c.dissociated(nil), nil
}

func (c *call) dissociate(ctx context.Context, tx *store.Tx, fromType, toType crm.ObjectType, from, to hubspot.RecordID) error {
	fromID, fromOK := recordID(string(from.ID))
	toID, toOK := recordID(string(to.ID))
	if !fromOK || !toOK {
		return nil
	}
	near, err := current(ctx, tx, store.End{Type: fromType, ID: fromID})
	if err != nil {
		return err
	}
	far, err := current(ctx, tx, store.End{Type: toType, ID: toID})
	if err != nil {
		return err
	}
	return c.unlink(ctx, tx, near, far)
}

type linkInput struct {
	ID    hubspot.FlexID `json:"id"`
	After hubspot.FlexID `json:"after"`
}

// recordLinks is hubspot.RecordAssociations with numbers for ids at the far end.
type recordLinks struct {
	From   hubspot.RecordID `json:"from"`
	To     []linkedRecord   `json:"to"`
	Paging *hubspot.Paging  `json:"paging,omitempty"`
}

// batchReadLinks is POST …/batch/read: at most 500 associations of each record,
// more with its own after. Records without any are listed as errors.
func batchReadLinks(c *call) (answer, error) {
	return eachRecordLinks(c, func(_, _ crm.ObjectType, row recordLinks) recordLinks { return row })
}

// eachRecordLinks answers a batch read of associations, in rows as shape makes them.
func eachRecordLinks[T any](c *call, shape func(from, to crm.ObjectType, row recordLinks) T) (answer, error) {
	fromType, toType, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[linkInput](c, hubspot.MaxAssociationRead)
	if err != nil {
		return answer{}, err
	}
	var results []T
	var failures []itemError
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		linked, err := tx.Linked(ctx, fromType, idsOf(inputs), toType)
		if err != nil {
			return err
		}
		for i, input := range inputs {
			row, err := c.readLinks(ctx, tx, fromType, toType, input, linked[i])
			if err != nil {
				return err
			}
			if len(row.To) == 0 {
				failures = append(failures, noLinks(fromType, toType, string(input.ID)))
				continue
			}
			results = append(results, shape(fromType, toType, row))
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusOK, results, failures), nil
}

// idsOf are the ids that inputs name, 0 for what is no id.
func idsOf(inputs []linkInput) []int64 {
	ids := make([]int64, len(inputs))
	for i, input := range inputs {
		if id, ok := recordID(string(input.ID)); ok {
			ids[i] = id
		}
	}
	return ids
}

// readLinks is one row; the record that its id leads to is 0 if it has no links.
func (c *call) readLinks(ctx context.Context, tx *store.Tx, fromType, toType crm.ObjectType, input linkInput, record int64) (recordLinks, error) {
	row := recordLinks{From: hubspot.RecordID{ID: input.ID}}
	after, err := cursor(string(input.After))
	if err != nil || record == 0 {
		return row, err
	}
	from := store.End{Type: fromType, ID: record}
	links, next, err := pageOfLinks(ctx, tx, from, toType, after, maxLinks)
	for _, link := range links {
		row.To = append(row.To, c.catalog.linked(fromType, link))
	}
	if next != "" {
		row.Paging = &hubspot.Paging{Next: &hubspot.NextPage{After: next}}
	}
	return row, err
}

func noLinks(from, to crm.ObjectType, id string) itemError {
	return itemError{
		Status: "error", Category: categoryNotFound, SubCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
		Message: "No " + string(to) + " is associated with " + string(from) + " " + id + ".",
		Context: map[string][]string{"fromObjectId": {id}, "fromObjectType": {string(from)}, "toObjectType": {string(to)}},
	}
}

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

// maxHistories is the most inputs of a batch read, and records of a page, with
// histories.
const maxHistories = 50

// batchCreate is POST …/batch/create. Without a trace id of its own on every
// input the first bad one refuses the whole request; with them, the good ones are
// created and the bad ones listed by trace id.
func batchCreate(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[createInput](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	partial := traced(inputs)
	results := make([]hubspot.Object, 0, len(inputs))
	var failures []itemError
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		fresh := make(map[int64]bool, len(inputs))
		for _, input := range inputs {
			record, err := c.insert(ctx, tx, objectType, input, fresh)
			if refused, ok := asError[*refusal](err); ok && partial {
				failures = append(failures, refused.item(input.ObjectWriteTraceID))
				continue
			}
			if err != nil {
				return err
			}
			fresh[record.ID] = !partial // what is rolled back has no id to tell
			object := c.catalog.written(&record, input.Properties)
			object.ObjectWriteTraceID = input.ObjectWriteTraceID
			results = append(results, object)
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusCreated, results, failures), nil
}

// traced reports whether every input has a trace id that no other has.
func traced(inputs []createInput) bool {
	seen := make(map[string]bool, len(inputs))
	for _, input := range inputs {
		if input.ObjectWriteTraceID == "" || seen[input.ObjectWriteTraceID] {
			return false
		}
		seen[input.ObjectWriteTraceID] = true
	}
	return true
}

func (r *refusal) item(traceID string) itemError {
	return r.listed(map[string][]string{"objectWriteTraceId": {traceID}})
}

// missing is the one error that lists every id that a batch did not find.
func missing(objectType crm.ObjectType, ids []string) []itemError {
	if len(ids) == 0 {
		return nil
	}
	return []itemError{{
		Status: "error", Category: categoryNotFound,
		Message: "Could not get some " + strings.ToUpper(string(objectType)) + " objects, they may be deleted or not exist. Check that ids are valid.",
		Context: map[string][]string{"ids": ids},
	}}
}

// batchRead is POST …/batch/read: each record once, however often it is named.
func batchRead(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	request, err := decode[readRequest](c)
	if err != nil {
		return answer{}, err
	}
	switch {
	case len(request.Inputs) > hubspot.MaxBatch:
		return answer{}, tooMany(hubspot.MaxBatch)
	case len(request.PropertiesWithHistory) > 0 && len(request.Inputs) > maxHistories:
		return answer{}, tooManyHistories()
	}
	by, err := c.lookupBy(objectType, request.IDProperty, c.archived())
	if err != nil {
		return answer{}, err
	}
	view := view{selection: c.catalog.selected(objectType, request.Properties), histories: c.catalog.exactly(objectType, request.PropertiesWithHistory).names}
	results := make([]hubspot.Object, 0, len(request.Inputs))
	var absent []string
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		seen := make(map[int64]bool, len(request.Inputs))
		for _, input := range request.Inputs {
			record, found, err := by.find(ctx, tx, string(input.ID))
			switch {
			case err != nil:
				return err
			case !found && !slices.Contains(absent, string(input.ID)):
				absent = append(absent, string(input.ID))
			case found && !seen[record.ID]:
				seen[record.ID] = true
				object, err := view.object(ctx, tx, &record)
				if err != nil {
					return err
				}
				results = append(results, object)
			}
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusOK, results, missing(objectType, absent)), nil
}

// batchUpdate is POST …/batch/update. A bad value anywhere refuses the whole
// request. Record ids that do not exist are listed and the others updated; values
// of a unique property that do not exist refuse it.
func batchUpdate(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[updateInput](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	keys, err := c.updateKeys(objectType, inputs)
	if err != nil {
		return answer{}, err
	}
	results := make([]hubspot.Object, 0, len(inputs))
	var absent, unheld []string
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		seen := make(map[int64]bool, len(inputs))
		for i, input := range inputs {
			record, found, err := keys[i].find(ctx, tx, string(input.ID))
			switch {
			case err != nil:
				return err
			case !found && keys[i].property == "":
				absent = append(absent, string(input.ID))
				continue
			case !found:
				unheld = append(unheld, keys[i].property+":"+string(input.ID))
				continue
			case seen[record.ID]: // by a former id
				return duplicates([]string{string(input.ID)})
			}
			seen[record.ID] = true
			if err := c.change(ctx, tx, &record, input.Properties); err != nil {
				return err
			}
			object := c.catalog.written(&record, input.Properties)
			object.ObjectWriteTraceID = input.ObjectWriteTraceID
			results = append(results, object)
		}
		if len(unheld) > 0 {
			refused := invalid("Some unique property values do not exist, so nothing was updated")
			refused.body.Context = map[string][]string{"missingObjectPropertyValueCoordinates": unheld}
			return refused
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	failures, status := missing(objectType, absent), http.StatusOK
	if len(absent) > 0 && c.portal.ruled(rulingUpdateUnknownIDs) == "silent" {
		failures, status = nil, http.StatusMultiStatus
	}
	return completed(c, status, results, failures), nil
}

// updateKeys checks how the inputs of a batch update name their records: not by
// email, and no record twice.
func (c *call) updateKeys(objectType crm.ObjectType, inputs []updateInput) ([]lookup, error) {
	keys := make([]lookup, len(inputs))
	seen := make(map[string]bool, len(inputs))
	var twice []string
	for i, input := range inputs {
		if input.IDProperty == propertyEmail && objectType == crm.TypeContact {
			return nil, c.portal.notUnique(objectType, propertyEmail)
		}
		var err error
		if keys[i], err = c.lookupBy(objectType, input.IDProperty, false); err != nil {
			return nil, err
		}
		key := keys[i].property + ":" + string(input.ID)
		if seen[key] && !slices.Contains(twice, string(input.ID)) {
			twice = append(twice, string(input.ID))
		}
		seen[key] = true
	}
	if len(twice) > 0 {
		return nil, duplicates(twice)
	}
	return keys, nil
}

func duplicates(ids []string) *refusal {
	return invalid("Duplicate IDs found in batch input: [%s]. IDs must be unique", strings.Join(ids, ", "))
}

// batchUpsert is POST …/batch/upsert. What is given is applied to a record that
// exists; by email that is a ruling, see upsertByEmail.
func batchUpsert(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[updateInput](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	results := make([]hubspot.Object, 0, len(inputs))
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		seen := make(map[int64]bool, len(inputs))
		for _, input := range inputs {
			record, isNew, err := c.upsert(ctx, tx, objectType, input)
			if err != nil {
				return err
			}
			if seen[record.ID] {
				return duplicates([]string{string(input.ID)})
			}
			seen[record.ID] = true
			shown := texts{input.IDProperty: ""} // without it the results could not be told apart
			maps.Copy(shown, input.Properties)
			object := c.catalog.written(&record, shown)
			object.ObjectWriteTraceID, object.New = input.ObjectWriteTraceID, &isNew
			results = append(results, object)
		}
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, http.StatusOK, results, nil), nil
}

func (c *call) upsert(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, input updateInput) (record store.Record, isNew bool, err error) {
	by, err := c.lookupBy(objectType, input.IDProperty, false)
	if err != nil {
		return record, false, err
	}
	if by.property == "" {
		return record, false, invalid("An upsert needs an idProperty with unique values in each input")
	}
	record, found, err := by.find(ctx, tx, string(input.ID))
	if err != nil {
		return record, false, err
	}
	if found {
		written := input.Properties
		if by.property == propertyEmail && objectType == crm.TypeContact {
			if written, err = c.upsertByEmail(&record, written); err != nil {
				return record, false, err
			}
		}
		return record, false, c.change(ctx, tx, &record, written)
	}
	properties := texts{by.property: string(input.ID)}
	maps.Copy(properties, input.Properties)
	record, err = c.insert(ctx, tx, objectType, createInput{Properties: properties}, nil)
	return record, true, err
}

// upsertByEmail is what an upsert by email writes to a contact that exists. HubSpot's
// guide says that partial ones are not supported, every field report that they
// apply. Partial is one that does not give each writable property that the contact
// has; addresses count as given.
func (c *call) upsertByEmail(contact *store.Record, given texts) (texts, error) {
	var left []string
	for _, value := range contact.Properties {
		definition, _ := c.catalog.property(contact.Type, value.Name)
		_, present := given[value.Name]
		readOnly := definition.ModificationMetadata != nil && definition.ModificationMetadata.ReadOnlyValue
		if !present && !readOnly && value.Name != propertyEmail && value.Name != propertyAdditional {
			left = append(left, value.Name)
		}
	}
	ruling := c.portal.ruled(rulingUpsertByEmail)
	if len(left) == 0 || ruling == "apply" {
		return given, nil
	}
	if ruling == "reject" {
		return nil, invalid("Partial upserts are not supported when using email as the idProperty. Not given: %s", strings.Join(left, ", "))
	}
	written := maps.Clone(given)
	if written == nil {
		written = make(texts)
	}
	for _, name := range left {
		written[name] = ""
	}
	return written, nil
}

// batchArchive is POST …/batch/archive: 204, also for ids that do not exist.
func batchArchive(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	inputs, err := decodeInputs[hubspot.RecordID](c, hubspot.MaxBatch)
	if err != nil {
		return answer{}, err
	}
	ids := make([]string, len(inputs))
	for i, input := range inputs {
		ids[i] = string(input.ID)
	}
	return c.archiveAll(objectType, ids)
}

// idText writes a record id as JSON paths and bodies do.
func idText(id int64) string { return strconv.FormatInt(id, 10) }

package portal

import (
	"context"
	"net/http"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// create is POST /crm/v3/objects/{type}.
func create(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	input, err := decode[createInput](c)
	if err != nil {
		return answer{}, err
	}
	var object hubspot.Object
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		record, err := c.insert(ctx, tx, objectType, input, nil)
		object = c.catalog.written(&record, input.Properties)
		return err
	})
	return answer{http.StatusCreated, object}, err
}

// read is GET /crm/v3/objects/{type}/{id}.
func read(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	by, err := c.lookupBy(objectType, c.query.Get("idProperty"), c.archived())
	if err != nil {
		return answer{}, err
	}
	view, err := c.view(objectType)
	if err != nil {
		return answer{}, err
	}
	var object hubspot.Object
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		record, err := c.must(ctx, tx, by)
		if err != nil {
			return err
		}
		object, err = view.object(ctx, tx, &record)
		return err
	})
	return answer{http.StatusOK, object}, err
}

// update is PATCH /crm/v3/objects/{type}/{id}. idProperty counts in the query
// alone.
func update(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	input, err := decode[updateInput](c)
	if err != nil {
		return answer{}, err
	}
	by, err := c.lookupBy(objectType, c.query.Get("idProperty"), false)
	if err != nil {
		return answer{}, err
	}
	var object hubspot.Object
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		record, err := c.must(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := c.change(ctx, tx, &record, input.Properties); err != nil {
			return err
		}
		object = c.catalog.written(&record, input.Properties)
		return nil
	})
	return answer{http.StatusOK, object}, err
}

// archive is DELETE /crm/v3/objects/{type}/{id}: 204 whether or not there is such
// a record.
func archive(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	return c.archiveAll(objectType, []string{c.values["id"]})
}

func (c *call) archiveAll(objectType crm.ObjectType, ids []string) (answer, error) {
	err := c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, id := range ids {
			record, found, err := lookup{objectType: objectType}.find(ctx, tx, id)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			if err := c.bin(ctx, tx, &record); err != nil {
				return err
			}
		}
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

// must finds the record that the path names, or refuses.
func (c *call) must(ctx context.Context, tx *store.Tx, by lookup) (store.Record, error) {
	key := c.values["id"]
	record, found, err := by.find(ctx, tx, key)
	if err != nil || found {
		return record, err
	}
	if by.property == "" {
		return record, noRecord(key)
	}
	return record, notFound()
}

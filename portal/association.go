package portal

import (
	"context"
	"net/http"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// maxLinks is the most associations a page of one record's has.
const maxLinks = 500

// linkedRecord is hubspot.AssociatedRecord with its id as a number, as the guide's
// samples have it.
type linkedRecord struct {
	ToObjectID       int64           `json:"toObjectId"`
	AssociationTypes []hubspot.Label `json:"associationTypes"`
}

// labelledPair is hubspot.LabelsBetweenPair with its ids as numbers.
type labelledPair struct {
	FromObjectTypeID string   `json:"fromObjectTypeId"`
	FromObjectID     int64    `json:"fromObjectId"`
	ToObjectTypeID   string   `json:"toObjectTypeId"`
	ToObjectID       int64    `json:"toObjectId"`
	Labels           []string `json:"labels"`
}

// ends reads the two records that the path of a single association names.
func (c *call) ends() (from, to store.End, err error) {
	if from.Type, err = c.objectType("type"); err != nil {
		return from, to, err
	}
	if to.Type, err = c.objectType("toType"); err != nil {
		return from, to, err
	}
	fromID, fromOK := recordID(c.values["id"])
	toID, toOK := recordID(c.values["toId"])
	if !fromOK || !toOK {
		return from, to, notFound()
	}
	from.ID, to.ID = fromID, toID
	return from, to, nil
}

// presentEnds are the two records that the path names, by their present ids.
func (c *call) presentEnds(ctx context.Context, tx *store.Tx) (from, to store.End, err error) {
	if from, to, err = c.ends(); err != nil {
		return from, to, err
	}
	if from, err = current(ctx, tx, from); err != nil {
		return from, to, err
	}
	to, err = current(ctx, tx, to)
	return from, to, err
}

// writeLink runs a write on the association that the path names. Both records
// must be alive.
func (c *call) writeLink(work func(ctx context.Context, tx *store.Tx, from, to store.End) error) error {
	from, to, err := c.ends()
	if err != nil {
		return err
	}
	return c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		from, err := living(ctx, tx, from)
		if err != nil {
			return err
		}
		to, err := living(ctx, tx, to)
		if err != nil {
			return err
		}
		return work(ctx, tx, from, to)
	})
}

// putLink is PUT /crm/v4/objects/{type}/{id}/associations/{toType}/{toId}: it
// replaces the labels of the pair.
func putLink(c *call) (answer, error) {
	specs, err := decode[[]typeSpec](c)
	if err != nil {
		return answer{}, err
	}
	if len(specs) == 0 {
		return answer{}, invalid("At least one association type is required")
	}
	var pair labelledPair
	err = c.writeLink(func(ctx context.Context, tx *store.Tx, from, to store.End) error {
		types, err := c.resolveAll(from.Type, to.Type, specs)
		if err != nil {
			return err
		}
		pair = labelsBetween(from, to, types)
		return c.connect(ctx, tx, from, to, types)
	})
	return answer{http.StatusCreated, pair}, err
}

func labelsBetween(from, to store.End, types []crm.AssociationType) labelledPair {
	labels := []string{}
	for _, t := range types {
		if t.Label != "" {
			labels = append(labels, t.Label)
		}
	}
	return labelledPair{from.Type.ID(), from.ID, to.Type.ID(), to.ID, labels}
}

// deleteLink is DELETE on the same path: the association with all its labels.
func deleteLink(c *call) (answer, error) {
	err := c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		from, to, err := c.presentEnds(ctx, tx)
		if err != nil {
			return err
		}
		return c.unlink(ctx, tx, from, to)
	})
	return answer{status: http.StatusNoContent}, err
}

// putDefault is PUT …/associations/default/{toType}/{toId}. It answers with the
// direction of the path and then the other one, as in HubSpot's sample.
func putDefault(c *call) (answer, error) {
	var results []defaultAssociation
	err := c.writeLink(func(ctx context.Context, tx *store.Tx, from, to store.End) error {
		var err error
		if results, err = c.catalog.defaultsBetween(from, to); err != nil {
			return err
		}
		return c.associate(ctx, tx, from, to)
	})
	if err != nil {
		return answer{}, err
	}
	return complete(c, http.StatusOK, results, nil), nil
}

// defaultAssociation is one direction of an association without a label.
type defaultAssociation struct {
	From hubspot.RecordID        `json:"from"`
	To   hubspot.RecordID        `json:"to"`
	Spec hubspot.AssociationSpec `json:"associationSpec"`
}

func (c *catalog) defaultsBetween(from, to store.End) ([]defaultAssociation, error) {
	var both []defaultAssociation
	for _, direction := range [][2]store.End{{from, to}, {to, from}} {
		unlabeled, ok := c.unlabeled(direction[0].Type, direction[1].Type)
		if !ok {
			return nil, invalid("A %s cannot be associated with a %s", from.Type, to.Type)
		}
		both = append(both, defaultAssociation{
			From: recordOf(direction[0].ID), To: recordOf(direction[1].ID),
			Spec: hubspot.AssociationSpec{AssociationCategory: unlabeled.Type.Category, AssociationTypeID: unlabeled.Type.TypeID},
		})
	}
	return both, nil
}

func recordOf(id int64) hubspot.RecordID { return hubspot.RecordID{ID: hubspot.FlexID(idText(id))} }

// listLinks is GET …/associations/{toType} in the v4 shape.
func listLinks(c *call) (answer, error) {
	page := hubspot.Page[linkedRecord]{Results: []linkedRecord{}}
	err := c.listFrom(func(ctx context.Context, tx *store.Tx, from store.End, to crm.ObjectType, after int64, limit int) error {
		links, next, err := pageOfLinks(ctx, tx, from, to, after, limit)
		for _, link := range links {
			page.Results = append(page.Results, c.catalog.linked(from.Type, link))
		}
		if next != "" {
			page.Paging = c.next(next)
		}
		return err
	})
	return answer{http.StatusOK, page}, err
}

// listNames is GET …/associations/{toType} in the v3 shape: a row a type.
func listNames(c *call) (answer, error) {
	page := hubspot.Page[hubspot.AssociatedID]{}
	err := c.listFrom(func(ctx context.Context, tx *store.Tx, from store.End, to crm.ObjectType, after int64, limit int) error {
		var err error
		page.Results, page.Paging, err = c.catalog.names(ctx, tx, from, to, after, limit)
		return err
	})
	return answer{http.StatusOK, page}, err
}

// listFrom reads which associations of which record a list is about.
func (c *call) listFrom(work func(ctx context.Context, tx *store.Tx, from store.End, to crm.ObjectType, after int64, limit int) error) error {
	objectType, err := c.objectType("type")
	if err != nil {
		return err
	}
	to, err := c.objectType("toType")
	if err != nil {
		return err
	}
	limit, after, err := c.page(maxLinks, maxLinks)
	if err != nil {
		return err
	}
	return c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		record, err := c.must(ctx, tx, lookup{objectType: objectType})
		if err != nil {
			return err
		}
		return work(ctx, tx, store.End{Type: objectType, ID: record.ID}, to, after, limit)
	})
}

// pageOfLinks reads a page of a record's links and the cursor of the next, "" on
// the last page.
func pageOfLinks(ctx context.Context, tx *store.Tx, from store.End, to crm.ObjectType, after int64, limit int) ([]store.Link, string, error) {
	links, err := tx.Links(ctx, from, to, after, limit+1)
	if err != nil || len(links) <= limit {
		return links, "", err
	}
	return links[:limit], idText(links[limit].To.ID), nil
}

// linked renders a link with its labels.
func (c *catalog) linked(from crm.ObjectType, link store.Link) linkedRecord {
	row := linkedRecord{ToObjectID: link.To.ID, AssociationTypes: make([]hubspot.Label, 0, len(link.Types))}
	for _, t := range link.Types {
		label := hubspot.Label{Category: t.Category, TypeID: t.TypeID}
		if found, ok := c.find(from, link.To.Type, t.Category, t.TypeID); ok && found.Type.Label != "" {
			label.Label = &found.Type.Label
		}
		row.AssociationTypes = append(row.AssociationTypes, label)
	}
	return row
}

// names renders a page of links with a row for each type, by its v3 name.
func (c *catalog) names(ctx context.Context, tx *store.Tx, from store.End, to crm.ObjectType, after int64, limit int) ([]hubspot.AssociatedID, *hubspot.Paging, error) {
	links, next, err := pageOfLinks(ctx, tx, from, to, after, limit)
	rows := []hubspot.AssociatedID{}
	for _, link := range links {
		for _, t := range link.Types {
			if found, ok := c.find(from.Type, to, t.Category, t.TypeID); ok {
				rows = append(rows, hubspot.AssociatedID{ID: idText(link.To.ID), Type: found.Name})
			}
		}
	}
	if next == "" {
		return rows, nil, err
	}
	return rows, &hubspot.Paging{Next: &hubspot.NextPage{After: next}}, err
}

// putType is PUT /crm/v3/objects/{type}/{id}/associations/{toType}/{toId}/{associationType}:
// it adds one type, by its id or its v3 name, to those that the pair has.
func putType(c *call) (answer, error) {
	from, to, err := c.ends()
	if err != nil {
		return answer{}, err
	}
	added, err := c.typeNamed(from.Type, to.Type, c.values["associationType"])
	if err != nil {
		return answer{}, err
	}
	view := view{selection: c.catalog.selected(from.Type, nil), types: c.catalog, related: []crm.ObjectType{to.Type}}
	var object hubspot.Object
	err = c.writeLink(func(ctx context.Context, tx *store.Tx, from, to store.End) error {
		present, err := tx.Link(ctx, from, to)
		if err != nil {
			return err
		}
		if err := c.connect(ctx, tx, from, to, append(present, added.Type)); err != nil {
			return err
		}
		record, _, err := tx.Record(ctx, from.Type, from.ID)
		if err != nil {
			return err
		}
		object, err = view.object(ctx, tx, &record)
		return err
	})
	return answer{http.StatusOK, object}, err
}

// deleteType is DELETE on the same path: one label, or all of the association
// when the type is the unlabeled one.
func deleteType(c *call) (answer, error) {
	from, to, err := c.ends()
	if err != nil {
		return answer{}, err
	}
	removed, err := c.typeNamed(from.Type, to.Type, c.values["associationType"])
	if err != nil {
		return answer{}, err
	}
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		from, to, err := c.presentEnds(ctx, tx)
		if err != nil {
			return err
		}
		return c.unlabel(ctx, tx, from, to, []crm.AssociationType{removed.Type})
	})
	return answer{status: http.StatusNoContent}, err
}

package portal

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// list is GET /crm/v3/objects/{type}: records by id, live ones or archived ones;
// after is the id that the next page starts at.
func list(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	view, err := c.view(objectType)
	if err != nil {
		return answer{}, err
	}
	most := hubspot.MaxPage
	if c.query.Get("propertiesWithHistory") != "" {
		most = maxHistories
	}
	limit, after, err := c.page(10, most)
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[hubspot.Object]{Results: make([]hubspot.Object, 0, limit)}
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		records, err := tx.List(ctx, objectType, after, limit+1, c.archived())
		if err != nil {
			return err
		}
		for i := range records {
			if i == limit {
				page.Paging = c.next(idText(records[i].ID))
				return nil
			}
			object, err := view.object(ctx, tx, &records[i])
			if err != nil {
				return err
			}
			page.Results = append(page.Results, object)
		}
		return nil
	})
	return answer{http.StatusOK, page}, err
}

// apiHost stands in the links of answers, as in HubSpot's own.
const apiHost = "https://api.hubapi.com"

// next leads to the page that starts at a cursor. Its link is the request with the
// cursor at the end, as in HubSpot's samples.
func (c *call) next(after string) *hubspot.Paging {
	query := maps.Clone(c.query)
	query.Del("after")
	parameters := query.Encode()
	if parameters != "" {
		parameters += "&"
	}
	link := apiHost + c.request.URL.EscapedPath() + "?" + parameters + "after=" + url.QueryEscape(after)
	return &hubspot.Paging{Next: &hubspot.NextPage{After: after, Link: link}}
}

// view is what a read returns of each record.
type view struct {
	selection selection
	histories []string
	types     *catalog // names of association types; nil when none are asked for
	related   []crm.ObjectType
}

// view reads what the query of a single read or a list asks for.
func (c *call) view(objectType crm.ObjectType) (view, error) {
	v := view{
		selection: c.catalog.selected(objectType, c.list("properties")),
		histories: c.catalog.exactly(objectType, c.list("propertiesWithHistory")).names,
		types:     c.catalog,
	}
	for _, name := range c.list("associations") {
		related, ok := c.catalog.parse(name)
		if !ok || !c.catalog.serves(related) {
			return v, unknownType(name)
		}
		v.related = append(v.related, related)
	}
	return v, nil
}

func (v view) object(ctx context.Context, tx *store.Tx, record *store.Record) (hubspot.Object, error) {
	object := v.selection.object(record)
	if len(v.histories) > 0 {
		histories, err := v.history(ctx, tx, record)
		if err != nil {
			return object, err
		}
		object.PropertiesWithHistory = histories
	}
	for _, related := range v.related {
		rows, paging, err := v.types.names(ctx, tx, store.End{Type: record.Type, ID: record.ID}, related, 0, maxLinks)
		if err != nil {
			return object, err
		}
		if len(rows) == 0 {
			continue
		}
		if object.Associations == nil {
			object.Associations = make(map[string]hubspot.Associations)
		}
		object.Associations[v.types.key(related)] = hubspot.Associations{Results: rows, Paging: paging}
	}
	return object, nil
}

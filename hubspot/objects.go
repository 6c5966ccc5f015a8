package hubspot

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"strings"
)

// ListOptions choose what a list holds.
type ListOptions struct {
	Properties   []string // default: HubSpot's own few
	Archived     bool     // only archived records; default: only live ones
	Associations []string // object types; HubSpot tells the first of them, and no type ids
	Limit        int      // records a page; default and most MaxPage
}

// GetOptions choose what a single read returns.
type GetOptions struct {
	IDProperty string // a unique property; default: the id is a record id
	Properties []string
	Archived   bool
}

// Objects lists an object type page by page, by ascending id. A record that comes
// twice is yielded once. ErrListChanged is yielded last, when everything else was. The
// list must fit a URL: see URLFits.
func (r *Reader) Objects(ctx context.Context, objectType string, options ListOptions) iter.Seq2[[]Object, error] {
	c, err := r.session.version.newCall(routeList, objectType)
	if err != nil {
		return func(yield func([]Object, error) bool) { yield(nil, err) }
	}
	c.query = options.query()
	return pages(ctx, r.session, c, func(o Object) (id, revision string) { return o.ID, o.UpdatedAt })
}

func (o ListOptions) query() url.Values {
	limit := o.Limit
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	setList(query, "properties", o.Properties)
	setList(query, "associations", o.Associations)
	if o.Archived {
		query.Set("archived", "true")
	}
	return query
}

func setList(query url.Values, key string, values []string) {
	if len(values) > 0 {
		query.Set(key, strings.Join(values, ","))
	}
}

// URLFits reports whether the URL of such a list, with a cursor, stays within
// MaxURL. Where it does not, list the ids and read the records in batches.
func (r *Reader) URLFits(objectType string, options ListOptions) bool {
	c, err := r.session.version.newCall(routeList, objectType)
	if err != nil {
		return false
	}
	query := options.query()
	query.Set("after", strings.Repeat("9", 20)) // as long as an id can be
	return len(r.session.base.String())+len(c.path)+1+len(query.Encode()) <= MaxURL
}

// Object reads one record. ErrNotFound if there is none; a merged record comes
// back under its new id.
func (r *Reader) Object(ctx context.Context, objectType, id string, options GetOptions) (Object, error) {
	c, err := r.session.version.newCall(routeObject, objectType, id)
	if err != nil {
		return Object{}, err
	}
	c.query = url.Values{}
	setList(c.query, "properties", options.Properties)
	if options.IDProperty != "" {
		c.query.Set("idProperty", options.IDProperty)
	}
	if options.Archived {
		c.query.Set("archived", "true")
	}
	return fetch(ctx, r.session, c, hasID)
}

// hasID refuses a record without an id.
func hasID(o Object) error {
	if o.ID == "" {
		return errors.New("the answer has no record id")
	}
	return nil
}

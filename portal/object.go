package portal

import (
	"context"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// standard are the properties that an object is returned with when none are asked
// for, beside its id and times.
var standard = map[crm.ObjectType][]string{
	crm.TypeContact: {"email", "firstname", "lastname"},
	crm.TypeCompany: {"domain", "name"},
	crm.TypeDeal:    {"amount", "closedate", "dealname", "dealstage", "pipeline"},
	crm.TypeTicket:  {"content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject"},
}

// created and modified are the properties that repeat a record's times.
func created(objectType crm.ObjectType) string {
	if slices.Contains([]crm.ObjectType{crm.TypeContact, crm.TypeCompany, crm.TypeDeal, crm.TypeTicket}, objectType) {
		return "createdate"
	}
	return "hs_createdate"
}

func modified(objectType crm.ObjectType) string {
	if objectType == crm.TypeContact {
		return "lastmodifieddate"
	}
	return "hs_lastmodifieddate"
}

// selection is which properties an object is returned with. Properties that are
// not defined are left out, those that are empty are null, or left out too.
type selection struct {
	objectType crm.ObjectType
	names      []string
	omitsEmpty bool
}

// selected is what a read returns for the properties it asks for: those, and
// always the id and the times.
func (c *catalog) selected(objectType crm.ObjectType, asked []string) selection {
	if len(asked) == 0 {
		asked = standard[objectType]
	}
	return c.exactly(objectType, append([]string{propertyID, created(objectType), modified(objectType)}, asked...))
}

// exactly is what a search returns: the properties asked for and no others.
func (c *catalog) exactly(objectType crm.ObjectType, asked []string) selection {
	s := selection{objectType: objectType, omitsEmpty: c.omitsEmpty}
	for _, name := range asked {
		if _, defined := c.property(objectType, name); defined && !slices.Contains(s.names, name) {
			s.names = append(s.names, name)
		}
	}
	return s
}

// object renders a record.
func (s selection) object(r *store.Record) hubspot.Object {
	o := hubspot.Object{
		ID:         strconv.FormatInt(r.ID, 10),
		Properties: make(map[string]*string, len(s.names)),
		CreatedAt:  timestamp(r.Created),
		UpdatedAt:  timestamp(r.Updated),
	}
	if r.Archived != 0 {
		o.Archived, o.ArchivedAt = true, timestamp(r.Archived)
	}
	for _, name := range s.names {
		text := textOf(r, name)
		switch {
		case text != "":
			o.Properties[name] = &text
		case !s.omitsEmpty:
			o.Properties[name] = nil
		}
	}
	return o
}

// textOf is a record's value, the ones that follow from the record itself among
// them.
func textOf(r *store.Record, name string) string {
	switch name {
	case propertyID:
		return strconv.FormatInt(r.ID, 10)
	case created(r.Type):
		return timestamp(r.Created)
	case modified(r.Type):
		return timestamp(r.Updated)
	}
	return r.Properties.Text(name)
}

// written renders a record as the answer to a write does: the properties that
// were written, its id and its times.
func (c *catalog) written(r *store.Record, properties texts) hubspot.Object {
	names := make([]string, 0, len(properties)+3)
	names = append(names, propertyID, created(r.Type), modified(r.Type))
	for name := range properties {
		names = append(names, name)
	}
	return selection{objectType: r.Type, names: names}.object(r)
}

// lookup finds live or archived records by id, former ids of merged records among
// them, or by a unique property, primary and secondary addresses among them.
type lookup struct {
	objectType crm.ObjectType
	property   string // "" = record ids
	archived   bool
}

// lookupBy checks that records can be told apart by a property.
func (c *call) lookupBy(objectType crm.ObjectType, property string, archived bool) (lookup, error) {
	l := lookup{objectType, property, archived}
	if property == propertyID {
		l.property = ""
	}
	address := objectType == crm.TypeContact && property == propertyEmail
	if l.property != "" && !address && !slices.Contains(c.catalog.unique[objectType], property) {
		return l, c.portal.notUnique(objectType, property)
	}
	return l, nil
}

// find returns the record that a key names.
func (l lookup) find(ctx context.Context, tx *store.Tx, key string) (store.Record, bool, error) {
	id, found, err := l.id(ctx, tx, key)
	if err != nil || !found {
		return store.Record{}, false, err
	}
	record, found, err := tx.Record(ctx, l.objectType, id)
	if err == nil && !found && l.property == "" {
		record, found, err = successor(ctx, tx, store.End{Type: l.objectType, ID: id})
	}
	return record, found && (record.Archived != 0) == l.archived, err
}

// successor returns the record that another one was merged into.
func successor(ctx context.Context, tx *store.Tx, former store.End) (store.Record, bool, error) {
	into, merged, err := tx.MergedInto(ctx, former)
	if err != nil || !merged {
		return store.Record{}, false, err
	}
	return tx.Record(ctx, former.Type, into)
}

func (l lookup) id(ctx context.Context, tx *store.Tx, key string) (int64, bool, error) {
	switch {
	case l.property == "":
		id, ok := recordID(key)
		return id, ok, nil
	case l.property == propertyEmail && l.objectType == crm.TypeContact:
		if l.archived {
			return tx.ArchivedHolder(ctx, address(key))
		}
		return tx.AddressHolder(ctx, address(key))
	case l.archived:
		return tx.ArchivedValueHolder(ctx, l.objectType, l.property, key)
	}
	return tx.ValueHolder(ctx, l.objectType, l.property, key)
}

package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// primaryKeyword names the primary type of a pair in either direction, whatever
// HubSpot's label of it is.
const primaryKeyword = "Primary"

// who names a record of the fixture in errors, by what identifies it best.
func (f *filling) who(i int) string {
	record := &f.fixture.Records[i]
	for _, name := range []string{propertyEmail, "domain", "dealname", "subject", "name"} {
		if text := record.Properties.Text(name); text != "" {
			return fmt.Sprintf("%s %s", record.Type, text)
		}
	}
	if record.ID != "" {
		return fmt.Sprintf("%s %s", record.Type, record.ID)
	}
	return fmt.Sprintf("record %d, a %s", i+1, record.Type)
}

// prepare makes a stored record of the fixture's and returns what is wrong with
// it. The id stays 0 when the portal is to choose it.
func (f *filling) prepare(i int) (problems []error) {
	record := &f.fixture.Records[i]
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf(f.who(i)+": "+format, args...))
	}
	if !f.call.catalog.serves(record.Type) {
		wrong("the portal has no records of type %q", record.Type)
		return problems
	}
	filled := store.Record{Type: record.Type, Created: f.call.now.UnixMilli()}
	if record.ID != "" {
		var ok bool
		if filled.ID, ok = recordID(string(record.ID)); !ok || !record.ID.Valid() {
			wrong("%q is no id", record.ID)
		}
	}
	var kept []crm.Value
	var updated int64
	for _, value := range record.Properties {
		text, problem := f.accept(record.Type, value)
		if problem != nil {
			wrong("property %s: %s", value.Name, problem.Message)
			continue
		}
		switch {
		case text == "":
		case value.Name == propertyID:
			wrong("the id stands beside the properties, not among them")
		case value.Name == created(record.Type):
			filled.Created = milliseconds(text)
		case value.Name == modified(record.Type):
			updated = milliseconds(text)
		default:
			kept = append(kept, crm.Value{Name: value.Name, Text: text})
		}
	}
	filled.Properties = crm.NewProperties(kept...)
	filled.Updated = max(filled.Created, updated)
	if record.Archived {
		filled.Archived = max(f.call.now.UnixMilli(), filled.Updated)
	}
	f.filled[i] = filled
	return problems
}

// accept is the stored text of a fixture's value.
func (f *filling) accept(objectType crm.ObjectType, value crm.Value) (string, *values.Problem) {
	definition, defined := f.call.catalog.property(objectType, value.Name)
	if !defined {
		return "", values.Unknown(value.Name)
	}
	text := value.Text
	if definition.ReferencedObjectType == "OWNER" && strings.Contains(text, "@") {
		id, known := f.owners[address(text)]
		if !known {
			return "", &values.Problem{Code: values.InvalidOption, Message: "no owner has the address " + text}
		}
		text = id
	}
	return values.Accept(definition, text, "")
}

// milliseconds reads a stored datetime, which is valid.
func milliseconds(stored string) int64 {
	at, _ := time.Parse(time.RFC3339, stored)
	return at.UnixMilli()
}

// insert adds one record. Two records of a type that claim one id, address or
// unique value are refused.
func (f *filling) insert(ctx context.Context, i int) error {
	record := &f.filled[i]
	if err := f.identify(ctx, i); err != nil {
		return err
	}
	if record.Archived != 0 {
		for _, address := range addresses(record) {
			if err := f.tx.KeepArchivedAddress(ctx, address, record.ID); err != nil {
				return err
			}
		}
	} else if err := f.call.claim(ctx, f.tx, &store.Record{Type: record.Type}, record, nil); err != nil {
		return fmt.Errorf("%s: %w", f.who(i), err)
	}
	return f.tx.Insert(ctx, record)
}

// identify gives a record its id: the one in the fixture, which no other record of
// the type may have, or a new one.
func (f *filling) identify(ctx context.Context, i int) (err error) {
	record := &f.filled[i]
	if record.ID == 0 {
		record.ID, err = f.tx.NextID(ctx)
		return err
	}
	_, taken, err := f.tx.Record(ctx, record.Type, record.ID)
	if err == nil && !taken {
		_, taken, err = f.tx.MergedInto(ctx, endOf(record))
	}
	if err == nil && taken {
		return fmt.Errorf("%s: there is another %s with the id %d", f.who(i), record.Type, record.ID)
	}
	return err
}

// associate adds one association of a record to those it has.
func (f *filling) associate(ctx context.Context, i int, association crm.FixtureAssociation) error {
	from := store.End{Type: f.filled[i].Type, ID: f.filled[i].ID}
	if f.filled[i].Archived != 0 {
		return errors.New("an archived record has no associations")
	}
	to, err := f.find(association.To)
	if err != nil {
		return err
	}
	types, err := f.call.catalog.keywords(from.Type, to.Type, association.Labels)
	if err != nil {
		return err
	}
	present, err := f.tx.Link(ctx, from, to)
	if err != nil {
		return err
	}
	return f.call.link(ctx, f.tx, from, to, append(present, types...))
}

// find returns the one live record of the fixture that a target names.
func (f *filling) find(target crm.Target) (store.End, error) {
	name, value := target.Property, target.Value
	switch {
	case target.Email != "":
		name, value = propertyEmail, string(target.Email)
	case target.ID != "":
		name, value = "id", string(target.ID)
	}
	if definition, ok := f.call.catalog.property(target.Type, name); ok {
		if stored, problem := values.Accept(definition, value, ""); problem == nil {
			value = stored
		}
	}
	var found []store.End
	for i := range f.filled {
		record := &f.filled[i]
		if record.Type == target.Type && record.Archived == 0 && names(record, name, value) {
			found = append(found, store.End{Type: record.Type, ID: record.ID})
		}
	}
	switch len(found) {
	case 0:
		return store.End{}, fmt.Errorf("the fixture has no live %s with %s %s", target.Type, name, value)
	case 1:
		return found[0], nil
	}
	return store.End{}, fmt.Errorf("the fixture has %d records of type %s with %s %s; name one by its id", len(found), target.Type, name, value)
}

// names reports whether a record has a value by which a target may name it.
// Domains are the same in every case of letters, and any address of a contact
// names it.
func names(record *store.Record, name, value string) bool {
	switch name {
	case "id":
		return strconv.FormatInt(record.ID, 10) == value
	case propertyEmail:
		return slices.Contains(addresses(record), address(value))
	case "domain":
		return strings.EqualFold(record.Properties.Text(name), value)
	}
	return record.Properties.Text(name) == value
}

// keywords returns the types of a pair that labels name: their display names, or
// Primary.
func (c *catalog) keywords(from, to crm.ObjectType, labels []string) ([]crm.AssociationType, error) {
	if _, ok := c.unlabeled(from, to); !ok {
		return nil, fmt.Errorf("a %s cannot be associated with a %s", from, to)
	}
	var types []crm.AssociationType
	for _, label := range labels {
		found, ok := c.findFunc(from, to, func(t associationType) bool { return label == primaryKeyword && t.Kind == defaults.Primary })
		if !ok {
			found, ok = c.labelled(from, to, label)
		}
		if !ok {
			return nil, fmt.Errorf("there is no label %q from %s to %s", label, from, to)
		}
		types = append(types, found.Type)
	}
	return types, nil
}

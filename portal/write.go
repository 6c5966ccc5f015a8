package portal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// address is the form in which addresses are looked up and kept unique. One that
// cannot be parsed stands for itself, in lower case.
func address(text string) string {
	if email, err := crm.ParseEmail(text); err == nil {
		return string(email)
	}
	return strings.ToLower(strings.TrimSpace(text))
}

// addresses are all of a contact's, the primary one first.
func addresses(r *store.Record) []string {
	if r.Type != crm.TypeContact {
		return nil
	}
	var all []string
	for _, text := range append([]string{r.Properties.Text(propertyEmail)}, strings.Split(r.Properties.Text(propertyAdditional), ";")...) {
		if key := address(text); key != "" && !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	return all
}

// overwrite applies written values to those of a record and collects every problem
// with them. Nothing empty is kept.
func (c *call) overwrite(objectType crm.ObjectType, old crm.Properties, written texts) (crm.Properties, error) {
	merged := make(map[string]string, len(old)+len(written))
	for _, value := range old {
		merged[value.Name] = value.Text
	}
	var problems []valueProblem
	for _, name := range slices.Sorted(maps.Keys(written)) {
		text, problem := c.store(objectType, name, written[name], merged[name])
		if problem != nil {
			problems = append(problems, valueProblem{name, problem.Code, problem.Message})
			continue
		}
		merged[name] = text
	}
	if len(problems) > 0 {
		return nil, c.portal.invalidValues(problems)
	}
	properties := make(crm.Properties, 0, len(merged))
	for _, name := range slices.Sorted(maps.Keys(merged)) {
		if merged[name] != "" {
			properties = append(properties, crm.Value{Name: name, Text: merged[name]})
		}
	}
	return properties, nil
}

// store is the text that one property holds after a write.
func (c *call) store(objectType crm.ObjectType, name, text, old string) (string, *values.Problem) {
	definition, defined := c.catalog.property(objectType, name)
	if !defined {
		return "", values.Unknown(name)
	}
	stored, problem := values.Store(definition, text, old)
	if problem != nil {
		return "", problem
	}
	if rules := c.catalog.rulesFor(objectType, name); len(rules) > 0 {
		if stored, problem = values.Conform(rules, stored); problem != nil {
			return "", problem
		}
	}
	if name == propertyStage && c.portal.ruled(rulingBackwardStage) == "ignore" {
		return values.Stage(c.catalog.stages, old, stored), nil
	}
	return stored, nil
}

// insert creates one record with its associations. When it is refused, nothing of
// it is left, so that the other inputs of a batch can go on. fresh holds the ids
// of records that the same request created.
func (c *call) insert(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, input createInput, fresh map[int64]bool) (store.Record, error) {
	properties, err := c.overwrite(objectType, nil, input.Properties)
	if err != nil {
		return store.Record{}, err
	}
	if err := c.required(objectType, properties, input.Properties); err != nil {
		return store.Record{}, err
	}
	targets, err := c.targets(ctx, tx, objectType, input.Associations)
	if err != nil {
		return store.Record{}, err
	}
	id, err := tx.NextID(ctx)
	if err != nil {
		return store.Record{}, err
	}
	for _, target := range targets {
		if err := c.room(ctx, tx, target.end, store.End{Type: objectType, ID: id}); err != nil {
			return store.Record{}, err
		}
	}
	at := c.now.UnixMilli()
	record := store.Record{Type: objectType, ID: id, Properties: properties, Created: at, Updated: at}
	none := store.Record{Type: objectType}
	if err := c.remembers(ctx, tx, &none, &record); err != nil {
		return store.Record{}, err
	}
	if err := c.claim(ctx, tx, &none, &record, fresh); err != nil {
		return store.Record{}, err
	}
	if err := tx.Insert(ctx, &record); err != nil {
		return store.Record{}, err
	}
	for _, target := range targets {
		if err := c.connect(ctx, tx, endOf(&record), target.end, target.types); err != nil {
			return store.Record{}, err
		}
	}
	if err := c.employ(ctx, tx, &record); err != nil {
		return store.Record{}, err
	}
	if err := c.follow(ctx, tx, &record, input.Properties); err != nil || !c.syncs() {
		return record, err
	}
	record, _, err = tx.Record(ctx, objectType, id) // its company may have moved it
	return record, err
}

// change writes values to a live record.
func (c *call) change(ctx context.Context, tx *store.Tx, record *store.Record, written texts) error {
	properties, err := c.overwrite(record.Type, record.Properties, written)
	if err != nil {
		return err
	}
	if err := c.conditional(record.Type, properties, written); err != nil {
		return err
	}
	if err := c.put(ctx, tx, record, properties); err != nil {
		return err
	}
	return c.follow(ctx, tx, record, written)
}

// put replaces the values of a live record and bumps its time; whether also when no
// value differs is ruled. No two updates of a record share a time.
func (c *call) put(ctx context.Context, tx *store.Tx, record *store.Record, properties crm.Properties) error {
	former := replaced(record.Properties, properties)
	if len(former) == 0 && c.portal.ruled(rulingUnchangedUpdate) == "keep" {
		return nil
	}
	old := *record
	record.Properties = properties
	record.Updated = max(c.now.UnixMilli(), old.Updated+1)
	if err := c.remembers(ctx, tx, &old, record); err != nil {
		return err
	}
	if err := c.claim(ctx, tx, &old, record, nil); err != nil {
		return err
	}
	if len(former) > 0 {
		if err := tx.Remember(ctx, endOf(record), store.Former{At: record.Updated, Properties: former}); err != nil {
			return err
		}
	}
	return tx.Write(ctx, record)
}

// replaced are the former texts of the properties that differ.
func replaced(before, after crm.Properties) crm.Properties {
	var former []crm.Value
	for _, value := range before {
		if after.Text(value.Name) != value.Text {
			former = append(former, value)
		}
	}
	for _, value := range after {
		if before.Text(value.Name) == "" {
			former = append(former, crm.Value{Name: value.Name})
		}
	}
	return crm.NewProperties(former...)
}

// bin archives a live record: its addresses and unique values become free.
func (c *call) bin(ctx context.Context, tx *store.Tx, record *store.Record) error {
	if err := c.claim(ctx, tx, record, &store.Record{Type: record.Type, ID: record.ID}, nil); err != nil {
		return err
	}
	for _, address := range addresses(record) {
		if err := tx.KeepArchivedAddress(ctx, address, record.ID); err != nil {
			return err
		}
	}
	record.Archived = c.now.UnixMilli()
	record.Updated = max(record.Archived, record.Updated+1)
	return tx.Write(ctx, record)
}

package portal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Fill puts a fixture into the portal in one transaction: all of it, or, on an
// error, nothing.
//
// A fixture says what a portal holds, so it may also give what HubSpot sets by
// itself: createdate and the like, calculated values, archived records, the id of
// a record. Values must be ones that HubSpot could hold, and are stored in its
// form; the portal's own validation rules do not apply, as they do not to values
// older than the rule. An owner property also takes the owner's address. A label
// is a display name, or Primary for the primary company in either direction.
//
// The error joins every problem with the fixture's values, or else every problem
// with its associations, each with the record it is about.
func (p *Portal) Fill(ctx context.Context, fixture *crm.Fixture) error {
	if fixture.Account != "" && fixture.Account != p.AccountID() {
		return fmt.Errorf("filling the portal: the fixture is for account %s, the portal is account %s", fixture.Account, p.AccountID())
	}
	f := filling{fixture: fixture}
	err := p.fill(ctx, f.define, func(ctx context.Context, c *call, tx *store.Tx) error {
		f.call, f.tx = c, tx
		return f.records(ctx)
	})
	if err != nil {
		return fmt.Errorf("filling the portal: %w", err)
	}
	return nil
}

// filling is one run of Fill.
type filling struct {
	fixture *crm.Fixture
	owners  map[string]string // id by address
	call    *call
	tx      *store.Tx
	filled  []store.Record // one for each record of the fixture
}

func (f *filling) define(ctx context.Context, tx *store.Tx) error {
	known := make(map[string]hubspot.Property)
	for _, property := range defaults.Properties(crm.TypeContact) {
		known[property.Name] = property
	}
	for _, property := range f.fixture.Properties {
		definition := definitionOf(property, known[property.Name])
		if len(definition.Options) == 0 && definition.Type == "enumeration" && !definition.ExternalOptions {
			return fmt.Errorf("property %s: an enumeration needs options", property.Name)
		}
		var rules []hubspot.ValidationRule
		for _, rule := range property.Rules {
			rules = append(rules, hubspot.ValidationRule{RuleType: rule.Type, RuleArguments: rule.Arguments, ShouldApplyNormalization: rule.Normalises})
		}
		if err := tx.Define(ctx, store.Definition{Type: crm.TypeContact, Property: definition, Rules: rules}); err != nil {
			return err
		}
	}
	if err := defineLabels(ctx, tx, f.fixture.Labels); err != nil {
		return err
	}
	return f.addOwners(ctx, tx)
}

// definitionOf turns a fixture's definition into the API's. What it leaves out is
// taken from HubSpot's definition of that name, if known has one.
func definitionOf(property crm.Property, known hubspot.Property) hubspot.Property {
	definition := known
	if known.Name == "" {
		kind := cmp.Or(property.Type, "string")
		definition = defaults.Custom(property.Name, cmp.Or(property.Label, property.Name), kind, fieldTypes[kind])
	}
	definition.Label = cmp.Or(property.Label, definition.Label)
	definition.Type = cmp.Or(property.Type, definition.Type)
	definition.FieldType = cmp.Or(property.FieldType, definition.FieldType)
	definition.ReferencedObjectType = cmp.Or(property.References, definition.ReferencedObjectType)
	definition.DataSensitivity = cmp.Or(property.Sensitivity, definition.DataSensitivity)
	definition.HasUniqueValue = definition.HasUniqueValue || property.Unique
	definition.Calculated = definition.Calculated || property.Calculated
	definition.ExternalOptions = definition.ExternalOptions || property.External
	if property.ReadOnly || property.Calculated {
		definition.ModificationMetadata.ReadOnlyValue = true
	}
	if len(property.Options) > 0 {
		definition.Options = nil
		for _, option := range property.Options {
			definition.Options = append(definition.Options, hubspot.Option{
				Label: cmp.Or(option.Label, option.Value), Value: option.Value, DisplayOrder: option.DisplayOrder, Hidden: option.Hidden,
			})
		}
	}
	return definition
}

// fieldTypes are the usual ones of each type.
var fieldTypes = map[string]string{
	"string": "text", "number": "number", "bool": "booleancheckbox", "date": "date", "datetime": "date",
	"enumeration": "select", "phone_number": "phonenumber",
}

// firstLabel is above the type ids of HubSpot's own association types, so that
// ids that the portal chooses belong to one type only.
const firstLabel = 2001

// defineLabels adds labels with their counterparts in the other direction. A
// label of two directions in the list is one pair; otherwise the other direction
// gets the same text and an id of its own. Between records of one type, one id
// stands for both.
func defineLabels(ctx context.Context, tx *store.Tx, labels []crm.FixtureLabel) error {
	known, err := tx.Labels(ctx)
	if err != nil {
		return err
	}
	next := firstLabel
	used := make(map[int]bool)
	for _, label := range known {
		used[label.TypeID] = true
	}
	for _, label := range labels {
		used[label.TypeID] = true
	}
	number := func(given int) int {
		if given != 0 {
			return given
		}
		for used[next] {
			next++
		}
		used[next] = true
		return next
	}
	done := make(map[int]bool)
	for i, label := range labels {
		if done[i] {
			continue
		}
		there := number(label.TypeID)
		back := there
		if label.From != label.To {
			given := 0
			opposite := func(l crm.FixtureLabel) bool {
				return l.From == label.To && l.To == label.From && strings.EqualFold(l.Label, label.Label)
			}
			if j := slices.IndexFunc(labels, opposite); j >= 0 {
				given, done[j] = labels[j].TypeID, true
			}
			back = number(given)
			if err := tx.DefineLabel(ctx, storedLabel(label.To, label.From, label.Label, back, there)); err != nil {
				return err
			}
		}
		if err := tx.DefineLabel(ctx, storedLabel(label.From, label.To, label.Label, there, back)); err != nil {
			return err
		}
	}
	return nil
}

func storedLabel(from, to crm.ObjectType, label string, id, inverse int) store.Label {
	name := strings.Join(strings.Fields(strings.ToLower(label)), "_")
	return store.Label{From: from, To: to, TypeID: id, Inverse: inverse, Name: name, Label: label}
}

// firstOwner is the id of the first owner who has none in the fixture.
const firstOwner = 71_000_001

func (f *filling) addOwners(ctx context.Context, tx *store.Tx) error {
	known, err := tx.Owners(ctx)
	if err != nil {
		return err
	}
	f.owners = make(map[string]string)
	used := make(map[string]bool)
	remember := func(id, email string, archived bool) {
		used[id] = true
		if key := address(email); key != "" && (!archived || f.owners[key] == "") {
			f.owners[key] = id
		}
	}
	for _, owner := range known {
		remember(owner.ID, owner.Email, owner.Archived)
	}
	for _, owner := range f.fixture.Owners {
		used[string(owner.ID)] = true
	}
	next := firstOwner
	for _, owner := range f.fixture.Owners {
		id := string(owner.ID)
		for ; id == ""; next++ {
			if text := strconv.Itoa(next); !used[text] {
				id = text
			}
		}
		if !crm.ObjectID(id).Valid() {
			return fmt.Errorf("owner %s: %q is no id", owner.Email, id)
		}
		remember(id, string(owner.Email), owner.Archived)
		if err := tx.PutOwner(ctx, hubspot.Owner{
			ID: id, Email: string(owner.Email), Type: "PERSON", FirstName: owner.FirstName, LastName: owner.LastName,
			CreatedAt: fixtureTime, UpdatedAt: fixtureTime, Archived: owner.Archived,
		}); err != nil {
			return err
		}
	}
	return nil
}

// fixtureTime is when owners of a fixture were added; fixtures do not say.
const fixtureTime = "2024-01-01T00:00:00.000Z"

// records validates and inserts the records, then their associations.
func (f *filling) records(ctx context.Context) error {
	var problems []error
	f.filled = make([]store.Record, len(f.fixture.Records))
	for i := range f.fixture.Records {
		problems = append(problems, f.prepare(i)...)
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	for _, record := range f.filled {
		if err := f.tx.UseID(ctx, record.ID); err != nil {
			return err
		}
	}
	for i := range f.filled {
		if err := f.insert(ctx, i); err != nil {
			return err
		}
	}
	for i, record := range f.fixture.Records {
		for _, association := range record.Associations {
			if err := f.associate(ctx, i, association); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", f.who(i), err))
			}
		}
	}
	return errors.Join(problems...)
}

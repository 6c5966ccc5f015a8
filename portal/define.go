package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// defineProperties adds properties of an object type, or changes HubSpot's own. A
// new one is in the group.
func defineProperties(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, group string, properties []crm.Property) error {
	for _, property := range properties {
		hubSpots, known := known()[objectType][property.Name]
		definition := definitionOf(property, hubSpots)
		if !known {
			definition.GroupName = group
		}
		if len(definition.Options) == 0 && definition.Type == "enumeration" && !definition.ExternalOptions {
			return fmt.Errorf("property %s: an enumeration needs options", property.Name)
		}
		var rules []hubspot.ValidationRule
		for _, rule := range property.Rules {
			rules = append(rules, hubspot.ValidationRule{RuleType: rule.Type, RuleArguments: rule.Arguments, ShouldApplyNormalization: rule.Normalises})
		}
		if err := tx.Define(ctx, store.Definition{Type: objectType, Property: definition, Rules: rules}); err != nil {
			return err
		}
	}
	return nil
}

// contactGroup is the group of contact properties that a fixture adds.
const contactGroup = "contactinformation"

// defineObjects adds custom object types.
func defineObjects(ctx context.Context, tx *store.Tx, objects []crm.FixtureObject) error {
	known, err := tx.ObjectTypes(ctx)
	if err != nil {
		return err
	}
	for _, o := range objects {
		same := func(k store.ObjectType) bool { return k.Type == o.Type || strings.EqualFold(k.Name, o.Name) }
		primary := func(p crm.Property) bool { return p.Name == o.Primary }
		switch {
		case !o.Type.Custom() || !crm.ValidObjectTypeName(o.Name):
			return fmt.Errorf("custom object %s: it needs an id like 2-123 and a name of letters, digits and underscores", o.Name)
		case slices.ContainsFunc(known, same):
			return fmt.Errorf("custom object %s: the portal has its id or its name already", o.Name)
		case !slices.ContainsFunc(o.Properties, primary):
			return fmt.Errorf("custom object %s: its primary property %q is not among its properties", o.Name, o.Primary)
		}
		at := time.Now().UnixMilli()
		object := store.ObjectType{
			Type: o.Type, Name: o.Name, Singular: cmp.Or(o.Singular, o.Name), Plural: cmp.Or(o.Plural, o.Singular, o.Name),
			Primary: o.Primary, Searchable: []string{o.Primary}, Created: at, Updated: at,
		}
		known = append(known, object)
		if err := tx.PutObjectType(ctx, object); err != nil {
			return err
		}
		group := hubspot.PropertyGroup{Name: customGroup(o.Name), Label: object.Singular + " Information"}
		if err := tx.PutGroup(ctx, store.Group{Type: o.Type, Group: group}); err != nil {
			return err
		}
		if err := defineProperties(ctx, tx, o.Type, group.Name, o.Properties); err != nil {
			return err
		}
		others := slices.Concat(companions, o.Associated)
		slices.Sort(others)
		if err := relate(ctx, tx, object, slices.Compact(others)); err != nil {
			return err
		}
	}
	return nil
}

// definitionOf turns a definition into the API's. What it leaves out is
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
		metadata := *definition.ModificationMetadata // that of a known property is everybody's
		metadata.ReadOnlyValue = true
		definition.ModificationMetadata = &metadata
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

// labelIDs gives association labels their type ids.
type labelIDs struct {
	used map[int]bool
	next int
}

// take returns the given id or, for 0, one that no label has.
func (l *labelIDs) take(given int) int {
	if given != 0 {
		return given
	}
	for l.used[l.next] {
		l.next++
	}
	l.used[l.next] = true
	l.next++
	return l.next - 1
}

// newLabelIDs knows the ids that labels have, and those that labels will have.
func newLabelIDs(ctx context.Context, tx *store.Tx, wanted []crm.FixtureLabel) (*labelIDs, error) {
	ids := &labelIDs{used: make(map[int]bool), next: firstLabel}
	text, err := tx.Meta(ctx, nextLabel)
	if err != nil {
		return nil, err
	}
	if next, err := strconv.Atoi(text); err == nil {
		ids.next = next
	}
	known, err := tx.Labels(ctx)
	for _, label := range known {
		ids.used[label.TypeID] = true
	}
	for _, label := range wanted {
		ids.used[label.TypeID] = true
	}
	return ids, err
}

// nextLabel is where the id of the next label is kept, so that the id of one that
// was deleted is not given again.
const nextLabel = "next_label"

func (l *labelIDs) save(ctx context.Context, tx *store.Tx) error {
	return tx.SetMeta(ctx, nextLabel, strconv.Itoa(l.next))
}

// defineLabels adds labels with their counterparts in the other direction. A
// label of two directions in the list is one pair; otherwise the other direction
// gets the same text and an id of its own. Between records of one type, one id
// stands for both.
func defineLabels(ctx context.Context, tx *store.Tx, labels []crm.FixtureLabel) error {
	ids, err := newLabelIDs(ctx, tx, labels)
	if err != nil {
		return err
	}
	paired := make([]bool, len(labels))
	for i, label := range labels {
		if paired[i] {
			continue
		}
		there := ids.take(label.TypeID)
		if label.From == label.To {
			if err := tx.DefineLabel(ctx, storedLabel(label.From, label.To, label.Label, there, there)); err != nil {
				return err
			}
			continue
		}
		given := 0
		if j := slices.IndexFunc(labels, opposite(label)); j >= 0 {
			given, paired[j] = labels[j].TypeID, true
		}
		back := ids.take(given)
		for _, direction := range []store.Label{
			storedLabel(label.From, label.To, label.Label, there, back),
			storedLabel(label.To, label.From, label.Label, back, there),
		} {
			if err := tx.DefineLabel(ctx, direction); err != nil {
				return err
			}
		}
	}
	return ids.save(ctx, tx)
}

// opposite matches the same label in the other direction.
func opposite(label crm.FixtureLabel) func(crm.FixtureLabel) bool {
	return func(l crm.FixtureLabel) bool {
		return l.From == label.To && l.To == label.From && strings.EqualFold(l.Label, label.Label)
	}
}

func storedLabel(from, to crm.ObjectType, label string, id, inverse int) store.Label {
	name := strings.Join(strings.Fields(strings.ToLower(label)), "_")
	return store.Label{From: from, To: to, TypeID: id, Inverse: inverse, Name: name, Label: label}
}

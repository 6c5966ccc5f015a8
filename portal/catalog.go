package portal

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/defaults"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// catalog is everything about a portal but its records: HubSpot's definitions and
// the portal's own. It does not change; a changed portal gets a new one.
type catalog struct {
	properties      map[crm.ObjectType]map[string]hubspot.Property
	archived        map[crm.ObjectType]map[string]hubspot.Property // definitions in the bin, which nothing else sees
	groups          map[crm.ObjectType]map[string]hubspot.PropertyGroup
	rules           map[crm.ObjectType]map[string][]hubspot.ValidationRule
	unique          map[crm.ObjectType][]string         // unique properties kept in the store's table of values
	number          int64                               // of the portal
	objects         map[crm.ObjectType]store.ObjectType // custom ones
	archivedObjects map[crm.ObjectType]store.ObjectType
	stages          []string // lifecycle stages in order
	types           map[[2]crm.ObjectType][]associationType

	omitsEmpty  bool // a read leaves out what is empty instead of saying null
	dialsPhones bool // phones have a rule by which they are stored as E.164
}

// associationType is a type with what the API's readers do not see of it.
type associationType struct {
	Type    crm.AssociationType
	Name    string // contact_to_company
	Inverse int    // type id of the other direction; 0 = none
	Kind    defaults.Kind
}

const (
	propertyEmail      = "email"
	propertyAdditional = "hs_additional_emails"
	propertyStage      = "lifecyclestage"
	propertyDomain     = "domain"

	propertyAdditionalDomains = "hs_additional_domains"

	propertyID = "hs_object_id"
)

// known are HubSpot's own definitions, by object type and name: the same in every
// portal, so they are read once and never changed.
var known = sync.OnceValue(func() map[crm.ObjectType]map[string]hubspot.Property {
	all := make(map[crm.ObjectType]map[string]hubspot.Property)
	for _, objectType := range crm.ObjectTypes() {
		all[objectType] = make(map[string]hubspot.Property)
		for _, property := range defaults.Properties(objectType) {
			all[objectType][property.Name] = property
		}
	}
	return all
})

// knownGroups are HubSpot's own property groups, read once as well.
var knownGroups = sync.OnceValue(func() map[crm.ObjectType]map[string]hubspot.PropertyGroup {
	all := make(map[crm.ObjectType]map[string]hubspot.PropertyGroup)
	for _, objectType := range crm.ObjectTypes() {
		all[objectType] = make(map[string]hubspot.PropertyGroup)
		for _, g := range defaults.Groups(objectType) {
			all[objectType][g.Name] = hubspot.PropertyGroup{Name: g.Name, Label: g.Label, DisplayOrder: g.DisplayOrder}
		}
	}
	return all
})

// knownTypes are HubSpot's own association types by their ends.
var knownTypes = sync.OnceValue(func() map[[2]crm.ObjectType][]associationType {
	all := make(map[[2]crm.ObjectType][]associationType)
	for _, t := range defaults.AssociationTypes() {
		label := ""
		if t.Label != nil {
			label = *t.Label
		}
		pair := [2]crm.ObjectType{t.From, t.To}
		all[pair] = append(all[pair], associationType{
			Type: crm.AssociationType{Category: t.Category, TypeID: t.TypeID, Label: label},
			Name: t.Name, Inverse: t.Inverse, Kind: t.Kind,
		})
	}
	return all
})

// loadCatalog reads the definitions, and makes the rulings that concern every record
// part of them.
func (p *Portal) loadCatalog(ctx context.Context, tx *store.Tx) (*catalog, error) {
	c := &catalog{
		omitsEmpty:  p.ruled(rulingEmptyProperties) == "omit",
		dialsPhones: p.ruled(rulingNormalisePhone) == "on",
		properties:  maps.Clone(known()),
		archived:    make(map[crm.ObjectType]map[string]hubspot.Property),
		rules:       make(map[crm.ObjectType]map[string][]hubspot.ValidationRule),
		unique:      make(map[crm.ObjectType][]string),
		types:       make(map[[2]crm.ObjectType][]associationType),
	}
	definitions, err := tx.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	objects, err := tx.ObjectTypes(ctx)
	if err != nil {
		return nil, err
	}
	account, err := tx.Meta(ctx, "account_id")
	if err != nil {
		return nil, err
	}
	if c.number, err = strconv.ParseInt(account, 10, 64); err != nil {
		return nil, err
	}
	c.addObjects(objects)
	c.define(definitions)
	if err := c.loadGroups(ctx, tx); err != nil {
		return nil, err
	}
	c.index()
	return c, c.loadTypes(ctx, tx)
}

// define adds the portal's own definitions.
func (c *catalog) define(definitions []store.Definition) {
	copied := make(map[crm.ObjectType]bool)
	for _, d := range definitions {
		if d.Type.Custom() && c.properties[d.Type] == nil { // of an archived object
			continue
		}
		if !copied[d.Type] {
			copied[d.Type] = true
			c.properties[d.Type] = maps.Clone(c.properties[d.Type])
		}
		if d.Property.Archived != nil && *d.Property.Archived {
			if c.archived[d.Type] == nil {
				c.archived[d.Type] = make(map[string]hubspot.Property)
			}
			c.archived[d.Type][d.Property.Name] = d.Property
			continue
		}
		c.properties[d.Type][d.Property.Name] = d.Property
		if len(d.Rules) == 0 {
			continue
		}
		if c.rules[d.Type] == nil {
			c.rules[d.Type] = make(map[string][]hubspot.ValidationRule)
		}
		c.rules[d.Type][d.Property.Name] = d.Rules
	}
}

// index derives what depends on all definitions.
func (c *catalog) index() {
	for objectType, properties := range c.properties {
		for name, property := range properties {
			address := objectType == crm.TypeContact && (name == propertyEmail || name == propertyAdditional)
			if property.HasUniqueValue && !address && name != propertyID {
				c.unique[objectType] = append(c.unique[objectType], name)
			}
		}
		slices.Sort(c.unique[objectType])
	}
	lifecycle := c.properties[crm.TypeContact][propertyStage].Options
	for _, stage := range inOrder(lifecycle) {
		c.stages = append(c.stages, stage.Value)
	}
	// Contacts and companies have one lifecycle.
	if companies := c.properties[crm.TypeCompany][propertyStage]; !slices.Equal(companies.Options, lifecycle) {
		companies.Options = lifecycle
		c.properties[crm.TypeCompany] = maps.Clone(c.properties[crm.TypeCompany])
		c.properties[crm.TypeCompany][propertyStage] = companies
	}
}

func (c *catalog) loadGroups(ctx context.Context, tx *store.Tx) error {
	c.groups = make(map[crm.ObjectType]map[string]hubspot.PropertyGroup)
	for objectType, groups := range knownGroups() {
		c.groups[objectType] = maps.Clone(groups)
	}
	groups, err := tx.Groups(ctx)
	for _, g := range groups {
		if c.groups[g.Type] == nil { // a custom object type
			c.groups[g.Type] = make(map[string]hubspot.PropertyGroup)
		}
		c.groups[g.Type][g.Group.Name] = g.Group
	}
	return err
}

func (c *catalog) loadTypes(ctx context.Context, tx *store.Tx) error {
	for pair, types := range knownTypes() {
		c.types[pair] = slices.Clone(types)
	}
	labels, err := tx.Labels(ctx)
	for _, l := range labels {
		pair := [2]crm.ObjectType{l.From, l.To}
		c.types[pair] = append(c.types[pair], associationType{
			Type: crm.AssociationType{Category: crm.UserDefined, TypeID: l.TypeID, Label: l.Label},
			Name: l.Name, Inverse: l.Inverse, Kind: kindOf(l),
		})
	}
	for _, types := range c.types {
		slices.SortFunc(types, func(a, b associationType) int { return a.Type.Compare(b.Type) })
	}
	return err
}

// kindOf is Default for the type that every association with a custom object has.
func kindOf(l store.Label) defaults.Kind {
	if l.Label == "" {
		return defaults.Default
	}
	return ""
}

// property returns a definition.
func (c *catalog) property(objectType crm.ObjectType, name string) (hubspot.Property, bool) {
	property, found := c.properties[objectType][name]
	return property, found
}

// phones are the properties whose numbers the ruling normalise-phone is about.
var phones = []string{"phone", "mobilephone"}

// dialRule is the rule that a portal with the ruling has for phones: like the rule of a
// portal's administrator it is listed, and refuses a number without a country code.
var dialRule = hubspot.ValidationRule{RuleType: "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", RuleArguments: []string{}, ShouldApplyNormalization: true}

// rulesFor are the rules that the values of a property are held to. An administrator's
// own rules for a phone take the place of the ruling's.
func (c *catalog) rulesFor(objectType crm.ObjectType, name string) []hubspot.ValidationRule {
	rules := c.rules[objectType][name]
	if _, defined := c.property(objectType, name); defined && c.dialsPhones && len(rules) == 0 && slices.Contains(phones, name) {
		return []hubspot.ValidationRule{dialRule}
	}
	return rules
}

// listed are the rules for the values of a type, by property.
func (c *catalog) listed(objectType crm.ObjectType) map[string][]hubspot.ValidationRule {
	listed := make(map[string][]hubspot.ValidationRule)
	maps.Copy(listed, c.rules[objectType])
	for _, name := range phones {
		if rules := c.rulesFor(objectType, name); len(rules) > 0 {
			listed[name] = rules
		}
	}
	return listed
}

// serves reports whether the portal has records of a type.
func (c *catalog) serves(objectType crm.ObjectType) bool {
	return c.properties[objectType] != nil
}

// find returns the type that a specification names; an empty category is any.
func (c *catalog) find(from, to crm.ObjectType, category string, id int) (associationType, bool) {
	return c.findFunc(from, to, func(t associationType) bool {
		return t.Type.TypeID == id && (category == "" || t.Type.Category == category)
	})
}

// named returns the type with a v3 name such as contact_to_company.
func (c *catalog) named(from, to crm.ObjectType, name string) (associationType, bool) {
	return c.findFunc(from, to, func(t associationType) bool { return t.Name == name })
}

// labelled returns the type with a display label.
func (c *catalog) labelled(from, to crm.ObjectType, label string) (associationType, bool) {
	return c.findFunc(from, to, func(t associationType) bool { return label != "" && strings.EqualFold(t.Type.Label, label) })
}

// unlabeled returns the type that every association of a pair has.
func (c *catalog) unlabeled(from, to crm.ObjectType) (associationType, bool) {
	return c.findFunc(from, to, func(t associationType) bool { return t.Kind == defaults.Default })
}

func (c *catalog) findFunc(from, to crm.ObjectType, match func(associationType) bool) (associationType, bool) {
	types := c.types[[2]crm.ObjectType{from, to}]
	if i := slices.IndexFunc(types, match); i >= 0 {
		return types[i], true
	}
	return associationType{}, false
}

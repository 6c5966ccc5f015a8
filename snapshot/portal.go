package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/spec"
)

// Portal reads what a portal is, as far as a document needs it: the account, the
// property definitions and their rules, owners if any are named, the association
// types of each type that is named, and the candidates of every target that is
// named by a property or by the address of a contact which the document does not
// declare.
//
// Sensitive definitions are read only when the document's policy names them or a
// property is not among the others.
func Portal(ctx context.Context, reader *hubspot.Reader, doc *spec.Document) (*crm.Portal, error) {
	d := description{
		reader: reader, needs: needsOf(doc), sensitive: len(doc.Settings().Sensitive) > 0,
		portal: &crm.Portal{
			Properties: make(map[string]crm.Property), Owners: make(map[crm.Email]crm.ObjectID),
			FormerOwners: make(map[crm.Email]crm.ObjectID),
			Labels:       make(map[[2]crm.ObjectType][]crm.AssociationType),
			Targets:      make(map[crm.Target][]crm.ObjectID),
			Unsearched:   make(map[crm.Target]string),
		},
	}
	reads := pool.New().WithMaxGoroutines(inFlight).WithContext(ctx).WithFirstError()
	reads.Go(d.account)
	reads.Go(d.properties)
	if len(d.needs.owners) > 0 {
		reads.Go(d.owners)
	}
	for _, to := range d.needs.linked {
		reads.Go(func(ctx context.Context) error { return d.labels(ctx, to) })
	}
	for _, query := range d.targetQueries() {
		reads.Go(query)
	}
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	for _, target := range d.needs.targets {
		// One without candidates was looked for, too.
		ids := d.portal.Targets[target]
		slices.SortFunc(ids, crm.ObjectID.Compare)
		d.portal.Targets[target] = ids
	}
	return d.portal, nil
}

// A description is a portal being read; its maps are shared by the readers.
type description struct {
	reader    *hubspot.Reader
	needs     needs
	sensitive bool
	mu        sync.Mutex
	portal    *crm.Portal
}

func (d *description) account(ctx context.Context) error {
	account, err := d.reader.Account(ctx)
	if err != nil {
		return fmt.Errorf("reading the account: %w", err)
	}
	d.portal.ID, d.portal.Kind, d.portal.TimeZone = accountID(account), account.AccountType, account.TimeZone
	return nil
}

// properties reads the definitions, then the rules: some portals have no rules to
// tell, and say so by 404.
func (d *description) properties(ctx context.Context) error {
	if err := d.definitions(ctx, "non_sensitive"); err != nil {
		return err
	}
	for _, sensitivity := range []string{"sensitive", "highly_sensitive"} {
		if !d.sensitive && d.allDefined() {
			break
		}
		err := d.definitions(ctx, sensitivity)
		if errors.Is(err, hubspot.ErrMissingScopes) && !d.sensitive {
			break
		}
		if err != nil {
			return err
		}
	}
	d.portal.Stages = stagesOf(d.portal.Properties["lifecyclestage"])
	rules, err := d.reader.PropertyRules(ctx, crm.TypeContact.ID())
	if errors.Is(err, hubspot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the rules of properties: %w", err)
	}
	for _, of := range rules {
		property, defined := d.portal.Properties[of.PropertyName]
		if !defined {
			continue
		}
		for _, rule := range of.PropertyValidationRules {
			property.Rules = append(property.Rules, crm.ValidationRule{
				Type: rule.RuleType, Arguments: rule.RuleArguments, Normalises: rule.ShouldApplyNormalization,
			})
		}
		d.portal.Properties[of.PropertyName] = property
	}
	return nil
}

func (d *description) definitions(ctx context.Context, sensitivity string) error {
	definitions, err := d.reader.Properties(ctx, contacts, sensitivity)
	if err != nil {
		return fmt.Errorf("reading property definitions: %w", err)
	}
	for _, definition := range definitions {
		d.portal.Properties[definition.Name] = propertyOf(definition)
	}
	return nil
}

func (d *description) allDefined() bool {
	return !slices.ContainsFunc(d.needs.properties, func(name string) bool {
		_, defined := d.portal.Properties[name]
		return !defined
	})
}

func propertyOf(definition hubspot.Property) crm.Property {
	property := crm.Property{
		Name: definition.Name, Label: definition.Label, Type: definition.Type, FieldType: definition.FieldType,
		Unique: definition.HasUniqueValue, Calculated: definition.Calculated, External: definition.ExternalOptions,
		ReadOnly:   definition.ModificationMetadata != nil && definition.ModificationMetadata.ReadOnlyValue,
		References: definition.ReferencedObjectType, Sensitivity: definition.DataSensitivity,
	}
	if property.Sensitivity == "" {
		property.Sensitivity = "non_sensitive"
	}
	for _, option := range definition.Options {
		property.Options = append(property.Options, crm.Option{
			Label: option.Label, Value: option.Value, DisplayOrder: option.DisplayOrder, Hidden: option.Hidden,
		})
	}
	return property
}

// owners reads the active owners, and the deactivated ones when somebody named is
// not among them.
func (d *description) owners(ctx context.Context) error {
	if err := d.readOwners(ctx, false, d.portal.Owners); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.needs.owners, func(email crm.Email) bool { return d.portal.Owners[email] == "" }) {
		return nil
	}
	if err := d.readOwners(ctx, true, d.portal.FormerOwners); err != nil {
		return err
	}
	for email := range d.portal.Owners {
		delete(d.portal.FormerOwners, email)
	}
	return nil
}

func (d *description) readOwners(ctx context.Context, archived bool, into map[crm.Email]crm.ObjectID) error {
	owners, err := d.reader.Owners(ctx, archived)
	if err != nil {
		return fmt.Errorf("reading owners: %w", err)
	}
	for _, owner := range owners {
		email, err := crm.ParseEmail(owner.Email)
		if err != nil {
			continue // a queue has no address
		}
		id := crm.ObjectID(owner.ID)
		if known, ok := into[email]; !ok || id.Compare(known) < 0 {
			into[email] = id
		}
	}
	return nil
}

func (d *description) labels(ctx context.Context, to crm.ObjectType) error {
	types, err := labelsOf(ctx, d.reader, to)
	if err != nil && (!to.Custom() || !refused(err)) { // a custom type that the portal does not have has no labels
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.portal.Labels[[2]crm.ObjectType{crm.TypeContact, to}] = types
	return nil
}

// refused reports whether the portal says that there is no such thing to ask for.
func refused(err error) bool {
	return errors.Is(err, hubspot.ErrValidation) || errors.Is(err, hubspot.ErrNotFound)
}

func labelsOf(ctx context.Context, reader *hubspot.Reader, to crm.ObjectType) ([]crm.AssociationType, error) {
	labels, err := reader.Labels(ctx, contacts, to.Plural())
	if err != nil {
		return nil, fmt.Errorf("reading the association labels of %s: %w", to.Plural(), err)
	}
	types := typesOf(labels)
	slices.SortFunc(types, crm.AssociationType.Compare)
	return types, nil
}

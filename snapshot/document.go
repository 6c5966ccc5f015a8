package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/spec"
)

// ExportOptions say what of a portal becomes a document.
type ExportOptions struct {
	// Properties to export, by name; read-only ones are left out. Default: every
	// property that can be written, is not sensitive and has a value.
	Properties []string
	// Associations to export, by the object type at the other end; default none.
	Associations []crm.ObjectType
	// IDs writes each contact's id, which ties the files to this one portal.
	// Contacts without a valid address always have it: they have no other name.
	IDs bool
	// LeftOut is told of each value that no file can hold, and why; it may be nil.
	LeftOut func(contact crm.ObjectID, property, why string)
}

// Document reads every live contact of a portal as a desired state that is true of
// it: a plan of the document against the same portal is empty. It takes ⌈N/100⌉
// requests for N contacts while the properties' names fit a URL, ⌈N/100⌉ more
// where they do not, and ⌈N/1000⌉ for each type of association.
//
// Contacts are sorted by address, then id; the same portal gives the same
// document. One in which contacts move while they are listed gives an error
// (hubspot.ErrListChanged): some could be missing. The portal needs its property definitions only. A value with a NUL, or
// with what looks like an access token, is left out: Load would refuse the file.
func Document(ctx context.Context, reader *hubspot.Reader, portal *crm.Portal, options ExportOptions) (*spec.Document, error) {
	e := export{
		reader: reader, portal: portal, options: options,
		properties: exported(portal, options.Properties),
		labels:     make(map[crm.ObjectType][]crm.AssociationType),
		tasks:      newTasks[[]crm.Contact](),
	}
	e.options.Associations = slices.Clone(options.Associations)
	slices.Sort(e.options.Associations)
	e.options.Associations = slices.Compact(e.options.Associations)
	for _, to := range e.options.Associations {
		types, err := labelsOf(ctx, reader, to)
		if err != nil {
			return nil, err
		}
		e.labels[to] = types
	}
	if err := e.read(ctx); err != nil {
		return nil, err
	}
	return e.document(), nil
}

// exported are the names of the properties to export, sorted. The address is the
// contact's key, and secondary addresses are its own, so neither is a property.
func exported(portal *crm.Portal, chosen []string) []string {
	var names []string
	for name, property := range portal.Properties {
		switch {
		case property.ReadOnly, property.Calculated, name == "email", name == "hs_additional_emails":
		case chosen == nil && property.Sensitivity != "non_sensitive":
		case chosen == nil || slices.Contains(chosen, name):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// An export is a portal being read; its state belongs to the caller's goroutine,
// requests are its tasks.
type export struct {
	reader     *hubspot.Reader
	portal     *crm.Portal
	options    ExportOptions
	properties []string
	labels     map[crm.ObjectType][]crm.AssociationType
	tasks      *tasks[[]crm.Contact]
	contacts   []crm.Contact
}

// read lists all contacts, in full while the list's URL can carry the properties'
// names, else their ids alone, and the contacts then by batch.
func (e *export) read(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer e.tasks.drain()
	defer cancel()
	asked := sortedUnique(e.properties, []string{"email", "hs_additional_emails"})
	list := hubspot.ListOptions{Properties: asked, Limit: hubspot.MaxPage}
	whole := e.reader.URLFits(contacts, list)
	if !whole {
		list.Properties = []string{"hs_object_id"}
	}
	for page, err := range e.reader.Objects(ctx, contacts, list) {
		if err != nil {
			return fmt.Errorf("listing contacts: %w", err)
		}
		if whole {
			for i := range page {
				e.contacts = append(e.contacts, contactOf(&page[i], asked))
			}
			continue
		}
		e.tasks.add(e.readBatch(page, asked))
		if err := e.collect(ctx, e.tasks.poll); err != nil {
			return err
		}
	}
	if err := e.collect(ctx, e.tasks.next); err != nil {
		return err
	}
	return e.bind(ctx)
}

// collect takes contacts for as long as take has some.
func (e *export) collect(ctx context.Context, take func(context.Context) ([]crm.Contact, bool, error)) error {
	for {
		batch, ok, err := take(ctx)
		if err != nil {
			return fmt.Errorf("reading contacts: %w", err)
		}
		if !ok {
			return nil
		}
		e.contacts = append(e.contacts, batch...)
	}
}

// readBatch reads in full a page of which the ids are known. What was archived in
// between is no longer there to be exported.
func (e *export) readBatch(page []hubspot.Object, properties []string) func(context.Context) ([]crm.Contact, error) {
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	return func(ctx context.Context) ([]crm.Contact, error) {
		answer, err := e.reader.BatchRead(ctx, contacts, hubspot.BatchReadRequest{Properties: properties, Inputs: recordIDs(ids)}, false)
		if err != nil {
			return nil, err
		}
		batch := make([]crm.Contact, len(answer.Found))
		for i := range answer.Found {
			batch[i] = contactOf(&answer.Found[i].Object, properties)
		}
		return batch, nil
	}
}

// bind reads the associations of all contacts.
func (e *export) bind(ctx context.Context) error {
	if len(e.options.Associations) == 0 {
		return nil
	}
	for batch := range slices.Chunk(e.contacts, hubspot.MaxAssociationRead) {
		e.tasks.add(func(ctx context.Context) ([]crm.Contact, error) {
			return nil, bind(ctx, e.reader, batch, e.options.Associations)
		})
	}
	return e.collect(ctx, e.tasks.next)
}

func (e *export) document() *spec.Document {
	emails := make(map[crm.ObjectID]crm.Email, len(e.contacts))
	for i := range e.contacts {
		emails[e.contacts[i].ID] = e.contacts[i].Email
	}
	declared := make([]spec.Contact, len(e.contacts))
	for i := range e.contacts {
		declared[i] = e.contact(&e.contacts[i], emails)
	}
	return spec.NewDocument(declared)
}

func (e *export) contact(live *crm.Contact, emails map[crm.ObjectID]crm.Email) spec.Contact {
	contact := spec.Contact{
		Email: live.Email, Also: live.Additional, Ensure: spec.Present, Lifecycle: spec.AtLeast,
	}
	if live.Email != "" {
		contact.Written = live.Properties.Text("email")
	}
	if e.options.IDs || live.Email == "" {
		contact.ID = live.ID
	}
	for _, name := range e.properties {
		text := live.Properties.Text(name)
		if text == "" || e.leftOut(live.ID, name, text) {
			continue
		}
		property := spec.Property{
			Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact,
			List: e.portal.Properties[name].Multiple(),
		}
		if property.List {
			property.Text = sortedOptions(text)
		}
		contact.Properties = append(contact.Properties, property)
	}
	for _, association := range live.Associations {
		contact.Associations = append(contact.Associations, e.associations(association, emails)...)
	}
	return contact
}

// leftOut reports whether a file cannot hold a value, and tells so.
func (e *export) leftOut(id crm.ObjectID, name, text string) bool {
	var why string
	switch {
	case strings.ContainsRune(text, 0):
		why = "it has a NUL character"
	case spec.HoldsToken(text):
		why = "it looks like an access token"
	default:
		return false
	}
	if e.options.LeftOut != nil {
		e.options.LeftOut(id, name, why)
	}
	return true
}

// sortedOptions are the parts of a multi-select's value, each once, sorted.
func sortedOptions(text string) string {
	parts := slices.DeleteFunc(strings.Split(text, ";"), func(part string) bool { return part == "" })
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), ";")
}

// associations declare one live association: by the other contact's address where
// it has one, else by id; labels by name where the name is one type's alone, else
// each by its type id.
func (e *export) associations(live crm.Association, emails map[crm.ObjectID]crm.Email) []spec.Association {
	to := crm.Target{Type: live.To.Type, ID: live.To.ID}
	if email := emails[live.To.ID]; live.To.Type == crm.TypeContact && email != "" {
		to = crm.Target{Type: live.To.Type, Email: email}
	}
	named := spec.Association{To: to}
	var typed []spec.Association
	for _, t := range live.Types {
		switch name, unique := e.labelName(live.To.Type, t); {
		case t.Label == "":
		case unique:
			named.Labels = append(named.Labels, name)
		default:
			typed = append(typed, spec.Association{To: to, Type: &crm.AssociationType{Category: t.Category, TypeID: t.TypeID}})
		}
	}
	slices.Sort(named.Labels)
	if len(named.Labels) == 0 && len(typed) > 0 {
		return typed
	}
	return append([]spec.Association{named}, typed...)
}

const primaryLabel = "Primary"

// labelName is how files name a type, and whether no other type of the pair goes
// by that name.
func (e *export) labelName(to crm.ObjectType, t crm.AssociationType) (string, bool) {
	if isPrimary(to, t) {
		return primaryLabel, true
	}
	same := 0
	for _, other := range e.labels[to] {
		if strings.EqualFold(other.Label, t.Label) {
			same++
		}
	}
	return t.Label, same == 1 && !strings.EqualFold(t.Label, primaryLabel)
}

// isPrimary reports whether a type is that of a contact's primary company, which
// HubSpot numbers 1 whatever its label says.
func isPrimary(to crm.ObjectType, t crm.AssociationType) bool {
	return to == crm.TypeCompany && t.Category == crm.HubSpotDefined && t.TypeID == 1
}

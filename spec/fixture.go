package spec

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/schema"
)

var (
	fixtureKeys     = []string{"version", "account", "properties", "objects", "labels", "owners", "companies", "deals", "tickets", "notes", "contacts"}
	recordKeys      = []string{"id", "properties", "associations", "archived"}
	companyKeys     = []string{"id", "domain", "name", "properties", "associations", "archived"}
	fixtureContact  = []string{"id", "email", "owner", "properties", "associations", "archived"}
	ownerKeys       = []string{"id", "email", "firstname", "lastname", "archived", "queue"}
	labelKeys       = []string{"from", "to", "label", "type_id"}
	objectKeys      = []string{"id", "name", "singular", "plural", "primary", "properties", "associated", "records"}
	fixtureLinkKeys = []string{"to", "id", "email", "domain", "where", "labels"}
)

// fixtureReader gathers a fixture.
type fixtureReader struct {
	*reader
	fixture crm.Fixture
	of      string                // the custom object whose properties are read, and a blank
	seen    map[string]diag.Range // records by type and id, contacts by address, definitions by name
}

// LoadFixture reads what a new local portal is filled with. Records are named like
// in desired-state files; which ones exist, and whether values fit their
// definitions, is for the portal to judge.
//
// The fixture is never nil; when the list has errors it is not what the file says.
func LoadFixture(source Source) (*crm.Fixture, diag.List) {
	var list diag.List
	f := &fixtureReader{seen: make(map[string]diag.Range)}
	if f.reader = open(source, maxFileSize, &list); f.reader != nil {
		f.read()
	}
	list.Sort()
	return &f.fixture, list
}

func (f *fixtureReader) read() {
	fields, root := f.single()
	if root == nil {
		return
	}
	for _, one := range fields {
		switch one.key {
		case "version":
		case "account":
			f.fixture.Account = f.account(one)
		case "properties":
			f.each(one, f.definition)
		case "objects":
			f.each(one, f.object)
		case "labels":
			f.each(one, f.label)
		case "owners":
			f.each(one, f.fixtureOwner)
		case "companies":
			f.records(one, crm.TypeCompany, companyKeys)
		case "deals":
			f.records(one, crm.TypeDeal, recordKeys)
		case "tickets":
			f.records(one, crm.TypeTicket, recordKeys)
		case "notes":
			f.records(one, crm.TypeNote, recordKeys)
		case "contacts":
			f.records(one, crm.TypeContact, fixtureContact)
		default:
			f.unknown(diag.UnknownFixtureKey, one, fixtureKeys)
		}
	}
	if f.errors == 0 {
		f.net(schema.Fixture, root, schema.Value(root))
	}
}

// each reads the mappings of a list, which may be empty.
func (f *fixtureReader) each(list field, read func(item field, fields []field)) {
	if list.value.Kind != yaml.SequenceNode {
		f.wrongKind(list, "a list")
		return
	}
	for _, node := range list.value.Content {
		one := item(list, node)
		if fields, ok := f.fields(one); ok {
			read(one, fields)
		}
	}
}

// once reports a second record or definition with the same key.
func (f *fixtureReader) once(kind, key string, at diag.Range) {
	if key == "" {
		return
	}
	first, twice := f.seen[kind+" "+key]
	if !twice {
		f.seen[kind+" "+key] = at
		return
	}
	f.report(diag.DuplicateRecord, at, "The fixture already has this "+kind+".", "remove one of the two",
		diag.Related{At: first, Note: "first defined here", Line: f.file.line(first.Line)})
}

func (f *fixtureReader) records(list field, kind crm.ObjectType, keys []string) {
	f.each(list, func(one field, fields []field) {
		f.fixture.Records = append(f.fixture.Records, f.record(one, fields, kind, keys))
	})
}

func (f *fixtureReader) record(at field, fields []field, kind crm.ObjectType, keys []string) crm.FixtureRecord {
	record := crm.FixtureRecord{Type: kind}
	var values []crm.Value
	var address *field
	for _, one := range fields {
		if !slices.Contains(keys, one.key) {
			f.unknown(diag.UnknownFixtureKey, one, keys)
			continue
		}
		switch one.key {
		case "id":
			record.ID = f.id(one)
			f.once(string(kind)+" id", string(record.ID), f.at(one))
		case "archived":
			record.Archived = f.flag(one)
		case "properties":
			values = append(values, f.fixtureValues(one)...)
		case "associations":
			record.Associations = f.links(one)
		case "email":
			address = &one
			values = append(values, f.shorthand(one, emailProperty)...)
		case "owner":
			values = append(values, f.shorthand(one, ownerProperty)...)
		case "domain":
			values = append(values, f.shorthand(one, "domain")...)
		case "name":
			values = append(values, f.shorthand(one, "name")...)
		}
	}
	if len(fields) == 0 {
		f.report(diag.MissingKey, f.at(at), "The record has no line at all.", "add properties:")
	}
	record.Properties = crm.NewProperties(values...)
	if address != nil && !record.Archived {
		f.once("contact address", record.Properties.Text(emailProperty), f.at(*address))
	}
	f.repeated(at, values)
	return record
}

// shorthand reads a key that stands for a property.
func (f *fixtureReader) shorthand(one field, name string) []crm.Value {
	text, ok := f.text(one)
	if !ok {
		return nil
	}
	switch name {
	case emailProperty, ownerProperty:
		text = string(f.email(one, text))
	case "domain":
		domain, err := crm.ParseDomain(text)
		if err != nil {
			f.report(diag.InvalidDomain, f.at(one), sentence(err.Error()), domainHint(text))
		}
		text = domain
	}
	return []crm.Value{{Name: name, Text: text}}
}

// repeated reports a property that a key and the properties both give.
func (f *fixtureReader) repeated(at field, values []crm.Value) {
	names := make(map[string]bool, len(values))
	for _, value := range values {
		if names[value.Name] {
			f.report(diag.DuplicateRecord, f.at(at), "The record gives "+value.Name+" twice: by a key of its own and among its properties.", "keep one of the two")
		}
		names[value.Name] = true
	}
}

func (f *fixtureReader) fixtureValues(list field) []crm.Value {
	fields, ok := f.fields(list)
	if !ok {
		return nil
	}
	values := make([]crm.Value, 0, len(fields))
	for _, one := range fields {
		if property, ok := f.property(one, FromContact); ok {
			values = append(values, crm.Value{Name: property.Name, Text: property.Text})
		}
	}
	return values
}

// links reads associations, which have fewer keys than in desired-state files.
func (f *fixtureReader) links(list field) []crm.FixtureAssociation {
	items, ok := f.items(list, "associations")
	if !ok {
		return nil
	}
	var links []crm.FixtureAssociation
	for _, one := range items {
		a, ok := f.link(one, fixtureLinkKeys, diag.UnknownFixtureKey)
		if ok {
			links = append(links, crm.FixtureAssociation{To: a.To, Labels: a.Labels})
		}
	}
	return links
}

func (f *fixtureReader) label(at field, fields []field) {
	var label crm.FixtureLabel
	for _, one := range fields {
		switch one.key {
		case "from":
			label.From = f.objectType(one)
		case "to":
			label.To = f.objectType(one)
		case "label":
			label.Label = f.labelText(one)
		case "type_id":
			label.TypeID = f.typeID(one, diag.TypeNumber)
		default:
			f.unknown(diag.UnknownFixtureKey, one, labelKeys)
		}
	}
	f.require(at, fields, labelKeys, labelKeys[:3])
	if label.Label != "" {
		f.once("label", string(label.From)+" "+string(label.To)+" "+label.Label, f.at(at))
	}
	f.fixture.Labels = append(f.fixture.Labels, label)
}

func (f *fixtureReader) fixtureOwner(at field, fields []field) {
	var owner crm.FixtureOwner
	for _, one := range fields {
		switch one.key {
		case "id":
			owner.ID = f.id(one)
			f.once("owner id", string(owner.ID), f.at(one))
		case "email":
			if text, ok := f.text(one); ok {
				owner.Email = f.email(one, text)
			}
		case "firstname":
			owner.FirstName, _ = f.text(one)
		case "lastname":
			owner.LastName, _ = f.text(one)
		case "archived":
			owner.Archived = f.flag(one)
		case "queue":
			owner.Queue = f.flag(one)
		default:
			f.unknown(diag.UnknownFixtureKey, one, ownerKeys)
		}
	}
	if owner.Queue {
		f.require(at, fields, ownerKeys, []string{"firstname"})
	} else {
		f.require(at, fields, ownerKeys, []string{"email"})
	}
	if !owner.Archived && owner.Email != "" {
		f.once("owner address", string(owner.Email), f.at(at))
	}
	f.fixture.Owners = append(f.fixture.Owners, owner)
}

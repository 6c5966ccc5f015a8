package conformance

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func readChecks() []Check {
	return []Check{
		{"read-default", "a read without properties gives the six default ones", "using object APIs", readDefault},
		{"read-undefined", "a property that does not exist is left out of a read", "contacts guide", readUndefined},
		{"read-empty", "a property without a value reads null, or is left out", "contacts guide and live samples: null; objects guide: it does not appear", readEmpty},
		{"read-by-email", "a contact is read by its address, in any case, with idProperty", "contacts guide", readByEmail},
		{"read-missing", "a record that is not there is answered with 404", "objects guide", readMissing},
		{"read-no-id", "a text that is no id is answered with 404, which names it", "field report", readNoID},
		{"read-history", "histories hold every value, the newest first", "objects guide", readHistory},
	}
}

func readDefault(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada", "lastname": "Lovelace", "jobtitle": "Engineer"})
	if err != nil {
		return err
	}
	path := t.object(contacts, contact.ID)
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	want := []string{"createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"}
	return equal("GET "+path, "properties", want, slices.Sorted(maps.Keys(read.Properties)))
}

func readUndefined(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	path := t.object(contacts, contact.ID) + "?properties=email,contactsync_nowhere"
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	_, there := read.Properties["contactsync_nowhere"]
	return holds("GET "+path, !there, "no contactsync_nowhere", slices.Sorted(maps.Keys(read.Properties)))
}

func readEmpty(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	path := t.object(contacts, contact.ID) + "?properties=email,jobtitle"
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	value, there := read.Properties["jobtitle"]
	if !there {
		return &Observation{Ruling: "empty-properties", Value: "omit"}
	}
	if value != nil {
		return &Mismatch{Request: "GET " + path, Expected: "jobtitle null or absent", Got: quote(*value)}
	}
	return &Observation{Ruling: "empty-properties", Value: "null", Default: true}
}

func readByEmail(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	email := texts(contact)["email"]
	for _, key := range []string{email, strings.ToUpper(email)} {
		path := t.object(contacts, key) + "?idProperty=email"
		var read hubspot.Object
		if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
			return err
		}
		if err := equal("GET "+path, "id", contact.ID, read.ID); err != nil {
			return err
		}
	}
	return nil
}

func readMissing(ctx context.Context, t *Target) error {
	contact, err := t.archived(ctx)
	if err != nil {
		return err
	}
	return first(
		t.do(ctx, 404, "GET", t.object(contacts, contact.ID), nil, nil),
		t.do(ctx, 404, "GET", t.object(contacts, texts(contact)["email"])+"?idProperty=email", nil, nil),
		t.do(ctx, 404, "PATCH", t.object(contacts, contact.ID), written(map[string]string{"firstname": "Ada"}), nil),
	)
}

func readNoID(ctx context.Context, t *Target) error {
	key := t.name()
	path := t.object(contacts, key)
	refusal, err := t.refused(ctx, 404, "OBJECT_NOT_FOUND", "GET", path, nil)
	return first(err, equal("GET "+path, "context.id", []string{key}, refusal.Context["id"]))
}

func readHistory(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada"})
	if err != nil {
		return err
	}
	if err := t.set(ctx, contact.ID, map[string]string{"firstname": "Grace"}); err != nil {
		return err
	}
	path := t.object(contacts, contact.ID) + "?propertiesWithHistory=firstname"
	var read hubspot.Object
	if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
		return err
	}
	var values []string
	for _, version := range read.PropertiesWithHistory["firstname"] {
		values = append(values, version.Value)
	}
	return equal("GET "+path, "history of firstname", []string{"Grace", "Ada"}, values)
}

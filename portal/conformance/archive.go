package conformance

import (
	"context"

	"github.com/contactsync/contactsync/hubspot"
)

func archiveChecks() []Check {
	return []Check{
		{"archive", "an archived record is read with archived=true alone", "objects guide", archive},
		{"archive-twice", "archiving what is archived already is answered with 204", "field report", archiveTwice},
		{"archive-frees-email", "the address of an archived contact can be used again, by a contact with another id", "knowledge base", archiveFreesEmail},
	}
}

func archive(ctx context.Context, t *Target) error {
	contact, err := t.archived(ctx)
	if err != nil {
		return err
	}
	path := t.object(contacts, contact.ID)
	if err := t.do(ctx, 404, "GET", path, nil, nil); err != nil {
		return err
	}
	path += "?archived=true"
	var read hubspot.Object
	err = t.do(ctx, 200, "GET", path, nil, &read)
	return first(
		err,
		equal("GET "+path, "id", contact.ID, read.ID),
		equal("GET "+path, "archived", true, read.Archived),
		holds("GET "+path, timestamp.MatchString(read.ArchivedAt), "an archivedAt", read.ArchivedAt),
	)
}

func archiveTwice(ctx context.Context, t *Target) error {
	contact, err := t.archived(ctx)
	if err != nil {
		return err
	}
	return t.do(ctx, 204, "DELETE", t.object(contacts, contact.ID), nil, nil)
}

func archiveFreesEmail(ctx context.Context, t *Target) error {
	old, err := t.archived(ctx)
	if err != nil {
		return err
	}
	again, err := t.create(ctx, contacts, map[string]string{"email": texts(old)["email"]})
	return first(err, holds("POST "+t.object(contacts), again.ID != old.ID, "an id other than "+old.ID, again.ID))
}

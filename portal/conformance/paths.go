package conformance

import (
	"context"
	"regexp"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func pathChecks() []Check {
	return []Check{
		{"versions", "the same record is read on the paths of v3, 2026-03 and 2026-09", "migration guide", versions},
		{"type-names", "a type goes by its name in singular and plural, and by its id", "objects guide", typeNames},
		{"error-envelope", "a refusal has status, message, category and a correlation id", "error handling guide", errorEnvelope},
		{"malformed-json", "a body that is no JSON is refused with 400", "field report", malformedJSON},
		{"long-url", "a URL of 20,000 characters is answered with 414", "error handling guide; the length by reports", longURL},
		{"unknown-path", "a path that does not exist is answered with 404 and no JSON", "live probe of 2026-04", unknownPath},
	}
}

func versions(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	for _, base := range []string{"/crm/v3/objects", "/crm/objects/2026-03", "/crm/objects/2026-09"} {
		path := base + "/contacts/" + contact.ID
		var read hubspot.Object
		if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
			return err
		}
		if err := equal("GET "+path, "email", texts(contact)["email"], texts(read)["email"]); err != nil {
			return err
		}
	}
	return nil
}

func typeNames(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	for _, name := range []string{"contacts", "contact", "0-1"} {
		var read hubspot.Object
		path := t.object(name, contact.ID)
		if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
			return err
		}
		if err := equal("GET "+path, "id", contact.ID, read.ID); err != nil {
			return err
		}
	}
	return nil
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)

func errorEnvelope(ctx context.Context, t *Target) error {
	path := t.object(contacts)
	refusal, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", path, written(map[string]string{"email": "nobody"}))
	return first(
		err,
		equal("POST "+path, "status", "error", refusal.Status),
		holds("POST "+path, refusal.Message != "", "a message", refusal.Message),
		holds("POST "+path, uuid.MatchString(refusal.CorrelationID), "a correlationId", refusal.CorrelationID),
	)
}

func malformedJSON(ctx context.Context, t *Target) error {
	return t.do(ctx, 400, "POST", t.object(contacts), "no object", nil)
}

func unknownPath(ctx context.Context, t *Target) error {
	r, err := t.send(ctx, "GET", "/crm/v3/contactsync-nowhere", nil)
	if err != nil {
		return err
	}
	kind := r.Header.Get("Content-Type")
	return first(r.want(404), holds(r.request, !strings.HasPrefix(kind, "application/json"), "a page, not JSON", kind))
}

func longURL(ctx context.Context, t *Target) error {
	path := t.object(contacts) + "?limit=1&properties=hs_object_id"
	r, err := t.send(ctx, "GET", path+strings.Repeat(",contactsync_nowhere", 1000), nil)
	if err != nil {
		return err
	}
	r.request = "GET " + path + ",contactsync_nowhere… (1,000 times)"
	return r.want(414)
}

package conformance

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func identityChecks() []Check {
	return []Check{
		{"merge", "merging answers with the merged contact: the primary one's values, the other's where it has none", "objects guide", merge},
		{"merge-id", "a merged contact has a new id, or that of the primary one", "objects guide: a new one; Primary ID Preservation beta: the primary's", mergeID},
		{"merge-former-ids", "both former ids, and both addresses, lead to the merged contact", "objects guide; field report", mergeFormerIDs},
		{"delete-permanently", "a permanently deleted contact is not in the bin either", "objects guide", deletePermanently},
		{"delete-permanently-by-email", "a contact is permanently deleted by its address with idProperty", "specification of gdpr-delete", deletePermanentlyByEmail},
		{"forgotten-address", "the address of a permanently deleted contact can be used again, or is blocked", "knowledge base: the API may add it again; specification: it is blocked", forgottenAddress},
	}
}

// merged makes two contacts and merges the second into the first.
func (t *Target) merged(ctx context.Context) (request string, one, two, merged hubspot.Object, err error) {
	request = "POST " + t.object(contacts, "merge")
	if one, err = t.contact(ctx, map[string]string{"firstname": "Ada"}); err != nil {
		return request, one, two, merged, err
	}
	if two, err = t.contact(ctx, map[string]string{"firstname": "Grace", "lastname": "Hopper"}); err != nil {
		return request, one, two, merged, err
	}
	body := map[string]string{"primaryObjectId": one.ID, "objectIdToMerge": two.ID}
	err = t.do(ctx, 200, "POST", t.object(contacts, "merge"), body, &merged)
	return request, one, two, merged, err
}

func merge(ctx context.Context, t *Target) error {
	request, one, _, merged, err := t.merged(ctx)
	if err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, merged.ID, "email", "firstname", "lastname")
	return first(
		err,
		equal(request, "email", texts(one)["email"], values["email"]),
		equal(request, "firstname", "Ada", values["firstname"]),
		equal(request, "lastname", "Hopper", values["lastname"]),
	)
}

func mergeID(ctx context.Context, t *Target) error {
	request, one, two, merged, err := t.merged(ctx)
	switch {
	case err != nil:
		return err
	case merged.ID == one.ID:
		return &Observation{Ruling: "merge-id", Value: "primary"}
	case merged.ID == two.ID || !number.MatchString(merged.ID):
		return holds(request, false, "a new id, or the primary one's, "+one.ID, merged.ID)
	}
	return &Observation{Ruling: "merge-id", Value: "new", Default: true}
}

func mergeFormerIDs(ctx context.Context, t *Target) error {
	_, one, two, merged, err := t.merged(ctx)
	if err != nil {
		return err
	}
	for _, path := range []string{
		t.object(contacts, one.ID), t.object(contacts, two.ID),
		t.object(contacts, texts(one)["email"]) + "?idProperty=email", t.object(contacts, texts(two)["email"]) + "?idProperty=email",
	} {
		var read hubspot.Object
		if err := t.do(ctx, 200, "GET", path, nil, &read); err != nil {
			return err
		}
		if err := equal("GET "+path, "id", merged.ID, read.ID); err != nil {
			return err
		}
	}
	request, answer, err := t.batch(ctx, 200, "read", readBody([]string{"hs_additional_emails"}, "", two.ID))
	if err := first(err, equal(request, "ids", []string{merged.ID}, resultIDs(answer))); err != nil {
		return err
	}
	additional := texts(answer.Results[0])["hs_additional_emails"]
	return holds(request, slices.Contains(strings.Split(additional, ";"), texts(two)["email"]), "hs_additional_emails with "+texts(two)["email"], additional)
}

// wantDeleted wants a contact to be nowhere.
func (t *Target) wantDeleted(ctx context.Context, id string) error {
	return first(
		t.do(ctx, 404, "GET", t.object(contacts, id), nil, nil),
		t.do(ctx, 404, "GET", t.object(contacts, id)+"?archived=true", nil, nil),
	)
}

func deletePermanently(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	err = t.do(ctx, 204, "POST", t.object(contacts, "gdpr-delete"), map[string]string{"objectId": contact.ID}, nil)
	return first(err, t.wantDeleted(ctx, contact.ID))
}

func deletePermanentlyByEmail(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	body := map[string]string{"objectId": texts(contact)["email"], "idProperty": "email"}
	err = t.do(ctx, 204, "POST", t.object(contacts, "gdpr-delete"), body, nil)
	return first(err, t.wantDeleted(ctx, contact.ID))
}

func forgottenAddress(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	email := texts(contact)["email"]
	if err := t.do(ctx, 204, "POST", t.object(contacts, "gdpr-delete"), map[string]string{"objectId": email, "idProperty": "email"}, nil); err != nil {
		return err
	}
	r, err := t.send(ctx, "POST", t.object(contacts), written(map[string]string{"email": email}))
	if err != nil {
		return err
	}
	if r.StatusCode == http.StatusBadRequest {
		return &Observation{Ruling: "forgotten-address", Value: "refuse"}
	}
	return first(r.want(201), &Observation{Ruling: "forgotten-address", Value: "allow", Default: true})
}

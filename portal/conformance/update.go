package conformance

import (
	"context"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

func updateChecks() []Check {
	return []Check{
		{"update", "an update changes the given properties alone", "objects guide", update},
		{"update-clear", "an empty text clears a property", "properties guide", updateClear},
		{"update-by-email", "a contact is updated by its address with idProperty", "contacts guide", updateByEmail},
		{"update-taken", "an address that another contact has is refused with 409", "error handling guide", updateTaken},
		{"update-all-or-nothing", "one invalid property refuses the whole update", "error handling guide", updateAllOrNothing},
		{"update-phone", "a phone number is kept as it was written, or brought into the form of E.164", "validation rules of the account", updatePhone},
		{"update-unchanged", "an update that changes nothing moves the time of modification, or does not", "not documented", updateUnchanged},
		{"stage-forward", "the lifecycle stage moves forward", "contacts guide", stageForward},
		{"stage-backward", "a write that would move the lifecycle stage back is answered with 2xx and ignored", "contacts guide: forward only; field reports of 2016 and 2026: ignored; one page: it moves", stageBackward},
		{"stage-cleared", "a cleared lifecycle stage can be set to any", "contacts guide", stageCleared},
	}
}

func update(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada", "lastname": "Lovelace"})
	if err != nil {
		return err
	}
	if err := t.set(ctx, contact.ID, map[string]string{"firstname": "Grace"}); err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "firstname", "lastname")
	request := "PATCH " + t.object(contacts, contact.ID)
	return first(err, equal(request, "firstname", "Grace", values["firstname"]), equal(request, "lastname", "Lovelace", values["lastname"]))
}

func updateClear(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada"})
	if err != nil {
		return err
	}
	if err := t.set(ctx, contact.ID, map[string]string{"firstname": ""}); err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "firstname")
	return first(err, equal("PATCH "+t.object(contacts, contact.ID), "firstname", "", values["firstname"]))
}

func updateByEmail(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	path := t.object(contacts, texts(contact)["email"]) + "?idProperty=email"
	var updated hubspot.Object
	err = t.do(ctx, 200, "PATCH", path, written(map[string]string{"firstname": "Ada"}), &updated)
	return first(err, equal("PATCH "+path, "id", contact.ID, updated.ID))
}

func updateTaken(ctx context.Context, t *Target) error {
	one, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	two, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	_, err = t.refused(ctx, 409, "CONFLICT", "PATCH", t.object(contacts, two.ID), written(map[string]string{"email": texts(one)["email"]}))
	return err
}

func updateAllOrNothing(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada"})
	if err != nil {
		return err
	}
	path := t.object(contacts, contact.ID)
	if _, err := t.refused(ctx, 400, "VALIDATION_ERROR", "PATCH", path, written(map[string]string{"firstname": "Grace", "contactsync_nowhere": "x"})); err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "firstname")
	return first(err, equal("PATCH "+path, "firstname", "Ada", values["firstname"]))
}

func updatePhone(ctx context.Context, t *Target) error {
	const phone = "+1 202-555-0123" // a number that is kept for stories
	contact, err := t.contact(ctx, map[string]string{"phone": phone})
	if err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "phone")
	switch {
	case err != nil:
		return err
	case values["phone"] == "+12025550123":
		return &Observation{Ruling: "normalise-phone", Value: "on"}
	}
	return first(
		equal("GET "+t.object(contacts, contact.ID), "phone", phone, values["phone"]),
		&Observation{Ruling: "normalise-phone", Value: "off", Default: true},
	)
}

func updateUnchanged(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada"})
	if err != nil {
		return err
	}
	before, err := t.read(ctx, contacts, contact.ID, "lastmodifieddate")
	if err != nil {
		return err
	}
	if err := pause(ctx, time.Second); err != nil { // the time must be able to differ
		return err
	}
	if err := t.set(ctx, contact.ID, map[string]string{"firstname": "Ada"}); err != nil {
		return err
	}
	after, err := t.read(ctx, contacts, contact.ID, "lastmodifieddate")
	if err != nil {
		return err
	}
	if before["lastmodifieddate"] == after["lastmodifieddate"] {
		return &Observation{Ruling: "unchanged-update", Value: "keep"}
	}
	return &Observation{Ruling: "unchanged-update", Value: "bump", Default: true}
}

// stages writes lifecycle stages one after the other and reads the last.
func (t *Target) stages(ctx context.Context, stages ...string) (request, stage string, err error) {
	contact, err := t.contact(ctx, map[string]string{"lifecyclestage": stages[0]})
	if err != nil {
		return "", "", err
	}
	for _, stage := range stages[1:] {
		if err := t.set(ctx, contact.ID, map[string]string{"lifecyclestage": stage}); err != nil {
			return "", "", err
		}
	}
	values, err := t.read(ctx, contacts, contact.ID, "lifecyclestage")
	return "PATCH " + t.object(contacts, contact.ID), values["lifecyclestage"], err
}

func stageForward(ctx context.Context, t *Target) error {
	request, stage, err := t.stages(ctx, "lead", "customer")
	return first(err, equal(request, "lifecyclestage", "customer", stage))
}

func stageBackward(ctx context.Context, t *Target) error {
	request, stage, err := t.stages(ctx, "customer", "lead")
	switch {
	case err != nil:
		return err
	case stage == "lead":
		return &Observation{Ruling: "backward-stage", Value: "allow"}
	case stage != "customer":
		return equal(request, "lifecyclestage", "customer", stage)
	}
	return &Observation{Ruling: "backward-stage", Value: "ignore", Default: true}
}

func stageCleared(ctx context.Context, t *Target) error {
	request, stage, err := t.stages(ctx, "customer", "", "lead")
	return first(err, equal(request, "lifecyclestage", "lead", stage))
}

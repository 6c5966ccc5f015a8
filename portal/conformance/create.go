package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func createChecks() []Check {
	return []Check{
		{"create", "a created contact is answered with 201, a numeric id and its values", "objects guide", create},
		{"create-email-case", "an address is kept in lower case", "field reports", createEmailCase},
		{"create-taken", "an address that a live contact has is refused with 409, naming that contact", "field reports of 2021 to 2026", createTaken},
		{"create-unknown-property", "properties that do not exist are refused together, each with a code", "error handling guide", createUnknownProperty},
		{"create-invalid-email", "a text that is no address is refused as INVALID_EMAIL", "field reports", createRefused("email", "nobody", "INVALID_EMAIL")},
		{"create-invalid-option", "a value that is no option is refused as INVALID_OPTION", "properties guide", createRefused("lifecyclestage", "no_such_stage", "INVALID_OPTION")},
		{"create-read-only", "a value of a read-only property is refused as READ_ONLY_VALUE", "field reports", createRefused("hs_object_id", "1", "READ_ONLY_VALUE")},
		{"create-associated", "a contact can be created with an association", "objects guide", createAssociated},
	}
}

var number = regexp.MustCompile(`^[0-9]+$`)

func create(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada", "lastname": "Lovelace"})
	if err != nil {
		return err
	}
	request, values := "POST "+t.object(contacts), texts(contact)
	return first(
		holds(request, number.MatchString(contact.ID), "a numeric id", contact.ID),
		equal(request, "firstname", "Ada", values["firstname"]),
		equal(request, "hs_object_id", contact.ID, values["hs_object_id"]),
		holds(request, timestamp.MatchString(contact.CreatedAt), "createdAt in ISO 8601 with milliseconds", contact.CreatedAt),
		equal(request, "archived", false, contact.Archived),
	)
}

var timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$`)

func createEmailCase(ctx context.Context, t *Target) error {
	email := t.email()
	contact, err := t.create(ctx, contacts, map[string]string{"email": strings.ToUpper(email)})
	if err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "email")
	return first(err, equal("GET "+t.object(contacts, contact.ID), "email", email, values["email"]))
}

func createTaken(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	body := written(map[string]string{"email": texts(contact)["email"]})
	refusal, err := t.refused(ctx, 409, "CONFLICT", "POST", t.object(contacts), body)
	return first(err, equal("POST "+t.object(contacts), "message", "Contact already exists. Existing ID: "+contact.ID, refusal.Message))
}

func createUnknownProperty(ctx context.Context, t *Target) error {
	names := []string{"contactsync_nowhere_one", "contactsync_nowhere_two"}
	path := t.object(contacts)
	refusal, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", path, written(map[string]string{"email": t.email(), names[0]: "x", names[1]: "y"}))
	if err != nil {
		return err
	}
	request := "POST " + path
	list, found := strings.CutPrefix(refusal.Message, "Property values were not valid: ")
	var inner []struct{ Error, Name string }
	if !found || json.Unmarshal([]byte(list), &inner) != nil {
		return holds(request, false, `the message "Property values were not valid: " before a JSON list`, refusal.Message)
	}
	var told, detailed []string
	for _, item := range inner {
		told = append(told, item.Name+" "+item.Error)
	}
	for _, detail := range refusal.Errors {
		detailed = append(detailed, strings.Join(detail.Context["propertyName"], " ")+" "+detail.Code)
	}
	slices.Sort(told)
	slices.Sort(detailed)
	want := []string{names[0] + " PROPERTY_DOESNT_EXIST", names[1] + " PROPERTY_DOESNT_EXIST"}
	return first(equal(request, "properties in the message", want, told), equal(request, "properties in errors", want, detailed))
}

// createRefused wants a create refused for one value.
func createRefused(property, value, code string) func(context.Context, *Target) error {
	return func(ctx context.Context, t *Target) error {
		path, properties := t.object(contacts), map[string]string{"email": t.email()}
		properties[property] = value
		refusal, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", path, written(properties))
		if err != nil {
			return err
		}
		var codes []string
		for _, detail := range refusal.Errors {
			codes = append(codes, detail.Code)
		}
		return holds("POST "+path, slices.Contains(codes, code) || strings.Contains(refusal.Message, code), fmt.Sprintf("the code %s for %s", code, property), codes)
	}
}

func createAssociated(ctx context.Context, t *Target) error {
	company, err := t.company(ctx)
	if err != nil {
		return err
	}
	input := hubspot.CreateInput{
		Properties:   map[string]string{"email": t.email()},
		Associations: []hubspot.NewAssociation{{To: hubspot.RecordID{ID: hubspot.FlexID(company.ID)}, Types: []hubspot.AssociationSpec{unlabeled}}},
	}
	var contact hubspot.Object
	if err := t.do(ctx, 201, "POST", t.object(contacts), input, &contact); err != nil {
		return err
	}
	types, err := t.types(ctx, contact.ID, company.ID)
	return first(err, holds("POST "+t.object(contacts), slices.Contains(types, unlabeled.AssociationTypeID), "an association of type 279", types))
}

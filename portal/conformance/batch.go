package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func batchChecks() []Check {
	return []Check{
		{"batch-read", "a batch is read by record id", "batch guide", batchRead},
		{"batch-read-by-email", "a batch is read by address with idProperty", "contacts guide", batchReadByEmail},
		{"batch-read-missing", "what is not found stands in one error, with 207", "field reports", batchReadMissing},
		{"batch-read-limit", "more than 100 inputs, or 50 with histories, are refused", "batch guide; field reports", batchReadLimit},
		{"batch-update", "a batch is updated by record id", "batch guide", batchUpdate},
		{"batch-update-by-email", "an update by address is refused", "contacts guide", batchUpdateByEmail},
		{"batch-update-missing", "ids that are not found are reported, or left out silently", "specification: 207 with errors; one report: 207 without", batchUpdateMissing},
		{"batch-upsert", "an upsert creates what is not there and says so", "batch guide", batchUpsert},
		{"batch-upsert-partial", "an upsert by address that gives some properties is applied, refused, or replaces all", "guide: not supported; field reports: applied", batchUpsertPartial},
		{"batch-upsert-double", "two inputs for the same record are refused", "field report", batchUpsertDouble},
		{"batch-read-archived", "archived contacts are read in a batch by their address with archived=true", "inferred, no source tells; plan looks into the bin this way", batchReadArchived},
		{"batch-archive", "a batch is archived with 204, also what is archived already", "batch guide", batchArchive},
	}
}

// two are a live contact and an archived one.
func (t *Target) two(ctx context.Context) (live, gone hubspot.Object, err error) {
	if live, err = t.contact(ctx, map[string]string{"firstname": "Ada"}); err != nil {
		return live, gone, err
	}
	gone, err = t.archived(ctx)
	return live, gone, err
}

// batch sends a batch call of contacts and decodes its envelope.
func (t *Target) batch(ctx context.Context, status int, verb string, body any) (request string, answer hubspot.BatchResponse[hubspot.Object], err error) {
	path := t.object(contacts, "batch", verb)
	err = t.do(ctx, status, "POST", path, body, &answer)
	return "POST " + path, answer, err
}

func resultIDs(answer hubspot.BatchResponse[hubspot.Object]) []string {
	ids := make([]string, len(answer.Results))
	for i, object := range answer.Results {
		ids[i] = object.ID
	}
	slices.Sort(ids)
	return ids
}

func batchRead(ctx context.Context, t *Target) error {
	one, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	two, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	request, answer, err := t.batch(ctx, 200, "read", readBody([]string{"email"}, "", one.ID, two.ID))
	want := []string{one.ID, two.ID}
	slices.Sort(want)
	return first(err, equal(request, "ids", want, resultIDs(answer)), equal(request, "status", "COMPLETE", answer.Status))
}

func batchReadByEmail(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	request, answer, err := t.batch(ctx, 200, "read", readBody([]string{"email"}, "email", texts(contact)["email"]))
	return first(err, equal(request, "ids", []string{contact.ID}, resultIDs(answer)))
}

func batchReadMissing(ctx context.Context, t *Target) error {
	live, gone, err := t.two(ctx)
	if err != nil {
		return err
	}
	request, answer, err := t.batch(ctx, 207, "read", readBody([]string{"email"}, "", live.ID, gone.ID))
	if err := first(err, equal(request, "ids", []string{live.ID}, resultIDs(answer)), equal(request, "errors", 1, len(answer.Errors))); err != nil {
		return err
	}
	missing := answer.Errors[0]
	return first(
		equal(request, "category", "OBJECT_NOT_FOUND", missing.Category),
		equal(request, "context.ids", []string{gone.ID}, missing.Context["ids"]),
	)
}

func batchReadLimit(ctx context.Context, t *Target) error {
	keys := make([]string, hubspot.MaxBatch+1)
	for i := range keys {
		keys[i] = fmt.Sprintf("nobody-%d@%s", i, t.domain())
	}
	path := t.object(contacts, "batch", "read")
	if err := t.tooMany(ctx, path, readBody([]string{"email"}, "email", keys...)); err != nil {
		return err
	}
	body := readBody(nil, "email", keys[:51]...)
	body.PropertiesWithHistory = []string{"email"}
	return t.tooMany(ctx, path, body)
}

func updates(idProperty string, properties map[string]string, ids ...string) hubspot.BatchRequest[hubspot.UpdateInput] {
	var body hubspot.BatchRequest[hubspot.UpdateInput]
	for _, id := range ids {
		body.Inputs = append(body.Inputs, hubspot.UpdateInput{ID: id, IDProperty: idProperty, Properties: properties})
	}
	return body
}

func batchUpdate(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada"})
	if err != nil {
		return err
	}
	request, answer, err := t.batch(ctx, 200, "update", updates("", map[string]string{"firstname": "Grace"}, contact.ID))
	if err := first(err, equal(request, "ids", []string{contact.ID}, resultIDs(answer))); err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "firstname")
	return first(err, equal(request, "firstname", "Grace", values["firstname"]))
}

func batchUpdateByEmail(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	_, err = t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.object(contacts, "batch", "update"), updates("email", map[string]string{"firstname": "Ada"}, texts(contact)["email"]))
	return err
}

func batchUpdateMissing(ctx context.Context, t *Target) error {
	live, gone, err := t.two(ctx)
	if err != nil {
		return err
	}
	request, answer, err := t.batch(ctx, 207, "update", updates("", map[string]string{"firstname": "Grace"}, live.ID, gone.ID))
	switch {
	case err != nil:
		return err
	case len(answer.Errors) == 0:
		return &Observation{Ruling: "update-unknown-ids", Value: "silent"}
	}
	ids := answer.Errors[0].Context["ids"]
	if err := holds(request, slices.Contains(ids, gone.ID), "context.ids with "+gone.ID, ids); err != nil {
		return err
	}
	return &Observation{Ruling: "update-unknown-ids", Value: "report", Default: true}
}

func batchUpsert(ctx context.Context, t *Target) error {
	path, email := t.object(contacts, "batch", "upsert"), t.email()
	for _, isNew := range []bool{true, false} {
		var answer hubspot.BatchResponse[hubspot.Object]
		if err := t.do(ctx, 200, "POST", path, updates("email", map[string]string{"email": email, "firstname": "Ada"}, email), &answer); err != nil {
			return err
		}
		if err := equal("POST "+path, "results", 1, len(answer.Results)); err != nil {
			return err
		}
		if err := equal("POST "+path, "new", &isNew, answer.Results[0].New); err != nil {
			return err
		}
	}
	return nil
}

func batchUpsertPartial(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, map[string]string{"firstname": "Ada", "lastname": "Lovelace"})
	if err != nil {
		return err
	}
	r, err := t.send(ctx, "POST", t.object(contacts, "batch", "upsert"), updates("email", map[string]string{"firstname": "Grace"}, texts(contact)["email"]))
	if err != nil {
		return err
	}
	if r.StatusCode == http.StatusBadRequest {
		return &Observation{Ruling: "upsert-by-email", Value: "reject"}
	}
	if err := r.want(200); err != nil {
		return err
	}
	values, err := t.read(ctx, contacts, contact.ID, "firstname", "lastname")
	if err := first(err, equal(r.request, "firstname", "Grace", values["firstname"])); err != nil {
		return err
	}
	if values["lastname"] == "" {
		return &Observation{Ruling: "upsert-by-email", Value: "replace"}
	}
	return first(
		equal(r.request, "lastname", "Lovelace", values["lastname"]),
		&Observation{Ruling: "upsert-by-email", Value: "apply", Default: true},
	)
}

func batchUpsertDouble(ctx context.Context, t *Target) error {
	contact, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	email := texts(contact)["email"]
	_, err = t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.object(contacts, "batch", "upsert"), updates("email", map[string]string{"firstname": "Ada"}, email, email))
	return err
}

func batchReadArchived(ctx context.Context, t *Target) error {
	contact, err := t.archived(ctx)
	if err != nil {
		return err
	}
	path := t.object(contacts, "batch", "read") + "?archived=true"
	var answer hubspot.BatchResponse[hubspot.Object]
	err = t.do(ctx, 200, "POST", path, readBody([]string{"email"}, "email", texts(contact)["email"]), &answer)
	return first(err, equal("POST "+path, "ids", []string{contact.ID}, resultIDs(answer)))
}

func batchArchive(ctx context.Context, t *Target) error {
	live, gone, err := t.two(ctx)
	if err != nil {
		return err
	}
	path := t.object(contacts, "batch", "archive")
	if err := t.do(ctx, 204, "POST", path, inputs(live.ID, gone.ID), nil); err != nil {
		return err
	}
	r, err := t.send(ctx, "POST", t.object(contacts, "batch", "read"), readBody(nil, "", live.ID))
	if err != nil {
		return err
	}
	return first(r.want(207), holds(r.request, strings.Contains(string(r.Body), live.ID), "an error that names "+live.ID, clip(string(r.Body))))
}

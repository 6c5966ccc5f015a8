package conformance

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

func batchCreateChecks() []Check {
	return []Check{
		{"batch-create", "a batch is created with 201 and the envelope of batches", "batch guide", batchCreate},
		{"batch-create-partial", "with a trace id on every input, good ones are created and bad ones named (207)", "error handling guide", batchCreatePartial},
		{"batch-create-whole", "without trace ids one bad input refuses the whole batch", "error handling guide; field report", batchCreateWhole},
		{"batch-create-double", "two inputs with the same new address are refused with 409", "field report", batchCreateDouble},
		{"batch-create-limit", "more than 100 inputs are refused", "batch guide", batchCreateLimit},
	}
}

func batchCreate(ctx context.Context, t *Target) error {
	path := t.object(contacts, "batch", "create")
	body := newContacts(map[string]string{"email": t.email()}, map[string]string{"email": t.email()})
	var made hubspot.BatchResponse[hubspot.Object]
	err := t.do(ctx, 201, "POST", path, body, &made)
	return first(
		err,
		equal("POST "+path, "status", "COMPLETE", made.Status),
		equal("POST "+path, "results", 2, len(made.Results)),
		holds("POST "+path, timestamp.MatchString(made.StartedAt) && timestamp.MatchString(made.CompletedAt), "startedAt and completedAt", made.StartedAt+" "+made.CompletedAt),
	)
}

// newContacts is the body of a batch create without trace ids.
func newContacts(properties ...map[string]string) hubspot.BatchRequest[hubspot.CreateInput] {
	var body hubspot.BatchRequest[hubspot.CreateInput]
	for _, values := range properties {
		body.Inputs = append(body.Inputs, hubspot.CreateInput{Properties: values})
	}
	return body
}

func batchCreatePartial(ctx context.Context, t *Target) error {
	taken, err := t.contact(ctx, nil)
	if err != nil {
		return err
	}
	path := t.object(contacts, "batch", "create")
	body := newContacts(map[string]string{"email": t.email()}, map[string]string{"email": "nobody"}, map[string]string{"email": texts(taken)["email"]})
	for i := range body.Inputs {
		body.Inputs[i].ObjectWriteTraceID = t.run + "-" + strconv.Itoa(i)
	}
	var made hubspot.BatchResponse[hubspot.Object]
	if err := t.do(ctx, 207, "POST", path, body, &made); err != nil {
		return err
	}
	var created, refused []string
	for _, object := range made.Results {
		created = append(created, object.ObjectWriteTraceID)
	}
	for _, failure := range made.Errors {
		refused = append(refused, strings.Join(failure.Context["objectWriteTraceId"], " ")+" "+failure.Category)
	}
	slices.Sort(refused)
	request := "POST " + path
	return first(
		equal(request, "trace ids of results", []string{t.run + "-0"}, created),
		equal(request, "trace ids of errors", []string{t.run + "-1 VALIDATION_ERROR", t.run + "-2 CONFLICT"}, refused),
		equal(request, "numErrors", 2, made.NumErrors),
	)
}

func batchCreateWhole(ctx context.Context, t *Target) error {
	email := t.email()
	path := t.object(contacts, "batch", "create")
	if _, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", path, newContacts(map[string]string{"email": email}, map[string]string{"email": "nobody"})); err != nil {
		return err
	}
	return t.do(ctx, 404, "GET", t.object(contacts, email)+"?idProperty=email", nil, nil)
}

func batchCreateDouble(ctx context.Context, t *Target) error {
	same := map[string]string{"email": t.email()}
	_, err := t.refused(ctx, 409, "CONFLICT", "POST", t.object(contacts, "batch", "create"), newContacts(same, same))
	return err
}

// batchCreateLimit sends inputs that could not be created in any number.
func batchCreateLimit(ctx context.Context, t *Target) error {
	properties := make([]map[string]string, hubspot.MaxBatch+1)
	for i := range properties {
		properties[i] = map[string]string{"email": "nobody"}
	}
	return t.tooMany(ctx, t.object(contacts, "batch", "create"), newContacts(properties...))
}

// tooMany wants a batch refused for the number of its inputs.
func (t *Target) tooMany(ctx context.Context, path string, body any) error {
	refusal, err := t.refused(ctx, 400, "VALIDATION_ERROR", "POST", path, body)
	return first(err, holds("POST "+path, strings.HasPrefix(refusal.Message, "The maximum number of inputs supported in a batch"), "the message on the number of inputs", refusal.Message))
}

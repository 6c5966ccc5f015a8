package conformance

import (
	"context"
	"strconv"

	"github.com/contactsync/contactsync/hubspot"
)

func associationBatchChecks() []Check {
	return []Check{
		{"associate-batch", "a batch of pairs is associated", "associations v4 guide", associateBatch},
		{"associate-batch-status", "a batch that went well is answered with 201, or with 200", "v4 specification: 201; that of 2026-09: 200; one report saw it change", associateBatchStatus},
		{"associate-batch-missing", "a pair whose record is not there is named, and the others are made", "associations v4 guide", associateBatchMissing},
		{"associate-batch-read", "a batch read leaves out records without associations", "associations v4 guide", associateBatchRead},
		{"associate-batch-limit", "more than 2,000 pairs, or 1,000 records to read, are refused", "associations v4 guide; changelog of 2025", associateBatchLimit},
		{"remove-label", "removing a label keeps the association", "associations v4 guide", removeLabel},
		{"remove-unlabeled", "removing the unlabeled type removes the association", "associations v4 guide", removeUnlabeled},
		{"dissociate-batch", "a batch of pairs is dissociated", "associations v4 guide", dissociateBatch},
	}
}

func recordID(id string) hubspot.RecordID { return hubspot.RecordID{ID: hubspot.FlexID(id)} }

func associations(contact string, spec hubspot.AssociationSpec, to ...string) hubspot.BatchRequest[hubspot.AssociationInput] {
	var body hubspot.BatchRequest[hubspot.AssociationInput]
	for _, company := range to {
		body.Inputs = append(body.Inputs, hubspot.AssociationInput{From: recordID(contact), To: recordID(company), Types: []hubspot.AssociationSpec{spec}})
	}
	return body
}

// associateAll sends a batch of associations and wants it to go well.
func (t *Target) associateAll(ctx context.Context, body any) (reply, hubspot.BatchResponse[hubspot.LabelsBetweenPair], error) {
	var answer hubspot.BatchResponse[hubspot.LabelsBetweenPair]
	r, err := t.send(ctx, "POST", t.pair(contacts, companies, "batch", "create"), body)
	if err != nil {
		return r, answer, err
	}
	if err := r.want(200, 201); err != nil {
		return r, answer, err
	}
	return r, answer, r.decode(&answer)
}

func associateBatch(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	r, answer, err := t.associateAll(ctx, associations(contact, primary, company))
	if err := first(err, equal(r.request, "results", 1, len(answer.Results))); err != nil {
		return err
	}
	result := answer.Results[0]
	return first(
		equal(r.request, "ends", contact+" "+company, string(result.FromObjectID)+" "+string(result.ToObjectID)),
		equal(r.request, "object types", "0-1 0-2", result.FromObjectTypeID+" "+result.ToObjectTypeID),
		t.wantTypes(ctx, r.request, contact, company, 1, 279),
	)
}

func associateBatchStatus(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	r, _, err := t.associateAll(ctx, associations(contact, unlabeled, company))
	if err != nil {
		return err
	}
	documented := 201
	if t.probe.Version() == hubspot.V202609 {
		documented = 200
	}
	if r.StatusCode == documented {
		return &Observation{Ruling: "association-status", Value: "version", Default: true}
	}
	return &Observation{Ruling: "association-status", Value: strconv.Itoa(r.StatusCode)}
}

func associateBatchMissing(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	gone, err := t.company(ctx)
	if err != nil {
		return err
	}
	if err := t.do(ctx, 204, "DELETE", t.object(companies, gone.ID), nil, nil); err != nil {
		return err
	}
	path := t.pair(contacts, companies, "batch", "create")
	var answer hubspot.BatchResponse[hubspot.LabelsBetweenPair]
	err = t.do(ctx, 207, "POST", path, associations(contact, unlabeled, company, gone.ID), &answer)
	return first(
		err,
		equal("POST "+path, "results", 1, len(answer.Results)),
		holds("POST "+path, len(answer.Errors) > 0, "errors", answer.Errors),
		t.wantAssociated(ctx, "POST "+path, contact, company),
	)
}

func associateBatchRead(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	alone, err := t.nobody(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, unlabeled); err != nil {
		return err
	}
	path := t.pair(contacts, companies, "batch", "read")
	r, err := t.send(ctx, "POST", path, inputs(contact, alone.ID))
	if err != nil {
		return err
	}
	var answer hubspot.BatchResponse[hubspot.RecordAssociations]
	if err := first(r.want(200, 207), r.decode(&answer), equal(r.request, "results", 1, len(answer.Results))); err != nil {
		return err
	}
	return equal(r.request, "from", contact, string(answer.Results[0].From.ID))
}

func associateBatchLimit(ctx context.Context, t *Target) error {
	gone, err := t.archived(ctx)
	if err != nil {
		return err
	}
	to := make([]string, 2001)
	for i := range to {
		to[i] = gone.ID
	}
	_, err = t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.pair(contacts, companies, "batch", "create"), associations(gone.ID, unlabeled, to...))
	if err != nil {
		return err
	}
	_, err = t.refused(ctx, 400, "VALIDATION_ERROR", "POST", t.pair(contacts, companies, "batch", "read"), inputs(to[:1001]...))
	return err
}

// removed associates a contact with its primary company, takes one type away in a
// batch, and wants the given ones left.
func (t *Target) removed(ctx context.Context, spec hubspot.AssociationSpec, left ...int) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, primary); err != nil {
		return err
	}
	r, err := t.send(ctx, "POST", t.pair(contacts, companies, "batch", "labels", "archive"), associations(contact, spec, company))
	if err != nil {
		return err
	}
	return first(r.want(200, 204), t.wantTypes(ctx, r.request, contact, company, left...))
}

func removeLabel(ctx context.Context, t *Target) error     { return t.removed(ctx, primary, 279) }
func removeUnlabeled(ctx context.Context, t *Target) error { return t.removed(ctx, unlabeled) }

func dissociateBatch(ctx context.Context, t *Target) error {
	contact, company, err := t.pairOf(ctx)
	if err != nil {
		return err
	}
	if _, err := t.associate(ctx, contact, company, primary); err != nil {
		return err
	}
	body := hubspot.BatchRequest[hubspot.DissociationInput]{Inputs: []hubspot.DissociationInput{{From: recordID(contact), To: []hubspot.RecordID{recordID(company)}}}}
	r, err := t.send(ctx, "POST", t.pair(contacts, companies, "batch", "archive"), body)
	if err != nil {
		return err
	}
	return first(r.want(200, 204), t.wantTypes(ctx, r.request, contact, company))
}

package snapshot

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/spec"
)

// judgedAlone are the properties that tell of a contact which no file names whether
// it may be pruned, beside those of the scope and of protect.
var judgedAlone = []string{
	"createdate",                       // how old it is
	"hs_last_sales_activity_timestamp", // with the next: whether somebody dealt with it of late
	"notes_last_updated",
	"phone", // with the name: whether it looks like one that would be created
}

// Candidates reads contacts by their ids, with every address that they ever had and
// what the document's scope and protection look at, and yields them in batches of up
// to 50. Those that are gone are left out; one that was merged comes under its new
// id. It takes ⌈P/50⌉ requests for P contacts and ends at the first error, which is
// yielded.
func Candidates(ctx context.Context, reader *hubspot.Reader, doc *spec.Document, ids []crm.ObjectID) iter.Seq2[[]crm.Contact, error] {
	return func(yield func([]crm.Contact, error) bool) {
		properties := candidateProperties(doc.Settings())
		reads := newTasks[[]crm.Contact]()
		ctx, cancel := context.WithCancel(ctx)
		defer reads.drain()
		defer cancel()
		for chunk := range slices.Chunk(ids, hubspot.MaxHistoryRead) {
			reads.add(func(ctx context.Context) ([]crm.Contact, error) {
				return readHistories(ctx, reader, chunk, properties)
			})
		}
		for {
			batch, ok, err := reads.next(ctx)
			if err != nil {
				yield(nil, fmt.Errorf("reading contacts that no file names: %w", err))
				return
			}
			if !ok || !yield(batch, nil) {
				return
			}
		}
	}
}

func candidateProperties(settings spec.Settings) []string {
	var conditions []string
	for _, condition := range slices.Concat(settings.Protect, settings.Scope.Where) {
		conditions = append(conditions, condition.Property)
	}
	return sortedUnique(judged, judgedAlone, conditions)
}

func readHistories(ctx context.Context, reader *hubspot.Reader, ids []crm.ObjectID, properties []string) ([]crm.Contact, error) {
	request := hubspot.BatchReadRequest{Properties: properties, PropertiesWithHistory: []string{"email"}}
	for _, id := range ids {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(id)})
	}
	answer, err := reader.BatchRead(ctx, contacts, request, false)
	if err != nil {
		return nil, err
	}
	batch := make([]crm.Contact, 0, len(answer.Found))
	for i := range answer.Found {
		contact := contactOf(&answer.Found[i].Object, properties)
		asked(&contact, answer.Found[i].Asked)
		for _, version := range answer.Found[i].Object.PropertiesWithHistory["email"] {
			if email, err := crm.ParseEmail(version.Value); err == nil && !slices.Contains(contact.Former, email) {
				contact.Former = append(contact.Former, email)
			}
		}
		batch = append(batch, contact)
	}
	return batch, nil
}

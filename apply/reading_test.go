package apply_test

import (
	"context"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// readFor reads what a planner needs.
func readFor(ctx context.Context, planner *plan.Planner, reader *hubspot.Reader, doc *spec.Document, described *crm.Portal) error {
	if err := readInto(ctx, planner, reader, doc, described); err != nil {
		return err
	}
	holders, err := snapshot.Holders(ctx, reader, planner.Unique())
	if err != nil {
		return err
	}
	planner.Hold(holders)
	missing, err := snapshot.Missing(ctx, reader, planner.Named())
	if err != nil {
		return err
	}
	planner.Missing(missing...)
	return err
}

func readInto(ctx context.Context, planner *plan.Planner, reader *hubspot.Reader, doc *spec.Document, described *crm.Portal) error {
	if !planner.Prunes() {
		for batch, err := range snapshot.Contacts(ctx, reader, doc, described) {
			if err != nil {
				return err
			}
			planner.Add(batch...)
		}
		return nil
	}
	for batch, err := range snapshot.Owned(ctx, reader, doc, described) {
		if err != nil {
			return err
		}
		planner.Add(batch.Contacts...)
		planner.AddScope(batch.Scope...)
	}
	for batch, err := range snapshot.Candidates(ctx, reader, doc, planner.Candidates()) {
		if err != nil {
			return err
		}
		planner.AddCandidates(batch...)
	}
	return nil
}

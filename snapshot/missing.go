package snapshot

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// Missing returns those of some records that the portal does not have. It takes ⌈T/100⌉
// requests for T records of a type, and none for none. The records are sorted by type.
// A type that the portal does not know is passed over: its associations are refused
// for that.
func Missing(ctx context.Context, reader *hubspot.Reader, refs []crm.Ref) ([]crm.Ref, error) {
	var missing []crm.Ref
	var mu sync.Mutex
	reads := pool.New().WithMaxGoroutines(inFlight).WithContext(ctx).WithFirstError()
	for of, group := range grouped(refs, func(ref crm.Ref) crm.ObjectType { return ref.Type }) {
		for chunk := range slices.Chunk(group, hubspot.MaxBatch) {
			ids := make([]string, len(chunk))
			for i, ref := range chunk {
				ids[i] = string(ref.ID)
			}
			reads.Go(func(ctx context.Context) error {
				answer, err := reader.BatchRead(ctx, of.Plural(), hubspot.BatchReadRequest{
					Properties: []string{"hs_object_id"}, Inputs: recordIDs(ids),
				}, false)
				if refused(err) {
					return nil
				}
				if err != nil {
					return fmt.Errorf("looking up %s to associate with: %w", of.Plural(), err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, id := range answer.Missing {
					missing = append(missing, crm.Ref{Type: of, ID: crm.ObjectID(id)})
				}
				return nil
			})
		}
	}
	return missing, reads.Wait()
}

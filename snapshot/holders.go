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

// Holders looks up which live contacts hold values of unique properties. It takes
// ⌈V/100⌉ requests for V values of a property, and none for none. The values are
// sorted by property.
func Holders(ctx context.Context, reader *hubspot.Reader, values []crm.Value) (map[crm.Value]crm.ObjectID, error) {
	holders := make(map[crm.Value]crm.ObjectID)
	var mu sync.Mutex
	reads := pool.New().WithMaxGoroutines(inFlight).WithContext(ctx).WithFirstError()
	for name, group := range grouped(values, func(v crm.Value) string { return v.Name }) {
		for chunk := range slices.Chunk(group, hubspot.MaxBatch) {
			reads.Go(func(ctx context.Context) error {
				answer, err := reader.BatchRead(ctx, contacts, hubspot.BatchReadRequest{
					Properties: []string{name}, IDProperty: name, Inputs: recordIDs(textsOf(chunk)),
				}, false)
				if err != nil {
					return fmt.Errorf("looking up who holds values of %s: %w", name, err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, found := range answer.Found {
					if text := found.Object.Properties[name]; text != nil {
						holders[crm.Value{Name: name, Text: *text}] = crm.ObjectID(found.Object.ID)
					}
				}
				return nil
			})
		}
	}
	return holders, reads.Wait()
}

func textsOf(values []crm.Value) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = value.Text
	}
	return texts
}

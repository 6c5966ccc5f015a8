package portal

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// version is the text that a property had from a time on.
type version struct {
	text string
	at   int64
}

// versions lists the texts that a property had, the present one first. A text that
// it had while it was empty is listed as "", except that nothing stands before the
// first one.
func versions(record *store.Record, updates []store.Former, name string) []version {
	var listed []version
	text := textOf(record, name)
	for _, update := range updates {
		former, changed := update.Properties.Lookup(name)
		if !changed {
			continue
		}
		listed = append(listed, version{text, update.At})
		text = former
	}
	if text != "" {
		listed = append(listed, version{text, record.Created})
	}
	return listed
}

// history lists the values that each asked property had; a property that is not
// defined is left out. All values came through the API here.
func (v view) history(ctx context.Context, tx *store.Tx, record *store.Record) (map[string][]hubspot.PropertyVersion, error) {
	updates, err := tx.History(ctx, endOf(record))
	if err != nil {
		return nil, err
	}
	histories := make(map[string][]hubspot.PropertyVersion, len(v.histories))
	for _, name := range v.histories {
		histories[name] = []hubspot.PropertyVersion{}
		for _, version := range versions(record, updates, name) {
			histories[name] = append(histories[name], hubspot.PropertyVersion{Value: version.text, Timestamp: timestamp(version.at), SourceType: "API"})
		}
	}
	return histories, nil
}

// unitedHistory tells the histories of two records as that of the one they become:
// every text that either had, in the order of time, and last what the merge left.
// It sets the time of the merge to the last of them.
func unitedHistory(ctx context.Context, tx *store.Tx, primary, other, merged *store.Record) ([]store.Former, error) {
	names := make(map[string]bool)
	note := func(properties crm.Properties) {
		for _, value := range properties {
			names[value.Name] = true
		}
	}
	note(merged.Properties)
	var updates [2][]store.Former
	for i, part := range []*store.Record{primary, other} {
		var err error
		if updates[i], err = tx.History(ctx, endOf(part)); err != nil {
			return nil, err
		}
		for _, update := range updates[i] {
			note(update.Properties)
		}
		note(part.Properties)
	}
	formers := make(map[int64][]crm.Value)
	for name := range names {
		both := append(versions(other, updates[1], name), versions(primary, updates[0], name)...)
		slices.SortStableFunc(both, func(a, b version) int { return cmp.Compare(a.at, b.at) })
		chain(formers, name, append(both, version{merged.Properties.Text(name), merged.Updated}), merged.Created)
	}
	var told []store.Former
	for _, at := range slices.Sorted(maps.Keys(formers)) {
		told = append(told, store.Former{At: at, Properties: crm.NewProperties(formers[at]...)})
		merged.Updated = max(merged.Updated, at)
	}
	return told, nil
}

// chain notes what each text of a property replaced, at a time of its own. What a
// property had from the creation on replaced nothing.
func chain(formers map[int64][]crm.Value, name string, ascending []version, created int64) {
	text, last := "", created-1
	for _, next := range ascending {
		if next.text == text {
			continue
		}
		at := max(next.at, last+1)
		if at > created {
			formers[at] = append(formers[at], crm.Value{Name: name, Text: text})
		}
		text, last = next.text, at
	}
}

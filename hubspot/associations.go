package hubspot

import (
	"context"
	"fmt"
)

// AssociationsOf reads the associations of up to MaxAssociationRead records with
// one object type, all of them, following the pages of single records. The answer
// has the order of ids; records without associations are left out.
func (r *Reader) AssociationsOf(ctx context.Context, from, to string, ids []string) ([]RecordAssociations, error) {
	if len(ids) > MaxAssociationRead {
		return nil, fmt.Errorf("reading associations of %s: %d records, at most %d fit a request", from, len(ids), MaxAssociationRead)
	}
	byID := make(map[string]*RecordAssociations, len(ids))
	inputs := make([]AssociationReadInput, 0, len(ids))
	for _, id := range ids {
		if byID[id] == nil {
			byID[id] = &RecordAssociations{From: RecordID{ID: FlexID(id)}}
			inputs = append(inputs, AssociationReadInput{ID: id})
		}
	}
	order, cursors := inputs, map[AssociationReadInput]bool{}
	for len(inputs) > 0 {
		records, err := r.associationBatch(ctx, from, to, inputs)
		if err != nil {
			return nil, err
		}
		inputs = nil
		for _, record := range records {
			known := byID[string(record.From.ID)]
			if known == nil {
				return nil, fmt.Errorf("reading associations of %s: %w: a record that nobody asked for", from, ErrInconsistent)
			}
			known.To = append(known.To, record.To...)
			if record.Paging == nil || record.Paging.Next == nil || record.Paging.Next.After == "" {
				continue
			}
			next := AssociationReadInput{ID: string(record.From.ID), After: record.Paging.Next.After}
			if cursors[next] {
				return nil, fmt.Errorf("reading associations of %s: %w: a page leads back to an earlier one", from, ErrInconsistent)
			}
			cursors[next] = true
			inputs = append(inputs, next)
		}
	}
	var found []RecordAssociations
	for _, input := range order {
		if record := byID[input.ID]; len(record.To) > 0 {
			record.To = mergeTargets(record.To)
			found = append(found, *record)
		}
	}
	return found, nil
}

func (r *Reader) associationBatch(ctx context.Context, from, to string, inputs []AssociationReadInput) ([]RecordAssociations, error) {
	c, err := r.session.post(routeAssociationRead, BatchRequest[AssociationReadInput]{Inputs: inputs}, from, to)
	if err != nil {
		return nil, err
	}
	answer, err := fetchList[BatchResponse[RecordAssociations]](ctx, r.session, c)
	if err != nil {
		return nil, err
	}
	for _, body := range answer.Errors {
		// "No associations" is told as a missing object, and is no failure.
		if refusal := itemError(c, body, r.session.token); !refusal.Is(ErrNotFound) {
			return nil, refusal
		}
	}
	return answer.Results, nil
}

// mergeTargets makes one entry of the entries for the same record, which pages
// that shift meanwhile can repeat.
func mergeTargets(records []AssociatedRecord) []AssociatedRecord {
	type link struct {
		to       FlexID
		category string
		typeID   int
	}
	at, seen := map[FlexID]int{}, map[link]bool{}
	merged := records[:0]
	for _, record := range records {
		types := record.AssociationTypes
		record.AssociationTypes = nil
		i, ok := at[record.ToObjectID]
		if !ok {
			i = len(merged)
			at[record.ToObjectID] = i
			merged = append(merged, record)
		}
		for _, label := range types {
			key := link{record.ToObjectID, label.Category, label.TypeID}
			if !seen[key] {
				seen[key] = true
				merged[i].AssociationTypes = append(merged[i].AssociationTypes, label)
			}
		}
	}
	return merged
}

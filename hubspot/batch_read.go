package hubspot

import (
	"context"
	"fmt"
	"slices"
)

// ReadResult accounts for every input of a batch read, in the order asked.
type ReadResult struct {
	Found   []Found
	Missing []string // inputs that have no such record
}

// Found is a record and the input that led to it. Two inputs can lead to one
// record, which then stands twice.
type Found struct {
	Asked  string
	Object Object
}

// Properties that tell under which other names a record is found.
const (
	propertyEmail       = "email"
	propertyOtherEmails = "hs_additional_emails"
	propertyMergedIDs   = "hs_merged_object_ids"
)

// BatchRead reads up to MaxBatch records by record id, or by the unique property
// IDProperty, live ones or archived ones; with histories, up to MaxHistoryRead. The id property is added to the
// properties asked for, and to email the record's further addresses, since an
// input can be one of those. An input given twice counts once.
//
// In the recycle bin several records may have borne one address: the one that was
// archived last counts.
//
// A merged record comes back under a new id. An input that an answer passes over
// in silence is asked for once more before it counts as missing; where several
// inputs could be the one that led to a record, each is asked for alone. Records
// that nobody asked for are ErrInconsistent.
func (r *Reader) BatchRead(ctx context.Context, objectType string, request BatchReadRequest, archived bool) (ReadResult, error) {
	most := MaxBatch
	if len(request.PropertiesWithHistory) > 0 {
		most = MaxHistoryRead
	}
	if len(request.Inputs) > most {
		return ReadResult{}, fmt.Errorf("reading %s: %d inputs, at most %d fit a batch", objectType, len(request.Inputs), most)
	}
	account := newReadAccount(request, archived)
	request.Properties = askedProperties(request)
	ask := func(inputs []string) ([]Object, error) {
		request.Inputs = recordIDs(inputs)
		answer, err := r.batchRead(ctx, objectType, request, archived)
		if err != nil {
			return nil, err
		}
		stray, err := account.take(answer)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", objectType, err)
		}
		return stray, nil
	}
	if err := account.settle(ask); err != nil {
		return ReadResult{}, err
	}
	return account.result(), nil
}

func (r *Reader) batchRead(ctx context.Context, objectType string, request BatchReadRequest, archived bool) (BatchResponse[Object], error) {
	c, err := r.session.post(routeBatchRead, request, objectType)
	if err != nil {
		return BatchResponse[Object]{}, err
	}
	if archived {
		c.query = map[string][]string{"archived": {"true"}}
	}
	answer, err := fetchList[BatchResponse[Object]](ctx, r.session, c)
	if err != nil {
		return BatchResponse[Object]{}, err
	}
	for _, body := range answer.Errors {
		if refusal := itemError(c, body, r.session.token); !refusal.Is(ErrNotFound) {
			return BatchResponse[Object]{}, refusal
		}
	}
	return answer, nil
}

func askedProperties(request BatchReadRequest) []string {
	properties := slices.Clone(request.Properties)
	add := func(name string) {
		if name != "" && !slices.Contains(properties, name) {
			properties = append(properties, name)
		}
	}
	add(request.IDProperty)
	if request.IDProperty == propertyEmail {
		add(propertyOtherEmails)
	}
	if properties == nil {
		properties = []string{}
	}
	return properties
}

func recordIDs(inputs []string) []RecordID {
	ids := make([]RecordID, len(inputs))
	for i, input := range inputs {
		ids[i] = RecordID{ID: FlexID(input)}
	}
	return ids
}

package hubspot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ItemResult is what became of one input of a batch write: Err is nil, an *Error
// of this input, or wraps ErrUnknownOutcome where the answer does not tell. Object
// is the record as HubSpot echoes it after success; nil for associations.
type ItemResult struct {
	Object *Object
	Err    error
}

// BatchCreate creates up to MaxBatch records. The results have the order of the
// inputs. Each input needs a trace id of its own, or HubSpot would refuse all for
// the fault of one: inputs without get one, which the results do not show.
func (c *Client) BatchCreate(ctx context.Context, objectType string, inputs []CreateInput) ([]ItemResult, error) {
	doing := "creating " + objectType
	if err := fits(len(inputs), MaxBatch, doing); err != nil {
		return nil, err
	}
	inputs = slices.Clone(inputs)
	own, err := addTraceIDs(inputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	known := newInputIndex(len(inputs))
	for i, input := range inputs {
		known.add(known.trace, input.ObjectWriteTraceID, i)
		known.add(known.email, emailKey(input.Properties[propertyEmail]), i)
		known.emails[i] = emailKey(input.Properties[propertyEmail])
	}
	body, err := encodeCreates(inputs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	results, err := c.batchWrite(ctx, routeBatchCreate, objectType, body, known)
	for i, result := range results {
		if own[i] && result.Object != nil {
			result.Object.ObjectWriteTraceID = ""
		}
	}
	return results, err
}

// BatchUpdate updates up to MaxBatch records, each named once, and all by the same
// property. The results have
// the order of the inputs. A record that was merged meanwhile answers under
// another id and ends as ErrUnknownOutcome, as does one that the answer passes
// over.
func (c *Client) BatchUpdate(ctx context.Context, objectType string, inputs []UpdateInput) ([]ItemResult, error) {
	doing := "updating " + objectType
	if err := fits(len(inputs), MaxBatch, doing); err != nil {
		return nil, err
	}
	known := newInputIndex(len(inputs))
	for i, input := range inputs {
		known.add(known.trace, input.ObjectWriteTraceID, i)
		known.add(known.id, input.ID, i)
		switch {
		case input.ID == "":
			return nil, fmt.Errorf("%s: an input has no id", doing)
		case known.id[input.ID] != i:
			return nil, fmt.Errorf("%s: a record stands twice in one batch", doing)
		case input.IDProperty != inputs[0].IDProperty:
			return nil, fmt.Errorf("%s: one batch names its records by two properties", doing)
		}
		known.idProperty = input.IDProperty
	}
	return c.batchWrite(ctx, routeBatchUpdate, objectType, encodeUpdates(inputs), known)
}

func (c *Client) batchWrite(ctx context.Context, id routeID, objectType string, body []byte, known *inputIndex) ([]ItemResult, error) {
	call, err := c.session.version.newCall(id, objectType)
	if err != nil {
		return nil, err
	}
	call.body = body
	answer, err := fetchList[BatchResponse[Object]](ctx, c.session, call)
	if err != nil {
		return nil, err
	}
	account := newWriteAccount(call, c.session.token, len(known.emails))
	for _, object := range answer.Results {
		account.object(object, known)
	}
	for _, item := range answer.Errors {
		account.refusal(item, known.named(item.Context))
	}
	return account.close(), nil
}

// BatchAssociate adds up to MaxAssociate associations; the types given replace
// the labels of an existing pair. A pair stands once, with all its types. The
// results have the order of the inputs.
func (c *Client) BatchAssociate(ctx context.Context, from, to string, inputs []AssociationInput) ([]ItemResult, error) {
	doing := "associating " + from + " with " + to
	if err := fits(len(inputs), MaxAssociate, doing); err != nil {
		return nil, err
	}
	known := make(map[[2]FlexID]int, len(inputs))
	for i, input := range inputs {
		pair := [2]FlexID{input.From.ID, input.To.ID}
		if _, twice := known[pair]; twice {
			return nil, fmt.Errorf("%s: a pair stands twice in one batch", doing)
		}
		known[pair] = i
	}
	call, err := c.session.post(routeBatchAssociate, BatchRequest[AssociationInput]{inputs}, from, to)
	if err != nil {
		return nil, err
	}
	answer, err := fetchList[BatchResponse[LabelsBetweenPair]](ctx, c.session, call)
	if err != nil {
		return nil, err
	}
	account := newWriteAccount(call, c.session.token, len(inputs))
	for _, pair := range answer.Results {
		if i, ok := known[[2]FlexID{pair.FromObjectID, pair.ToObjectID}]; ok && !account.settled[i] {
			account.settled[i] = true // a pair told twice is no contradiction: each label can have its row
		}
	}
	for _, item := range answer.Errors {
		account.refusal(item, pairsNamed(item.Context, inputs))
	}
	return account.close(), nil
}

// pairsNamed are the inputs that an error of an association batch is about: those
// with all the ids it names on the sides it names them for.
func pairsNamed(told map[string][]string, inputs []AssociationInput) []int {
	var from, to, either []string
	for key, values := range told {
		switch name := strings.ToLower(key); {
		case strings.HasPrefix(name, "from"):
			from = append(from, values...)
		case strings.HasPrefix(name, "to"):
			to = append(to, values...)
		default:
			either = append(either, values...)
		}
	}
	var named []int
	for i, input := range inputs {
		atFrom, atTo := slices.Contains(from, string(input.From.ID)), slices.Contains(to, string(input.To.ID))
		atEither := slices.Contains(either, string(input.From.ID)) || slices.Contains(either, string(input.To.ID))
		sides := (len(from) == 0 || atFrom) && (len(to) == 0 || atTo)
		if sides && (atFrom || atTo) || len(from)+len(to) == 0 && atEither {
			named = append(named, i)
		}
	}
	return named
}

// addTraceIDs gives each input without a trace id one, and reports which.
func addTraceIDs(inputs []CreateInput) ([]bool, error) {
	own := make([]bool, len(inputs))
	taken := map[string]bool{}
	for _, input := range inputs {
		id := input.ObjectWriteTraceID
		if id != "" && taken[id] {
			return nil, fmt.Errorf("two inputs have one trace id")
		}
		taken[id] = true
	}
	next := 0
	for i := range inputs {
		for inputs[i].ObjectWriteTraceID == "" {
			next++
			if id := "contactsync-" + strconv.Itoa(next); !taken[id] {
				inputs[i].ObjectWriteTraceID, own[i] = id, true
			}
		}
	}
	return own, nil
}

// emailKey is an address as HubSpot compares it.
func emailKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

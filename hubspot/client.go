package hubspot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Client writes, and reads as its Reader does. It is safe for concurrent use.
//
// A write is sent again by this package only when it was certainly not carried
// out. One that may have been is ErrUnknownOutcome; the error then also holds the
// *Error or the network's error, if there was one.
type Client struct {
	*Reader
	session *session
}

// CreateObject creates one record. A contact whose address is taken is
// ErrConflict, and the error's ExistingID the holder. The object has the
// properties that HubSpot echoes, not all it has.
func (c *Client) CreateObject(ctx context.Context, objectType string, input CreateInput) (Object, error) {
	call, err := c.session.post(routeCreate, input, objectType)
	if err != nil {
		return Object{}, err
	}
	return fetch(ctx, c.session, call, hasID)
}

// UpdateObject sets properties of one record; "" clears one. A merged record
// answers under its new id.
func (c *Client) UpdateObject(ctx context.Context, objectType, id string, properties map[string]string) (Object, error) {
	body := struct {
		Properties map[string]string `json:"properties"`
	}{properties}
	call, err := c.session.post(routeUpdate, body, objectType, id)
	if err != nil {
		return Object{}, err
	}
	return fetch(ctx, c.session, call, hasID)
}

// ArchiveObject archives one record. HubSpot answers the same for a record that
// is archived already or never was.
func (c *Client) ArchiveObject(ctx context.Context, objectType, id string) error {
	call, err := c.session.version.newCall(routeArchive, objectType, id)
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

// Associate adds one association type between two records. A type of HubSpot's
// own is told by its id; it leaves the pair's other types as they are.
func (c *Client) Associate(ctx context.Context, from, fromID, to, toID string, typeID int) error {
	call, err := c.session.version.newCall(routeAssociate, from, fromID, to, toID, strconv.Itoa(typeID))
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

// Dissociate removes one association type between two records; the unlabeled
// type takes the whole association with it.
func (c *Client) Dissociate(ctx context.Context, from, fromID, to, toID string, typeID int) error {
	call, err := c.session.version.newCall(routeDissociate, from, fromID, to, toID, strconv.Itoa(typeID))
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

// BatchArchive archives up to MaxBatch records by id. Ids that are archived
// already, or never were, count as archived.
func (c *Client) BatchArchive(ctx context.Context, objectType string, ids []string) error {
	if err := fits(len(ids), MaxBatch, "archiving "+objectType); err != nil {
		return err
	}
	call, err := c.session.post(routeBatchArchive, BatchRequest[RecordID]{Inputs: recordIDs(ids)}, objectType)
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

// BatchDissociate removes whole associations, with every label: at most
// MaxDissociate pairs in all.
func (c *Client) BatchDissociate(ctx context.Context, from, to string, inputs []DissociationInput) error {
	pairs := 0
	for _, input := range inputs {
		pairs += len(input.To)
	}
	if err := fits(pairs, MaxDissociate, "dissociating "+from+" from "+to); err != nil {
		return err
	}
	call, err := c.session.post(routeBatchDissociate, BatchRequest[DissociationInput]{Inputs: inputs}, from, to)
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

// BatchRemoveLabels removes single types of up to MaxDissociate associations.
func (c *Client) BatchRemoveLabels(ctx context.Context, from, to string, inputs []AssociationInput) error {
	if err := fits(len(inputs), MaxDissociate, "removing labels from "+from+" to "+to); err != nil {
		return err
	}
	call, err := c.session.post(routeBatchRemoveLabels, BatchRequest[AssociationInput]{Inputs: inputs}, from, to)
	if err != nil {
		return err
	}
	return c.session.command(ctx, call)
}

func fits(inputs, limit int, doing string) error {
	if inputs > limit {
		return fmt.Errorf("%s: %d inputs, at most %d fit a request", doing, inputs, limit)
	}
	return nil
}

// command makes a write whose answer says nothing but whether it worked: an empty
// body by v4, a batch that is complete by the dated versions, the record that was
// associated by v3. Errors inside a 2xx leave open what was carried out.
func (s *session) command(ctx context.Context, c call) error {
	var refusal error
	err := s.run(ctx, c, func(body []byte) error {
		refusal = nil
		if len(body) == 0 {
			return nil
		}
		var answer struct {
			ID      string            `json:"id"`
			Status  string            `json:"status"`
			Results []json.RawMessage `json:"results"`
			Errors  []ErrorBody       `json:"errors"`
		}
		if err := decodeJSON(body, &answer); err != nil {
			return err
		}
		if answer.Status != "COMPLETE" && answer.ID == "" {
			return errors.New("the answer says neither that the batch is complete nor which record it is about")
		}
		refusals := make([]error, len(answer.Errors))
		for i, item := range answer.Errors {
			refusals[i] = itemError(c, item, s.token)
		}
		refusal = errors.Join(refusals...)
		return nil
	})
	if err != nil {
		return err
	}
	if refusal != nil {
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, refusal)
	}
	return nil
}

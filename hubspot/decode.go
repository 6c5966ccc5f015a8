package hubspot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// fetch makes a call and decodes its JSON answer. valid names what makes an
// answer unusable; it may be nil.
func fetch[T any](ctx context.Context, s *session, c call, valid func(T) error) (T, error) {
	var value T
	err := s.run(ctx, c, func(body []byte) error {
		var decoded T
		if err := decodeJSON(body, &decoded); err != nil {
			return err
		}
		if valid != nil {
			if err := valid(decoded); err != nil {
				return err
			}
		}
		value = decoded
		return nil
	})
	return value, err
}

// fetchList makes a call whose answer has "results". A null there is an empty
// list; an answer without it is not HubSpot's.
func fetchList[T any](ctx context.Context, s *session, c call) (T, error) {
	var value T
	err := s.run(ctx, c, func(body []byte) error {
		var decoded T
		if err := decodeJSON(body, &decoded); err != nil {
			return err
		}
		if !bytes.Contains(body, []byte(`"results"`)) {
			return errors.New("the answer has no results field")
		}
		value = decoded
		return nil
	})
	return value, err
}

// decodeJSON is errCut for a text that ends too early.
func decodeJSON(body []byte, into any) error {
	switch into := into.(type) {
	case *BatchResponse[Object]:
		var envelope BatchResponse[Object]
		if objects, ok := decodeObjects(body, &envelope); ok {
			*into = envelope
			into.Results = objects
			return nil
		}
	case *Page[Object]:
		var envelope Page[Object]
		if objects, ok := decodeObjects(body, &envelope); ok {
			*into = envelope
			into.Results = objects
			return nil
		}
	}
	err := json.Unmarshal(body, into)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input" {
		return fmt.Errorf("%w: %w", errCut, err)
	}
	return err
}

// withBody gives a call its JSON body.
func (c call) withBody(value any) (call, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return call{}, fmt.Errorf("encoding %s: %w", c.name(), err)
	}
	c.body = body
	return c, nil
}

// post is a call with a JSON body.
func (s *session) post(id routeID, body any, args ...string) (call, error) {
	c, err := s.version.newCall(id, args...)
	if err != nil {
		return call{}, err
	}
	return c.withBody(body)
}

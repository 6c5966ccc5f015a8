package portal

import (
	"context"
	"net/http"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// The v3 association batches name types instead of numbering them, add to what a
// pair has, and remove one type at a time. A dated version has none of them.

// namedPair is one association of one type: an input and a result of the v3
// batches.
type namedPair struct {
	From hubspot.RecordID `json:"from"`
	To   hubspot.RecordID `json:"to"`
	Type string           `json:"type"`
}

// typeNamed is the type of a pair with a v3 name, or with an id.
func (c *call) typeNamed(from, to crm.ObjectType, text string) (associationType, error) {
	if found, ok := c.catalog.named(from, to, text); ok {
		return found, nil
	}
	spec := typeSpec{TypeID: hubspot.FlexID(text)}
	if found, ok := c.catalog.resolve(from, to, spec); ok && text != "" {
		return found, nil
	}
	return associationType{}, c.noType(from, to, typeSpec{Label: text})
}

// eachNamed runs a write for each input of a v3 batch, as eachPair does.
func (c *call) eachNamed(work func(ctx context.Context, tx *store.Tx, from, to store.End, t associationType) error) ([]namedPair, []itemError, error) {
	fromType, toType, err := c.pairTypes()
	if err != nil {
		return nil, nil, err
	}
	pairs, err := decodeInputs[namedPair](c, hubspot.MaxAssociate)
	if err != nil {
		return nil, nil, err
	}
	var done []namedPair
	var failures []itemError
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, pair := range pairs {
			err := c.onPair(ctx, tx, fromType, toType, pairInput{From: pair.From, To: pair.To},
				func(ctx context.Context, tx *store.Tx, from, to store.End, _ []typeSpec) error {
					t, err := c.typeNamed(from.Type, to.Type, pair.Type)
					if err != nil {
						return err
					}
					return work(ctx, tx, from, to, t)
				})
			if refused, ok := asError[*refusal](err); ok {
				failures = append(failures, refused.listed(map[string][]string{
					"fromObjectId": {string(pair.From.ID)}, "toObjectId": {string(pair.To.ID)},
				}))
				continue
			}
			if err != nil {
				return err
			}
			done = append(done, pair)
		}
		return nil
	})
	return done, failures, err
}

// batchAssociateNamed is POST /crm/v3/associations/{from}/{to}/batch/create.
func batchAssociateNamed(c *call) (answer, error) {
	done, failures, err := c.eachNamed(func(ctx context.Context, tx *store.Tx, from, to store.End, t associationType) error {
		present, err := tx.Link(ctx, from, to)
		if err != nil {
			return err
		}
		return c.connect(ctx, tx, from, to, append(present, t.Type))
	})
	if err != nil {
		return answer{}, err
	}
	return completed(c, c.associated(), done, failures), nil
}

// batchDissociateNamed is POST …/batch/archive: one type of each pair; the
// unlabeled one takes the whole association.
func batchDissociateNamed(c *call) (answer, error) {
	_, failures, err := c.eachNamed(func(ctx context.Context, tx *store.Tx, from, to store.End, t associationType) error {
		return c.unlabel(ctx, tx, from, to, []crm.AssociationType{t.Type})
	})
	if err != nil {
		return answer{}, err
	}
	return c.dissociated(failures), nil
}

// namedLinks are the associations of one record in the v3 batch read: a row a type.
type namedLinks struct {
	From   hubspot.RecordID       `json:"from"`
	To     []hubspot.AssociatedID `json:"to"`
	Paging *hubspot.Paging        `json:"paging,omitempty"`
}

// batchReadNamed is POST …/batch/read: at most 500 records at the other end of
// each. Records without associations are listed as errors.
func batchReadNamed(c *call) (answer, error) {
	return eachRecordLinks(c, func(fromType, toType crm.ObjectType, links recordLinks) namedLinks {
		row := namedLinks{From: links.From, Paging: links.Paging}
		for _, link := range links.To {
			for _, t := range link.AssociationTypes {
				if found, ok := c.catalog.find(fromType, toType, t.Category, t.TypeID); ok {
					row.To = append(row.To, hubspot.AssociatedID{ID: idText(link.ToObjectID), Type: found.Name})
				}
			}
		}
		return row
	})
}

// typeName is a type in the v3 list.
type typeName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// listTypes is GET /crm/v3/associations/{from}/{to}/types.
func listTypes(c *call) (answer, error) {
	from, to, err := c.pairTypes()
	if err != nil {
		return answer{}, err
	}
	page := hubspot.Page[typeName]{Results: []typeName{}}
	for _, t := range c.catalog.types[[2]crm.ObjectType{from, to}] {
		page.Results = append(page.Results, typeName{strconv.Itoa(t.Type.TypeID), t.Name})
	}
	return answer{http.StatusOK, page}, nil
}

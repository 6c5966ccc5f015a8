package portal

import (
	"cmp"
	"context"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// maxAssociations is the most associations that one record has with records of one
// type. HubSpot's own number depends on the subscription, and an administrator can
// lower it; 50,000 is the one that its guides used to name.
const maxAssociations = 50_000

// counted is how many associations records have with records of a type, at most:
// what one request found out and has added since. A batch that associates one
// record with thousands counts that record's once.
type counted map[countedKey]int

type countedKey struct {
	of   store.End
	with crm.ObjectType
}

// room refuses to associate two records if one of them has too many associations.
// The words are this portal's. A merge may bring more together.
func (c *call) room(ctx context.Context, tx *store.Tx, from, to store.End) error {
	limit := cmp.Or(c.portal.config.MaxAssociations, maxAssociations)
	pairs := [][2]store.End{{from, to}, {to, from}}
	for _, pair := range pairs {
		key := countedKey{pair[0], pair[1].Type}
		number, known := c.links[key]
		if known && number < limit {
			continue
		}
		// What was added may have been there before.
		number, err := tx.CountLinks(ctx, key.of, key.with)
		if err != nil {
			return err
		}
		c.note(key, number)
		if number < limit {
			continue
		}
		if present, err := tx.Link(ctx, from, to); err != nil || len(present) > 0 {
			return err
		}
		return invalid("The %s %d cannot be associated with more than %d records of type %s", key.of.Type, key.of.ID, limit, key.with)
	}
	for _, pair := range pairs {
		key := countedKey{pair[0], pair[1].Type}
		c.note(key, c.links[key]+1)
	}
	return nil
}

func (c *call) note(key countedKey, number int) {
	if c.links == nil {
		c.links = make(counted)
	}
	c.links[key] = number
}

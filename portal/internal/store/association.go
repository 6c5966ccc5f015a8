package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// End is one end of an association.
type End struct {
	Type crm.ObjectType
	ID   int64
}

// Link is what a record is associated with, as seen from that record. Types are
// sorted and have no label: labels are definitions.
type Link struct {
	To    End
	Types []crm.AssociationType
}

// Links returns a record's links to live records of one type, by id, from an id
// on.
func (tx *Tx) Links(ctx context.Context, from End, to crm.ObjectType, after int64, limit int) ([]Link, error) {
	return tx.links(ctx, to, `SELECT a.to_id, a.types FROM associations a
		JOIN objects o ON o.type = a.to_type AND o.id = a.to_id AND o.archived_at IS NULL
		WHERE a.from_type = ? AND a.from_id = ? AND a.to_type = ? AND a.to_id >= ? ORDER BY a.to_id LIMIT ?`,
		string(from.Type), from.ID, string(to), after, limit)
}

// Linked says of each of many ids to which live record with links to records of one
// type, archived ones too, it leads, by itself or as the former id of a merged one; 0
// if to none. It is one query, however many ids there are.
func (tx *Tx) Linked(ctx context.Context, from crm.ObjectType, ids []int64, to crm.ObjectType) ([]int64, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var at int
	var id int64
	linked := make([]int64, len(ids))
	err = tx.each(ctx, `WITH asked AS (
			SELECT i.key, coalesce((SELECT into_id FROM merged WHERE type = ? AND id = i.value), i.value) AS id FROM json_each(?) i
		)
		SELECT asked.key, asked.id FROM asked
		CROSS JOIN objects o ON o.type = ? AND o.id = asked.id AND o.archived_at IS NULL
		WHERE EXISTS (SELECT 1 FROM associations a WHERE a.from_type = o.type AND a.from_id = o.id AND a.to_type = ?)`,
		[]any{string(from), string(list), string(from), string(to)}, []any{&at, &id}, func() error {
			linked[at] = id
			return nil
		})
	return linked, err
}

// AllLinks returns a record's links to records of one type, archived ones too.
func (tx *Tx) AllLinks(ctx context.Context, from End, to crm.ObjectType) ([]Link, error) {
	return tx.links(ctx, to, `SELECT to_id, types FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ? ORDER BY to_id`,
		string(from.Type), from.ID, string(to))
}

// EveryLink returns a record's links to records of every type, archived ones too.
func (tx *Tx) EveryLink(ctx context.Context, from End) ([]Link, error) {
	var to, types string
	var id int64
	var links []Link
	err := tx.each(ctx, `SELECT to_type, to_id, types FROM associations WHERE from_type = ? AND from_id = ? ORDER BY to_type, to_id`,
		[]any{string(from.Type), from.ID}, []any{&to, &id, &types}, func() error {
			parsed, err := decodeTypes(types)
			links = append(links, Link{To: End{crm.ObjectType(to), id}, Types: parsed})
			return err
		})
	return links, err
}

func (tx *Tx) links(ctx context.Context, to crm.ObjectType, query string, args ...any) ([]Link, error) {
	var id int64
	var types string
	var links []Link
	err := tx.each(ctx, query, args, []any{&id, &types}, func() error {
		parsed, err := decodeTypes(types)
		links = append(links, Link{To: End{to, id}, Types: parsed})
		return err
	})
	return links, err
}

// Link returns the types of one pair, none when the two are not associated.
func (tx *Tx) Link(ctx context.Context, from, to End) ([]crm.AssociationType, error) {
	var types string
	found, err := tx.one(ctx, `SELECT types FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id = ?`,
		[]any{string(from.Type), from.ID, string(to.Type), to.ID}, []any{&types})
	if err != nil || !found {
		return nil, err
	}
	return decodeTypes(types)
}

// SetLink replaces the types of one direction of a pair; none at all removes it.
// The other direction is the caller's to write.
func (tx *Tx) SetLink(ctx context.Context, from, to End, types []crm.AssociationType) error {
	if len(types) == 0 {
		_, err := tx.exec(ctx, `DELETE FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id = ?`,
			string(from.Type), from.ID, string(to.Type), to.ID)
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO associations (from_type, from_id, to_type, to_id, types) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (from_type, from_id, to_type, to_id) DO UPDATE SET types = excluded.types`,
		string(from.Type), from.ID, string(to.Type), to.ID, encodeTypes(types))
	return err
}

// CountLinks is how many links a record has to records of one type, archived ones
// too.
func (tx *Tx) CountLinks(ctx context.Context, from End, to crm.ObjectType) (int, error) {
	var number int
	_, err := tx.one(ctx, `SELECT count(*) FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ?`,
		[]any{string(from.Type), from.ID, string(to)}, []any{&number})
	return number, err
}

// LinkCount is the number of associated pairs.
func (tx *Tx) LinkCount(ctx context.Context) (int64, error) {
	var directions int64
	_, err := tx.one(ctx, `SELECT count(*) FROM associations`, nil, []any{&directions})
	return directions / 2, err
}

// prefixes stand before type ids that HubSpot did not define.
var prefixes = map[string]string{crm.HubSpotDefined: "", crm.UserDefined: "user:", crm.IntegratorDefined: "integrator:"}

func encodeTypes(types []crm.AssociationType) string {
	sorted := slices.SortedFunc(slices.Values(types), crm.AssociationType.Compare)
	var out []byte
	for i, t := range sorted {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, prefixes[t.Category]...)
		out = strconv.AppendInt(out, int64(t.TypeID), 10)
	}
	return string(out)
}

func decodeTypes(text string) ([]crm.AssociationType, error) {
	var types []crm.AssociationType
	for part := range strings.SplitSeq(text, ",") {
		category, digits := crm.HubSpotDefined, part
		for name, prefix := range prefixes {
			if rest, found := strings.CutPrefix(part, prefix); found && prefix != "" {
				category, digits = name, rest
			}
		}
		id, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fmt.Errorf("reading stored association types %q: %w", text, err)
		}
		types = append(types, crm.AssociationType{Category: category, TypeID: id})
	}
	return types, nil
}

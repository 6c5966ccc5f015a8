package store

import (
	"context"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Browse selects records of one type as a person looks through them: the newest
// first, a page at a time, by words that may stand anywhere in their texts.
type Browse struct {
	Type     crm.ObjectType
	Archived bool     // those in the recycle bin instead of the live ones
	Words    []string // each stands in one of Names; ASCII letters match in either case
	Names    []string // properties whose texts are looked at; Plain accepts each
	Before   int64    // only records with smaller ids; 0 = from the newest on
	After    int64    // only records with larger ids, those next to it; 0 = no bound
	Limit    int
}

// Browse returns a page of records, the newest first. Without words it reads the
// page alone; with words it looks at every record until the page is full.
func (tx *Tx) Browse(ctx context.Context, b Browse) ([]Record, error) {
	query, args := b.sql()
	rows, err := tx.conn.raw.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var r row
	var records []Record
	err = scan(rows, r.into(), func() error {
		record, err := r.record(b.Type)
		records = append(records, record)
		return err
	})
	if b.After > 0 {
		slices.Reverse(records)
	}
	return records, err
}

func (b Browse) sql() (string, []any) {
	where, args, order := "type = ? AND archived_at IS NULL", []any{string(b.Type)}, " ORDER BY id DESC"
	if b.Archived {
		where = "type = ? AND archived_at IS NOT NULL"
	}
	switch {
	case b.After > 0:
		where, args, order = where+" AND id > ?", append(args, b.After), " ORDER BY id"
	case b.Before > 0:
		where, args = where+" AND id < ?", append(args, b.Before)
	}
	if len(b.Words) > 0 {
		texts := make([]string, len(b.Names))
		for i, name := range b.Names {
			texts[i] = Column{name, Exact}.sql()
		}
		// A line break between the texts keeps a word from matching across two.
		all := "concat_ws(char(10), " + strings.Join(append(texts, "id"), ", ") + ")"
		for _, word := range b.Words {
			where, args = where+" AND "+all+` LIKE ? ESCAPE '\'`, append(args, "%"+likeText(word)+"%")
		}
	}
	return "SELECT " + columns + " FROM objects WHERE " + where + order + " LIMIT ?", append(args, b.Limit) // #nosec G202 -- names are Plain, values are parameters
}

// likeText is a text as a LIKE pattern that matches itself alone.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

package store

import (
	"context"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Query selects live records. Groups are alternatives, the conditions of a group
// hold together; no group at all selects every record.
type Query struct {
	Type          crm.ObjectType
	Groups        [][]Condition
	Orders        []Order // ties, and no order at all, are by id
	WrittenBy     int64   // Unix milliseconds; records that were written later are left out; 0 = none are
	Offset, Limit int
}

// Column is what a condition looks at.
type Column struct {
	Name string // a property: lower-case letters, digits, underscores
	Kind Kind
}

// Kind says where a column's value stands and how it compares.
type Kind uint8

// The kinds of columns. Times are compared as Unix milliseconds.
const (
	Text    Kind = iota + 1 // without regard to case
	Exact                   // as it stands: internal values, days, instants
	Set                     // options joined by semicolons; equal means containing
	Number                  // by value
	ID                      // the record's id
	Created                 // its times
	Modified
)

// Condition is one filter. Operator is one of HubSpot's; Values are one, two for
// BETWEEN, any number for IN and NOT_IN, none for HAS_PROPERTY and its opposite.
type Condition struct {
	Column   Column
	Operator string
	Values   []any
}

// Order sorts by a column.
type Order struct {
	Column     Column
	Descending bool
}

// Plain reports whether a property name can stand in a query.
func Plain(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// Names in the statements are property names that Plain accepts; values are
// always parameters.

// Search returns a page of the records that a query selects, and how many there
// are in all. A company's domain is looked up in an index; every other condition
// looks at each record of the type.
func (tx *Tx) Search(ctx context.Context, q Query) ([]Record, int, error) {
	where, args := q.where()
	page := "SELECT " + columns + " FROM objects WHERE " + where + q.order() + " LIMIT ? OFFSET ?" // #nosec G202 -- see above
	rows, err := tx.conn.raw.QueryContext(ctx, page, append(slices.Clone(args), q.Limit, q.Offset)...)
	if err != nil {
		return nil, 0, err
	}
	var r row
	var records []Record
	err = scan(rows, r.into(), func() error {
		record, err := r.record(q.Type)
		records = append(records, record)
		return err
	})
	total := q.Offset + len(records)
	if err != nil || len(records) > 0 && len(records) < q.Limit {
		return records, total, err // the last page: nothing is left to count
	}
	err = tx.conn.raw.QueryRowContext(ctx, "SELECT count(*) FROM objects WHERE "+where, args...).Scan(&total)
	return records, total, err
}

func (q Query) where() (string, []any) {
	// The type is spelled out where it has an index of its own.
	where, args := "type = ? AND archived_at IS NULL", []any{string(q.Type)}
	if q.Type == crm.TypeCompany {
		where, args = "type = 'company' AND archived_at IS NULL", nil
	}
	if q.WrittenBy != 0 {
		where += " AND updated_at <= ?"
		args = append(args, q.WrittenBy)
	}
	var groups []string
	for _, group := range q.Groups {
		var conditions []string
		for _, condition := range group {
			text, values := condition.sql()
			conditions = append(conditions, text)
			args = append(args, values...)
		}
		if len(conditions) == 0 { // of a group that asks for nothing
			conditions = []string{"1"}
		}
		groups = append(groups, strings.Join(conditions, " AND "))
	}
	switch len(groups) {
	case 0:
	case 1: // in the form that an index can serve
		where += " AND " + groups[0]
	default:
		where += " AND ((" + strings.Join(groups, ") OR (") + "))"
	}
	return where, args
}

func (q Query) order() string {
	var parts []string
	for _, order := range q.Orders {
		part := order.Column.sql()
		if order.Descending {
			part += " DESC"
		}
		parts = append(parts, part)
	}
	return " ORDER BY " + strings.Join(append(parts, "id"), ", ")
}

func (c Column) sql() string {
	property := "json_extract(properties, '$." + c.Name + "')"
	switch c.Kind {
	case Text:
		return property + " COLLATE NOCASE"
	case Exact, Set:
		return property
	case Number:
		return "CAST(" + property + " AS REAL)"
	case ID:
		return "id"
	case Created:
		return "created_at"
	case Modified:
		return "updated_at"
	}
	return property
}

// sql is one condition. A record without a value meets none but NOT_HAS_PROPERTY.
func (c Condition) sql() (string, []any) {
	column := c.Column.sql()
	switch c.Operator {
	case "EQ", "IN":
		return c.among(), c.Values
	case "NEQ", "NOT_IN":
		return "(" + column + " IS NOT NULL AND NOT " + c.among() + ")", c.Values
	case "LT":
		return column + " < ?", c.Values
	case "LTE":
		return column + " <= ?", c.Values
	case "GT":
		return column + " > ?", c.Values
	case "GTE":
		return column + " >= ?", c.Values
	case "BETWEEN":
		return column + " BETWEEN ? AND ?", c.Values
	case "NOT_HAS_PROPERTY":
		return c.bare() + " IS NULL", nil
	case "CONTAINS_TOKEN":
		return c.token(), c.Values
	case "NOT_CONTAINS_TOKEN":
		return "(" + column + " IS NOT NULL AND NOT " + c.token() + ")", c.Values
	}
	return c.bare() + " IS NOT NULL", nil // HAS_PROPERTY
}

// bare is the value itself: a number's cast would make something of nothing.
func (c Condition) bare() string {
	if c.Column.Kind == Number {
		return Column{c.Column.Name, Exact}.sql()
	}
	return c.Column.sql()
}

func (c Condition) among() string {
	column := c.Column.sql()
	if c.Column.Kind == Set {
		parts := make([]string, len(c.Values))
		for i := range parts {
			parts[i] = "instr(';' || " + column + " || ';', ';' || ? || ';') > 0"
		}
		return "(" + strings.Join(append(parts, "0"), " OR ") + ")"
	}
	return column + " IN (" + strings.TrimSuffix(strings.Repeat("?,", len(c.Values)), ",") + ")"
}

// token compares with whole words; @ . - and _ end a word. The value is a LIKE
// pattern.
func (c Condition) token() string {
	words := Column{c.Column.Name, Exact}.sql()
	for _, separator := range []string{"@", ".", "-", "_", ","} {
		words = "replace(" + words + ", '" + separator + "', ' ')"
	}
	return "((' ' || " + words + " || ' ') LIKE ('% ' || ? || ' %') ESCAPE '\\')"
}

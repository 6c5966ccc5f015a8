package portal

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// pageSize is how many records a page lists.
const pageSize = 50

// listing is a page of records of one type, live ones or those in the bin.
type listing struct {
	Types   []typeTab
	Type    string // as in paths
	Name    string // in the plural
	Asked   string // the words that were searched for
	Columns []string
	Rows    []listRow
	Total   int64
	Newer   string // where the neighbouring pages are, "" when there are none
	Older   string
}

// typeTab leads to the records of one type.
type typeTab struct {
	Name    string
	Link    string
	Count   int64
	Current bool
}

type listRow struct {
	Title   string
	Link    string
	Type    string
	ID      string
	Cells   []listCell
	Updated time.Time
	Binned  time.Time
}

// listCell is a value in a list, with its column's name for narrow screens.
type listCell struct {
	Column string
	Value  shown
}

// listed are the columns of a list, beside the name of the record.
var listed = map[crm.ObjectType][]string{
	crm.TypeContact: {"email", "company", "lifecyclestage"},
	crm.TypeCompany: {"domain", "industry", "city"},
	crm.TypeDeal:    {"amount", "dealstage", "closedate"},
	crm.TypeTicket:  {"hs_pipeline_stage", "hs_ticket_priority"},
	crm.TypeTask:    {"hs_task_status", "hs_timestamp"},
	crm.TypeNote:    {"hs_timestamp"},
}

// list is GET / and GET /records/{type}.
func (g *page) list(w http.ResponseWriter, r *http.Request) error {
	objectType, err := g.typeOf(cmp.Or(r.PathValue("type"), crm.TypeContact.Plural()))
	if err != nil {
		return err
	}
	catalog := g.portal.catalog.Load()
	asked := strings.TrimSpace(clip(r.FormValue("q"), 200))
	l, err := g.browse(r, store.Browse{Type: objectType, Words: strings.Fields(asked), Names: slices.Concat(catalog.namedBy(objectType), searched[objectType])})
	if err != nil {
		return err
	}
	g.show(w, r, http.StatusOK, "list", frame{Title: capital(l.Name), Section: "records", Body: l})
	return nil
}

// typeOf reads an object type that the portal has.
func (g *page) typeOf(name string) (crm.ObjectType, error) {
	objectType, ok := crm.ParseObjectType(name)
	if !ok || !g.portal.catalog.Load().serves(objectType) {
		return "", noSuchPage()
	}
	return objectType, nil
}

// browse reads the page of a list that the query asks for.
func (g *page) browse(r *http.Request, b store.Browse) (*listing, error) {
	query := r.URL.Query()
	b.Limit = pageSize + 1
	b.Before, _ = recordID(query.Get("before"))
	b.After, _ = recordID(query.Get("after"))
	catalog := g.portal.catalog.Load()
	_, name := catalog.typeNames(b.Type)
	l := &listing{Name: name, Type: b.Type.Plural(), Asked: strings.Join(b.Words, " ")}
	err := g.portal.store.View(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		records, err := recordsOf(ctx, tx, b)
		if err != nil {
			return err
		}
		records = l.turn(r.URL.Path, query, b, records)
		for i := range records {
			l.Rows = append(l.Rows, catalog.listRow(&records[i]))
		}
		counts, err := tx.Counts(ctx)
		l.count(catalog, b, counts)
		return err
	})
	for _, name := range listed[b.Type] {
		l.Columns = append(l.Columns, catalog.label(b.Type, name))
	}
	return l, err
}

// recordsOf looks a whole address up where addresses are kept, secondary ones too,
// and everything else in the records themselves.
func recordsOf(ctx context.Context, tx *store.Tx, b store.Browse) ([]store.Record, error) {
	if b.Type == crm.TypeContact && !b.Archived && len(b.Words) == 1 && strings.Contains(b.Words[0], "@") {
		record, found, err := lookup{objectType: b.Type, property: propertyEmail}.find(ctx, tx, b.Words[0])
		if err != nil || found {
			return []store.Record{record}, err
		}
	}
	return tx.Browse(ctx, b)
}

// turn takes off the record that only shows that there are more, and links the
// neighbouring pages.
func (l *listing) turn(path string, query url.Values, b store.Browse, records []store.Record) []store.Record {
	more := len(records) > pageSize
	back := b.After > 0
	if more && back {
		records = records[1:]
	} else if more {
		records = records[:pageSize]
	}
	if len(records) == 0 {
		return nil
	}
	to := func(name string, id int64) string {
		next := url.Values{name: {strconv.FormatInt(id, 10)}}
		for _, kept := range []string{"q", "type"} {
			if text := query.Get(kept); text != "" {
				next.Set(kept, text)
			}
		}
		return path + "?" + next.Encode()
	}
	if more && back || b.Before > 0 {
		l.Newer = to("after", records[0].ID)
	}
	if more && !back || back {
		l.Older = to("before", records[len(records)-1].ID)
	}
	return records
}

// count fills in how many records there are of each type that has any, and of the
// type that is shown.
func (l *listing) count(catalog *catalog, b store.Browse, counts map[crm.ObjectType]store.Counts) {
	present := make(map[crm.ObjectType]int64)
	for objectType, count := range counts {
		if present[objectType] = count.Live; b.Archived {
			present[objectType] = count.Archived
		}
	}
	l.Total = present[b.Type]
	present[b.Type] = max(l.Total, 1) // the type that is shown has a tab even when it is empty
	present[crm.TypeContact] = max(present[crm.TypeContact], 1)
	for _, objectType := range slices.SortedFunc(maps.Keys(present), compareTypes) {
		if present[objectType] == 0 {
			continue
		}
		count := counts[objectType].Live
		link := "/records/" + objectType.Plural()
		if b.Archived {
			count, link = counts[objectType].Archived, "/bin?type="+objectType.Plural()
		}
		_, name := catalog.typeNames(objectType)
		l.Types = append(l.Types, typeTab{capital(name), link, count, objectType == b.Type})
	}
}

// compareTypes orders types as people think of them: contacts first.
func compareTypes(a, b crm.ObjectType) int {
	rank := func(t crm.ObjectType) int {
		order := []crm.ObjectType{crm.TypeContact, crm.TypeCompany, crm.TypeDeal, crm.TypeTicket}
		if i := slices.Index(order, t); i >= 0 {
			return i
		}
		return len(order)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

func (c *catalog) listRow(r *store.Record) listRow {
	row := listRow{
		Title: c.title(r), Link: recordLink(r.Type, r.ID), Type: r.Type.Plural(), ID: idText(r.ID),
		Updated: time.UnixMilli(r.Updated), Binned: time.UnixMilli(r.Archived),
	}
	for _, name := range listed[r.Type] {
		row.Cells = append(row.Cells, listCell{c.label(r.Type, name), c.shown(r.Type, name, r.Properties.Text(name))})
	}
	return row
}

func recordLink(objectType crm.ObjectType, id int64) string {
	return "/records/" + objectType.Plural() + "/" + idText(id)
}

package portal

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/contactsync/contactsync/portal/internal/store"
)

// How much of a record the page shows of what has no bound.
const (
	maxShownLinks  = 100    // of one type
	maxShownEvents = 200    // of the history
	maxShownText   = 20_000 // characters of a value
	maxFormerText  = 400    // characters of a value in the history
)

// recordView is one record with everything about it.
type recordView struct {
	Title    string
	Type     string // as in paths
	One      string // the type in the singular
	Name     string // and in the plural
	ID       string
	Created  time.Time
	Updated  time.Time
	Binned   time.Time // of an archived record
	Archived bool
	Restored bool // just now, by the reader
	Set      []property
	Unset    []property
	Related  []related
	History  []event
	Earlier  bool // there is more history than is shown
}

type property struct {
	Label string
	Name  string
	Value shown
}

// related are the associations with records of one type.
type related struct {
	Name  string
	Links []relatedLink
	More  bool
}

type relatedLink struct {
	Title  string
	Link   string
	Labels []string
}

// event is a moment at which values changed.
type event struct {
	At      time.Time
	Created bool
	Changes []changed
}

type changed struct {
	Label         string
	Name          string
	Before, After shown
}

// record is GET /records/{type}/{id}.
func (g *page) record(w http.ResponseWriter, r *http.Request) error {
	objectType, err := g.typeOf(r.PathValue("type"))
	if err != nil {
		return err
	}
	id, ok := recordID(r.PathValue("id"))
	if !ok {
		return noSuchPage()
	}
	var v *recordView
	catalog := g.portal.catalog.Load()
	err = g.portal.store.View(r.Context(), func(ctx context.Context, tx *store.Tx) error {
		record, found, err := tx.Record(ctx, objectType, id)
		if err != nil {
			return err
		}
		if !found {
			return noSuchPage()
		}
		v, err = catalog.recordView(ctx, tx, &record)
		return err
	})
	if err != nil {
		return err
	}
	v.Restored = r.FormValue("restored") != "" && !v.Archived
	g.show(w, r, http.StatusOK, "record", frame{Title: v.Title, Section: "records", Body: v})
	return nil
}

func (c *catalog) recordView(ctx context.Context, tx *store.Tx, r *store.Record) (*recordView, error) {
	one, several := c.typeNames(r.Type)
	v := &recordView{
		Title: c.title(r), Type: r.Type.Plural(), One: one, Name: several, ID: idText(r.ID),
		Created: time.UnixMilli(r.Created), Updated: time.UnixMilli(r.Updated), Binned: time.UnixMilli(r.Archived), Archived: r.Archived != 0,
	}
	owners, err := ownerNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	v.Set, v.Unset = c.values(r, owners)
	if err := v.relate(ctx, tx, c, r); err != nil {
		return nil, err
	}
	updates, err := tx.History(ctx, store.End{Type: r.Type, ID: r.ID})
	v.tell(c, r, updates)
	return v, err
}

// ownerNames are the owners as a person knows them, by id.
func ownerNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	owners, err := tx.Owners(ctx)
	named := make(map[string]string, len(owners))
	for _, owner := range owners {
		named[owner.ID] = cmp.Or(strings.TrimSpace(owner.FirstName+" "+owner.LastName), owner.Email)
	}
	return named, err
}

// values divides the properties of a record into those with a value, the ones that
// it is known by first, and those without.
func (c *catalog) values(r *store.Record, owners map[string]string) (set, unset []property) {
	first := slices.Concat(c.namedBy(r.Type), standard[r.Type], searched[r.Type], listed[r.Type])
	rank := func(p property) int {
		if i := slices.Index(first, p.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	stored := make(map[string]bool)
	for _, value := range r.Properties { // those without a definition too
		stored[value.Name] = true
	}
	all := maps.Clone(stored)
	for name := range c.properties[r.Type] {
		all[name] = true
	}
	for name := range all {
		text := textOf(r, name)
		p := property{c.label(r.Type, name), name, c.shown(r.Type, name, clip(text, maxShownText))}
		if owner := owners[text]; strings.HasSuffix(name, "owner_id") && owner != "" {
			p.Value = shown{owner, text}
		}
		if text == "" {
			unset = append(unset, p)
		} else {
			set = append(set, p)
		}
	}
	order := func(a, b property) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)), cmp.Compare(a.Name, b.Name))
	}
	slices.SortFunc(set, order)
	slices.SortFunc(unset, order)
	return set, unset
}

// relate reads the associations with live records, type by type.
func (v *recordView) relate(ctx context.Context, tx *store.Tx, c *catalog, r *store.Record) error {
	for _, to := range slices.SortedFunc(maps.Keys(c.properties), compareTypes) {
		links, err := tx.Links(ctx, store.End{Type: r.Type, ID: r.ID}, to, 0, maxShownLinks+1)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			continue
		}
		_, several := c.typeNames(to)
		group := related{Name: several, More: len(links) > maxShownLinks}
		for _, link := range links[:min(len(links), maxShownLinks)] {
			record, _, err := tx.Record(ctx, to, link.To.ID)
			if err != nil {
				return err
			}
			row := relatedLink{Title: c.title(&record), Link: recordLink(to, link.To.ID)}
			for _, t := range link.Types {
				if found, ok := c.find(r.Type, to, t.Category, t.TypeID); ok && found.Type.Label != "" {
					row.Labels = append(row.Labels, found.Type.Label)
				}
			}
			group.Links = append(group.Links, row)
		}
		v.Related = append(v.Related, group)
	}
	return nil
}

// tell turns what updates replaced into what happened, the newest first.
func (v *recordView) tell(c *catalog, r *store.Record, updates []store.Former) {
	now := make(map[string]string, len(r.Properties))
	for _, value := range r.Properties {
		now[value.Name] = value.Text
	}
	v.Earlier = len(updates) > maxShownEvents
	for _, update := range updates[:min(len(updates), maxShownEvents)] {
		e := event{At: time.UnixMilli(update.At)}
		for _, former := range update.Properties {
			e.Changes = append(e.Changes, changed{
				Label: c.label(r.Type, former.Name), Name: former.Name,
				Before: c.shown(r.Type, former.Name, clip(former.Text, maxFormerText)),
				After:  c.shown(r.Type, former.Name, clip(now[former.Name], maxFormerText)),
			})
			now[former.Name] = former.Text
		}
		v.History = append(v.History, e)
	}
	if !v.Earlier {
		v.History = append(v.History, event{At: time.UnixMilli(r.Created), Created: true})
	}
}

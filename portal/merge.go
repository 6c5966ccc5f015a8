package portal

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// How two records become one here, after HubSpot's guides and, where they are
// silent, its knowledge base:
//
// The merged record has an id of its own unless the ruling merge-id keeps that of
// the primary one. Both former ids lead to it wherever an id names a record; lists
// and searches know it alone. Former ids of its parts lead to it as well.
//
// A value of the primary record wins, the other's fills what is empty. Addresses
// of the other contact become secondary ones, the domain of the other company an
// additional one. Associations of both come together; of two primary companies
// the primary record's stays primary. The histories are told as one, and the
// merged record is as old as the older of the two.
//
// A merge cannot be undone. Activities cannot be merged.

// maxIdentities is the most addresses, and the most records it was merged from,
// that a record may have, by HubSpot's guide to errors.
const maxIdentities = 250

const (
	propertyMergedIDs   = "hs_merged_object_ids"      // "id;id"
	propertyMergedTimes = "hs_calculated_merged_vids" // "id:milliseconds;id:milliseconds"
)

type mergeRequest struct {
	Primary hubspot.FlexID `json:"primaryObjectId"`
	Other   hubspot.FlexID `json:"objectIdToMerge"`
}

// mergeRecords is POST /crm/v3/objects/{type}/merge.
func mergeRecords(c *call) (answer, error) {
	objectType, err := c.objectType("type")
	if err != nil {
		return answer{}, err
	}
	request, err := decode[mergeRequest](c)
	if err != nil {
		return answer{}, err
	}
	if slices.Contains(activities, objectType) {
		return answer{}, invalid("Records of type %s cannot be merged", objectType)
	}
	shown := append([]string{propertyAdditional, propertyMergedIDs, propertyMergedTimes}, standard[objectType]...)
	var object hubspot.Object
	err = c.portal.store.Update(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		primary, err := c.mergeable(ctx, tx, objectType, request.Primary)
		if err != nil {
			return err
		}
		other, err := c.mergeable(ctx, tx, objectType, request.Other)
		if err != nil {
			return err
		}
		if primary.ID == other.ID {
			return invalid("The %s %d cannot be merged with itself", objectType, primary.ID)
		}
		merged, err := c.merge(ctx, tx, &primary, &other)
		object = c.catalog.selected(objectType, shown).object(&merged)
		return err
	})
	return answer{http.StatusOK, object}, err
}

// activities are what happened between people and what is to be done.
var activities = []crm.ObjectType{crm.TypeNote, crm.TypeTask, crm.TypeCall, crm.TypeEmail, crm.TypeMeeting}

// mergeable finds a live record by its present id. A former one is refused: its
// record is merged already.
func (c *call) mergeable(ctx context.Context, tx *store.Tx, objectType crm.ObjectType, text hubspot.FlexID) (store.Record, error) {
	id, ok := recordID(string(text))
	if !ok {
		return store.Record{}, invalid("A merge needs the ids of two records, primaryObjectId and objectIdToMerge")
	}
	record, found, err := tx.Record(ctx, objectType, id)
	if err != nil || found && record.Archived == 0 {
		return record, err
	}
	into, former, err := tx.MergedInto(ctx, store.End{Type: objectType, ID: id})
	switch {
	case err != nil:
		return record, err
	case former:
		return record, invalid("The %s %d was merged into %d already", objectType, id, into)
	}
	return record, noSuch(store.End{Type: objectType, ID: id})
}

// merge makes one record of two live ones.
func (c *call) merge(ctx context.Context, tx *store.Tx, primary, other *store.Record) (store.Record, error) {
	merged := store.Record{
		Type: primary.Type, ID: primary.ID,
		Created: min(primary.Created, other.Created),
		Updated: max(c.now.UnixMilli(), primary.Updated+1, other.Updated+1),
	}
	if c.portal.ruled(rulingMergeID) == "new" {
		var err error
		if merged.ID, err = tx.NextID(ctx); err != nil {
			return merged, err
		}
	}
	merged.Properties = c.catalog.united(primary, other, &merged)
	if err := c.countIdentities(ctx, tx, primary, other, &merged); err != nil {
		return merged, err
	}
	told, err := unitedHistory(ctx, tx, primary, other, &merged)
	if err != nil {
		return merged, err
	}
	for _, part := range []*store.Record{primary, other} {
		if err := c.claim(ctx, tx, part, &store.Record{Type: part.Type, ID: part.ID}, nil); err != nil {
			return merged, err
		}
		if err := tx.Remove(ctx, endOf(part)); err != nil {
			return merged, err
		}
	}
	if err := tx.Insert(ctx, &merged); err != nil {
		return merged, err
	}
	if err := c.claim(ctx, tx, &store.Record{Type: merged.Type}, &merged, nil); err != nil {
		return merged, err
	}
	for _, former := range told {
		if err := tx.Remember(ctx, endOf(&merged), former); err != nil {
			return merged, err
		}
	}
	for _, part := range []*store.Record{primary, other} {
		if part.ID == merged.ID {
			continue
		}
		if err := c.moveLinks(ctx, tx, endOf(part), endOf(&merged)); err != nil {
			return merged, err
		}
		if err := tx.Redirect(ctx, endOf(part), merged.ID, part == other); err != nil {
			return merged, err
		}
	}
	return merged, nil
}

func endOf(r *store.Record) store.End { return store.End{Type: r.Type, ID: r.ID} }

// countIdentities refuses a merge that would give a record too many.
func (c *call) countIdentities(ctx context.Context, tx *store.Tx, primary, other, merged *store.Record) error {
	records := 2
	for _, part := range []*store.Record{primary, other} {
		merges, err := tx.Merges(ctx, endOf(part))
		if err != nil {
			return err
		}
		records += merges
	}
	if max(records, len(addresses(merged))) > maxIdentities {
		return refuse(http.StatusRequestURITooLong, "", "Cannot have more than 250 identities on a profile")
	}
	return nil
}

// united are the values of a merged record.
func (c *catalog) united(primary, other, merged *store.Record) crm.Properties {
	texts := make(map[string]string, len(primary.Properties)+len(other.Properties))
	for _, part := range []*store.Record{other, primary} {
		for _, value := range part.Properties {
			texts[value.Name] = value.Text
		}
	}
	if merged.Type == crm.TypeContact {
		gather(texts, propertyEmail, propertyAdditional, slices.Concat(addresses(primary), addresses(other)))
	}
	if merged.Type == crm.TypeCompany {
		gather(texts, propertyDomain, propertyAdditionalDomains, slices.Concat(domains(primary), domains(other)))
	}
	var ids, times []string
	for _, part := range []*store.Record{primary, other} {
		ids = append(ids, members(part.Properties.Text(propertyMergedIDs))...)
		times = append(times, members(part.Properties.Text(propertyMergedTimes))...)
		if part.ID != merged.ID {
			ids = append(ids, idText(part.ID))
			times = append(times, idText(part.ID)+":"+idText(merged.Updated))
		}
	}
	texts[propertyMergedIDs], texts[propertyMergedTimes] = strings.Join(ids, ";"), strings.Join(times, ";")
	properties := make([]crm.Value, 0, len(texts))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if _, defined := c.property(merged.Type, name); defined && texts[name] != "" {
			properties = append(properties, crm.Value{Name: name, Text: texts[name]})
		}
	}
	return crm.NewProperties(properties...)
}

// gather keeps as additional ones all names that are not the main one.
func gather(texts map[string]string, main, additional string, names []string) {
	var rest []string
	for _, name := range names {
		if name != texts[main] && !slices.Contains(rest, name) {
			rest = append(rest, name)
		}
	}
	texts[additional] = strings.Join(rest, ";")
}

// domains are all of a company's, its main one first.
func domains(r *store.Record) []string {
	return slices.Concat(members(r.Properties.Text(propertyDomain)), members(r.Properties.Text(propertyAdditionalDomains)))
}

// members are the parts of a text that semicolons join.
func members(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ';' })
}

// moveLinks gives the associations of one record to another.
func (c *call) moveLinks(ctx context.Context, tx *store.Tx, from, to store.End) error {
	links, err := tx.EveryLink(ctx, from)
	if err != nil {
		return err
	}
	for _, link := range links {
		if err := c.unlink(ctx, tx, from, link.To); err != nil {
			return err
		}
		if link.To == to {
			continue
		}
		types, err := c.besidePrimary(ctx, tx, to, link)
		if err != nil {
			return err
		}
		present, err := tx.Link(ctx, to, link.To)
		if err != nil {
			return err
		}
		if err := c.link(ctx, tx, to, link.To, append(present, types...)); err != nil {
			return err
		}
	}
	return nil
}

// besidePrimary are the types of a link without the primary one, if the record has
// another primary company.
func (c *call) besidePrimary(ctx context.Context, tx *store.Tx, from store.End, link store.Link) ([]crm.AssociationType, error) {
	primary, ok := c.catalog.primary(from.Type, link.To.Type)
	if !ok || !slices.ContainsFunc(link.Types, primary.Type.Same) {
		return link.Types, nil
	}
	company, found, err := c.primaryCompany(ctx, tx, from)
	if err != nil || !found || company == link.To {
		return link.Types, err
	}
	return slices.DeleteFunc(link.Types, primary.Type.Same), nil
}

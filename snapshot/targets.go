package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

const (
	// A search takes at most this many values of one filter, and bytes of body.
	maxSearchValues = 100
	maxSearchBody   = 3000
)

// targetQueries are the requests that find every candidate of the targets: the
// addresses of undeclared contacts by batch read, values of a property by search.
func (d *description) targetQueries() []func(context.Context) error {
	var emails []string
	type column struct {
		of       crm.ObjectType
		property string
	}
	values := make(map[column]map[string][]crm.Target) // by the value in lower case
	for _, target := range d.needs.targets {
		if target.Email != "" {
			emails = append(emails, string(target.Email))
			continue
		}
		at := column{target.Type, target.Property}
		if values[at] == nil {
			values[at] = make(map[string][]crm.Target)
		}
		folded := strings.ToLower(target.Value)
		values[at][folded] = append(values[at][folded], target)
	}
	var queries []func(context.Context) error
	for chunk := range slices.Chunk(emails, hubspot.MaxBatch) {
		queries = append(queries, func(ctx context.Context) error { return d.targetContacts(ctx, chunk) })
	}
	for at, targets := range values {
		for _, request := range searches(at.property, targets) {
			queries = append(queries, func(ctx context.Context) error {
				return d.search(ctx, at.of, request, targets)
			})
		}
	}
	return queries
}

// searches are the requests that ask for records by the values of one property. IN
// compares strings in lower case and enumerations as they are written, so a value
// with capitals is asked for both ways.
func searches(property string, targets map[string][]crm.Target) []hubspot.SearchRequest {
	var values []string
	for folded, of := range targets {
		values = append(values, folded)
		for _, target := range of {
			values = append(values, target.Value)
		}
	}
	var requests []hubspot.SearchRequest
	var batch []string
	for _, value := range sortedUnique(values) {
		if len(batch) == maxSearchValues || len(batch) > 0 && !searchFits(property, append(batch, value)) {
			requests = append(requests, searchFor(property, batch))
			batch = nil
		}
		batch = append(batch, value)
	}
	if len(batch) > 0 {
		requests = append(requests, searchFor(property, batch))
	}
	return requests
}

func searchFor(property string, values []string) hubspot.SearchRequest {
	return hubspot.SearchRequest{
		FilterGroups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{{PropertyName: property, Operator: "IN", Values: values}}}},
		Properties:   []string{property},
		Limit:        hubspot.MaxSearchPage,
	}
}

func searchFits(property string, values []string) bool {
	body, err := json.Marshal(searchFor(property, values))
	return err == nil && len(body) <= maxSearchBody
}

// search files each record that a query finds under every target with its value.
func (d *description) search(ctx context.Context, of crm.ObjectType, request hubspot.SearchRequest, targets map[string][]crm.Target) error {
	property := request.Properties[0]
	for page, err := range d.reader.Search(ctx, of.Plural(), request) {
		if refused(err) {
			d.unsearched(err, targets)
			return nil
		}
		if err != nil {
			return fmt.Errorf("finding %s by %s: %w", of.Plural(), property, err)
		}
		for _, object := range page {
			if text := object.Properties[property]; text != nil {
				d.candidate(crm.ObjectID(object.ID), targets[strings.ToLower(*text)]...)
			}
		}
	}
	return nil
}

// unsearched keeps why the portal would not look for targets.
func (d *description) unsearched(err error, targets map[string][]crm.Target) {
	why := err.Error()
	if refusal, ok := errors.AsType[*hubspot.Error](err); ok {
		why = refusal.Message
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, of := range targets {
		for _, target := range of {
			d.portal.Unsearched[target] = why
		}
	}
}

func (d *description) targetContacts(ctx context.Context, emails []string) error {
	answer, err := d.reader.BatchRead(ctx, contacts, hubspot.BatchReadRequest{
		Properties: []string{"email", "hs_additional_emails"}, IDProperty: byEmail, Inputs: recordIDs(emails),
	}, false)
	if err != nil {
		return fmt.Errorf("finding contacts to associate with: %w", err)
	}
	for i := range answer.Found {
		contact := contactOf(&answer.Found[i].Object, []string{"email", "hs_additional_emails"})
		for _, email := range append(contact.Additional, contact.Email) {
			if target := (crm.Target{Type: crm.TypeContact, Email: email}); slices.Contains(emails, string(email)) {
				d.candidate(contact.ID, target)
			}
		}
	}
	return nil
}

// candidate adds a record to targets, once.
func (d *description) candidate(id crm.ObjectID, targets ...crm.Target) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, target := range targets {
		if !slices.Contains(d.portal.Targets[target], id) {
			d.portal.Targets[target] = append(d.portal.Targets[target], id)
		}
	}
}

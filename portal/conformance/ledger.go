package conformance

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
)

// ledger is what a run made. It is written from the answers themselves, so a
// record that a portal created where it should have refused stands in it too.
type ledger struct {
	records     map[string][]string // ids by object type, in the order of their making
	definitions []string            // paths of what was defined, in the order of their making
	emails      []string            // every address that was used, for creates whose answer was lost
}

// Left is something that a run made and could not remove.
type Left struct {
	Type string // contacts, companies; definition
	ID   string // of a definition, its path
	Why  string
}

func newLedger() ledger { return ledger{records: make(map[string][]string)} }

func (l *ledger) count() int {
	n := len(l.definitions)
	for _, ids := range l.records {
		n += len(ids)
	}
	return n
}

// creates matches the paths that make records.
var creates = regexp.MustCompile(`^/crm/(?:v3/objects|objects/[0-9-]+)/([^/?]+)(?:/merge|/batch/(?:create|upsert))?$`)

// defines matches the paths that make properties, groups and labels.
var defines = regexp.MustCompile(`^/crm/(?:(?:v3/properties|properties/[0-9-]+)/[^/?]+(?:/groups)?|(?:v4/associations|associations/[0-9-]+)/[^/?]+/[^/?]+/labels)$`)

// note remembers what an answer says was made.
func (l *ledger) note(method, path string, body []byte) {
	match, definition := creates.FindStringSubmatch(path), defines.MatchString(path)
	if method != http.MethodPost || match == nil && !definition {
		return
	}
	var made struct {
		ID      string
		Name    string
		Results []struct {
			ID     string
			TypeID int
		}
	}
	if json.Unmarshal(body, &made) != nil {
		return
	}
	if definition {
		if made.Name != "" {
			l.define(path + "/" + made.Name)
		}
		for _, label := range made.Results {
			l.define(path + "/" + strconv.Itoa(label.TypeID))
		}
		return
	}
	if made.ID != "" {
		l.add(match[1], made.ID)
	}
	for _, result := range made.Results {
		l.add(match[1], result.ID)
	}
}

func (l *ledger) add(objectType, id string) {
	if objectType == "contact" || objectType == "0-1" {
		objectType = contacts
	}
	if !slices.Contains(l.records[objectType], id) {
		l.records[objectType] = append(l.records[objectType], id)
	}
}

func (l *ledger) define(path string) {
	if !slices.Contains(l.definitions, path) {
		l.definitions = append(l.definitions, path)
	}
}

// clean removes what the run made.
func (t *Target) clean(ctx context.Context) []Left {
	t.findLost(ctx)
	t.findAdded(ctx)
	var left []Left
	for _, objectType := range slices.Sorted(maps.Keys(t.ledger.records)) {
		for ids := range slices.Chunk(t.ledger.records[objectType], hubspot.MaxBatch) {
			left = append(left, t.archiveBatch(ctx, objectType, ids)...)
		}
	}
	for _, path := range slices.Backward(t.ledger.definitions) { // a group after its properties
		if err := t.undefine(ctx, path); err != nil {
			left = append(left, Left{"definition", path, err.Error()})
		}
	}
	return left
}

// undefine archives a definition, unless a check did, and wants it gone.
func (t *Target) undefine(ctx context.Context, path string) error {
	if strings.Contains(path, "/labels/") {
		return t.removeLabelType(ctx, path)
	}
	r, err := t.send(ctx, "DELETE", path, nil)
	if err != nil {
		return err
	}
	return first(r.want(http.StatusNoContent, http.StatusNotFound), t.eventually(ctx, http.StatusNotFound, path))
}

func (t *Target) archiveBatch(ctx context.Context, objectType string, ids []string) []Left {
	err := t.do(ctx, http.StatusNoContent, "POST", t.object(objectType, "batch", "archive"), inputs(ids...), nil)
	if err == nil {
		err = t.gone(ctx, objectType, ids)
	}
	if err == nil {
		return nil
	}
	left := make([]Left, len(ids))
	for i, id := range ids {
		left[i] = Left{objectType, id, err.Error()}
	}
	return left
}

// gone wants none of the records to be live.
func (t *Target) gone(ctx context.Context, objectType string, ids []string) error {
	path := t.object(objectType, "batch", "read")
	r, err := t.send(ctx, "POST", path, readBody(nil, "", ids...))
	if err != nil {
		return err
	}
	var live hubspot.BatchResponse[hubspot.Object]
	if err := r.decode(&live); err != nil {
		return err
	}
	return equal(r.request, "records that are left", 0, len(live.Results))
}

// findLost looks for contacts whose create was not answered. What cannot be looked
// for is not known to exist.
func (t *Target) findLost(ctx context.Context) {
	for emails := range slices.Chunk(t.ledger.emails, hubspot.MaxBatch) {
		r, err := t.send(ctx, "POST", t.object(contacts, "batch", "read"), readBody([]string{"email"}, "email", emails...))
		if err != nil {
			continue
		}
		var found hubspot.BatchResponse[hubspot.Object]
		if r.decode(&found) != nil {
			continue
		}
		for _, object := range found.Results {
			t.ledger.add(contacts, object.ID)
		}
	}
}

// findAdded looks for companies that the portal added to contacts by itself: those
// of the domain of the run's addresses.
func (t *Target) findAdded(ctx context.Context) {
	for ids := range slices.Chunk(t.ledger.records[contacts], hubspot.MaxBatch) {
		r, err := t.send(ctx, "POST", t.pair(contacts, companies, "batch", "read"), inputs(ids...))
		if err != nil {
			continue
		}
		var found hubspot.BatchResponse[hubspot.RecordAssociations]
		if r.decode(&found) != nil {
			continue
		}
		for _, result := range found.Results {
			for _, to := range result.To {
				t.addIfOwn(ctx, string(to.ToObjectID))
			}
		}
	}
}

func (t *Target) addIfOwn(ctx context.Context, company string) {
	if slices.Contains(t.ledger.records[companies], company) {
		return
	}
	if values, err := t.read(ctx, companies, company, "domain"); err == nil && values["domain"] == t.domain() {
		t.ledger.add(companies, company)
	}
}

// inputs is the body of a batch that names records by id.
func inputs(ids ...string) hubspot.BatchRequest[hubspot.RecordID] {
	return hubspot.BatchRequest[hubspot.RecordID]{Inputs: recordIDs(ids)}
}

func recordIDs(ids []string) []hubspot.RecordID {
	records := make([]hubspot.RecordID, len(ids))
	for i, id := range ids {
		records[i].ID = hubspot.FlexID(id)
	}
	return records
}

// readBody is the body of a batch read.
func readBody(properties []string, idProperty string, ids ...string) hubspot.BatchReadRequest {
	return hubspot.BatchReadRequest{Properties: properties, IDProperty: idProperty, Inputs: recordIDs(ids)}
}

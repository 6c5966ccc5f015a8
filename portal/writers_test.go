package portal_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// own are properties of which each writer changes one that no other does.
var own = []string{"address", "city", "company", "country", "fax", "jobtitle", "lastname", "state"}

// Eight clients change the same contacts at the same time. No update is lost, no
// address is given twice, and the history of each contact tells every update that
// was answered, at the time that was answered, and nothing else.
func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Path: filepath.Join(t.TempDir(), "portal.db")})
	client := portaltest.Client(t, p)
	ids := portaltest.Create(t, client, "contacts", slices.Repeat([]map[string]string{{"firstname": "made"}}, 5)...)
	var answered answers
	var group sync.WaitGroup
	for writer := range own {
		group.Go(func() {
			for round := range 8 {
				if err := answered.contend(t.Context(), client, ids, writer, round); err != nil {
					t.Errorf("writer %d, round %d: %v", writer, round, err)
					return
				}
			}
		})
	}
	group.Wait()
	if !t.Failed() {
		answered.check(t, client, ids)
	}
}

// answers are what the portal said to all writers.
type answers struct {
	mu       sync.Mutex
	versions map[string][]hubspot.PropertyVersion // first names by contact
	last     map[string]map[string]string         // by contact, what each writer put last into its own property
	holders  map[string][]string                  // by address, the contacts that were created with it
}

// contend changes every contact in one request and one of them once more, and
// creates a contact with an address that the other writers want as well.
func (a *answers) contend(ctx context.Context, client *hubspot.Client, ids []crm.ObjectID, writer, round int) error {
	change := func(part string) map[string]string {
		return map[string]string{"firstname": fmt.Sprintf("%d of writer %d, %s", round, writer, part), own[writer]: fmt.Sprintf("%d, %s", round, part)}
	}
	inputs := make([]hubspot.UpdateInput, len(ids))
	for i, id := range ids { // each writer in another order
		inputs[(i+writer)%len(ids)] = hubspot.UpdateInput{ID: string(id), Properties: change("all")}
	}
	results, err := client.BatchUpdate(ctx, "contacts", inputs)
	if err != nil {
		return err
	}
	for i, result := range results {
		if result.Err != nil {
			return result.Err
		}
		a.updated(*result.Object, own[writer], inputs[i].Properties)
	}
	one := change("one")
	object, err := client.UpdateObject(ctx, "contacts", string(ids[(writer+round)%len(ids)]), one)
	if err != nil {
		return err
	}
	a.updated(object, own[writer], one)
	email := fmt.Sprintf("round%d@example.com", round)
	object, err = client.CreateObject(ctx, "contacts", hubspot.CreateInput{Properties: map[string]string{"email": email}})
	if errors.Is(err, hubspot.ErrConflict) {
		return nil
	}
	a.created(email, object.ID)
	return err
}

func (a *answers) updated(object hubspot.Object, property string, written map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.versions == nil {
		a.versions, a.last = make(map[string][]hubspot.PropertyVersion), make(map[string]map[string]string)
	}
	a.versions[object.ID] = append(a.versions[object.ID], hubspot.PropertyVersion{
		Value: written["firstname"], Timestamp: object.UpdatedAt, SourceType: "API",
	})
	if a.last[object.ID] == nil {
		a.last[object.ID] = make(map[string]string)
	}
	a.last[object.ID][property] = written[property]
}

func (a *answers) created(email, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holders == nil {
		a.holders = make(map[string][]string)
	}
	a.holders[email] = append(a.holders[email], id)
}

func (a *answers) check(t *testing.T, client *hubspot.Client, ids []crm.ObjectID) {
	t.Helper()
	request := hubspot.BatchReadRequest{Properties: own, PropertiesWithHistory: []string{"firstname"}}
	for _, id := range ids {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(id)})
	}
	read, err := client.BatchRead(t.Context(), "contacts", request, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range read.Found {
		object := found.Object
		told := object.PropertiesWithHistory["firstname"]
		want := append(a.versions[object.ID], hubspot.PropertyVersion{Value: "made", Timestamp: object.CreatedAt, SourceType: "API"})
		slices.SortFunc(want, func(x, y hubspot.PropertyVersion) int { return strings.Compare(y.Timestamp, x.Timestamp) })
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("contact %s: updates that were answered, and its history (-want +got):\n%s", object.ID, diff)
		}
		for i := range told[1:] {
			if told[i].Timestamp <= told[i+1].Timestamp {
				t.Errorf("contact %s: the update at %s is told after the one at %s", object.ID, told[i].Timestamp, told[i+1].Timestamp)
			}
		}
		if object.UpdatedAt != told[0].Timestamp {
			t.Errorf("contact %s was last changed at %s, and its newest version is of %s", object.ID, object.UpdatedAt, told[0].Timestamp)
		}
		held := make(map[string]string)
		for _, name := range own {
			held[name] = *object.Properties[name]
		}
		if diff := cmp.Diff(a.last[object.ID], held); diff != "" {
			t.Errorf("contact %s: what each writer wrote last (-want +got):\n%s", object.ID, diff)
		}
	}
	for email, holders := range a.holders {
		if len(holders) != 1 {
			t.Errorf("%s was given to %v", email, holders)
		}
	}
	if len(a.holders) != 8 || len(read.Found) != len(ids) {
		t.Errorf("%d addresses of 8 were given, %d contacts of %d are there", len(a.holders), len(read.Found), len(ids))
	}
}

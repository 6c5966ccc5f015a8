//go:build exhaustive

package portal_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
)

// writer is one client of a portal that will be killed. It alone writes the
// contacts that it made, one request at a time, so it knows what the portal must
// hold of them.
type writer struct {
	name    string
	rnd     *rand.Rand
	company string
	made    int             // contacts it ever asked for; the key of each is its number
	version int             // of its writes; every value tells the version it came with
	held    map[int]contact // what was answered
	pending *write          // what was sent and not answered
	failed  error           // what no kill explains
	counted tally
}

// contact is what is compared of a contact. Links are the names of its association
// types with the writer's company, which has the counterpart exactly when there are
// any.
type contact struct {
	ID, Email, First, Last, City, Links string
	Archived                            bool
}

// write is a request and the contacts that it makes or changes, as they are after
// it. The ids of new ones come with the answer.
type write struct {
	name  string
	after map[int]contact
	send  func(context.Context, *hubspot.Client) error
}

func newWriter(index int, rnd *rand.Rand) *writer {
	return &writer{name: fmt.Sprintf("writer%d", index), rnd: rnd, held: make(map[int]contact)}
}

// step makes one write; false when it was not answered.
func (w *writer) step(ctx context.Context, client *hubspot.Client) bool {
	w.version++
	w.pending = w.draw()
	err := w.pending.send(ctx, client)
	switch {
	case err == nil:
		maps.Copy(w.held, w.pending.after)
		w.pending = nil
		return true
	case errors.Is(err, hubspot.ErrConflict):
		w.pending = nil
		return true
	case !errors.Is(err, hubspot.ErrUnknownOutcome) && !errors.Is(err, hubspot.ErrUnreachable) && !errors.Is(err, context.Canceled):
		w.failed = fmt.Errorf("%s: %w", w.pending.name, err)
	}
	return false
}

// draw chooses the next write.
func (w *writer) draw() *write {
	chosen := w.pick(1 + w.rnd.IntN(100))
	switch kind := w.rnd.IntN(10); {
	case len(chosen) == 0 || kind < 4:
		return w.batchCreate()
	case kind == 4:
		return w.create()
	case kind == 5:
		return w.update(chosen[0])
	case kind == 6:
		return w.batchArchive(chosen[:min(20, len(chosen))])
	case kind == 7:
		return w.batchAssociate(chosen)
	}
	return w.batchUpdate(chosen)
}

// pick draws up to a number of different live contacts.
func (w *writer) pick(most int) []int {
	var keys []int
	for range 2 * most {
		if w.made == 0 || len(keys) == most {
			break
		}
		key := w.rnd.IntN(w.made)
		if c, made := w.held[key]; made && !c.Archived && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// fresh is a contact that was never there before.
func (w *writer) fresh() (int, contact) {
	key := w.made
	w.made++
	return key, w.written(contact{}, fmt.Sprintf("%s-%d@kill.example", w.name, key))
}

// written is a contact after the present version was written to it.
func (w *writer) written(c contact, email string) contact {
	c.Email, c.First, c.Last, c.City = email, fmt.Sprint("First", w.version), fmt.Sprint("Last", w.version), fmt.Sprint("Zürich", w.version)
	return c
}

func (c contact) properties() map[string]string {
	return map[string]string{"email": c.Email, "firstname": c.First, "lastname": c.Last, "city": c.City}
}

func (w *writer) input(key int, c contact) hubspot.CreateInput {
	input := hubspot.CreateInput{Properties: c.properties()}
	input.Properties["address"] = fmt.Sprintf("%s/%d", w.name, key)
	if c.Links != "" {
		input.Associations = []hubspot.NewAssociation{{To: hubspot.RecordID{ID: hubspot.FlexID(w.company)}, Types: primary}}
	}
	return input
}

var primary = []hubspot.AssociationSpec{{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 1}}

// linked are the types of a contact with its primary company.
const linked = "contact_to_company contact_to_company_unlabeled"

func (w *writer) batchCreate() *write {
	b := &write{name: "batch create", after: make(map[int]contact)}
	inputs := make([]hubspot.CreateInput, hubspot.MaxBatch)
	keys := make([]int, len(inputs))
	for i := range inputs {
		key, c := w.fresh()
		if i%4 == 0 {
			c.Links = linked
		}
		keys[i], b.after[key], inputs[i] = key, c, w.input(key, c)
	}
	b.send = func(ctx context.Context, client *hubspot.Client) error {
		results, err := client.BatchCreate(ctx, "contacts", inputs)
		if err != nil {
			return err
		}
		for i, result := range results {
			if result.Err != nil {
				return result.Err
			}
			c := b.after[keys[i]]
			c.ID = result.Object.ID
			b.after[keys[i]] = c
		}
		return nil
	}
	return b
}

// create asks for one of a few addresses that every writer wants, or for one of its
// own.
func (w *writer) create() *write {
	key, c := w.fresh()
	if w.rnd.IntN(2) == 0 {
		c.Email = fmt.Sprintf("everybody%d@kill.example", w.rnd.IntN(5))
	}
	b := &write{name: "create", after: map[int]contact{key: c}}
	b.send = func(ctx context.Context, client *hubspot.Client) error {
		object, err := client.CreateObject(ctx, "contacts", w.input(key, c))
		c.ID = object.ID
		b.after[key] = c
		return err
	}
	return b
}

func (w *writer) update(key int) *write {
	c := w.written(w.held[key], w.held[key].Email)
	return &write{name: "update", after: map[int]contact{key: c}, send: func(ctx context.Context, client *hubspot.Client) error {
		_, err := client.UpdateObject(ctx, "contacts", c.ID, c.properties())
		return err
	}}
}

// batchUpdate gives every third contact a new address.
func (w *writer) batchUpdate(keys []int) *write {
	b := &write{name: "batch update", after: make(map[int]contact)}
	var inputs []hubspot.UpdateInput
	for i, key := range keys {
		c := w.written(w.held[key], w.held[key].Email)
		if i%3 == 0 {
			c.Email = fmt.Sprintf("%s-%d-%d@kill.example", w.name, key, w.version)
		}
		b.after[key] = c
		inputs = append(inputs, hubspot.UpdateInput{ID: c.ID, Properties: c.properties()})
	}
	b.send = func(ctx context.Context, client *hubspot.Client) error {
		results, err := client.BatchUpdate(ctx, "contacts", inputs)
		return errors.Join(err, firstError(results))
	}
	return b
}

func (w *writer) batchArchive(keys []int) *write {
	b := &write{name: "batch archive", after: make(map[int]contact)}
	var ids []string
	for _, key := range keys {
		c := w.held[key]
		ids = append(ids, c.ID)
		c.Archived, c.Links = true, ""
		b.after[key] = c
	}
	b.send = func(ctx context.Context, client *hubspot.Client) error {
		return client.BatchArchive(ctx, "contacts", ids)
	}
	return b
}

func (w *writer) batchAssociate(keys []int) *write {
	b := &write{name: "batch associate", after: make(map[int]contact)}
	var inputs []hubspot.AssociationInput
	for _, key := range keys {
		c := w.held[key]
		c.Links = linked
		b.after[key] = c
		inputs = append(inputs, hubspot.AssociationInput{
			From: hubspot.RecordID{ID: hubspot.FlexID(c.ID)}, To: hubspot.RecordID{ID: hubspot.FlexID(w.company)}, Types: primary,
		})
	}
	b.send = func(ctx context.Context, client *hubspot.Client) error {
		results, err := client.BatchAssociate(ctx, "contacts", "companies", inputs)
		return errors.Join(err, firstError(results))
	}
	return b
}

// settle demands that the portal holds what was answered, to the letter, and the
// write that was not answered either whole or not at all; which of the two counts
// from now on.
func (w *writer) settle(t *testing.T, found map[int]contact) {
	t.Helper()
	if w.pending == nil {
		if diff := cmp.Diff(w.held, found); diff != "" {
			t.Fatalf("%s: after everything was answered (-want +got):\n%s", w.name, diff)
		}
		return
	}
	done := maps.Clone(w.held)
	for key, c := range w.pending.after {
		if c.ID == "" {
			c.ID = found[key].ID
		}
		done[key] = c
	}
	switch {
	case maps.Equal(found, done):
		w.held = done
		w.counted.present++
	case maps.Equal(found, w.held):
		w.counted.absent++
	default:
		t.Fatalf("%s: a %s was not answered, and is there neither whole (-want +got):\n%s\nnor not at all (-want +got):\n%s",
			w.name, w.pending.name, cmp.Diff(done, found), cmp.Diff(w.held, found))
	}
	w.pending = nil
}

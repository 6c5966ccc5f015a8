package apply_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// The labels of the requests that an apply makes.
const (
	getAccount     = "GET /account-info/v3/details"
	readContacts   = "POST /crm/v3/objects/contacts/batch/read"
	updateContacts = "POST /crm/v3/objects/contacts/batch/update"
	createContacts = "POST /crm/v3/objects/contacts/batch/create"
	archives       = "POST /crm/v3/objects/contacts/batch/archive"
	readCompanies  = "POST /crm/v3/objects/companies/batch/read"
	readLinks      = "POST /crm/v4/associations/contacts/companies/batch/read"
	writeLinks     = "POST /crm/v4/associations/contacts/companies/batch/create"
	removeLinks    = "POST /crm/v4/associations/contacts/companies/batch/archive"
	removeLabels   = "POST /crm/v4/associations/contacts/companies/batch/labels/archive"
	linkContacts   = "POST /crm/v4/associations/contacts/contacts/batch/create"
)

// A load is how many writes of each kind a plan has.
type load struct {
	updates, moves, backward, creates, archives int
	plain, labelled, removed, unlabelled        int // links with a company
	between                                     int // links between new contacts
}

// build fills the portal and returns the changes.
func (l load) build(b *bench) []plan.Change {
	billing := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931, Label: "Billing Contact"}
	n := l.updates + l.moves + l.backward + l.archives
	linked := max(l.plain, l.labelled, l.removed, l.unlabelled)
	ids := b.people(n + linked)
	companies := b.add("companies", map[string]string{"domain": "a.example"}, map[string]string{"domain": "b.example"},
		map[string]string{"domain": "c.example"}, map[string]string{"domain": "d.example"})
	var changes []plan.Change
	next := 0
	each := func(n int, f func(id crm.ObjectID, email string) plan.Change) {
		for range n {
			changes = append(changes, f(ids[next], address(next)))
			next++
		}
	}
	each(l.updates, func(id crm.ObjectID, email string) plan.Change {
		return update(id, email, "lastname", "Before", "After")
	})
	each(l.moves, func(id crm.ObjectID, email string) plan.Change {
		return update(id, email, "lifecyclestage", "", "lead")
	})
	each(l.backward, func(id crm.ObjectID, email string) plan.Change {
		b.set(id, "lifecyclestage", "customer")
		change := update(id, email, "lifecyclestage", "customer", "lead")
		change.Properties[0].Backward = true
		return change
	})
	each(l.archives, archive)
	var before []plan.Change
	for i := range linked {
		id, email := ids[next+i], address(next+i)
		change := plan.Change{Action: plan.Update, ID: id, Email: crm.Email(email)}
		link := func(n, company int, was, is []crm.AssociationType) {
			if i < n {
				change.Associations = append(change.Associations, plan.AssociationChange{
					To: crm.Ref{Type: crm.TypeCompany, ID: companies[company]}, Before: was, After: is,
				})
				if was != nil {
					before = append(before, associate(id, email, companies[company], was[1:]...))
				}
			}
		}
		link(l.plain, 0, nil, []crm.AssociationType{worksAt})
		link(l.labelled, 1, nil, []crm.AssociationType{worksAt, billing})
		link(l.removed, 2, []crm.AssociationType{worksAt}, nil)
		link(l.unlabelled, 3, []crm.AssociationType{worksAt, billing}, []crm.AssociationType{worksAt})
		changes = append(changes, change)
	}
	if len(before) > 0 {
		b.run(before...)
	}
	for i := range l.creates {
		change := create(fmt.Sprintf("new%d@example.com", i))
		change.Associations = append(change.Associations, associate("", "", companies[0]).Associations...)
		if i < l.between {
			change.Associations = append(change.Associations, plan.AssociationChange{
				To:    crm.Ref{Type: crm.TypeContact, Email: crm.Email(fmt.Sprintf("new%d@example.com", i+1))},
				After: []crm.AssociationType{{Category: crm.HubSpotDefined, TypeID: 449}},
			})
		}
		changes = append(changes, change)
	}
	return changes
}

func batches(n, size int) int { return (n + size - 1) / size }

// fewest is what the load must cost: the writes, and the reads just before those
// that must not go by an old reading. Stages are read before they move, and read
// back after they moved backward. Of a saved plan every association is read again, and
// both of its records.
func (l load) fewest(saved bool) portal.Requests {
	updates := l.updates + l.moves + l.backward
	doubtful := l.moves + l.backward
	if saved {
		doubtful = updates
	}
	want := portal.Requests{
		updateContacts: batches(updates, 100) + batches(l.backward, 100),
		createContacts: batches(l.creates, 100),
		archives:       batches(l.archives, 100),
		readContacts:   batches(l.archives, 100) + batches(doubtful, 100) + batches(l.backward, 100),
		writeLinks:     batches(l.plain+l.labelled, 2000),
		readLinks:      batches(l.labelled, 1000),
		removeLinks:    batches(l.removed, 1000),
		removeLabels:   batches(l.unlabelled, 1000),
		linkContacts:   batches(l.between, 2000),
	}
	if saved {
		linked := max(l.plain, l.labelled, l.removed, l.unlabelled)
		want[readContacts] += batches(linked, 100)
		want[readCompanies] = min(linked, 1) // a few, for all contacts
		want[readLinks] = batches(l.plain+l.labelled, 1000) + batches(l.removed, 1000) + batches(l.unlabelled, 1000)
	}
	maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
	return want
}

func TestApplyTakesTheFewestRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		load  load
		saved bool
	}{
		{"updates", load{updates: 201}, false},
		{"updates of a saved plan", load{updates: 201}, true},
		{"stages among other updates", load{updates: 150, moves: 99, backward: 2}, false},
		{"few stages among other updates", load{updates: 150, moves: 60}, false},
		{"one of each", load{updates: 1, moves: 1, backward: 1, creates: 2, archives: 1, plain: 1, labelled: 1, removed: 1, unlabelled: 1, between: 1}, false},
		{"one of each of a saved plan", load{updates: 1, moves: 1, backward: 1, creates: 2, archives: 1, plain: 1, labelled: 1, removed: 1, unlabelled: 1, between: 1}, true},
		{"creates and archives", load{creates: 101, archives: 100, between: 100}, false},
		{"many links", load{plain: 1001, labelled: 1001, removed: 1001, unlabelled: 1001}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			changes := test.load.build(b)
			options := apply.Options{ReadAt: time.Now()}
			if test.saved {
				options.ReadAt = options.ReadAt.Add(-2 * time.Minute)
			}
			// A client asks for its account once, and has when it planned.
			if _, err := b.remote.Account(t.Context()); err != nil {
				t.Fatal(err)
			}
			var result *apply.Result
			got := b.during(func() {
				var err error
				if result, err = apply.Run(t.Context(), b.remote, b.plan(changes...), options); err != nil {
					t.Fatal(err)
				}
			})
			if !result.Complete() {
				t.Errorf("counts %+v", result.Counts)
			}
			if diff := cmp.Diff(test.load.fewest(test.saved), got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if told := apply.Requests(b.plan(changes...), test.saved); told != got.Total() {
				t.Errorf("%d requests were foretold, %d made", told, got.Total())
			}
			if result.Requests != int64(got.Total()) {
				t.Errorf("the result counts %d requests, the portal %d", result.Requests, got.Total())
			}
		})
	}
}

func TestContactsThatWereAllReadAreNotReadAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	changes := b.updates(b.people(250))
	got := b.during(func() {
		if _, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{OnConflict: apply.ConflictFail}); err != nil {
			t.Fatal(err)
		}
	})
	if diff := cmp.Diff(portal.Requests{getAccount: 1, readContacts: 3, updateContacts: 3}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// Nothing can have been linked to a contact before it was created.
func TestLabelsOfNewContactsAreNotReadFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	if err := b.portal.Fill(t.Context(), &crm.Fixture{Labels: []crm.FixtureLabel{
		{From: crm.TypeContact, To: crm.TypeContact, Label: "Boss", TypeID: 36},
	}}); err != nil {
		t.Fatal(err)
	}
	ada := create("ada@example.com")
	ada.Associations = []plan.AssociationChange{{
		To: crm.Ref{Type: crm.TypeContact, Email: "lee@example.com"},
		After: []crm.AssociationType{
			{Category: crm.HubSpotDefined, TypeID: 449}, {Category: crm.UserDefined, TypeID: 36, Label: "Boss"},
		},
	}}
	var result *apply.Result
	got := b.during(func() { result = b.run(ada, create("lee@example.com")) })
	if diff := cmp.Diff(portal.Requests{getAccount: 1, createContacts: 1, linkContacts: 1}, got); diff != "" || !result.Complete() {
		t.Errorf("requests (-want +got):\n%s\n%+v", diff, result.Entries)
	}
}

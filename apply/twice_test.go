package apply_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// records keeps what a journal is given.
type records []journal.Record

func (r *records) Append(record journal.Record) error {
	*r = append(*r, record)
	return nil
}

// touched is when each contact was last written to, and when those were archived that
// are no more.
func (b *bench) touched() map[string]string {
	b.t.Helper()
	at := make(map[string]string)
	for _, archived := range []bool{false, true} {
		for page, err := range b.own.Objects(b.t.Context(), "contacts", hubspot.ListOptions{Archived: archived}) {
			if err != nil {
				b.t.Fatal(err)
			}
			for _, object := range page {
				at[object.ID] = object.UpdatedAt + object.ArchivedAt
			}
		}
	}
	return at
}

// Applying a saved plan with every kind of write a second time writes nothing: each
// change is found to be as planned already, and the run that says so has nothing to undo.
// Creates are sent, and refused, since their addresses are taken.
func TestPlanAppliedTwiceWritesNothing(t *testing.T) {
	t.Parallel()
	for name, conflict := range map[string]apply.OnConflict{"skip": apply.ConflictSkip, "fail": apply.ConflictFail} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _, p := crowd(t, 30)
			if result, err := apply.Run(t.Context(), b.remote, p, apply.Options{}); err != nil || !result.Complete() {
				t.Fatalf("the first run ended with %v: %+v", err, result)
			}
			left, touched := b.state(), b.touched()
			var kept records
			var result *apply.Result
			sent := b.during(func() {
				var err error
				options := apply.Options{Journal: &kept, OnConflict: conflict, Run: "again"}
				if result, err = apply.Run(t.Context(), b.remote, p, options); err != nil {
					t.Fatal(err)
				}
			})
			if diff := cmp.Diff(apply.Counts{Already: len(p.Changes)}, result.Counts); diff != "" || result.Counts.Wrote() {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			for i, entry := range result.Entries {
				if !entry.Untouched() {
					t.Errorf("change %d, %v of %s: %+v", i, p.Changes[i].Action, p.Changes[i].Email, entry)
				}
			}
			for call, n := range sent {
				if one := (portal.Requests{call: n}); one.Mutations() > 0 && call != createContacts {
					t.Errorf("it sent %q %d times", call, n)
				}
			}
			if diff := cmp.Diff(left, b.state()); diff != "" {
				t.Errorf("the portal (-once +twice):\n%s", diff)
			}
			if diff := cmp.Diff(touched, b.touched()); diff != "" {
				t.Errorf("written to (-once +twice):\n%s", diff)
			}
			if review, err := apply.Review(p, kept); err != nil || review.Counts != result.Counts {
				t.Errorf("by its journal the run ended with %+v: %v", review, err)
			}
			if undo, _ := b.undo(t, kept); !undo.Empty() {
				t.Errorf("the run that wrote nothing would be undone by %+v", undo.Changes)
			}
		})
	}
}

// A plan is applied again after somebody changed a part of what it had done: that part
// is stale, or written where it is as it was before the plan; the rest is as planned.
func TestPlanAppliedTwiceKeepsWhatIsTheirs(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(5)
	changes := b.updates(ids)
	changes[0].Properties = append(changes[0].Properties, plan.PropertyChange{Name: "lifecyclestage", Before: "customer", After: "lead", Origin: plan.OriginContact, Backward: true})
	changes[1].Properties = append(changes[1].Properties, plan.PropertyChange{Name: "lifecyclestage", Before: "customer", After: "lead", Origin: plan.OriginContact, Backward: true})
	b.set(ids[0], "lifecyclestage", "customer")
	b.set(ids[1], "lifecyclestage", "customer")
	b.run(changes...)
	b.set(ids[1], "lifecyclestage", "") // cleared by somebody
	b.set(ids[2], "lastname", "Theirs")
	b.set(ids[3], "lastname", "Before")
	result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := apply.Counts{Updated: 2, Already: 2, Stale: 1}
	if diff := cmp.Diff(want, result.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	for i, stage := range []string{"lead", "lead"} {
		if got := b.text(ids[i], "lifecyclestage"); got != stage {
			t.Errorf("contact %d is at stage %q, want %q", i, got, stage)
		}
	}
	if got := b.text(ids[2], "lastname"); got != "Theirs" {
		t.Errorf("their last name became %q", got)
	}
}

// What a saved plan says of a pair of records is written only if the pair is as it was:
// labels that somebody gave it since stay.
func TestSavedPlanKeepsLabelsThatCameSince(t *testing.T) {
	t.Parallel()
	billing := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931, Label: "Billing Contact"}
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(3)
	company := b.add("companies", map[string]string{"domain": "a.example"})[0]
	changes := []plan.Change{associate(ids[0], address(0), company), associate(ids[1], address(1), company), associate(ids[2], address(2), company)}
	for i := 1; i < 3; i++ {
		changes[i].Associations[0].Before, changes[i].Associations[0].After = changes[i].Associations[0].After, nil
	}
	b.run(associate(ids[0], address(0), company, billing), associate(ids[1], address(1), company, billing), associate(ids[2], address(2), company))
	var kept records
	result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{Journal: &kept})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Stale, apply.Applied}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	labels := make(map[crm.ObjectID][]int)
	answer, err := b.own.AssociationsOf(t.Context(), "contacts", "companies", []string{string(ids[0]), string(ids[1]), string(ids[2])})
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range answer {
		for _, to := range record.To {
			for _, label := range to.AssociationTypes {
				labels[crm.ObjectID(record.From.ID)] = append(labels[crm.ObjectID(record.From.ID)], label.TypeID)
			}
		}
	}
	for _, list := range labels {
		slices.Sort(list)
	}
	want := map[crm.ObjectID][]int{ids[0]: {worksAt.TypeID, billing.TypeID}, ids[1]: {worksAt.TypeID, billing.TypeID}}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("types of the associations (-want +got):\n%s", diff)
	}
}

// A write whose answer was lost is the run's own when it is found, and no change that was
// there already.
func TestWhatWasSentIsNotThereAlready(t *testing.T) {
	t.Parallel()
	lost := &fault{suffix: "/batch/create", first: 1, last: 1, do: loseAnswer}
	b := newBench(t, portal.Config{}, lost.wrap)
	result := b.run(create("ada@example.com"), create("lee@example.com"))
	if want := (apply.Counts{Created: 2}); result.Counts != want {
		t.Errorf("counts %+v, want %+v", result.Counts, want)
	}
	if lost.fired == 0 {
		t.Error("no answer was lost")
	}
}

// The portal may keep a value in another form than it was sent in: that is no change by
// somebody else.
func TestValuesThatThePortalRewritesAreAsPlanned(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{Rulings: portal.Rulings{"normalise-phone": "on"}}, nil)
	ids := b.people(1)
	change := update(ids[0], address(0), "phone", "", "+1 (555) 010-0199")
	fresh := create("new@example.com", crm.Value{Name: "phone", Text: "+1 (555) 010-0198"})
	b.run(change, fresh)
	result, err := apply.Run(t.Context(), b.remote, b.plan(change, fresh), apply.Options{ReadAt: time.Now().Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if want := (apply.Counts{Already: 2}); result.Counts != want {
		t.Errorf("counts %+v, want %+v: %+v", result.Counts, want, result.Entries)
	}
}

// An answer that leaves a pair out does not prove that the pair is gone: it is read again
// before a removal counts as done.
func TestRemovalIsNotTakenAsDoneByOneAnswer(t *testing.T) {
	t.Parallel()
	empty := &fault{suffix: "/associations/contacts/companies/batch/read", first: 1, last: 1, do: answer(200, `{"status":"COMPLETE","results":[]}`)}
	b := newBench(t, portal.Config{}, empty.wrap)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "a.example"})[0]
	change := associate(id, address(0), company)
	if _, err := apply.Run(t.Context(), b.own, b.plan(change), apply.Options{ReadAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	change.Associations[0].Before, change.Associations[0].After = change.Associations[0].After, nil
	result, err := apply.Run(t.Context(), b.remote, b.plan(change), apply.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := b.links(id, crm.TypeCompany); n != 0 || result.Counts != (apply.Counts{Dissociated: 1}) {
		t.Errorf("%d associations are left; counts %+v", n, result.Counts)
	}
	if empty.fired != 1 {
		t.Errorf("%d answers left the pair out, want 1", empty.fired)
	}
}

// Nor does a removal whose answer was lost, of an association or of a label, count as
// done because one answer leaves the pair out when it is read back.
func TestLostRemovalIsNotTakenAsDoneByOneAnswer(t *testing.T) {
	t.Parallel()
	billing := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931}
	for name, test := range map[string]struct {
		path  string
		after []crm.AssociationType
		want  apply.Counts
	}{
		"association": {"/companies/batch/archive", nil, apply.Counts{Dissociated: 1}},
		"label":       {"/labels/archive", []crm.AssociationType{worksAt}, apply.Counts{Associated: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lost := &fault{suffix: test.path, first: 1, last: 1, do: dropRequest}
				empty := &fault{suffix: "/associations/contacts/companies/batch/read", first: 1, last: 1, do: answer(200, `{"status":"COMPLETE","results":[]}`)}
				b := newBench(t, portal.Config{}, func(next http.RoundTripper) http.RoundTripper { return lost.wrap(empty.wrap(next)) })
				id := b.people(1)[0]
				change := associate(id, address(0), b.add("companies", map[string]string{"domain": "a.example"})[0])
				link := &change.Associations[0]
				link.After = []crm.AssociationType{worksAt, billing}
				if _, err := apply.Run(t.Context(), b.own, b.plan(change), apply.Options{ReadAt: time.Now()}); err != nil {
					t.Fatal(err)
				}
				link.Before, link.After = link.After, test.after
				result := b.run(change)
				if diff := cmp.Diff(test.want, result.Counts); diff != "" {
					t.Errorf("counts (-want +got):\n%s", diff)
				}
				if n := strings.Count(b.state()[0], " -> "); n != len(test.after) {
					t.Errorf("the pair bears %d types, want %d", n, len(test.after))
				}
				if lost.seen != 2 || empty.fired != 1 {
					t.Errorf("sent %d times, and %d answers left the pair out", lost.seen, empty.fired)
				}
			})
		})
	}
}

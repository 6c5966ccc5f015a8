package apply_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
)

// What moved on since the plan is told with its reason; what somebody else did in the
// plan's sense, and what stayed, is not. Nothing is written.
func TestStaleChangesAreTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(6)
	changes := b.updates(ids[:5])
	changes = append(changes,
		archive(ids[5], address(5)),
		create("same@example.com", crm.Value{Name: "lastname", Text: "Planned"}),
		create("taken@example.com", crm.Value{Name: "lastname", Text: "Planned"}),
		create("free@example.com", crm.Value{Name: "lastname", Text: "Planned"}))
	b.set(ids[1], "lastname", "Theirs")
	b.set(ids[2], "lastname", "After")
	b.set(ids[3], "email", "moved@example.com")
	if err := b.own.ArchiveObject(t.Context(), "contacts", string(ids[4])); err != nil {
		t.Fatal(err)
	}
	b.add("contacts", map[string]string{"email": "same@example.com", "lastname": "Planned"},
		map[string]string{"email": "taken@example.com", "lastname": "Theirs"})
	made := b.plan(changes...)
	var got []string
	requests := b.during(func() {
		stale, err := apply.Recheck(t.Context(), b.remote, made)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range stale {
			if one.Reason == "" {
				t.Errorf("change %d is stale without a reason", one.Change)
			}
			got = append(got, string(made.Changes[one.Change].Email))
		}
	})
	want := []string{address(1), address(3), address(4), "taken@example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
	if requests.Total() != 2 || requests.Mutations() != 0 {
		t.Errorf("it took %+v", requests)
	}
}

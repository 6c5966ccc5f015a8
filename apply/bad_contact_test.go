package apply_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

func TestCreateThatBreaksARuleOfThePortalFailsAlone(t *testing.T) {
	t.Parallel()
	b := newStrictBench(t)
	changes := make([]plan.Change, 100)
	for i := range changes {
		changes[i] = create(address(i), crm.Value{Name: "lastname", Text: "Doe"})
	}
	changes[41] = create(address(41), crm.Value{Name: "firstname", Text: "Nameless"})

	var result *apply.Result
	requests := b.during(func() { result = b.run(changes...) })

	want := slices.Repeat([]apply.Outcome{apply.Applied}, 100)
	want[41] = apply.Failed
	if diff := cmp.Diff(want, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if entry := result.Entries[41]; entry.Message == "" || !strings.Contains(entry.Reason, "HubSpot refused") {
		t.Errorf("the failed entry says %+v", entry)
	}
	if n := requests["POST /crm/v3/objects/contacts/batch/create"]; n != 1 {
		t.Errorf("%d create requests, want 1", n)
	}
	for i, entry := range result.Entries {
		if i != 41 && b.holders(address(i)) != 1 || entry.ID == "" && i != 41 {
			t.Fatalf("contact %d: %+v", i, entry)
		}
		if i > 3 {
			break
		}
	}
}

// HubSpot refuses a batch update whole for a unique value that another contact
// holds, and the refusal names no input: halving finds it within 14 further requests.
func TestUniqueValueThatIsTakenFailsItsContactAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		bad      []int
		requests int
	}{
		{"first", []int{0}, 1 + 14},
		{"fiftieth", []int{49}, 1 + 12},
		{"last", []int{99}, 1 + 12},
		{"two far apart", []int{0, 99}, 1 + 2 + 12 + 10},
		{"two neighbours", []int{0, 1}, 1 + 14},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			if err := b.portal.Fill(t.Context(), &crm.Fixture{Properties: []crm.Property{
				{Name: "badge", Type: "string", FieldType: "text", Unique: true},
			}}); err != nil {
				t.Fatal(err)
			}
			b.add("contacts", map[string]string{"email": "holder@example.com", "badge": "taken"})
			ids := b.people(100)
			changes := make([]plan.Change, len(ids))
			want := slices.Repeat([]apply.Outcome{apply.Applied}, len(ids))
			for i, id := range ids {
				changes[i] = update(id, address(i), "lastname", "Before", "After")
				if slices.Contains(test.bad, i) {
					changes[i] = update(id, address(i), "badge", "", "taken")
					want[i] = apply.Failed
				}
			}
			var result *apply.Result
			requests := b.during(func() { result = b.run(changes...) })
			if diff := cmp.Diff(want, outcomes(result)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if n := requests["POST /crm/v3/objects/contacts/batch/update"]; n != test.requests {
				t.Errorf("%d update requests, want %d", n, test.requests)
			}
			if message := result.Entries[test.bad[0]].Message; !strings.Contains(message, "already has that value") {
				t.Errorf("HubSpot's message is %q", message)
			}
			if text := b.text(ids[50], "lastname"); text != "After" {
				t.Errorf("a good contact's lastname is %q", text)
			}
		})
	}
}

func TestAddressClaimedMeanwhile(t *testing.T) {
	t.Parallel()
	doe := crm.Value{Name: "lastname", Text: "Doe"}
	b := newBench(t, portal.Config{}, nil)
	ids := b.add("contacts",
		map[string]string{"email": "same@example.com", "lastname": "Doe"},
		map[string]string{"email": "other@example.com", "lastname": "Roe"},
		map[string]string{"email": "old@example.com"},
		map[string]string{"email": "taken@example.com"},
	)
	rename := update(ids[2], "taken@example.com", "email", "old@example.com", "taken@example.com")
	rename.From = "old@example.com"
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	same := create("same@example.com", doe)
	same.Associations = associate("", "", company).Associations
	result := b.run(
		same,
		create("other@example.com", doe),
		create("new@example.com", doe),
		rename,
	)
	if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Stale, apply.Applied, apply.Failed}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if got := result.Entries[0].ID; got != ids[0] {
		t.Errorf("the adopted contact is %s, want %s", got, ids[0])
	}
	if n := b.links(ids[0], crm.TypeCompany); n != 1 {
		t.Errorf("the adopted contact has %d companies, want 1", n)
	}
	if text := b.text(ids[1], "lastname"); text != "Roe" {
		t.Errorf("somebody else's contact was overwritten: lastname %q", text)
	}
	if reason := result.Entries[3].Reason; !strings.Contains(reason, string(ids[3])) {
		t.Errorf("the rename's reason does not name contact %s: %q", ids[3], reason)
	}
}

package apply_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// A planned value that the last run wrote is a reversion only where that run replaced the
// very text that the portal holds again.
func TestReversions(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	stage := b.add("contacts", map[string]string{"email": "stage@example.com", "lifecyclestage": "customer"})[0]
	update := func(id crm.ObjectID, email string, properties ...plan.PropertyChange) plan.Change {
		return plan.Change{Action: plan.Update, ID: id, Email: crm.Email(email), Properties: properties}
	}
	records := b.recorded(
		plan.Change{Action: plan.Create, Email: "new@example.com", Properties: []plan.PropertyChange{{Name: "jobtitle", After: "CTO"}}},
		update(ids[0], address(0), plan.PropertyChange{Name: "lastname", Before: "Before", After: "After"}),
		update(stage, "stage@example.com", plan.PropertyChange{Name: "lifecyclestage", Before: "customer", After: "lead", Backward: true}),
	)
	var made crm.ObjectID
	for _, record := range records {
		if o := record.Outcome; o != nil && o.Items[0].ID != ids[0] && o.Items[0].ID != stage {
			made = o.Items[0].ID
		}
	}
	for name, test := range map[string]struct {
		change plan.Change
		want   []apply.Reversion
	}{
		"put back":       {update(ids[0], address(0), plan.PropertyChange{Name: "lastname", Before: "Before", After: "After"}), []apply.Reversion{{Change: 0, Property: "lastname"}}},
		"set otherwise":  {update(ids[0], address(0), plan.PropertyChange{Name: "lastname", Before: "Other", After: "After"}), nil},
		"planned anew":   {update(ids[0], address(0), plan.PropertyChange{Name: "lastname", Before: "Before", After: "Newer"}), nil},
		"other property": {update(ids[0], address(0), plan.PropertyChange{Name: "firstname", Before: "Before", After: "After"}), nil},
		"never written":  {update(ids[1], address(1), plan.PropertyChange{Name: "lastname", Before: "Before", After: "After"}), nil},
		"emptied":        {update(made, "new@example.com", plan.PropertyChange{Name: "jobtitle", After: "CTO"}), []apply.Reversion{{Change: 0, Property: "jobtitle"}}},
		"stage moved on": {update(stage, "stage@example.com", plan.PropertyChange{Name: "lifecyclestage", Before: "customer", After: "lead", Backward: true}), []apply.Reversion{{Change: 0, Property: "lifecyclestage"}}},
		"created anew":   {plan.Change{Action: plan.Create, Email: "new@example.com", Properties: []plan.PropertyChange{{Name: "jobtitle", After: "CTO"}}}, nil},
	} {
		got := apply.Reversions(b.plan(test.change), records)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

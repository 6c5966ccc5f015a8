package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// Of an archive the later of two activities counts, and it is recent for 30 days.
func TestRecentActivityOfAnArchive(t *testing.T) {
	t.Parallel()
	day := func(n int) string { return today.AddDate(0, 0, -n).Format(time.RFC3339) }
	for _, test := range []struct {
		name          string
		logged, dealt string
		now           time.Time
		want          plan.Live
	}{
		{name: "none", now: today},
		{"logged of late", day(29), day(300), today, plan.Live{LastActivity: day(29), Active: true}},
		{"dealt with of late", day(300), day(1), today, plan.Live{LastActivity: day(1), Active: true}},
		{"long ago", day(31), "", today, plan.Live{LastActivity: day(31)}},
		{"nobody says what day it is", day(1), "", time.Time{}, plan.Live{LastActivity: day(1)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc := spec.NewDocument([]spec.Contact{{Email: "ada@example.com", Written: "ada@example.com", Ensure: spec.Archived}})
			planner := plan.New(doc, testPortal(), plan.Options{Now: test.now})
			planner.Add(crm.Contact{ID: "101", Email: "ada@example.com", Properties: crm.NewProperties(
				crm.Value{Name: "email", Text: "ada@example.com"},
				crm.Value{Name: "notes_last_updated", Text: test.logged},
				crm.Value{Name: "hs_last_sales_activity_timestamp", Text: test.dealt},
			)})
			p, list := planner.Plan()
			if p == nil || len(p.Changes) != 1 {
				t.Fatalf("%v, %v", p, list)
			}
			if diff := cmp.Diff(test.want, p.Changes[0].Live); diff != "" {
				t.Errorf("live (-want +got):\n%s", diff)
			}
			want := 0
			if test.want.Active {
				want = 1
			}
			if got := p.Consequences().ArchivedActive; got != want {
				t.Errorf("%d archives with recent activity, not %d", got, want)
			}
		})
	}
}

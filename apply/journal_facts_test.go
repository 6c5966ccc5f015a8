package apply_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// recorded applies changes and returns what the journal was given.
func (b *bench) recorded(changes ...plan.Change) []journal.Record {
	b.t.Helper()
	n := &notebook{bench: b}
	if _, err := apply.Run(b.t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now(), Journal: n, Run: "r1"}); err != nil {
		b.t.Fatalf("applying: %v", err)
	}
	return n.records
}

func TestJournalTellsWhichCreatesWereFoundOnReadingBack(t *testing.T) {
	t.Parallel()
	f := &fault{suffix: "/batch/create", first: 1, last: 1, do: loseAnswer}
	for name, c := range map[string]struct {
		bench *bench
		want  bool
	}{
		"answer lost": {newBench(t, portal.Config{}, f.wrap), true},
		"answered":    {newBench(t, portal.Config{}, nil), false},
	} {
		adopted := false
		for _, record := range c.bench.recorded(create("ada@example.com", crm.Value{Name: "firstname", Text: "Ada"})) {
			if record.Outcome != nil {
				adopted = record.Outcome.Items[0].Adopted
			}
		}
		if adopted != c.want {
			t.Errorf("%s: adopted is %t", name, adopted)
		}
	}
}

func TestJournalTellsWhereAPrimaryTypeCameFrom(t *testing.T) {
	t.Parallel()
	l := newLinking(t)
	l.link(0, companyPrimary)
	was := l.company(0)
	records := l.recorded(plan.Change{
		Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: []plan.AssociationChange{{
			To: l.company(1), PrimaryFrom: was, After: types(companyPrimary),
		}},
	})
	if diff := cmp.Diff(was, records[1].Intent.Writes[0].Links[0].PrimaryFrom); diff != "" {
		t.Errorf("primary from (-want +got):\n%s", diff)
	}
}

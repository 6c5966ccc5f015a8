package apply_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// Exactly 5 % of failures after 20 batches do not end a run, though the share was larger
// until then; one write more does.
func TestBrakeAtFivePercentAfterTwentyBatches(t *testing.T) {
	t.Parallel()
	for bad, created := range map[int]int{100: 2000, 101: 1899} {
		b := newBench(t, portal.Config{}, nil)
		changes := make([]plan.Change, 2100)
		for i := range changes {
			changes[i] = create(address(i))
			if i < 2*bad && i%2 == 0 { // of the first three batches, none of which fails whole
				changes[i] = create(address(i), crm.Value{Name: "hs_lead_status", Text: "no such option"})
			}
		}
		result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
		if brakes := bad > 100; errors.Is(err, apply.ErrBrake) != brakes {
			t.Errorf("%d of 2,000 failed: the error is %v", bad, err)
		}
		if c := result.Counts; c.Failed != bad || c.Created != created {
			t.Errorf("%d of 2,000 failed: counts %+v", bad, c)
		}
	}
}

// Three batches that fail whole end a run when no other is between them and each holds
// more than one write.
func TestBrakeCountsWholeBatchesInARow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		writes  int  // of each batch that fails
		between bool // a batch goes through before the third of them
		want    error
	}{
		"three":                    {2, false, apply.ErrBrake},
		"one between goes through": {2, true, nil},
		"of one write each":        {1, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, portal.Config{}, nil)
			company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
			deal := b.add("deals", map[string]string{"dealname": "Engine"})[0]
			unknown := crm.AssociationType{Category: crm.UserDefined, TypeID: 9999, Label: "No such label"}
			var changes []plan.Change
			for i, id := range b.people(2 * test.writes) {
				if i < test.writes {
					changes = append(changes, update(id, address(i), "hs_lead_status", "", "no such option"), create("no address "+address(i)))
					continue
				}
				failing := associate(id, address(i), deal, unknown)
				failing.Associations[0].To.Type = crm.TypeDeal
				if test.between {
					failing.Associations = append(failing.Associations, associate(id, address(i), company).Associations...)
				}
				changes = append(changes, failing)
			}
			result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
			if !errors.Is(err, test.want) || result.Counts.Failed != 3*test.writes {
				t.Errorf("ended with %v, want %v; counts %+v", err, test.want, result.Counts)
			}
		})
	}
}

// What stays unknown counts for the brake like what failed.
func TestBrakeCountsTheUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fault{suffix: "/contacts/batch/update", first: 1, last: 99, do: dropRequest}
		b := newBench(t, portal.Config{}, f.wrap)
		result, err := apply.Run(t.Context(), b.remote, b.plan(b.updates(b.people(400))...), apply.Options{ReadAt: time.Now(), Concurrency: 1})
		if !errors.Is(err, apply.ErrBrake) {
			t.Errorf("the error is %v", err)
		}
		if c := result.Counts; c.Unknown != 300 || c.Skipped != 100 {
			t.Errorf("counts %+v", c)
		}
	})
}

// What was read sixty seconds ago is written as it is; a moment later it is read again
// first.
func TestContactsReadAMinuteAgoAreReadAgain(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]struct {
		outcome apply.Outcome
		reads   int
	}{
		time.Minute:                   {apply.Applied, 0},
		time.Minute + time.Nanosecond: {apply.Stale, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, portal.Config{}, nil)
			ids := b.people(1)
			p := b.plan(b.updates(ids)...)
			b.set(ids[0], "lastname", "Theirs")
			readAt := time.Now()
			time.Sleep(age) // fake time
			var result *apply.Result
			requests := b.during(func() {
				var err error
				if result, err = apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: readAt}); err != nil {
					t.Error(err)
				}
			})
			if diff := cmp.Diff([]apply.Outcome{want.outcome}, outcomes(result)); diff != "" {
				t.Errorf("after %v: outcomes (-want +got):\n%s", age, diff)
			}
			if reads := requests["POST /crm/v3/objects/contacts/batch/read"]; reads != want.reads {
				t.Errorf("after %v: %d reads, want %d", age, reads, want.reads)
			}
		})
	}
}

// However fresh the plan of a resumed run is said to be, it is of another day.
func TestResumedRunReadsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		ids := b.people(1)
		p := b.plan(b.updates(ids)...)
		log := &notebook{bench: b, failAt: 2}
		if _, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now(), Journal: log}); !errors.Is(err, apply.ErrJournal) {
			t.Fatal(err)
		}
		b.set(ids[0], "lastname", "Theirs")
		result, err := apply.Resume(t.Context(), b.remote, p, log.records, apply.Options{ReadAt: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Stale}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

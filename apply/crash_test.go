package apply_test

import (
	"testing"
	"testing/synctest"
)

// A process that dies before or after any of its effects leaves what another process
// brings to the planned end: nothing is lost, and nothing is there twice. This is the
// short form, on a few contacts and every third effect; TestExhaustiveCrashes takes
// them all.
func TestRunThatDiesAnywhereIsResumed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("dozens of runs")
	}
	crashes(t, 6, 3)
}

// crashes lets runs over n contacts die at every step-th effect, in each way.
func crashes(t *testing.T, n, step int) {
	t.Helper()
	effects, want := uncut(t, n)
	if effects < 30 {
		t.Fatalf("the run has %d effects only, so it lacks steps", effects)
	}
	for _, how := range []crash{{}, {torn: true}, {after: true}, {after: true, torn: true}} {
		for how.n = 1; how.n <= effects; how.n += step {
			synctest.Test(t, func(t *testing.T) {
				b, doc, p := crowd(t, n)
				disk, _, _, _ := b.process(p, nil, how)
				b.finish(p, doc, disk, want, how)
			})
			if t.Failed() {
				return
			}
		}
	}
}

// uncut is how many effects a run over n contacts has that nothing happens to, and
// what it leaves.
func uncut(t *testing.T, n int) (effects int, left model) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b, doc, p := crowd(t, n)
		_, count, result, err := b.process(p, nil, crash{})
		if err != nil || !result.Complete() {
			t.Fatalf("the run ended with %v: %+v", err, result)
		}
		b.demandNothing(t, doc)
		effects, left = count, b.model()
	})
	return effects, left
}

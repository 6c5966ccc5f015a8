package apply_test

import "testing"

// A process that dies before or after any of its effects leaves what another process
// brings to the planned end: nothing is lost, and nothing is there twice. This is the
// short form, on a few contacts; TestExhaustiveCrashes takes many, and lets the second
// process die as well.
func TestRunThatDiesAnywhereIsResumed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("dozens of runs")
	}
	s := newStock(t, 6)
	for n := 1; n <= s.effects; n += 3 {
		for _, how := range deaths(n) {
			s.resumes(t, s.start, how)
		}
	}
}

// deaths are the ways in which a process dies of its n-th effect.
func deaths(n int) []crash {
	return []crash{{n: n}, {n: n, torn: true}, {n: n, after: true}, {n: n, after: true, torn: true}}
}

//go:build exhaustive

package apply_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

var (
	faultPairs = flag.Int("pairs", 1000, "how many pairs of faults TestExhaustivePairsOfFaults draws")
	faultSeed  = flag.Uint64("seed", 0, "what TestExhaustivePairsOfFaults draws them from; 0 takes the time")
)

// Two faults fall on one run over 20 contacts: at any of its requests, and at one of the
// three after it, which is the resumed run's where the first fault ended the run. Then
// it is resumed in peace and made again, and all is as after a single fault.
//
// What is missing from an answer is asked for a second time. A portal that passes over it
// twice cannot be told from one that does not have it, so no two faults that omit are drawn.
func TestExhaustivePairsOfFaults(t *testing.T) {
	seed := *faultSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) // #nosec G115 -- any bits will do
	}
	t.Logf("seed %d", seed)
	v := newVast(t, 1)
	synctest.Test(t, v.undisturbed)
	draw, kinds := rand.New(rand.NewPCG(seed, 0)), badKinds() // #nosec G404 -- cases to be drawn again
	var both atomic.Int64
	all := make([]func(), *faultPairs)
	for i := range all {
		first := blow{kinds[draw.IntN(len(kinds))], v.planning + 1 + draw.IntN(v.applying)}
		second := blow{kinds[draw.IntN(len(kinds))], first.at + 1 + draw.IntN(3)}
		for first.kind.omits && second.kind.omits {
			second.kind = kinds[draw.IntN(len(kinds))]
		}
		all[i] = func() {
			t.Run(fmt.Sprintf("%s at %d and %s at %d", first.kind.name, first.at, second.kind.name, second.at), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					if v.twice(t, first, second) {
						both.Add(1)
					}
				})
			})
		}
	}
	inParallel(all)
	t.Logf("%d pairs, of which both faults struck in %d", len(all), both.Load())
	if int(both.Load()) < len(all)/2 {
		t.Error("the second fault seldom struck, so little was put to the test")
	}
}

// twice lets two blows fall on a run and reports whether the second did.
func (v *vast) twice(t *testing.T, first, second blow) bool {
	t.Helper()
	s := v.struggle(t, first, second)
	s.strikes(func() { s.begin(t) })
	s.fell(t)
	s.remote = client(t, s.through(s.portal.Transport()), hubspot.V3)
	s.strikes(func() { s.resume(t) })
	struck := s.fired[1]() > 0
	s.calm(t, first, second)
	s.end(t, true)
	return struck
}

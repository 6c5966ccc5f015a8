//go:build exhaustive

package apply_test

import (
	"flag"
	"fmt"
	"math"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"
)

var (
	crashContacts = flag.Int("contacts", 250, "over how many contacts the runs of TestExhaustiveCrashes go")
	square        = flag.Bool("square", false, "TestExhaustiveCrashes lets each resumed run die at each of its effects")
)

// A run over 250 contacts dies before and after every single effect. And it dies
// before every effect, and the process that resumes it dies before or after each of its
// own first 25 effects in turn; with -square, of all of them. To die before an effect is
// to die after the one before it, and half of what was not synced is no less than
// nothing of it, so the pairs take one way each.
func TestExhaustiveCrashes(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // a portal's memory is small, and soon no longer needed
	started := time.Now()
	s := newStock(t, *crashContacts)
	second := 25
	if *square {
		second = math.MaxInt
	}
	var once, twice atomic.Int64
	var all []func()
	for n := 1; n <= s.effects; n++ {
		all = append(all, func() {
			t.Run(fmt.Sprint("dies of effect ", n), func(t *testing.T) {
				for _, how := range deaths(n) {
					if !s.resumes(t, s.start, how) {
						t.Errorf("the run ended before effect %d", n)
					}
					once.Add(1)
				}
				first := crash{n: n, torn: true}
				left := s.dies(t, first)
				for k := 1; k <= second && !t.Failed(); k++ {
					if !s.resumes(t, left, crash{n: k, after: k%2 == 0, torn: true}, first) {
						break
					}
					twice.Add(1)
				}
			})
		})
	}
	inParallel(all)
	t.Logf("%d contacts, %d effects: %d runs died once, %d died twice, in %v", *crashContacts, s.effects, once.Load(), twice.Load(), time.Since(started).Round(time.Second))
}

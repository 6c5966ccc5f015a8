//go:build exhaustive

package apply_test

import (
	"flag"
	"testing"
	"testing/synctest"
)

var square = flag.Bool("square", false, "TestExhaustiveCrashes lets each resumed run die at each of its effects, too")

// A run over 100 contacts dies before and after every single effect, and the process
// that resumes it dies at one of its own first effects in turn; with -square, at
// every one.
func TestExhaustiveCrashes(t *testing.T) {
	crashes(t, 100, 1)
	second, step := 25, 12
	if *square {
		second, step = 1<<20, 1
	}
	effects, want := uncut(t, 12)
	runs := 0
	for n := 1; n <= effects; n++ {
		for k := 1 + n%step; k <= second; k += step {
			dead := true
			synctest.Test(t, func(t *testing.T) {
				b, doc, p := crowd(t, 12)
				first := crash{n: n, after: n%2 == 0, torn: true}
				again := crash{n: k, after: k%2 == 0, torn: true}
				disk, _, _, _ := b.process(p, nil, first)
				disk, had, _, _ := b.process(p, disk, again)
				dead = had >= k
				b.finish(p, doc, disk, want, first, again)
			})
			runs++
			if t.Failed() {
				return
			}
			if !dead {
				break
			}
		}
	}
	t.Logf("%d effects; %d runs died twice", effects, runs)
}

//go:build exhaustive

package apply_test

import (
	"flag"
	"testing"
)

var (
	soakSteps = flag.Int("steps", 2500, "how many steps TestExhaustiveSteps takes, at most as many as rapid's checks have")
	soakLanes = flag.Int("lanes", 2, "how many cases TestExhaustiveSteps takes at once")
)

// TestExhaustiveSteps takes the steps of TestRandomSteps for long: `make soak`. The seed
// that a failure names draws the same case in TestRandomSteps.
func TestExhaustiveSteps(t *testing.T) {
	t.Parallel()
	randomSteps(t, *soakSteps, *soakLanes)
}

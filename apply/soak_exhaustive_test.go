//go:build exhaustive

package apply_test

import (
	"flag"
	"testing"
)

var soakSteps = flag.Int("steps", 2500, "how many steps TestExhaustiveSteps takes, at most as many as rapid's checks have")

// TestExhaustiveSteps takes the steps of TestRandomSteps for long: `make soak`.
func TestExhaustiveSteps(t *testing.T) {
	t.Parallel()
	randomSteps(t, *soakSteps)
}

package apply

import (
	"fmt"
	"sync"
)

// A halt is why no more requests are started, once there is a reason.
type halt struct {
	mu   sync.Mutex
	done bool
	err  error
	text string
}

func (h *halt) set(err error, reason string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done {
		return false
	}
	h.done, h.err, h.text = true, err, reason
	return true
}

func (h *halt) reason() (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text, h.done
}

func (h *halt) cause() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// The brake ends a run on a bad day: more than 5 % of the writes failed after the
// first 20 batches, or 3 batches in a row failed whole. A batch of one write that
// fails says nothing about the rest and is no such batch.
type brake struct {
	mu                      sync.Mutex
	steps, writes, bad, row int
}

const (
	brakeAfter   = 20
	brakePercent = 5
	brakeInARow  = 3
)

// step returns why the run must stop, or "".
func (b *brake) step(writes, bad int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.steps++
	b.writes += writes
	b.bad += bad
	switch {
	case bad < writes:
		b.row = 0
	case writes > 1:
		b.row++
	}
	switch {
	case b.row >= brakeInARow:
		return fmt.Sprintf("%d batches in a row failed whole", b.row)
	case b.steps >= brakeAfter && b.bad*100 > b.writes*brakePercent:
		return fmt.Sprintf("%d of the first %d writes failed", b.bad, b.writes)
	}
	return ""
}

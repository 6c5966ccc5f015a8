package apply

import (
	"errors"
	"fmt"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

// Sentinels for errors.Is on what Run returns beside its Result.
var (
	// ErrBrake: too many changes failed, so no more were started.
	ErrBrake = errors.New("too many changes failed")
	// ErrJournal: the journal could not be written, so no more requests were sent.
	ErrJournal = errors.New("the journal could not be written")
	// ErrPropertyGone: a property of the plan does not exist in the portal any more.
	ErrPropertyGone = errors.New("a property of the plan does not exist any more")
	// ErrOtherPlan: the records of a run are not of this plan, so it cannot go on with it.
	ErrOtherPlan = errors.New("the journal is of another plan")
	// ErrPanic: something failed by a defect of this program.
	ErrPanic = errors.New("internal error")
)

// PortalError refuses a plan that was made for another portal.
type PortalError struct{ Planned, Actual string }

func (e *PortalError) Error() string {
	return fmt.Sprintf("the plan was made for portal %s, this is portal %s", e.Planned, e.Actual)
}

// LimitError refuses a plan that exceeds its limits.
type LimitError struct{ Excess []plan.Excess }

func (e *LimitError) Error() string {
	parts := make([]string, 0, len(e.Excess))
	for _, excess := range e.Excess {
		name := strings.TrimSpace(excess.Limit + " " + excess.Property)
		parts = append(parts, fmt.Sprintf("%s: %d planned, %d allowed", name, excess.Planned, excess.Allowed))
	}
	return "the plan exceeds its limits: " + strings.Join(parts, "; ")
}

// StaleError refuses a run under ConflictFail: these changes (indexes in the plan)
// are stale. Nothing was written.
type StaleError struct{ Changes []int }

func (e *StaleError) Error() string {
	return fmt.Sprintf("%d contacts changed in the portal since they were planned", len(e.Changes))
}

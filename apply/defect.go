package apply

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"

	"github.com/sourcegraph/conc/panics"
)

// Defect is the error for a panic, which ErrPanic is: what kind of panic it was, and the
// calls that led to it. What the panic was called with may quote a contact or the token,
// so of all but the runtime's own errors it tells the type alone. Callers are those of
// runtime.Callers where the panic was recovered.
func Defect(value any, callers []uintptr) error {
	if inner, ok := value.(*panics.Recovered); ok { // it was passed on from another goroutine
		value, callers = inner.Value, inner.Callers
	}
	what := fmt.Sprintf("a panic with a value of type %T", value)
	if err, ok := value.(error); ok {
		if failure, ok := errors.AsType[runtime.Error](err); ok {
			what = failure.Error()
		}
	}
	return fmt.Errorf("%w: %s, at %s", ErrPanic, what, strings.Join(calls(callers), ", called at "))
}

// maxCalls is how many calls of a stack are told: enough to find the place.
const maxCalls = 8

// calls are the places of a stack in this module, the innermost first.
func calls(callers []uintptr) []string {
	const module = "github.com/contactsync/contactsync/"
	var places []string
	frames := runtime.CallersFrames(callers)
	for {
		frame, more := frames.Next()
		name, own := strings.CutPrefix(frame.Function, module)
		if own && len(places) < maxCalls {
			places = append(places, fmt.Sprintf("%s (%s:%d)", name, path.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	if len(places) == 0 {
		places = []string{"a place outside of this program's own code"}
	}
	return places
}

package hubspot

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock is the portal's clock, as its last answer told it.
type clock struct{ told atomic.Pointer[reading] }

// reading is what the portal's clock showed, and when that was on this machine.
type reading struct{ shown, here time.Time }

// read takes the time from an answer's Date.
func (c *clock) read(header http.Header) {
	if shown, err := http.ParseTime(header.Get("Date")); err == nil {
		c.told.Store(&reading{shown, time.Now()})
	}
}

// now is the portal's time, to the second; before it told any, that of this machine.
func (c *clock) now() time.Time {
	last := c.told.Load()
	if last == nil {
		return time.Now()
	}
	return last.shown.Add(time.Since(last.here)) // by the monotonic clock, whatever was set since
}

// Now is the time by the portal's clock, as its answers tell it, to the second; before it
// answered, the time of this machine. What the portal dates is compared with this.
func (r *Reader) Now() time.Time { return r.session.clock.now() }

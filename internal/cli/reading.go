package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
)

// reading tells that a portal is being read, once that takes longer than people like
// to wait without a word: a line that changes on a terminal, a line every five
// seconds elsewhere.
type reading struct {
	inv   *invocation
	quiet bool
	mu    sync.Mutex
	sent  int
	next  time.Time // when to tell again
	event time.Time // when to tell the event stream again
	shown bool      // a line stands on the terminal
	ended bool
}

const (
	patience     = time.Second
	eventEvery   = time.Second
	redrawEvery  = 100 * time.Millisecond
	eraseLine    = "\r\x1b[K"
	limitWaiting = ", waiting %.1f s for the portal's limit"
)

func (inv *invocation) newReading() *reading {
	r := &reading{inv: inv, quiet: inv.flags.quiet || inv.flags.verbose, next: time.Now().Add(tellEvery)}
	if inv.env.StderrTerminal {
		r.next = time.Now().Add(patience)
	}
	return r
}

// observe counts what the client tells of, and passes it on.
func (r *reading) observe(next func(hubspot.Event)) func(hubspot.Event) {
	return func(event hubspot.Event) {
		r.tell(event)
		if next != nil {
			next(event)
		}
	}
}

func (r *reading) tell(event hubspot.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if event.Kind == hubspot.EventRequest {
		r.sent++
	}
	now := time.Now()
	if !r.ended && !now.Before(r.event) {
		r.event = now.Add(eventEvery)
		r.inv.events.Read(r.sent, false)
	}
	// A long wait is told at once: no other event may follow for its whole length.
	long := event.Kind == hubspot.EventThrottled && event.Wait > patience && r.inv.env.StderrTerminal
	if r.quiet || r.ended || (now.Before(r.next) && !long) {
		return
	}
	line := "reading the portal: " + report.Number(r.sent) + " requests"
	if event.Kind == hubspot.EventThrottled && event.Wait > 0 {
		line += fmt.Sprintf(limitWaiting, event.Wait.Seconds())
	}
	if !r.inv.env.StderrTerminal {
		r.next = now.Add(tellEvery)
		r.inv.say(line)
		return
	}
	r.next, r.shown = now.Add(redrawEvery), true
	r.inv.put(eraseLine + "  " + line)
}

// done takes the line off the terminal; nothing more is told.
func (r *reading) done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shown {
		r.inv.put(eraseLine)
	}
	if !r.ended {
		r.inv.events.Read(r.sent, true)
	}
	r.ended, r.shown = true, false
}

package hubspot

import (
	"slices"
	"sort"
	"time"
)

// How requests are paced
//
// HubSpot lets an app make Max requests in any stretch of Interval. It counts a
// request when it arrives, which the client does not see: it knows when it sent
// one and when the answer came, and the arrival lies between. So a request holds
// a slot from its sending until Interval after its *answer*. Then whatever the
// network does, no stretch of Interval at the server holds more requests than
// there are slots, and no request is ever refused. The price is one round trip a
// window; the gain is that all slots may be used at once, in a burst, since the
// server asks for no even spacing. A refused request holds its slot like any
// other, because it may have been counted.
//
// Other processes with the same token use the same Max. Each answer says how many
// requests are left; what is missing beyond our own is theirs, and that many
// slots are kept out of use for an Interval. Our own count at that moment is an
// estimate: those sent in the Interval before the answered request, and during
// the first half of its round trip. It errs by the few that were on the way,
// and the last answer of a burst is exact, so the largest figure of the last
// Interval is taken, and one more for others that are there at all. Where round
// trips vary much and the window is full to the last request, a refusal remains
// possible; with the token to ourselves it is not.
type window struct {
	max      int // 0: no limit
	interval time.Duration
	open     int         // sent and not answered
	held     []time.Time // when the slots of answered requests are free, ascending
	sent     []time.Time // own requests that an answer to come may count, ascending
	others   []use       // falling counts, ascending times
}

// use is what others were seen to use, and until when that is believed.
type use struct {
	count int
	until time.Time
}

// forgetSent is how long after an interval a request can still matter to the
// answer of a slow one.
const forgetSent = attemptTimeout

// reserve is how many slots belong to others at now.
func (w *window) reserve(now time.Time) int {
	w.others = slices.DeleteFunc(w.others, func(u use) bool { return !u.until.After(now) })
	if len(w.others) == 0 {
		return 0
	}
	return w.others[0].count
}

// delay is how long until a slot is free: 0 is now, negative is not before an
// open request is answered.
func (w *window) delay(now time.Time) time.Duration {
	if w.max == 0 {
		return 0
	}
	free := sort.Search(len(w.held), func(i int) bool { return w.held[i].After(now) })
	w.held = w.held[free:]
	slots := max(w.max-w.reserve(now), 1)
	excess := w.open + len(w.held) - slots
	if excess < 0 {
		return 0
	}
	wait := time.Duration(-1)
	if excess < len(w.held) {
		wait = w.held[excess].Sub(now)
	}
	if len(w.others) > 0 {
		if until := w.others[0].until.Sub(now); wait < 0 || until < wait {
			wait = until
		}
	}
	return wait
}

// begin takes a slot for a request sent now.
func (w *window) begin(now time.Time) {
	w.open++
	if w.max == 0 {
		return
	}
	old := sort.Search(len(w.sent), func(i int) bool { return w.sent[i].After(now.Add(-w.interval - forgetSent)) })
	w.sent = append(w.sent[old:], now)
}

// end keeps the slot of an answered, or lost, request for an interval more.
func (w *window) end(now time.Time) {
	w.open--
	if w.max != 0 {
		w.held = append(w.held, now.Add(w.interval))
	}
}

// learn takes the limits from the answer, received now, to a request sent at sent.
func (w *window) learn(told limits, sent, now time.Time) {
	w.max, w.interval = told.max, told.interval
	if !told.hasRemaining {
		return
	}
	arrived := sent.Add(now.Sub(sent) / 2)
	from := sort.Search(len(w.sent), func(i int) bool { return w.sent[i].After(sent.Add(-w.interval)) })
	to := sort.Search(len(w.sent), func(i int) bool { return w.sent[i].After(arrived) })
	count := told.max - told.remaining - (to - from)
	if count <= 0 {
		return
	}
	count++ // the estimate's margin
	w.others = slices.DeleteFunc(w.others, func(u use) bool { return u.count <= count })
	w.others = append(w.others, use{count, now.Add(w.interval)})
}

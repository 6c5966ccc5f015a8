package hubspot

import (
	"context"
	"sync"
	"time"
)

// What is assumed before the portal's headers tell more: the lowest tier.
const (
	defaultMax      = 100
	defaultInterval = 10 * time.Second
	searchMax       = 4 // HubSpot allows an account 5 a second
	searchInterval  = time.Second
)

// gate is the one limiter of a client, through which every request of every
// goroutine goes: so many at once, each kind within its window, none while the
// portal has asked for a pause.
type gate struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when a waiter may go on
	inFlight int
	most     int
	metered  window
	search   window
	paused   map[pace]time.Time
	official bool // api.hubapi.com, which has limits whether or not it tells them
	counted  bool // a search was refused: this portal counts them
	known    LimitState
}

func newGate(inFlight int, official bool) *gate {
	return &gate{
		changed:  make(chan struct{}),
		most:     inFlight,
		metered:  window{max: defaultMax, interval: defaultInterval},
		search:   window{max: searchMax, interval: searchInterval},
		paused:   map[pace]time.Time{},
		official: official,
	}
}

// enter waits for a slot and takes it. throttled is called once, with what is
// known of the wait, if a limit and not the number in flight makes it wait.
// enter returns ctx's error if that ends first.
func (g *gate) enter(ctx context.Context, kind pace, throttled func(time.Duration)) (time.Time, error) {
	told := false
	for {
		if err := ctx.Err(); err != nil {
			return time.Time{}, err
		}
		now, wait, limited, changed := g.try(kind)
		if wait == 0 {
			return now, nil
		}
		if limited && !told {
			told = true
			throttled(max(wait, 0))
		}
		if err := pauseFor(ctx, wait, changed); err != nil {
			return time.Time{}, err
		}
	}
}

// try takes a slot if there is one; else it tells how long to wait (negative:
// until changed is closed) and whether a limit is the reason.
func (g *gate) try(kind pace) (now time.Time, wait time.Duration, limited bool, changed <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now = time.Now()
	if left := g.paused[kind].Sub(now); left > 0 {
		return now, left, true, g.changed
	}
	if g.inFlight >= g.most {
		return now, -1, false, g.changed
	}
	w := g.window(kind)
	if w != nil {
		if wait = w.delay(now); wait != 0 {
			return now, wait, true, g.changed
		}
		w.begin(now)
	}
	g.inFlight++
	return now, 0, false, nil
}

func (g *gate) window(kind pace) *window {
	switch kind {
	case windowed:
		return &g.metered
	case searching:
		return &g.search
	case unmetered:
	}
	return nil
}

// leave gives the place in flight back, and keeps the slot as long as the limit
// counts it. header is the answer's; nil if none came.
func (g *gate) leave(kind pace, sent time.Time, told *limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.inFlight--
	if w := g.window(kind); w != nil {
		if told != nil && kind == windowed {
			g.learn(*told, sent, now)
		}
		w.end(now)
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// learn takes over what an answer tells. A portal of one's own that tells no
// limits has none.
func (g *gate) learn(told limits, sent, now time.Time) {
	if told.hasDaily {
		g.known.Daily, g.known.DailyRemaining = told.daily, told.dailyRemaining
	}
	if told.told() {
		g.known.Max, g.known.Interval = told.max, told.interval
		if g.metered.max == 0 {
			g.search = window{max: searchMax, interval: searchInterval, open: g.search.open}
		}
		g.metered.learn(told, sent, now)
		return
	}
	if !g.official && g.known.Max == 0 {
		g.metered = window{interval: defaultInterval, open: g.metered.open}
		if !g.counted {
			g.search = window{interval: searchInterval, open: g.search.open}
		}
	}
}

// refused closes the gate after a 429: for wait, or the limit's interval if that
// is longer. A refused search closes it to searches only. It returns the pause.
func (g *gate) refused(kind pace, wait time.Duration) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	kinds := []pace{windowed, searching, unmetered}
	if kind == searching {
		kinds = kinds[1:2]
		g.search.max, g.counted = searchMax, true
		wait = max(wait, g.search.interval)
	} else {
		wait = max(wait, g.metered.interval)
	}
	until := time.Now().Add(wait)
	for _, k := range kinds {
		if until.After(g.paused[k]) {
			g.paused[k] = until
		}
	}
	return wait
}

func (g *gate) state() LimitState {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.known
}

// pauseFor waits for d (negative: for ever), until wake is closed, or until ctx
// ends, whose error it then returns.
func pauseFor(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	var timer <-chan time.Time
	if d >= 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
	case <-wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

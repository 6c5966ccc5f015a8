package hubspot

import (
	"net/http"
	"strconv"
	"time"
)

// LimitState is what the portal's headers last told of its limits. Zero is
// "never told".
type LimitState struct {
	Max            int           // requests in an Interval
	Interval       time.Duration // usually 10 s
	Daily          int           // requests a day, of the whole account
	DailyRemaining int
}

// limits are one answer's rate headers.
type limits struct {
	max, remaining        int
	interval              time.Duration
	hasRemaining          bool
	daily, dailyRemaining int
	hasDaily              bool
}

// told reports whether there were headers of the ten-second limit. Search answers
// have none, and OAuth tokens get none of the daily one.
func (l limits) told() bool { return l.max > 0 }

func readLimits(header http.Header) limits {
	const prefix = "X-Hubspot-Ratelimit-"
	number := func(name string) (int, bool) {
		n, err := strconv.Atoi(header.Get(prefix + name))
		return n, err == nil && n >= 0
	}
	l := limits{interval: defaultInterval}
	l.max, _ = number("Max")
	l.remaining, l.hasRemaining = number("Remaining")
	if ms, ok := number("Interval-Milliseconds"); ok && ms > 0 {
		l.interval = min(time.Duration(ms)*time.Millisecond, maxRetryAfter)
	}
	l.daily, l.hasDaily = number("Daily")
	if left, ok := number("Daily-Remaining"); ok {
		l.dailyRemaining = left
	}
	return l
}

package portal

import (
	"net/http"
	"strconv"
	"time"
)

// traffic is the log of requests with what is left of the limits.
type traffic struct {
	Requests []loggedRow
	Total    int64
	Kept     int64
	Gauges   []gauge // none without limits
}

type loggedRow struct {
	logged
	Time   string // of the day
	Day    string
	Millis string
	Mood   string // ok, refused, failed: for the eye
}

// gauge is one limit and how much of it is used.
type gauge struct {
	Name  string
	About string
	Used  int64
	Most  int64
	High  int64 // from here on little is left, and from
	Full  int64 // here on next to nothing
}

// requests is GET /requests.
func (g *page) requests(w http.ResponseWriter, r *http.Request) error {
	entries, total := g.log.newest()
	t := traffic{Total: int64(total), Kept: int64(len(entries)), Gauges: g.portal.limiter.gauges(time.Now())}
	for _, entry := range entries {
		at := entry.At.UTC()
		t.Requests = append(t.Requests, loggedRow{
			logged: entry, Time: at.Format("15:04:05.000"), Day: at.Format(time.DateOnly),
			Millis: strconv.FormatFloat(float64(entry.Took.Microseconds())/1000, 'f', 1, 64), Mood: mood(entry.Status),
		})
	}
	g.show(w, r, http.StatusOK, "requests", frame{Title: "Requests", Section: "requests", Body: t})
	return nil
}

func mood(status int) string {
	switch {
	case status == 0 || status >= 500:
		return "failed"
	case status >= 400 || status == http.StatusMultiStatus:
		return "refused"
	}
	return "ok"
}

// gauges tells how much of each limit is used at a moment, without counting it.
func (l *limiter) gauges(now time.Time) []gauge {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []gauge
	if most := int64(l.quota.window); most > 0 {
		all = append(all,
			gauge{"Window", "in the last 10 seconds", int64(len(since(l.recent, now.Add(-window)))), most, most * 3 / 4, most * 9 / 10},
			gauge{"Searches", "in the last second", int64(len(since(l.searched, now.Add(-time.Second)))), searchesPerSec, 3, 4})
	}
	if most := int64(l.quota.day); most > 0 {
		used := int64(l.today)
		if !now.Before(l.midnight) {
			used = 0
		}
		all = append(all, gauge{"Day", "until midnight, " + l.zone.String(), used, most, most * 3 / 4, most * 9 / 10})
	}
	return all
}

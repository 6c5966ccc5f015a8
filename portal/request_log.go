package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxLogged is how many requests the log remembers.
const maxLogged = 500

// requestLog remembers the last requests of the API, in memory and nowhere else.
// No header and no body is kept, and of the query only what is known to be no
// secret.
type requestLog struct {
	mu      sync.Mutex
	entries []logged // at most maxLogged; a ring once it is full
	total   int      // requests so far, forgotten ones among them
}

// logged is one request and how it was answered.
type logged struct {
	At          time.Time
	Method      string
	Path        string // with its query, shortened
	Status      int    // 0: the connection was cut without an answer
	Took        time.Duration
	Correlation string
	Limit       string // which limit it fell under; "" for what is no operation
}

// limitNames are the buckets in words.
var limitNames = map[bucket]string{rolling: "10 seconds", exempt: "day only", searches: "searches"}

// watch records every request that a portal answers.
func (l *requestLog) watch(p *Portal) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := logged{At: time.Now(), Method: clip(r.Method, 16)}
		found, _, _ := match(p.routes, r.Method, r.URL.EscapedPath())
		if found != nil {
			entry.Limit = limitNames[found.bucket]
		}
		entry.Path = loggedPath(r.URL, found != nil)
		seen := &watched{ResponseWriter: w}
		defer func() { // also when the handler cuts the connection by a panic
			entry.Took, entry.Status = time.Since(entry.At), seen.status
			entry.Correlation = clip(seen.Header().Get("X-HubSpot-Correlation-Id"), 64)
			l.add(entry)
		}()
		p.ServeHTTP(seen, r)
	})
}

func (l *requestLog) add(entry logged) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) < maxLogged {
		l.entries = append(l.entries, entry)
	} else {
		l.entries[l.total%maxLogged] = entry
	}
	l.total++
}

// newest returns what the log remembers, the newest first, and how many requests
// there were in all.
func (l *requestLog) newest() ([]logged, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	start := 0
	if l.total > len(l.entries) {
		start = l.total % maxLogged
	}
	entries := slices.Concat(l.entries[start:], l.entries[:start])
	slices.Reverse(entries)
	return entries, l.total
}

// shownParameters are those of the API's own; a parameter of any other name might
// be a key, as hapikey once was.
var shownParameters = []string{
	"after", "archived", "associations", "dataSensitivity", "email", "idProperty", "limit", "properties", "propertiesWithHistory",
}

// loggedPath is a path and query as the log shows them. Below /oauth HubSpot has
// paths that end in a token, which are none of this portal's operations.
func loggedPath(u *url.URL, known bool) string {
	path := u.EscapedPath()
	if !known && strings.HasPrefix(path, "/oauth/") {
		return "/oauth/…"
	}
	var shown []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		switch {
		case name == "":
		case slices.Contains(shownParameters, name):
			shown = append(shown, part)
		default:
			shown = append(shown, name+"=…")
		}
	}
	if len(shown) > 0 {
		path += "?" + strings.Join(shown, "&")
	}
	return clip(path, 300)
}

// watched notes the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	if status == http.StatusRequestEntityTooLarge { // net/http does so itself for its own writers alone
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

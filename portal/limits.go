package portal

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Tier is a HubSpot subscription as far as its request limits go.
type Tier uint8

// The tiers of HubSpot's usage guidelines, and none at all.
const (
	Off        Tier = iota // no limits, no rate headers
	Free                   // 100 requests in 10 seconds, 250,000 a day; Starter too
	Pro                    // 190 and 625,000
	Enterprise             // 190 and 1,000,000
	Addon                  // Enterprise with one API limit increase: 250 and 2,000,000
)

// quota is what a tier allows; 0 is no limit.
type quota struct {
	name        string
	window, day int
}

var quotas = map[Tier]quota{
	Off:        {name: "off"},
	Free:       {"free", 100, 250_000},
	Pro:        {"pro", 190, 625_000},
	Enterprise: {"enterprise", 190, 1_000_000},
	Addon:      {"addon", 250, 2_000_000},
}

// ParseTier reads off, free, pro, enterprise or addon.
func ParseTier(text string) (Tier, error) {
	for tier, quota := range quotas {
		if quota.name == text {
			return tier, nil
		}
	}
	return Off, fmt.Errorf("no limits are called %q: off, free, pro, enterprise and addon are", text)
}

// String is the name that ParseTier reads.
func (t Tier) String() string { return quotas[t].name }

const (
	window         = 10 * time.Second
	searchesPerSec = 5
)

// limiter counts the requests of an account. The window of ten seconds is a strict
// rolling one, searches have one second of their own, and the day ends at midnight
// in the account's time zone (usage guidelines).
type limiter struct {
	mu            sync.Mutex
	quota         quota
	zone          *time.Location
	countsRefused bool
	recent        []time.Time // requests of the last window
	searched      []time.Time // searches of the last second
	midnight      time.Time   // when the day that is counted ends
	today         int
}

func newLimiter(config Config, zone *time.Location, countsRefused bool) *limiter {
	l := &limiter{quota: quotas[config.Limits], zone: zone, countsRefused: countsRefused}
	if config.Daily > 0 {
		l.quota.day = config.Daily
	}
	return l
}

// verdict says what the limiter made of a request: the policy that refused it, or
// none, and what is left.
type verdict struct {
	policy        policy
	wait          time.Duration // of a refusal: until the limit lets a request through
	quota         quota
	windowLeft    int
	dayLeft       int
	secondlyLimit int
}

func (l *limiter) admit(now time.Time, b bucket) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recent, l.searched = since(l.recent, now.Add(-window)), since(l.searched, now.Add(-time.Second))
	if !now.Before(l.midnight) {
		l.midnight, l.today = midnightAfter(now, l.zone), 0
	}
	v := verdict{quota: l.quota, secondlyLimit: l.quota.window / 10}
	switch {
	case l.quota.day > 0 && l.today >= l.quota.day:
		v.policy, v.wait = policyDaily, l.midnight.Sub(now)
	case l.quota.window > 0 && b == rolling && len(l.recent) >= l.quota.window:
		v.policy, v.wait = policyTenSecondly, l.recent[len(l.recent)-l.quota.window].Add(window).Sub(now)
	case l.quota.window > 0 && b == searches && len(l.searched) >= searchesPerSec:
		v.policy, v.wait = policySecondly, l.searched[len(l.searched)-searchesPerSec].Add(time.Second).Sub(now)
	}
	if v.policy == "" || l.countsRefused {
		l.today++
		l.count(now, b)
	}
	v.windowLeft, v.dayLeft = max(l.quota.window-len(l.recent), 0), max(l.quota.day-l.today, 0)
	return v
}

// midnightAfter is the next moment at which a day begins in a zone. A day has 23 or
// 25 hours where the clocks change.
func midnightAfter(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone)
}

func (l *limiter) count(now time.Time, b bucket) {
	if l.quota.window == 0 {
		return
	}
	switch b {
	case rolling:
		l.recent = append(l.recent, now)
	case searches:
		l.searched = append(l.searched, now)
	case exempt:
	}
}

// since drops the times that are not after a moment.
func since(times []time.Time, moment time.Time) []time.Time {
	for len(times) > 0 && !times[0].After(moment) {
		times = times[1:]
	}
	return times
}

// headers tells what is left, on every answer but a search's.
func (v verdict) headers(header http.Header, b bucket) {
	if b == searches {
		return
	}
	if v.quota.day > 0 {
		header.Set("X-HubSpot-RateLimit-Daily", strconv.Itoa(v.quota.day))
		header.Set("X-HubSpot-RateLimit-Daily-Remaining", strconv.Itoa(v.dayLeft))
	}
	if v.quota.window > 0 {
		header.Set("X-HubSpot-RateLimit-Interval-Milliseconds", strconv.FormatInt(window.Milliseconds(), 10))
		header.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(v.quota.window))
		header.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(v.windowLeft))
		header.Set("X-HubSpot-RateLimit-Secondly", strconv.Itoa(v.secondlyLimit))
		header.Set("X-HubSpot-RateLimit-Secondly-Remaining", strconv.Itoa(v.secondlyLimit)) // deprecated and not enforced
	}
}

// policy is the name of a limit, as a 429 gives it.
type policy string

// The limits that HubSpot names.
const (
	policyDaily       policy = "DAILY"
	policyTenSecondly policy = "TEN_SECONDLY_ROLLING"
	policySecondly    policy = "SECONDLY"
)

// rateMessages is HubSpot's wording for each policy.
var rateMessages = map[policy]string{
	policyDaily:       "You have reached your daily limit.",
	policyTenSecondly: "You have reached your ten_secondly_rolling limit.",
	policySecondly:    "You have reached your secondly limit.",
}

// rateBody is the body of a 429. Older bodies have errorType, newer ones category:
// both stand here.
type rateBody struct {
	Status        string `json:"status"`
	Message       string `json:"message"`
	ErrorType     string `json:"errorType"`
	CorrelationID string `json:"correlationId"`
	PolicyName    policy `json:"policyName"`
	RequestID     string `json:"requestId"`
	Category      string `json:"category"`
}

// limited is the answer to a request that a limit refused. wait is told by
// Retry-After, in whole seconds, where the portal is ruled to send it.
func (c *call) limited(header http.Header, p policy, wait time.Duration) answer {
	if c.portal.ruled(rulingRetryAfter) == "send" {
		header.Set("Retry-After", seconds(wait))
	}
	return answer{http.StatusTooManyRequests, c.portal.rateBody(p, c.correlation)}
}

func (p *Portal) rateBody(by policy, correlation string) rateBody {
	return rateBody{
		Status: "error", Message: rateMessages[by], ErrorType: "RATE_LIMIT", CorrelationID: correlation,
		PolicyName: by, RequestID: p.correlation(), Category: "RATE_LIMITS",
	}
}

// seconds is a time in whole seconds, rounded up: who waits that long is let through.
func seconds(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

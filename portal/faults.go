package portal

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// lockTime is how long HubSpot's locks last (error handling guide, 423).
const lockTime = 2 * time.Second

// FaultReport tells of a request that met a fault. It holds no ids, addresses or
// values.
type FaultReport struct {
	Number int       // the fault's place in the scenario, from 1
	Fault  crm.Fault // what happened
	// Request names the operation as Requests does; an unknown path is left out.
	Request string
	Nth     int // of the requests with the fault's method and path, from 1
}

// faults decides which requests go wrong. The same requests in the same order meet
// the same faults.
type faults struct {
	mu       sync.Mutex
	scenario crm.Scenario
	patterns [][]string // of each fault; nil = any path
	seen     []int      // requests that each fault's method and path match
	fired    []int
	locked   []time.Time // until when, for each fault
	report   func(FaultReport)
}

func newFaults(scenario *crm.Scenario, report func(FaultReport)) (*faults, error) {
	f := &faults{report: report}
	if f.report == nil {
		f.report = func(FaultReport) {}
	}
	if scenario == nil {
		return f, nil
	}
	f.scenario = *scenario
	n := len(f.scenario.Faults)
	f.seen, f.fired, f.locked = make([]int, n), make([]int, n), make([]time.Time, n)
	for i, fault := range f.scenario.Faults {
		if !slices.Contains(crm.FaultKinds(), fault.Kind) {
			return nil, fmt.Errorf("fault %d of the scenario: there is no kind %q", i+1, fault.Kind)
		}
		var pattern []string
		if fault.Match.Path != "" {
			pattern = segments(fault.Match.Path)
		}
		f.patterns = append(f.patterns, pattern)
	}
	return f, nil
}

// meets returns the fault that a request meets; the first of the scenario that
// strikes does. Every fault counts the requests of its method and path, whether or
// not an earlier one struck.
func (f *faults) meets(r *http.Request, found *route, values map[string]string) (*crm.Fault, bool) {
	if len(f.scenario.Faults) == 0 {
		return nil, false
	}
	label := ""
	if found != nil {
		label = found.label(values)
	}
	report, struck := f.strike(r.Method, r.URL.EscapedPath(), label)
	if !struck {
		return nil, false
	}
	f.report(report)
	return &f.scenario.Faults[report.Number-1], true
}

func (f *faults) strike(method, path, label string) (report FaultReport, struck bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.scenario.Faults {
		if fault.Match.Method != "" && fault.Match.Method != method || !f.covers(i, path, label) {
			continue
		}
		f.seen[i]++
		if struck || !f.due(i) {
			continue
		}
		struck = true
		f.fired[i]++
		report = FaultReport{Number: i + 1, Fault: fault, Request: label, Nth: f.seen[i]}
	}
	return report, struck
}

// covers compares a fault's pattern with the path as it was sent and with that of
// the operation: v3 or v4, object types in the plural, {id} for an id.
func (f *faults) covers(i int, path, label string) bool {
	pattern := f.patterns[i]
	_, canonical, _ := strings.Cut(label, " ")
	return pattern == nil || fits(pattern, segments(path)) || label != "" && fits(pattern, segments(canonical))
}

func fits(pattern, path []string) bool {
	if last := len(pattern) - 1; pattern[last] == "*" && len(path) > last {
		pattern, path = pattern[:last], path[:last]
	}
	return slices.EqualFunc(pattern, path, func(want, part string) bool {
		return want == "*" || want == part || strings.HasPrefix(want, "{") && strings.HasSuffix(want, "}")
	})
}

// due reports whether a fault strikes at the request that it just counted. A lock
// holds for every request until it ends.
func (f *faults) due(i int) bool {
	fault, n, now := f.scenario.Faults[i], f.seen[i], time.Now()
	if now.Before(f.locked[i]) {
		return true
	}
	m := fault.Match
	switch {
	case n < m.From, m.To > 0 && n > m.To, m.Every > 0 && n%m.Every != 0:
		return false
	case m.Probability > 0 && f.chance(i) >= m.Probability:
		return false
	}
	if fault.Kind == crm.FaultLocked {
		f.locked[i] = now.Add(lockTime)
	}
	return true
}

// chance is a number from 0 to 1 that the seed, the fault and the request decide.
func (f *faults) chance(i int) float64 {
	drawn := rand.New(rand.NewPCG(f.scenario.Seed, uint64(i)<<32|uint64(f.seen[i]))) // #nosec G115 G404 -- counts; nothing here is a secret
	return drawn.Float64()
}

// SetFaults puts a scenario in the place of the one that the portal has, nil for
// none: the requests of each fault are counted anew. What a fault of the former one
// has begun, such as a delay, goes on. The error is that of a kind that does not
// exist; the former scenario stays then.
func (p *Portal) SetFaults(scenario *crm.Scenario) error {
	f, err := newFaults(scenario, p.config.OnFault)
	if err != nil {
		return err
	}
	p.faults.Store(f)
	return nil
}

// FaultsFired counts how often each fault of the scenario has struck, in its order.
func (p *Portal) FaultsFired() []int {
	f := p.faults.Load()
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.fired)
}

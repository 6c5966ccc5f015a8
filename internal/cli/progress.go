package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/report"
)

// progress tells how an apply goes: bars on a terminal; elsewhere a line whenever
// five seconds or ten percent have passed; nothing when asked to be quiet.
type progress struct {
	inv      *invocation
	quiet    bool
	mu       sync.Mutex
	bars     *mpb.Progress // nil where lines are told
	kinds    map[apply.Kind]*mpb.Bar
	begun    map[apply.Kind]time.Time
	told     map[apply.Kind]told
	sent     atomic.Int64
	resume   atomic.Int64 // when the last wait for the limit ends, in Unix milliseconds
	retries  sync.Mutex
	retried  map[string]int // by what made a request be sent again
	total    *mpb.Bar       // the line of requests under the bars
	halted   bool           // the apply begins nothing more
	finished bool
}

// told is when a kind of change was last told of, and how far it was.
type told struct {
	at   time.Time
	done int
}

const (
	tellEvery = 5 * time.Second
	tellShare = 10 // of a hundred
	barWidth  = 26
	// A line takes this much beside its bar.
	besideBar = 56
)

func (p *progress) barWidth() int {
	if p.inv.env.Width == 0 {
		return barWidth
	}
	return max(5, min(barWidth, p.inv.env.Width-besideBar))
}

func (inv *invocation) newProgress() *progress {
	p := &progress{
		inv: inv, quiet: inv.flags.quiet,
		kinds: make(map[apply.Kind]*mpb.Bar), begun: make(map[apply.Kind]time.Time), told: make(map[apply.Kind]told),
		retried: make(map[string]int),
	}
	return p
}

// begin is called when the first request that writes is about to be sent.
func (p *progress) begin() {
	p.sent.Store(0)
	if p.quiet || p.inv.flags.verbose || !p.inv.env.StderrTerminal {
		return
	}
	p.bars = mpb.New(mpb.WithOutput(p.inv.env.Stderr), mpb.ForceTTY(), mpb.ForceAutoRefresh(), mpb.WithWidth(max(20, min(p.inv.env.Width, 100))), mpb.WithRefreshRate(100*time.Millisecond))
	p.total = p.bars.New(1, mpb.NopStyle(), mpb.BarPriority(100), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.traffic() })))
}

// requests counts what the client tells of, and passes it on.
func (p *progress) requests(next func(hubspot.Event)) func(hubspot.Event) {
	return func(event hubspot.Event) {
		switch event.Kind {
		case hubspot.EventRequest:
			p.sent.Add(1)
		case hubspot.EventRetry:
			p.retry(event)
		case hubspot.EventThrottled:
			p.resume.Store(time.Now().Add(event.Wait).UnixMilli())
		}
		if next != nil {
			next(event)
		}
	}
}

func (p *progress) traffic() string {
	parts := []string{fmt.Sprintf("  requests %d", p.sent.Load())}
	if wait := time.Until(time.UnixMilli(p.resume.Load())); wait > 0 {
		parts = append(parts, fmt.Sprintf("waiting %.1f s for the portal's limit", wait.Seconds()))
	}
	p.retries.Lock()
	defer p.retries.Unlock()
	var causes []string
	times := 0
	for _, cause := range slices.Sorted(maps.Keys(p.retried)) {
		causes = append(causes, fmt.Sprintf("%s x%d", cause, p.retried[cause]))
		times += p.retried[cause]
	}
	if times > 0 {
		parts = append(parts, fmt.Sprintf("retried %d (%s)", times, strings.Join(causes, ", ")))
	}
	return strings.Join(parts, "   ")
}

// retry counts a request that is sent again, by its status or "no answer".
func (p *progress) retry(event hubspot.Event) {
	cause := "no answer"
	if event.Status != 0 {
		cause = strconv.Itoa(event.Status)
	}
	p.retries.Lock()
	defer p.retries.Unlock()
	p.retried[cause]++
}

// step is told of what an apply did. Once it stops, the steps that it never begins
// are no progress.
func (p *progress) step(event apply.Event, interrupted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if event.Kind == apply.EventStopped {
		if !p.quiet && !p.finished {
			p.tellStop(event.Reason, interrupted)
		}
		p.halted = true
	}
	if p.quiet || p.halted || p.finished || event.Kind != apply.EventStep {
		return
	}
	if _, known := p.begun[event.Step]; !known {
		p.begun[event.Step] = time.Now()
	}
	if p.bars != nil {
		p.bar(event).SetCurrent(int64(event.Done))
		return
	}
	last := p.told[event.Step]
	share := event.Total*tellShare/100 + 1
	if event.Done-last.done < share && time.Since(last.at) < tellEvery && event.Done < event.Total {
		return
	}
	p.told[event.Step] = told{time.Now(), event.Done}
	p.inv.remark("%-9s %s/%s (%d %%), %s", kindWord(event.Step), report.Number(event.Done), report.Number(event.Total), percent(event), strings.TrimSpace(p.traffic()))
}

// tellStop says at once that nothing new is begun: what is in flight may take a while,
// and who sees nothing happen presses Ctrl-C again.
func (p *progress) tellStop(reason string, interrupted bool) {
	line := "Stopping: " + p.inv.screenOptions(p.inv.env.StderrTerminal).Prose(reason) + ". Requests in flight finish first."
	if interrupted {
		line = "Interrupted: nothing new is begun. Requests in flight may finish, for 30 seconds at most; a second Ctrl-C ends at once."
	}
	line = report.Terminal(line)
	if p.bars == nil {
		p.inv.say(line)
		return
	}
	_, _ = p.bars.Write([]byte(report.Inert(line) + "\n")) // above the bars
}

func percent(event apply.Event) int {
	if event.Total == 0 {
		return 100
	}
	return event.Done * 100 / event.Total
}

func (p *progress) bar(event apply.Event) *mpb.Bar {
	if bar, known := p.kinds[event.Step]; known {
		return bar
	}
	begun := p.begun[event.Step]
	rate := decor.Any(func(s decor.Statistics) string {
		if s.Current == 0 || s.Completed {
			return ""
		}
		perSecond := float64(s.Current) / max(time.Since(begun).Seconds(), 0.1)
		left := time.Duration(float64(s.Total-s.Current) / perSecond * float64(time.Second))
		return fmt.Sprintf("  %.0f/s   ETA %d:%02d", perSecond, int(left.Minutes()), int(left.Seconds())%60)
	})
	bar := p.bars.New(int64(event.Total),
		mpb.BarStyle().Lbound("").Rbound("").Filler("█").Tip("█").Padding("░"),
		mpb.BarPriority(int(event.Step)), mpb.BarWidth(p.barWidth()), mpb.BarFillerTrim(),
		mpb.PrependDecorators(decor.Name(fmt.Sprintf("  %-9s ", kindWord(event.Step)))),
		mpb.AppendDecorators(
			decor.Any(func(s decor.Statistics) string {
				count := report.Number(s.Current) + "/" + report.Number(s.Total)
				return fmt.Sprintf("  %15s  %3d%%", count, s.Current*100/max(s.Total, 1))
			}), rate,
		))
	p.kinds[event.Step] = bar
	return bar
}

func kindWord(k apply.Kind) string {
	switch k {
	case apply.Update:
		return "update"
	case apply.Create:
		return "create"
	case apply.Dissociate:
		return "separate"
	case apply.Unlabel:
		return "unlabel"
	case apply.Associate:
		return "associate"
	case apply.Archive:
		return "archive"
	}
	return ""
}

// stop leaves the bars as they stand and gives the terminal back. It may be called
// twice.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished {
		return
	}
	p.finished = true
	if p.bars == nil {
		return
	}
	for _, bar := range p.kinds {
		bar.Abort(false) // a bar that is full stays so
	}
	p.total.SetTotal(-1, true)
	p.bars.Wait()
}

package report

import (
	"fmt"
	"io"
	"time"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
)

// Stats say where a plan was made and from how much; the plan itself holds neither
// names of portals nor times.
type Stats struct {
	Portal   string        // as the user names it: hubspot, file:.contactsync/portal.db
	Account  string        // account id
	Kind     string        // STANDARD, SANDBOX, DEVELOPER_TEST, local
	Version  string        // of the API
	Advice   string        // one more line under the portal; may be empty
	Scope    string        // what the user calls the files: crm/
	Files    int           // 0 for a saved plan
	Declared int           // contacts in the files
	Found    int           // of them, live
	Requests int64         // sent to make the plan
	Elapsed  time.Duration // making it took
	// RateMax requests are allowed in RateInterval; 0 = no limit was told.
	RateMax      int
	RateInterval time.Duration
	Undo         string       // the run that the plan undoes; empty for any other plan
	Kept         []apply.Kept // what the undo leaves as it is
	// Warnings of making the plan. They stand in the documents of programs and in
	// Markdown; on a terminal they were told before.
	Warnings diag.List
}

// Plan writes a plan in any format. JSON is one document; its fields are described
// at planDocument.
func Plan(w io.Writer, p *plan.Plan, s Stats, o Options) error {
	switch o.Format {
	case Text:
		return planText(w, p, s, o)
	case JSON:
		return planJSON(w, p, s, o)
	case Markdown:
		return planMarkdown(w, p, s, o)
	case HTML:
		return planHTML(w, p, s, o)
	}
	return fmt.Errorf("writing the plan: unknown format %d", o.Format)
}

// cost is what applying a plan takes: its requests, and the time that the portal's
// limit makes of them.
type cost struct {
	requests int
	time     time.Duration
	limited  bool
}

// A request takes about this long, on HubSpot; stages follow each other.
const roundTrip = 300 * time.Millisecond

func costOf(p *plan.Plan, s Stats) cost {
	c := cost{
		requests: apply.Requests(p, false), limited: s.RateMax > 0,
		time: time.Duration(len(apply.Stages(p))) * roundTrip,
	}
	if c.limited && c.requests > 0 {
		c.time += time.Duration((c.requests-1)/s.RateMax) * s.RateInterval
	}
	return c
}

func costText(p *plan.Plan, s Stats) string {
	c := costOf(p, s)
	requests := plural(c.requests, "request", "requests")
	if !c.limited {
		return requests + "; this portal has no limits."
	}
	return fmt.Sprintf("%s, about %s at this portal's limits.", requests, about(c.time))
}

// about rounds a time up to what a person plans with.
func about(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", (d+time.Second-1)/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", (d+time.Minute-1)/time.Minute)
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

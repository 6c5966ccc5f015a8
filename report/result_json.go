package report

import (
	"io"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// resultDocument is an apply for programs: the counts, and an entry for each change
// in the plan's order.
type resultDocument struct {
	Version  int             `json:"version"`
	Exit     int             `json:"exit"`
	Portal   portalDocument  `json:"portal"`
	Run      string          `json:"run,omitempty"`
	Failed   string          `json:"failed_file,omitempty"` // desired state with the changes that failed
	Stopped  string          `json:"stopped,omitempty"`     // why not every change was tried
	Counts   countsDocument  `json:"counts"`
	Requests int64           `json:"requests"`
	Seconds  float64         `json:"seconds"`
	Undo     string          `json:"undo,omitempty"` // the run that was undone
	Kept     []keptDocument  `json:"kept,omitempty"` // what the undo left as it is
	Changes  []entryDocument `json:"changes"`
}

type countsDocument struct {
	Created     int `json:"created"`
	Updated     int `json:"updated"`
	Archived    int `json:"archived"`
	Associated  int `json:"associated"`
	Dissociated int `json:"dissociated"`
	Already     int `json:"already"` // changes of which nothing had to be written
	Failed      int `json:"failed"`
	Skipped     int `json:"skipped"`
	Stale       int `json:"stale"`
	Unknown     int `json:"unknown"`
}

type entryDocument struct {
	Action  string       `json:"action"`
	Outcome string       `json:"outcome"`           // applied, failed, skipped, stale, unknown
	Already bool         `json:"already,omitempty"` // applied, and nothing had to be written
	Email   string       `json:"email,omitempty"`
	ID      crm.ObjectID `json:"id,omitempty"`
	File    string       `json:"file,omitempty"`
	Line    int          `json:"line,omitempty"`
	Reason  string       `json:"reason,omitempty"`
	Message string       `json:"message,omitempty"` // HubSpot's own words; only in full
}

func resultJSON(w io.Writer, p *plan.Plan, r *apply.Result, stats Stats, run Run, o Options) error {
	document := resultDocument{
		Version: documentVersion, Exit: run.Verdict, Portal: portalDocument{stats.Portal, stats.Account, stats.Kind, stats.Version}, Run: run.ID, Failed: run.Failed, Stopped: o.Prose(r.Stopped),
		Counts: countsDocument(r.Counts), Requests: r.Requests, Seconds: r.Duration.Seconds(),
		Undo: stats.Undo, Kept: o.keptDocuments(stats), Changes: make([]entryDocument, 0, len(r.Entries)),
	}
	for i, entry := range r.Entries {
		document.Changes = append(document.Changes, o.entryDocument(p.Changes[i], entry))
	}
	return WriteJSON(w, document)
}

func (o Options) entryDocument(change plan.Change, entry apply.Entry) entryDocument {
	d := entryDocument{
		Action: actionWord(change), Outcome: outcomeName(entry.Outcome), Already: entry.Untouched(),
		File: change.At.File, Line: change.At.Line, Reason: o.reason(entry), Message: o.message(entry),
	}
	if o.PII != None {
		d.Email, d.ID = o.address(change.Email), entry.ID
	}
	return d
}

func outcomeName(o apply.Outcome) string {
	switch o {
	case apply.Applied:
		return "applied"
	case apply.Failed:
		return "failed"
	case apply.Skipped:
		return "skipped"
	case apply.Stale:
		return "stale"
	case apply.Unknown:
		return "unknown"
	}
	return ""
}

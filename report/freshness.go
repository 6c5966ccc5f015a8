package report

import (
	"io"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// Freshness writes whether a saved plan still fits its portal: each change that was
// overtaken, with the reason, and one sentence; in JSON {version, portal, digest,
// fresh, changes, stale}. Markdown and HTML are those of a plan; here they are text.
func Freshness(w io.Writer, p *plan.Plan, stale []apply.StaleChange, stats Stats, o Options) error {
	if o.Format == JSON {
		return freshnessJSON(w, p, stale, stats, o)
	}
	s := &screen{Options: o, paint: painter{o.Color}}
	s.header(stats)
	s.line("")
	for _, one := range first(stale, maxTroubles) {
		s.trouble(p.Changes[one.Change], apply.Entry{Outcome: apply.Stale, Reason: one.Reason})
	}
	if hidden := len(stale) - maxTroubles; hidden > 0 {
		s.line("  and %s; --json lists them all.", plural(hidden, "more", "more"))
	}
	scope := plural(len(p.Changes), "change", "changes") + ", " + plural(stats.Requests, "request", "requests")
	if len(stale) == 0 {
		s.line("%s %s still fits the portal (%s).", s.paint.green("Fresh:"), Terminal(stats.Scope), scope)
		return s.flush(w)
	}
	s.line("")
	s.line("%s %s of %s no longer fit the portal. Make the plan again.",
		s.paint.alarm("Stale:"), Number(len(stale)), plural(len(p.Changes), "change", "changes"))
	return s.flush(w)
}

type staleDocument struct {
	Action string       `json:"action"`
	Email  string       `json:"email,omitempty"`
	ID     crm.ObjectID `json:"id,omitempty"`
	File   string       `json:"file,omitempty"`
	Line   int          `json:"line,omitempty"`
	Reason string       `json:"reason"`
}

func freshnessJSON(w io.Writer, p *plan.Plan, stale []apply.StaleChange, stats Stats, o Options) error {
	documents := make([]staleDocument, 0, len(stale))
	for _, one := range stale {
		change := p.Changes[one.Change]
		d := staleDocument{Action: actionWord(change), File: change.At.File, Line: change.At.Line, Reason: o.Prose(one.Reason)}
		if o.PII != None {
			d.Email, d.ID = o.address(change.Email), change.ID
		}
		documents = append(documents, d)
	}
	return WriteJSON(w, struct {
		Version int             `json:"version"`
		Portal  portalDocument  `json:"portal"`
		Digest  string          `json:"digest"`
		Fresh   bool            `json:"fresh"`
		Changes int             `json:"changes"`
		Stale   []staleDocument `json:"stale"`
	}{documentVersion, portalDocument{stats.Portal, stats.Account, stats.Kind, stats.Version}, p.Digest(), len(stale) == 0, len(p.Changes), documents})
}

package cli

import (
	"github.com/contactsync/contactsync/portal/conformance"
)

// The JSON document of conformance. Fields may be added; none changes its meaning.
type (
	checksDocument struct {
		Version    int             `json:"version"`
		Portal     string          `json:"portal,omitempty"`
		Account    string          `json:"account,omitempty"`
		Kind       string          `json:"kind,omitempty"`
		APIVersion string          `json:"api_version,omitempty"`
		Run        string          `json:"run,omitempty"` // stands in every name and address that was made
		Passed     int             `json:"passed"`
		Failed     int             `json:"failed"`
		Differ     int             `json:"differ"`
		Skipped    int             `json:"skipped"`
		Made       int             `json:"made"`
		Requests   int64           `json:"requests"`
		Checks     []checkDocument `json:"checks"`
		Left       []leftDocument  `json:"left"`
	}
	checkDocument struct {
		Name     string `json:"name"`
		About    string `json:"about"`
		Source   string `json:"source"`
		Outcome  string `json:"outcome,omitempty"` // pass, fail, differs, skip; none in a list
		Request  string `json:"request,omitempty"`
		Expected string `json:"expected,omitempty"`
		Got      string `json:"got,omitempty"`
		Ruling   string `json:"ruling,omitempty"` // as serve --ruling takes it
		Reason   string `json:"reason,omitempty"`
	}
	leftDocument struct {
		Type string `json:"type"`
		ID   string `json:"id"`
		Why  string `json:"why"`
	}
)

func (inv *invocation) printChecks(c *checked) {
	document := checksDocument{
		Version: 1, Portal: c.stats.Portal, Account: c.stats.Account, Kind: c.stats.Kind, APIVersion: c.stats.Version, Run: c.run,
		Passed: c.Count(conformance.Passed), Failed: c.Count(conformance.Failed), Differ: c.Count(conformance.Differs),
		Skipped: c.Count(conformance.Skipped), Made: c.Made, Requests: c.requests,
		Checks: make([]checkDocument, len(c.Results)), Left: make([]leftDocument, len(c.Left)),
	}
	for i, r := range c.Results {
		d := checkDocument{Name: r.Check.Name, About: r.Check.About, Source: r.Check.Source, Outcome: r.Outcome.String(), Reason: r.Reason}
		if m := r.Mismatch; m != nil {
			d.Request, d.Expected, d.Got = m.Request, m.Expected, m.Got
		}
		if r.Observed != nil {
			d.Ruling = r.Observed.Error()
		}
		document.Checks[i] = d
	}
	for i, left := range c.Left {
		document.Left[i] = leftDocument(left)
	}
	inv.printJSON(document)
}

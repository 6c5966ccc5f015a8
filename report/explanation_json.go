package report

import (
	"io"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// explanationDocument is an explanation for programs.
type explanationDocument struct {
	Version     int              `json:"version"`
	Portal      portalDocument   `json:"portal"`
	Contact     string           `json:"contact"`
	File        string           `json:"file,omitempty"`
	Line        int              `json:"line,omitempty"`
	Live        crm.ObjectID     `json:"live,omitempty"` // id of the live contact
	Match       string           `json:"match"`          // how it was found, or that it was not
	Outcome     string           `json:"outcome"`
	Change      *changeDocument  `json:"change,omitempty"`
	Reasons     []plan.Reason    `json:"reasons,omitempty"` // where nothing changes
	Properties  []ruleDocument   `json:"properties"`
	Links       []linkDocument   `json:"associations"`
	Free        []string         `json:"unmanaged"` // properties with a value that no line names
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
}

type ruleDocument struct {
	propertyDocument

	Rule string `json:"rule"`
	Why  string `json:"why"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

type linkDocument struct {
	associationDocument

	Rule string `json:"rule"`
	Why  string `json:"why"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

func explanationJSON(w io.Writer, e plan.Explanation, s Stats, o Options) error {
	document := explanationDocument{
		Version: documentVersion, Portal: portalDocument{s.Portal, s.Account, s.Kind, s.Version},
		Contact: o.named(e.Contact), File: e.At.File, Line: e.At.Line, Live: e.Live, Match: o.Prose(e.Why()),
		Outcome: o.Prose(outcomeText(e)), Free: append([]string{}, e.Free...), Diagnostics: jsonDiagnostics(e.Problems, o),
		Properties: []ruleDocument{}, Links: []linkDocument{},
	}
	if o.PII == None {
		document.Live = ""
	}
	if e.Change.Action != 0 {
		change := o.changeDocument(e.Change)
		document.Change = &change
	}
	if e.Change.Action == 0 {
		for _, reason := range e.Change.Reasons {
			document.Reasons = append(document.Reasons, plan.Reason{Code: reason.Code, Text: o.Prose(reason.Text)})
		}
	}
	for _, rule := range e.Rules {
		d := ruleDocument{propertyDocument: o.propertyDocument(plan.PropertyChange{
			Name: rule.Property, Before: rule.Live, After: rule.After, Origin: rule.Origin,
		}), Rule: rule.Rule, Why: rule.Why(), File: rule.At.File, Line: rule.At.Line}
		if !rule.Changes {
			d.Kind = "unchanged"
		}
		document.Properties = append(document.Properties, d)
	}
	for _, rule := range e.Links {
		d := linkDocument{associationDocument: o.associationDocument(plan.AssociationChange{
			To: rule.To, Name: rule.Name, Before: rule.Before, After: rule.After,
		}), Rule: rule.Rule, Why: rule.Why(), File: rule.At.File, Line: rule.At.Line}
		if !rule.Changes() {
			d.Kind = "unchanged"
		}
		document.Links = append(document.Links, d)
	}
	return WriteJSON(w, document)
}

package report

import (
	"io"
	"slices"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// planDocument is a plan for programs. It is a report, not the saved plan that apply
// reads: values may be masked, and it says where and from what the plan was made.
type planDocument struct {
	Version      int               `json:"version"`
	Portal       portalDocument    `json:"portal"`
	Digest       string            `json:"digest"`
	Files        int               `json:"files"`
	Counts       plan.Counts       `json:"counts"`
	Summary      plan.Summary      `json:"summary"`
	Consequences plan.Consequences `json:"consequences"`
	Limits       plan.Limits       `json:"limits"`
	Requests     int               `json:"requests"` // that applying it takes
	Seconds      float64           `json:"seconds"`  // about how long that is
	Changes      []changeDocument  `json:"changes"`
	Strays       []strayDocument   `json:"strays"`         // in scope, named by no file, and left alone
	Undo         string            `json:"undo,omitempty"` // the run that this undoes
	Kept         []keptDocument    `json:"kept,omitempty"` // what it leaves as it is
	Diagnostics  []jsonDiagnostic  `json:"diagnostics"`
}

type portalDocument struct {
	Name    string `json:"name"`
	Account string `json:"account"`
	Kind    string `json:"kind"`
	Version string `json:"api_version"`
}

type changeDocument struct {
	Action       string                `json:"action"` // create, update, rename, archive
	Email        string                `json:"email,omitempty"`
	From         string                `json:"from,omitempty"` // the address before a rename
	ID           crm.ObjectID          `json:"id,omitempty"`
	File         string                `json:"file,omitempty"`
	Line         int                   `json:"line,omitempty"`
	Live         *plan.Live            `json:"live,omitempty"`
	Properties   []propertyDocument    `json:"properties,omitempty"`
	Associations []associationDocument `json:"associations,omitempty"`
	Reasons      []plan.Reason         `json:"reasons,omitempty"`
}

// propertyDocument holds the values where they may be shown, else their lengths in
// characters; under None neither.
type propertyDocument struct {
	Name         string  `json:"name"`
	Kind         string  `json:"kind"` // filled, changed, cleared
	Before       *string `json:"before,omitempty"`
	After        *string `json:"after,omitempty"`
	BeforeLength *int    `json:"before_length,omitempty"`
	AfterLength  *int    `json:"after_length,omitempty"`
	Origin       string  `json:"origin,omitempty"`
}

type associationDocument struct {
	Kind   string                `json:"kind"` // added, relabelled, removed
	Type   crm.ObjectType        `json:"type"`
	Name   string                `json:"name,omitempty"`
	ID     crm.ObjectID          `json:"id,omitempty"`
	Before []crm.AssociationType `json:"before,omitempty"`
	After  []crm.AssociationType `json:"after,omitempty"`
}

func planJSON(w io.Writer, p *plan.Plan, s Stats, o Options) error {
	return WriteJSON(w, newPlanDocument(p, s, o))
}

func newPlanDocument(p *plan.Plan, s Stats, o Options) planDocument {
	c := costOf(p, s)
	document := planDocument{
		Version: documentVersion, Portal: portalDocument{s.Portal, s.Account, s.Kind, s.Version},
		Digest: p.Digest(), Files: s.Files, Counts: p.Counts, Summary: p.Summary(), Consequences: o.consequences(p), Limits: p.Limits,
		Requests: c.requests, Seconds: c.time.Seconds(),
		Changes: make([]changeDocument, 0, len(p.Changes)), Strays: make([]strayDocument, 0, len(p.Strays)), Undo: s.Undo, Kept: o.keptDocuments(s), Diagnostics: jsonDiagnostics(s.Warnings, o),
	}
	for _, stray := range p.Strays {
		document.Strays = append(document.Strays, o.strayDocument(stray))
	}
	for _, change := range p.Changes {
		document.Changes = append(document.Changes, o.changeDocument(change))
	}
	return document
}

func (o Options) changeDocument(change plan.Change) changeDocument {
	d := changeDocument{Action: actionWord(change), File: change.At.File, Line: change.At.Line}
	if o.PII != None {
		d.ID = change.ID
		d.Email = o.address(change.Email)
		d.From = o.address(change.From)
	}
	if change.Action == plan.Archive {
		d.Live = o.liveDocument(change.Live)
	}
	for _, property := range change.Properties {
		if property.Origin != plan.OriginRename {
			d.Properties = append(d.Properties, o.propertyDocument(property))
		}
	}
	for _, association := range change.Associations {
		d.Associations = append(d.Associations, o.associationDocument(association))
	}
	for _, reason := range change.Reasons {
		d.Reasons = append(d.Reasons, plan.Reason{Code: reason.Code, Text: o.Prose(reason.Text)})
	}
	return d
}

func (o Options) liveDocument(live plan.Live) *plan.Live {
	if o.PII != Full {
		live.Name = ""
	}
	if o.PII == None {
		live.LastModified, live.LastActivity = "", ""
	}
	return &live
}

func (o Options) address(email crm.Email) string {
	if email == "" {
		return ""
	}
	return o.person(email, "")
}

func (o Options) propertyDocument(p plan.PropertyChange) propertyDocument {
	d := propertyDocument{Name: p.Name, Kind: changeKind(p), Origin: originText(p.Origin)}
	switch {
	case o.PII == None:
	case o.hides(p.Name):
		d.BeforeLength, d.AfterLength = new(utf8.RuneCountInString(p.Before)), new(utf8.RuneCountInString(p.After))
	default:
		d.Before, d.After = &p.Before, &p.After
	}
	return d
}

func changeKind(p plan.PropertyChange) string {
	switch {
	case p.Before == "":
		return "filled"
	case p.After == "":
		return "cleared"
	}
	return "changed"
}

func (o Options) associationDocument(a plan.AssociationChange) associationDocument {
	d := associationDocument{Kind: "added", Type: a.To.Type, Before: a.Before, After: a.After}
	switch {
	case len(a.After) == 0:
		d.Kind = "removed"
	case len(a.Before) > 0:
		d.Kind = "relabelled"
	}
	if o.PII == None {
		d.Before, d.After = unnamed(a.Before), unnamed(a.After)
	} else {
		d.ID, d.Name = a.To.ID, o.targetName(a)
	}
	return d
}

// unnamed are types without their labels.
func unnamed(types []crm.AssociationType) []crm.AssociationType {
	types = slices.Clone(types)
	for i := range types {
		types[i].Label = ""
	}
	return types
}

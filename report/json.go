package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/contactsync/contactsync/diag"
)

// documentVersion is the version of every JSON document of this package. Fields may
// be added under the same number; a field that changes its meaning or goes away
// raises it.
const documentVersion = 1

// writeJSON writes one document and a line break. Characters that are special in
// HTML are kept: the output is for programs.
func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

type jsonDiagnostic struct {
	Severity string        `json:"severity"`
	Code     string        `json:"code,omitempty"`
	Summary  string        `json:"summary"`
	Detail   string        `json:"detail,omitempty"`
	Hint     string        `json:"hint,omitempty"`
	Subject  string        `json:"subject,omitempty"`
	Property string        `json:"property,omitempty"`
	At       *diag.Range   `json:"at,omitempty"`
	Related  []jsonRelated `json:"related,omitempty"`
}

type jsonRelated struct {
	At   diag.Range `json:"at"`
	Note string     `json:"note"`
}

// jsonDiagnostics leaves the text of the lines out: whoever wants it has the files.
func jsonDiagnostics(list diag.List, o Options) []jsonDiagnostic {
	documents := make([]jsonDiagnostic, 0, len(list))
	for _, d := range list {
		document := jsonDiagnostic{
			Severity: d.Severity.String(), Code: d.Code, Summary: d.Summary,
			Detail: o.said(d, d.Detail), Hint: o.said(d, d.Hint), Subject: o.said(d, d.Subject), Property: d.Property,
		}
		if !d.At.IsZero() {
			document.At = &d.At
		}
		for _, related := range d.Related {
			document.Related = append(document.Related, jsonRelated{At: related.At, Note: o.said(d, related.Note)})
		}
		documents = append(documents, document)
	}
	return documents
}

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/contactsync/contactsync/diag"
)

// documentVersion is the version of every JSON document of this package. Fields may
// be added under the same number; a field that changes its meaning or goes away
// raises it.
const documentVersion = 1

// WriteJSON writes a document and a line break, indented. Characters that are special in HTML
// are kept: the output is for programs. Nothing in it commands a log that it may go to:
// a line of JSON never begins with ::, and ##[ can stand in a string alone, where it is
// written with an escape and read as itself.
func WriteJSON(w io.Writer, document any) error {
	encoder := newEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func newEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(inertJSON{w})
	encoder.SetEscapeHTML(false)
	return encoder
}

// InertJSON is JSON that says the same and holds no ##[, as Inert is a line of a log.
func InertJSON(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("##["), []byte(`#\u0023[`))
}

// inertJSON passes on what an encoder writes: whole documents.
type inertJSON struct{ to io.Writer }

func (j inertJSON) Write(text []byte) (int, error) {
	if _, err := j.to.Write(InertJSON(text)); err != nil {
		return 0, err
	}
	return len(text), nil
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

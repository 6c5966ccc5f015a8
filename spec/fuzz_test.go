package spec_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// FuzzLoad holds for every input: reading ends, within the budgets or refused; no
// token is repeated; every diagnostic is from the catalogue and points into the
// file; reader and schema agree; and what was accepted is the same after it was
// written in canonical form and read again.
func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"../testdata/good", badInputs} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			f.Fatal(err)
		}
		for _, entry := range entries {
			if text, err := os.ReadFile(folder + "/" + entry.Name()); err == nil && strings.HasSuffix(entry.Name(), ".yaml") && len(text) < 5000 {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		counts, _ := spec.Measure(source("crm.yaml", string(text)))
		document, list := spec.Load([]spec.Source{source("crm.yaml", string(text))})
		checkList(t, list, bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r"))+bytes.Count(text, []byte("\xc2\x85"))+bytes.Count(text, []byte("\xe2\x80"))+1)
		_, projectList := spec.LoadProject(source("contactsync.yaml", string(text)), environment)
		checkList(t, projectList, 1<<30)
		_, fixtureList := spec.LoadFixture(source("seed.yaml", string(text)))
		checkList(t, fixtureList, 1<<30)
		_, faultsList := spec.LoadFaults(source("faults.yaml", string(text)))
		checkList(t, faultsList, 1<<30)
		if list.HasErrors() {
			return
		}
		if counts.Expanded > spec.ExpansionFactor*counts.Nodes+spec.ExpansionAllowed || counts.Depth > spec.MaxDepth {
			t.Fatalf("accepted beyond the budgets: %+v", counts)
		}
		written := encode(t, document)
		again, list := spec.Load([]spec.Source{source("crm.yaml", written)})
		if list.HasErrors() {
			t.Fatalf("%v\n%s", list, written)
		}
		if rewritten := encode(t, again); rewritten != written {
			t.Fatalf("first:\n%s\nthen:\n%s", written, rewritten)
		}
	})
}

func checkList(t *testing.T, list diag.List, lines int) {
	t.Helper()
	for _, d := range list {
		entry, known := diag.Lookup(diag.Code(d.Code))
		switch {
		case !known || entry.Summary != d.Summary || entry.Severity != d.Severity:
			t.Fatalf("not of the catalogue: %+v", d)
		case d.Code == string(diag.SchemaDisagrees):
			t.Fatalf("reader and schema disagree: %s", d.Detail)
		case d.Detail == "" || d.At.File == "" || d.At.Line > lines || d.At.Line > 0 && d.At.EndColumn <= d.At.Column:
			t.Fatalf("without detail or place: %+v", d)
		}
		for _, shown := range []string{d.Detail, d.Hint, d.Line, d.Subject} {
			if looksLikeToken.MatchString(shown) {
				t.Fatalf("a token is repeated: %+v", d)
			}
		}
	}
}

package spec_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func source(name, text string) spec.Source {
	return spec.Source{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

func fileSource(path string) spec.Source {
	return spec.Source{Name: filepath.Base(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// load reads one text that must be free of problems.
func load(t *testing.T, text string) *spec.Document {
	t.Helper()
	document, list := spec.Load([]spec.Source{source("crm.yaml", text)})
	for _, d := range list {
		t.Errorf("%s %d:%d %s: %s", d.Code, d.At.Line, d.At.Column, d.Summary, d.Detail)
	}
	return document
}

func TestLoadQuickStart(t *testing.T) {
	t.Parallel()
	document, list := spec.Load([]spec.Source{fileSource("../testdata/good/quickstart.yaml")})
	if len(list) > 0 {
		t.Fatal(list)
	}
	var got []spec.Contact
	for _, contact := range document.All() {
		got = append(got, contact)
	}
	value := func(name, text string, mode spec.Mode, origin spec.Origin) spec.Property {
		return spec.Property{Name: name, Text: text, Set: true, Mode: mode, Origin: origin}
	}
	want := []spec.Contact{
		{
			Email: "ada@example.com", Written: "ada@example.com", Ensure: spec.Present, Lifecycle: spec.AtLeast,
			Properties: []spec.Property{
				value("firstname", "Ada", spec.Managed, spec.FromContact),
				value("lastname", "Lovelace", spec.Managed, spec.FromContact),
				value("lifecyclestage", "lead", spec.CreateOnly, spec.FromDefaults),
				value("phone", "+15550100", spec.Managed, spec.FromContact),
				value("zip", "02139", spec.Managed, spec.FromContact),
			},
			Associations: []spec.Association{{To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "analytical.example"}}},
		},
		{Email: "lee@oldco.example", Written: "lee@oldco.example", Ensure: spec.Archived, Lifecycle: spec.AtLeast},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(diag.Range{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if at, want := got[0].Properties[3].At, (diag.Range{File: "quickstart.yaml", Line: 11, Column: 14, EndColumn: 23}); at != want {
		t.Errorf("phone stands at %v, want %v", at, want)
	}
}

func TestValuesKeepTheirText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"0123", "08", "+15551234567", "1_000", "0x1F", "0b11", "1e3", "1.10", "1.0", "no", "yes", "on", "off", "y", "true", "True",
		"2024-01-02", "12:30:45", "123456789012345678901234567890", "=", "a: b"[:1], "München", "1.", "-0", "0o14", "2024-01-02T03:04:05Z",
	} {
		document := load(t, "version: 1\ncontacts:\n  - email: a@example.com\n    properties:\n      x: "+text+"\n")
		if got := document.Contact(0).Properties[0].Text; got != text {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

// A type id needs an item of its own, beside the one with the labels; the same id
// twice says nothing new.
func TestTypeIDsOfOneRecordAreItemsOfTheirOwn(t *testing.T) {
	t.Parallel()
	const items = `
version: 1
contacts:
  - email: ada@example.com
    associations:
      - {to: company, id: "9001", labels: [Primary]}
      - {to: company, id: "9001", type: {category: USER_DEFINED, type_id: 28}}
      - {to: company, id: "9001", type: {category: USER_DEFINED, type_id: 30}}
`
	if n := len(load(t, items).Contact(0).Associations); n != 3 {
		t.Errorf("%d associations, want 3", n)
	}
	_, list := spec.Load([]spec.Source{source("crm.yaml", strings.Replace(items, "30", "28", 1))})
	if len(list) != 1 || diag.Code(list[0].Code) != diag.DuplicateTarget {
		t.Errorf("the same type id twice is %v, want %s", list, diag.DuplicateTarget)
	}
}

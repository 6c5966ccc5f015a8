package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/report"
)

func key() []byte { return []byte("key") }

func unknownKey() diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error, Code: "CS1003", Summary: "Unknown key in a contact", Hint: `did you mean "email"?`,
		At: diag.Range{File: "crm/sales.yaml", Line: 14, Column: 5, EndColumn: 10}, Line: "  - emial: grace@example.com",
	}
}

func twice() diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error, Code: "CS1101", Summary: "Email declared twice",
		Detail: "Ada@Example.com and ada@example.com are one contact. A contact is declared once, in one file.",
		Hint:   "emails are compared without case",
		At:     diag.Range{File: "crm/sales.yaml", Line: 40, Column: 12, EndColumn: 27}, Line: "  - email: Ada@Example.com",
		Related: []diag.Related{{At: diag.Range{File: "crm/eng.yaml", Line: 8, Column: 12}, Note: "first declared here"}},
	}
}

func diagnostics(t *testing.T, o report.Options, list ...diag.Diagnostic) string {
	t.Helper()
	var out strings.Builder
	if err := report.Diagnostics(&out, list, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestValidationScreen(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	read := report.Read{Files: 2, Contacts: 1204, Elapsed: 80 * time.Millisecond}
	if err := report.Validation(&out, diag.List{unknownKey(), twice()}, read, report.Options{Format: report.Text, PII: report.Full}); err != nil {
		t.Fatal(err)
	}
	want := `error[CS1003]: Unknown key in a contact
   --> crm/sales.yaml:14:5
    |
 14 |   - emial: grace@example.com
    |     ^^^^^ did you mean "email"?

error[CS1101]: Email declared twice
   --> crm/sales.yaml:40:12
    |
 40 |   - email: Ada@Example.com
    |            ^^^^^^^^^^^^^^^ emails are compared without case
   ::: crm/eng.yaml:8:12 first declared here
    = Ada@Example.com and ada@example.com are one contact. A contact is declared
      once, in one file.

2 errors in 2 files (1,204 contacts, 0.08 s).
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}

func TestValidationCounts(t *testing.T) {
	t.Parallel()
	warning := unknownKey()
	warning.Severity = diag.Warning
	for name, c := range map[string]struct {
		list diag.List
		want string
	}{
		"nothing":  {nil, "Valid: 1 file (1 contact, 0.00 s).\n"},
		"warning":  {diag.List{warning}, "Valid, with 1 warning in 1 file (1 contact, 0.00 s).\n"},
		"together": {diag.List{warning, twice()}, "1 error, 1 warning in 1 file (1 contact, 0.00 s).\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := report.Validation(&out, c.list, report.Read{Files: 1, Contacts: 1}, report.Options{Format: report.Text}); err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(out.String(), c.want) {
				t.Errorf("the screen does not end in %q:\n%s", c.want, out.String())
			}
		})
	}
}

// The mark stands under what it marks, whatever the line holds.
func TestMarkedLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line        string
		column, end int
		width       int
		want        string
	}{
		"tab":      {"\tkey:\tvalue", 7, 12, 80, "  1 |     key:    value\n    |             ^^^^^"},
		"wide":     {"  firstname: 名前 x", 14, 16, 80, "  1 |   firstname: 名前 x\n    |              ^^^^"},
		"escape":   {"  name: \x1b[31mred", 9, 10, 80, "  1 |   name: \\x1b[31mred\n    |         ^^^^"},
		"past end": {"abc", 4, 4, 80, "  1 | abc\n    |    ^"},
		"outside":  {"abc", 90, 95, 80, "  1 | abc\n    |    ^"},
		"long":     {strings.Repeat("x", 200) + "KEY" + strings.Repeat("y", 200), 201, 204, 50, "  1 | …xxxxxxxxxxxxKEYyyyyyyyyyyyyyyyyyyyyyyyyyyy…\n    |              ^^^"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := diag.Diagnostic{Severity: diag.Error, Code: "CS1", Summary: "s", At: diag.Range{File: "f", Line: 1, Column: c.column, EndColumn: c.end}, Line: c.line}
			got := diagnostics(t, report.Options{Format: report.Text, PII: report.Full, Width: c.width}, d)
			if !strings.Contains(got, c.want+"\n") {
				t.Errorf("want\n%s\ngot\n%s", c.want, got)
			}
		})
	}
}

func TestVeryManyAlike(t *testing.T) {
	t.Parallel()
	list := slices.Repeat(diag.List{unknownKey()}, 1250)
	got := diagnostics(t, report.Options{Format: report.Text}, append(list, twice())...)
	if n := strings.Count(got, "error[CS1003]"); n != 50 {
		t.Errorf("%d diagnostics of one code are shown", n)
	}
	if !strings.Contains(got, "and 1,200 more of CS1003; --json lists them all.") || !strings.Contains(got, "error[CS1101]") {
		t.Errorf("the screen does not tell of the others:\n%s", got[len(got)-400:])
	}
	if n := strings.Count(diagnostics(t, report.Options{Format: report.JSON}, list...), `"CS1003"`); n != 1250 {
		t.Errorf("the document has %d diagnostics", n)
	}
}

// One wrong name in every contact leaves room for the other wrong names.
func TestVeryManyTheSame(t *testing.T) {
	t.Parallel()
	unknown := func(name string) diag.Diagnostic {
		d := unknownKey()
		d.Code, d.Detail = "CS2001", "The portal has no contact property "+name+"."
		return d
	}
	list := append(slices.Repeat(diag.List{unknown("frstname")}, 3000), unknown("phon"))
	got := diagnostics(t, report.Options{Format: report.Text}, list...)
	if n := strings.Count(got, "error[CS2001]"); n != 6 {
		t.Errorf("%d diagnostics are shown, want five of one name and one of the other", n)
	}
	want := "and 2,995 more of CS2001 that say: The portal has no contact property frstname.\n"
	if !strings.HasSuffix(got, want+"\n") || !strings.Contains(got, "property phon.") {
		t.Errorf("the screen does not tell of the others:\n%s", got[len(got)-400:])
	}
}

func TestMaskedDiagnostics(t *testing.T) {
	t.Parallel()
	for _, format := range []report.Format{report.Text, report.JSON} {
		for _, pii := range []report.PII{report.Mask, report.None} {
			got := strings.ToLower(diagnostics(t, report.Options{Format: format, PII: pii, Key: key}, unknownKey(), twice()))
			if strings.Contains(got, "ada@") || strings.Contains(got, "grace@") {
				t.Errorf("format %v, pii %v shows an address:\n%s", format, pii, got)
			}
			if !strings.Contains(got, "crm/sales.yaml") {
				t.Errorf("format %v, pii %v lost the place:\n%s", format, pii, got)
			}
		}
	}
}

func TestMaskedDiagnosticsQuoteNoValue(t *testing.T) {
	t.Parallel()
	d := diag.Diagnostic{
		Severity: diag.Error, Code: "CS1", Summary: "s", Detail: `closedate cannot be written: "May \"Day\"" is not a time.`,
		Hint: `not "May \"Day\""`, Values: []string{`May "Day"`},
	}
	for _, format := range []report.Format{report.Text, report.JSON} {
		for pii, shown := range map[report.PII]bool{report.Full: true, report.Mask: false, report.None: false} {
			got := diagnostics(t, report.Options{Format: format, PII: pii, Key: key}, d)
			if strings.Contains(got, "Day") != shown || strings.Contains(got, "(value) is not a time") != (pii == report.Mask) {
				t.Errorf("format %v, pii %v:\n%s", format, pii, got)
			}
		}
	}
}

// A diagnostic of any content never writes more than its own lines say: no control
// character reaches the terminal, and nothing panics at any width.
func FuzzDiagnostics(f *testing.F) {
	f.Add("  - emial: x", 5, 10, 80, "detail", "hint")
	f.Add("\t\x1b名", 2, 99, 1, "a\nb\x1b", strings.Repeat("h", 300))
	f.Fuzz(func(t *testing.T, line string, column, end, width int, detail, hint string) {
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "CS1", Summary: "s", Detail: detail, Hint: hint, Line: line,
			At: diag.Range{File: detail, Line: 1, Column: column, EndColumn: end}, Related: []diag.Related{{Note: hint}},
		}
		got := diagnostics(t, report.Options{Format: report.Text, PII: report.Full, Width: width}, d)
		for row := range strings.Lines(got) {
			row = strings.TrimSuffix(row, "\n")
			if shown := report.Terminal(row); shown != row {
				t.Errorf("a line acts on the terminal: %q", row)
			}
		}
	})
}

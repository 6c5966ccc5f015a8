package report_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
)

var hostile = []string{
	"", "Ada", "Ada \x1b[2J\x1b[31m", "a\r\nb", "\u202eevil", "zero\u200bwidth", "\xff\xfe", "`", "``` a ` b", "a|b", `a\|b`, `\\||`,
	"@everyone", "<script>alert(1)</script>", "![x](http://example.com)", "::error::x", "##[error]x", "####[[", " \t::add-mask::x", "tab\there", "名前", "e\u0301", "\U000e0041", "\u2028",
}

func TestTerminalKeepsPlainText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Ada Lovelace", "名前 東京", "e\u0301", "🙂", `C:\x`} {
		if got := report.Terminal(text); got != text {
			t.Errorf("Terminal(%q) = %q", text, got)
		}
	}
}

func TestTerminalShowsWhatIsHidden(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\x1b[31m":  `\x1b[31m`,
		"a\r\n\tb":  `a\r\n\tb`,
		"\u202eabc": `\u202eabc`,
		"a\u200bb":  `a\u200bb`,
		"\x9b1m":    `\x9b1m`,
		"\u009b1m":  `\x9b1m`,
		"a\u2028b":  `a\u2028b`,
	} {
		if got := report.Terminal(text); got != want {
			t.Errorf("Terminal(%q) = %q, want %q", text, got, want)
		}
	}
}

// Whatever comes in, nothing that comes out acts on a terminal.
func FuzzTerminal(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := report.Terminal(text)
		if !utf8.ValidString(got) {
			t.Errorf("Terminal(%q) is not valid UTF-8: %q", text, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Errorf("Terminal(%q) lets %U through", text, r)
			}
		}
		if again := report.Terminal(got); again != got {
			t.Errorf("Terminal is not stable: %q becomes %q", got, again)
		}
	})
}

// The oracle follows GitHub's parser: a row is cut into cells at pipes that no
// backslash escapes, and a code span ends at a run of as many backticks as began it.
func FuzzMarkdownCode(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := report.MarkdownCode(text)
		if strings.ContainsAny(got, "\n\r\x1b") {
			t.Errorf("MarkdownCode(%q) breaks the line: %q", text, got)
		}
		if cells := tableCells(got); cells != 1 {
			t.Errorf("MarkdownCode(%q) is cut into %d cells: %q", text, cells, got)
		}
		fence := len(got) - len(strings.TrimLeft(got, "`"))
		inner := got[fence:]
		if end := closing(inner, fence); end != len(inner)-fence {
			t.Errorf("MarkdownCode(%q) ends its code span at %d of %d: %q", text, end, len(inner), got)
		}
		for rest := got; ; {
			_, after, found := strings.Cut(rest, "@")
			if !found {
				break
			}
			if !strings.HasPrefix(after, "\u200b") {
				t.Errorf("MarkdownCode(%q) holds a mention: %q", text, got)
			}
			rest = after
		}
	})
}

func tableCells(row string) int {
	cells := 1
	for i := 0; i < len(row); i++ {
		switch {
		case row[i] == '\\' && i+1 < len(row) && row[i+1] < utf8.RuneSelf && unicode.In(rune(row[i+1]), unicode.P, unicode.S):
			i++
		case row[i] == '|':
			cells++
		}
	}
	return cells
}

// closing is where a run of exactly so many backticks begins, or -1.
func closing(text string, fence int) int {
	for i := 0; i < len(text); {
		if text[i] != '`' {
			i++
			continue
		}
		run := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if run == fence {
			return i
		}
		i += run
	}
	return -1
}

// The oracle is how the runner of GitHub Actions finds commands in a line.
func FuzzInert(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := report.Inert(report.Terminal(text))
		if workflowCommand(got) {
			t.Errorf("Inert(%q) holds a command: %q", text, got)
		}
		if plain := report.Terminal(text); strings.ReplaceAll(got, `\`, "") != strings.ReplaceAll(plain, `\`, "") {
			t.Errorf("Inert(%q) changes more than commands: %q", text, got)
		}
	})
}

// JSON says the same and holds no command, wherever in it a text stands.
func FuzzInertJSON(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Add("##[group]a###[b\\##[\n::error::x")
	f.Fuzz(func(t *testing.T, text string) {
		want := map[string]any{text: text, "list": []any{text, "a" + text}}
		var out strings.Builder
		if err := report.WriteJSON(&out, want); err != nil {
			return // a key may be no UTF-8
		}
		for line := range strings.Lines(out.String()) {
			if workflowCommand(line) {
				t.Errorf("%q: the line %q is a command", text, line)
			}
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Fatalf("%q is no JSON: %v", out.String(), err)
		}
		if utf8.ValidString(text) {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("JSON of %q (-want +got):\n%s", text, diff)
			}
		}
	})
}

var tags = regexp.MustCompile(`<[^>]*>`)

// A page has the tags of the template and no others, whatever stands in a plan.
func FuzzHTML(f *testing.F) {
	page := func(text string) string {
		p := &plan.Plan{Portal: text, Counts: plan.Counts{Undeclared: 1}, Changes: []plan.Change{
			{
				Action: plan.Update, Email: crm.Email(text), From: crm.Email(text), ID: crm.ObjectID(text), At: diag.Range{File: text, Line: 1}, Reasons: []plan.Reason{{Text: text}},
				Properties:   []plan.PropertyChange{{Name: "x" + text, Before: "x" + text, After: "y" + text}},
				Associations: []plan.AssociationChange{{To: crm.Ref{Type: crm.TypeCompany, ID: crm.ObjectID(text)}, Name: text, After: []crm.AssociationType{{Label: "x" + text}}}},
			},
			{Action: plan.Archive, Email: crm.Email(text), ID: "1", Live: plan.Live{Name: text, LastModified: text}},
			{Action: plan.Create, Email: crm.Email(text)},
		}, Strays: []plan.Stray{{Standing: plan.StrayReported, Email: crm.Email(text), Text: text}}}
		stats := report.Stats{Portal: text, Account: text, Kind: text, Version: text, Warnings: diag.List{{Code: "CS1003", Summary: "s", Detail: text, At: diag.Range{File: text}}}}
		var out strings.Builder
		if err := report.Plan(&out, p, stats, report.Options{Format: report.HTML, PII: report.Full}); err != nil {
			f.Fatal(err)
		}
		return out.String()
	}
	plain := tags.FindAllString(page("plain"), -1)
	for _, text := range hostile {
		f.Add(text)
	}
	f.Add(`" onmouseover="x`)
	f.Add("</style><script>")
	f.Fuzz(func(t *testing.T, text string) {
		got := page("x" + text)
		if diff := cmp.Diff(plain, tags.FindAllString(got, -1)); diff != "" {
			t.Errorf("%q changes the tags (-want +got):\n%s", text, diff)
		}
		if !strings.Contains(got, `content="default-src 'none'; style-src 'sha256-`) {
			t.Error("the page has no policy that forbids everything else")
		}
	})
}

// workflowCommand reports whether a line can hold a command of some name.
func workflowCommand(line string) bool {
	name, begins := strings.CutPrefix(strings.TrimSpace(line), "::")
	return begins && name != "" && unicode.IsLetter([]rune(name)[0]) || strings.Contains(line, "##[")
}

// What a person or a portal wrote reaches the log of a pull request by a report of any
// format, and commands nothing there.
func TestReportsHoldNoCommandsOfGitHubActions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"::add-mask::x", "##[group]x", "a ##[error]b"} {
		list := diag.List{{Severity: diag.Error, Code: "CS1003", Summary: "s", Detail: strings.Repeat("word ", 15) + text}}
		var out strings.Builder
		if err := report.Diagnostics(&out, list, report.Options{Format: report.Text, PII: report.Full, Width: 40}); err != nil {
			t.Fatal(err)
		}
		p := &plan.Plan{Portal: text, Changes: []plan.Change{{
			Action: plan.Update, Email: "ada@example.com", ID: "1", At: diag.Range{File: text, Line: 1},
			Properties:   []plan.PropertyChange{{Name: "jobtitle", Before: text, After: "x\n" + text}},
			Associations: []plan.AssociationChange{{To: crm.Ref{Type: crm.TypeCompany, ID: "2"}, Name: text}},
			Reasons:      []plan.Reason{{Code: "x", Text: text}},
		}}}
		for format := report.Text; format <= report.HTML; format++ {
			o := report.Options{Format: format, PII: report.Full}
			stats := report.Stats{Portal: text, Account: text, Kind: text, Version: text, Warnings: list}
			result := &apply.Result{Entries: []apply.Entry{{Outcome: apply.Failed, Reason: text, Message: text}}, Stopped: text}
			if err := errors.Join(report.Plan(&out, p, stats, o), report.Result(&out, p, result, stats, report.Run{ID: text, Failed: text}, o)); err != nil {
				t.Fatal(err)
			}
		}
		stream := report.NewStream(&out, text, text)
		stream.Diagnostics(list)
		stream.Failure(text, text, text)
		for line := range strings.Lines(out.String() + report.MarkdownCode(text)) {
			if workflowCommand(line) {
				t.Errorf("%q: the line %q is a command", text, line)
			}
		}
	}
}

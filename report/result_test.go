package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/report"
)

// mixed is how small ended badly: one outcome of each kind.
func mixed() *apply.Result {
	return &apply.Result{
		Entries: []apply.Entry{
			{Outcome: apply.Applied, ID: "101"},
			{Outcome: apply.Stale, ID: "102", Reason: "the address is another one now"},
			{Outcome: apply.Skipped, ID: "103", Reason: "1 create failed"},
			{Outcome: apply.Failed, Reason: "the address belongs to another contact", Message: "Contact already exists. Existing ID: 151\x1b[2J"},
			{Outcome: apply.Unknown, ID: "104", Reason: "the answer was lost, and it could not be read back"},
		},
		Counts:   apply.Counts{Updated: 1, Associated: 1, Failed: 1, Skipped: 1, Stale: 1, Unknown: 1},
		Requests: 7, Duration: 11400 * time.Millisecond,
	}
}

func result(t *testing.T, r *apply.Result, run report.Run, o report.Options) string {
	t.Helper()
	var out strings.Builder
	if err := report.Result(&out, small(), r, smallStats(), run, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestResultScreen(t *testing.T) {
	t.Parallel()
	run := report.Run{ID: "20261123T164210Z", Failed: ".contactsync/runs/20261123T164210Z/failed.yaml", Again: "contactsync apply crm/", Verdict: 5}
	got := result(t, mixed(), run, report.Options{Format: report.Text, PII: report.Full})
	want := `  ✗ linus@example.org  create failed   crm/eng.yaml:8
    the address belongs to another contact
    Contact already exists. Existing ID: 151\x1b[2J
  ✗ mary@example.com  update sent, outcome unknown   crm/eng.yaml:20
    the answer was lost, and it could not be read back
  ○ grace@example.com  rename changed meanwhile, left alone   crm/sales.yaml:14
    the address is another one now
  ○ 1 change not begun: 1 create failed

Applied with errors in 11.4 s: 1 updated, 1 associated, 1 failed, 1 of unknown outcome, 1 changed meanwhile, 1 not begun.
Run      20261123T164210Z   failed changes: .contactsync/runs/20261123T164210Z/failed.yaml
Next     contactsync apply crm/
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
	golden(t, "result.json", result(t, mixed(), run, report.Options{Format: report.JSON, PII: report.Mask, Key: key}))
}

func TestResultOfAStoppedRun(t *testing.T) {
	t.Parallel()
	r := mixed()
	r.Stopped = "the access token is no longer accepted"
	got := result(t, r, report.Run{}, report.Options{Format: report.Text})
	for _, want := range []string{"Stopped after 11.4 s: ", "Reason   the access token is no longer accepted\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the screen lacks %q:\n%s", want, got)
		}
	}
}

func TestMaskedResult(t *testing.T) {
	t.Parallel()
	for _, format := range []report.Format{report.Text, report.JSON} {
		got := result(t, mixed(), report.Run{}, report.Options{Format: format, PII: report.Mask, Key: key})
		if strings.Contains(got, "linus@") || strings.Contains(got, "mary@") {
			t.Errorf("%v shows an address:\n%s", format, got)
		}
	}
}

package report_test

import (
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/contactsync/contactsync/report"
)

func filed(requests int64) report.Stats {
	return report.Stats{Portal: "mem:", Account: "1", Kind: "local", Files: 1, Declared: 3, Requests: requests}
}

// The first line names portal, account, kind and API version, whatever the terminal,
// down to where the portal itself could no longer be told.
func TestHeader(t *testing.T) {
	t.Parallel()
	embedded := report.Stats{Portal: "file:.contactsync/portal.db", Account: "241234567", Kind: "local", Version: "v3"}
	sandbox := report.Stats{Portal: "hubspot (api.hubapi.com)", Account: "12345678", Kind: "DEVELOPER_TEST", Version: "2026-03"}
	wide := report.Stats{Portal: "file:名前/名前名前名前名前/名前名前名前名前.db", Account: "1", Kind: "local", Version: "v3"}
	for name, c := range map[string]struct {
		stats report.Stats
		width int
		want  string
	}{
		"embedded, 80":         {embedded, 80, "Portal   file:.contactsync/portal.db  account 241234567, local, API v3"},
		"embedded, 66":         {embedded, 66, "Portal   file:.contactsync/portal.db  account 241234567, local, v3"},
		"embedded, 60":         {embedded, 60, "Portal   file:.cont…/portal.db  account 241234567, local, v3"},
		"sandbox, 120":         {sandbox, 120, "Portal   hubspot (api.hubapi.com)  account 12345678, DEVELOPER_TEST, API 2026-03"},
		"sandbox, 80":          {sandbox, 80, "Portal   hubspot (api.hubapi.com)  account 12345678, DEVELOPER_TEST, API 2026-03"},
		"sandbox, 79":          {sandbox, 79, "Portal   hubspot (api.hubapi.com)  account 12345678, DEVELOPER_TEST, 2026-03"},
		"sandbox, 66":          {sandbox, 66, "Portal   hubspot…i.com)  account 12345678, DEVELOPER_TEST, 2026-03"},
		"too narrow":           {sandbox, 50, "Portal   hubspot (api.hubapi.com)\n         account 12345678, DEVELOPER_TEST, API 2026-03"},
		"wide characters, 60":  {wide, 60, "Portal   file:名前/名前…前名前名前.db  account 1, local, v3"},
		"files, 80":            {filed(2), 80, "Portal   mem:  account 1, local\nFiles    1 file, 3 contacts            Live 0 contacts found, read in 2 requests"},
		"files, 79":            {filed(2), 79, "Portal   mem:  account 1, local\nFiles    1 file, 3 contacts           Live 0 contacts found, read in 2 requests"},
		"files, 60":            {filed(2), 60, "Portal   mem:  account 1, local\nFiles    1 file, 3 contacts\nLive     0 contacts found, read in 2 requests"},
		"files, more requests": {filed(12345), 72, "Portal   mem:  account 1, local\nFiles    1 file, 3 contacts\nLive     0 contacts found, read in 12,345 requests"},
		"without API version":  {report.Stats{Portal: "plan.jsonl", Account: "1", Kind: "saved plan"}, 80, "Portal   plan.jsonl  account 1, saved plan"},
		"an escape sequence":   {report.Stats{Portal: "file:\x1b[31m", Account: "1", Kind: "local"}, 80, `Portal   file:\x1b[31m  account 1, local`},
		"one column, any text": {report.Stats{Portal: "mem:", Account: "1", Kind: "local"}, 1, "Portal   …\n         account 1, local"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := report.Header(&out, c.stats, report.Options{Width: c.width}); err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSuffix(out.String(), "\n")
			if got != c.want {
				t.Errorf("want\n%s\ngot\n%s", c.want, got)
			}
			if n := runewidth.StringWidth(strings.Split(got, "\n")[0]); c.width >= 60 && n > c.width {
				t.Errorf("the first line takes %d of %d columns", n, c.width)
			}
		})
	}
}

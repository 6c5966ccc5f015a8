package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
)

// story is a run that lost an answer, was cut, and was resumed.
func story() []journal.Record {
	intent := func(op, change int) journal.Record {
		return journal.Record{Intent: &journal.Intent{Op: op, Kind: "update", Writes: []journal.Write{
			{Change: change, ID: "151", Email: "ada@example.com", Properties: []journal.Property{{Name: "jobtitle", Before: "Engineer", After: "<CTO> \u2028"}}},
			{Change: change + 1, Part: 1, Links: []journal.Link{{To: crm.Ref{Type: crm.TypeCompany, ID: "9"}, After: []crm.AssociationType{{Category: "HUBSPOT_DEFINED", TypeID: 279}}}}},
		}}}
	}
	outcome := func(op, change int, how string) journal.Record {
		return journal.Record{Outcome: &journal.Outcome{Op: op, HTTP: 207, Items: []journal.Item{
			{Change: change, Outcome: how, ID: "151"}, {Change: change + 1, Part: 1, Outcome: "failed", Reason: "r", Message: "m"},
		}}}
	}
	return []journal.Record{
		{Begin: &journal.Begin{Version: journal.Version, Run: "r", PlanDigest: "sha256:x", Portal: "1", Changes: 9, Steps: 2}},
		intent(1, 0), outcome(1, 0, "unknown"), outcome(1, 0, "applied"), intent(2, 2), intent(3, 4), outcome(3, 4, "stale"),
		{End: &journal.End{Status: journal.Stopped, Applied: 1}},
		{Resume: &journal.Resume{ToolVersion: "v"}},
		{Outcome: &journal.Outcome{Items: []journal.Item{{Change: 2, Outcome: "applied", Adopted: true}}}},
		{End: &journal.End{Status: journal.Done}},
	}
}

// A memory is a file in memory that forgets what was not synced when the power goes.
type memory struct {
	synced, written bytes.Buffer
	failWrite       error
	failSync        error
	short           bool // a write ends in the middle and is no error
}

func (m *memory) Write(p []byte) (int, error) {
	if m.failWrite != nil || m.short {
		n, _ := m.written.Write(p[:len(p)/2])
		return n, m.failWrite
	}
	return m.written.Write(p)
}

func (m *memory) Sync() error {
	if m.failSync != nil {
		return m.failSync
	}
	m.synced.Reset()
	m.synced.Write(m.written.Bytes())
	return nil
}

func (m *memory) Close() error { return nil }

func written(tb testing.TB, records []journal.Record) []byte {
	tb.Helper()
	var file memory
	w := journal.NewWriter(&file)
	for i, record := range records {
		if err := w.Append(record); err != nil {
			tb.Fatal(err)
		}
		if got := bytes.Count(file.synced.Bytes(), []byte("\n")); got != i+1 {
			tb.Fatalf("after %d records %d are durable", i+1, got)
		}
	}
	return file.synced.Bytes()
}

func read(text []byte) (*journal.Log, error) { return journal.Read(bytes.NewReader(text)) }

func TestJournalIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	log, err := read(written(t, story()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(story(), log.Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if log.Torn || log.State() != journal.Finished {
		t.Errorf("torn %t, state %v", log.Torn, log.State())
	}
}

// Wherever a file ends, what was complete before is read, and no more.
func TestCutAtEveryByte(t *testing.T) {
	t.Parallel()
	text := written(t, story())
	for n := range text {
		log, err := read(text[:n])
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		complete := bytes.Count(text[:n], []byte("\n"))
		if diff := cmp.Diff(story()[:complete], log.Records, cmp.Transformer("nil", func(r []journal.Record) []journal.Record { return slices.Concat(r) })); diff != "" {
			t.Fatalf("cut at %d (-want +got):\n%s", n, diff)
		}
		if want := n > 0 && text[n-1] != '\n'; log.Torn != want {
			t.Errorf("cut at %d: torn is %t", n, log.Torn)
		}
	}
}

// Blocks of the last line that never reached the disk are zeros.
func TestLastLineWithZerosIsTorn(t *testing.T) {
	t.Parallel()
	text := written(t, story())
	begin := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for at := begin; at < len(text)-1; at++ {
		holed := slices.Clone(text)
		clear(holed[begin:at])
		log, err := read(holed)
		if at == begin {
			continue
		}
		if err != nil || !log.Torn || len(log.Records) != len(story())-1 {
			t.Fatalf("zeros up to %d: %v", at, err)
		}
	}
}

// A flipped bit is refused, or it made the last line a torn one.
func TestEveryBitFlipped(t *testing.T) {
	t.Parallel()
	text := written(t, story())
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	refused := 0
	for at := range text {
		for bit := range 8 {
			text[at] ^= 1 << bit
			log, err := read(text)
			text[at] ^= 1 << bit
			switch {
			case errors.Is(err, journal.ErrDamaged):
				refused++
			case err != nil || at < last || !log.Torn || len(log.Records) != len(story())-1:
				t.Fatalf("bit %d of byte %d: %d records, %v", bit, at, len(log.Records), err)
			}
		}
	}
	if refused < 7*len(text) {
		t.Errorf("only %d of %d flips were refused", refused, 8*len(text))
	}
}

func TestLinesRepeatedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	lines := bytes.SplitAfter(written(t, story()), []byte("\n"))
	lines = lines[:len(lines)-1]
	refuse := func(what string, changed [][]byte) {
		t.Helper()
		if _, err := read(slices.Concat(changed...)); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range lines {
		refuse(fmt.Sprintf("line %d twice", i), slices.Insert(slices.Clone(lines), i, lines[i]))
		if i < len(lines)-1 {
			refuse(fmt.Sprintf("line %d removed", i), slices.Delete(slices.Clone(lines), i, i+1))
		}
		for k := range i {
			swapped := slices.Clone(lines)
			swapped[i], swapped[k] = swapped[k], swapped[i]
			refuse(fmt.Sprintf("lines %d and %d exchanged", k, i), swapped)
		}
	}
}

// Records that no run writes in that order are refused though each is well written.
func TestImpossibleRecords(t *testing.T) {
	t.Parallel()
	s := story()
	for name, records := range map[string][]journal.Record{
		"no begin":           s[1:],
		"begun twice":        {s[0], s[0]},
		"a request left out": {s[0], s[4]},
		"outcome of none":    {s[0], s[6]},
		"after the end":      {s[0], s[7], s[1]},
		"two in one":         {s[0], {Resume: s[8].Resume, End: s[7].End}},
		"none":               {s[0], {}},
		"unknown outcome":    {s[0], {Outcome: &journal.Outcome{Items: []journal.Item{{Outcome: "lost"}}}}},
		"unknown end":        {s[0], {End: &journal.End{Status: "well"}}},
		"unplanned change":   {s[0], {Outcome: &journal.Outcome{Items: []journal.Item{{Change: 9, Outcome: "applied"}}}}},
		"not in the request": {s[0], s[1], {Outcome: &journal.Outcome{Op: 1, Items: []journal.Item{{Change: 5, Outcome: "applied"}}}}},
		"a write twice":      {s[0], {Intent: &journal.Intent{Op: 1, Kind: "create", Writes: []journal.Write{{}, {}}}}},
		"unknown kind":       {s[0], {Intent: &journal.Intent{Op: 1, Kind: "merge", Writes: []journal.Write{{}}}}},
	} {
		if _, err := read(written(t, records)); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	later := s[0]
	later.Begin = &journal.Begin{Version: journal.Version + 1}
	if _, err := read(written(t, []journal.Record{later})); !errors.Is(err, journal.ErrVersion) {
		t.Errorf("a later version: %v", err)
	}
}

func TestFirstErrorOfTheFileIsFinal(t *testing.T) {
	t.Parallel()
	disk, syncing := errors.New("no space left on device"), errors.New("input/output error")
	for want, file := range map[error]*memory{disk: {failWrite: disk}, syncing: {failSync: syncing}, io.ErrShortWrite: {short: true}} {
		w := journal.NewWriter(file)
		if err := w.Append(story()[0]); !errors.Is(err, want) {
			t.Errorf("%v: %v", want, err)
		}
		length := file.written.Len()
		file.failWrite, file.failSync, file.short = nil, nil, false
		if err := w.Append(story()[1]); !errors.Is(err, want) {
			t.Errorf("%v: the next record: %v", want, err)
		}
		if file.written.Len() != length || file.synced.Len() > 0 {
			t.Errorf("%v: something was written after the error", want)
		}
	}
}

// A journal that was torn is continued behind its last record.
func TestOpenCutsAndContinues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	w, err := journal.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range story()[:3] {
		if err := w.Append(record); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := journal.Create(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("creating it again: %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, "0123abcd {\"int"...), 0o600); err != nil {
		t.Fatal(err)
	}
	w, log, err := journal.Open(path)
	if err != nil || !log.Torn || log.State() != journal.Interrupted {
		t.Fatalf("%v, %+v", err, log)
	}
	if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, text) {
		t.Errorf("%d bytes are left of the %d that were complete: %v", len(left), len(text), err)
	}
	for _, record := range story()[3:] {
		if err := w.Append(record); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	log, err = journal.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(story(), log.Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	got := journal.Standing(story()[:7])
	want := map[journal.Place]string{{0, 0}: "applied", {1, 1}: "failed", {2, 0}: "", {3, 1}: "", {4, 0}: "stale", {5, 1}: "failed"}
	for place, outcome := range want {
		if item, found := got[place]; !found || item.Outcome != outcome || item.Change != place.Change || item.Part != place.Part {
			t.Errorf("%v stands at %+v, want %q", place, item, outcome)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d writes, want %d", len(got), len(want))
	}
	again := append(story()[:7], journal.Record{Intent: &journal.Intent{Op: 4, Kind: "update", Writes: []journal.Write{{Change: 4}}}})
	if item := journal.Standing(again)[journal.Place{Change: 4}]; item.Outcome != "" {
		t.Errorf("a write that was sent again stands as %q, which was of the first time", item.Outcome)
	}
}

// Whatever a file holds, it is refused or read to records that are written as it is.
func FuzzRead(f *testing.F) {
	text := written(f, story())
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte("00000000 {}\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		log, err := read(text)
		if err != nil && !errors.Is(err, journal.ErrDamaged) && !errors.Is(err, journal.ErrVersion) {
			t.Fatal(err)
		}
		again := written(t, log.Records)
		if !bytes.HasPrefix(text, again) {
			t.Errorf("the records are written as\n%s\nand not as they were read", again)
		}
		if err == nil && log.Torn == (len(again) == len(text)) {
			t.Errorf("torn is %t, %d of %d bytes are records", log.Torn, len(again), len(text))
		}
	})
}

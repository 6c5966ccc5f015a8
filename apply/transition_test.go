package apply_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// Transitions.
//
// Each file of testdata/transition is one: its first line says what it shows; the
// sections are
//
//	portal            a fixture; without one, testdata/transition/portal.yaml
//	project           the project file, if there is one
//	NAME.yaml         desired state, in one file or several
//	options           skip-invalid, where contacts with errors are left out; or
//	                  standard, where the portal says that it is a HubSpot account
//	before            what happens to the portal first, an action a line
//	meanwhile         what happens to it between plan and apply, likewise
//	diagnostics       what is said about the files, in full
//	plan              the plan as a terminal shows it, without its header; none
//	                  where an error refuses it
//	limits            the limits that the plan goes over
//	result            the changes that were not applied, and why
//	state             what the portal holds afterwards that it did not hold before:
//	                  contacts as export writes them, and who was archived
//	state.automatic   the same on a portal that adds companies and moves stages by
//	                  itself, where that differs
//
// Every transition is planned and applied on real portals, by the v3 and the 2026-09
// paths, with the portal's own automatic changes off and on, and each time planned
// again: the second plan must be empty, unless something happened meanwhile. -update
// rewrites the sections from diagnostics on.

var rewrite = flag.Bool("update", false, "rewrite the goldens of transitions")

const transitions = "testdata/transition"

// ways are the portals and paths that each transition takes.
var ways = []struct {
	name      string
	version   hubspot.Version
	automatic bool
}{
	{"v3", hubspot.V3, false},
	{"2026-09", hubspot.V202609, false},
	{"v3, automatic", hubspot.V3, true},
	{"2026-09, automatic", hubspot.V202609, true},
}

func TestTransitions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(transitions + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			s := readTransition(t, file)
			for _, way := range ways {
				if s.list.HasErrors() && way.name != "v3" || testing.Short() && way.name != "v3" && way.name != "2026-09, automatic" {
					continue // no portal is asked about files with errors of their own
				}
				t.Run(way.name, func(t *testing.T) { s.travel(t, way.version, way.automatic) })
			}
			if *rewrite {
				s.write(t, file)
			}
		})
	}
}

// transition is one file.
type transition struct {
	archive   *txtar.Archive
	fixture   *crm.Fixture
	sources   []spec.Source
	doc       *spec.Document
	project   []spec.Source // the project file, if there is one; the sources are its files
	list      diag.List     // of the files
	options   plan.Options
	standard  bool   // the portal's kind
	before    string // actions
	meanwhile string
	golden    map[string]string
}

// The goldens, in the order in which -update writes them.
var goldens = []string{"diagnostics", "plan", "limits", "result", "state", "state.automatic"}

func readTransition(t *testing.T, file string) *transition {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if line, _, _ := strings.Cut(string(archive.Comment), "\n"); !strings.HasSuffix(line, ".") {
		t.Errorf("the first line does not say in a sentence what the transition shows: %q", line)
	}
	s := &transition{archive: archive, golden: make(map[string]string)}
	fixture, err := os.ReadFile(transitions + "/portal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var project *spec.Project
	for _, section := range archive.Files {
		switch {
		case section.Name == "portal":
			fixture = section.Data
		case section.Name == "project":
			var found diag.List
			source := text("contactsync.yaml", section.Data)
			project, found = spec.LoadProject(source, func(name string) (string, bool) { return "ours", name == "TEAM" })
			s.list, s.project = append(s.list, found...), []spec.Source{source}
		case slices.Contains(goldens, section.Name):
			s.golden[section.Name] = string(section.Data)
		case section.Name == "options":
			option := strings.TrimSpace(string(section.Data))
			s.options.SkipInvalid, s.standard = option == "skip-invalid", option == "standard"
			if !s.options.SkipInvalid && !s.standard {
				t.Fatalf("there is no option %q", option)
			}
		case section.Name == "before":
			s.before = string(section.Data)
		case section.Name == "meanwhile":
			s.meanwhile = string(section.Data)
		case strings.HasSuffix(section.Name, ".yaml"):
			s.sources = append(s.sources, text(section.Name, section.Data))
		default:
			t.Fatalf("there is no section %q", section.Name)
		}
	}
	var found diag.List
	if s.fixture, found = spec.LoadFixture(text("portal", fixture)); found.HasErrors() {
		t.Fatal(found)
	}
	s.doc, found = spec.Load(s.sources)
	s.list = append(append(s.list, found...), s.doc.Adopt(project)...)
	s.list.Sort()
	return s
}

func text(name string, data []byte) spec.Source {
	return spec.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// travel takes the transition on one portal.
func (s *transition) travel(t *testing.T, version hubspot.Version, automatic bool) {
	t.Helper()
	config := portal.Config{AccountID: "241234567", Rulings: portal.Rulings{}}
	if automatic {
		config.Rulings["auto-company"], config.Rulings["stage-sync"] = "on", "on"
	}
	p := portaltest.New(t, config)
	if err := p.Fill(t.Context(), s.fixture); err != nil {
		t.Fatal(err)
	}
	remote, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: p.Transport(), Version: version})
	if err != nil {
		t.Fatal(err)
	}
	act(t, p, s.before)
	bare, err := snapshot.Portal(t.Context(), remote.Reader, spec.NewDocument(nil))
	if err != nil {
		t.Fatal(err)
	}
	before := holds(t, remote, bare, s.fixture.Objects...)
	made, described, list := s.plan(t, remote)
	s.compare(t, "diagnostics", diagnosticsText(t, spec.Excerpts(slices.Concat(s.sources, s.project), list)))
	if made == nil {
		for _, name := range []string{"plan", "limits", "result", "state"} {
			s.compare(t, name, "")
		}
		return
	}
	s.compare(t, "plan", planText(t, made, described))
	s.compare(t, "limits", excessText(made))
	act(t, p, s.meanwhile)
	allow(made)
	options := apply.Options{ReadAt: time.Now()}
	if s.meanwhile != "" {
		options.ReadAt = time.Time{} // a plan that was saved
	}
	result, err := apply.Run(t.Context(), remote, made, options)
	if err != nil {
		t.Fatalf("applying: %v", err)
	}
	s.compare(t, "result", resultText(made, result))
	after := holds(t, remote, bare, s.fixture.Objects...).since(t, before)
	if made.Empty() && after != "" && s.meanwhile == "" {
		t.Errorf("an empty plan changed the portal:\n%s", after)
	}
	s.compareState(t, after, automatic)
	if s.meanwhile != "" {
		return
	}
	again, described, list := s.plan(t, remote)
	if again == nil {
		t.Fatalf("the second plan is refused:\n%s", diagnosticsText(t, list))
	}
	if !again.Empty() {
		t.Errorf("the second plan is not empty:\n%s", planText(t, again, described))
	}
}

// plan plans the files; nil when an error refuses them.
func (s *transition) plan(t *testing.T, remote *hubspot.Client) (*plan.Plan, *crm.Portal, diag.List) {
	t.Helper()
	if s.list.HasErrors() {
		return nil, nil, s.list
	}
	described, err := snapshot.Portal(t.Context(), remote.Reader, s.doc)
	if err != nil {
		t.Fatal(err)
	}
	if s.standard {
		described.Kind = "STANDARD"
	}
	if checked := plan.Check(s.doc, described); checked.HasErrors() && !s.options.SkipInvalid {
		return nil, described, append(slices.Clone(s.list), checked...)
	}
	options := s.options
	options.Whole, options.Now = s.project != nil, time.Now()
	planner := plan.New(s.doc, described, options)
	if err := readFor(t.Context(), planner, remote.Reader, s.doc, described); err != nil {
		t.Fatal(err)
	}
	made, list := planner.Plan()
	s.foundLive(t, plan.Check(s.doc, described), list)
	list = append(list, s.list...)
	list.Sort()
	return made, described, list
}

// ofContacts are the codes of errors that only live contacts, or what a plan does to
// others, can tell of. All others are found by validate --live as well.
var ofContacts = []diag.Code{
	diag.StageBackward, diag.UniqueTaken, diag.ContradictoryItems, diag.ArchivedTarget, diag.AssociatedWithItself,
	diag.AddressDiffers, diag.UnknownID, diag.MergedContact, diag.TwoDeclarations, diag.SeveralRecords, diag.AddressTaken,
	diag.InRecycleBin, diag.MissingRecord, diag.OptedOutRename, diag.ArchiveBySecondary, diag.NeedsLeftOut,
	diag.PruneNothingDesired, diag.ProbableRename, diag.Lookalike,
}

// foundLive demands that what the portal's definitions alone can tell was found without
// its contacts, at the same place, be it as a warning.
func (s *transition) foundLive(t *testing.T, checked, planned diag.List) {
	t.Helper()
	for _, d := range planned {
		same := func(other diag.Diagnostic) bool { return other.Code == d.Code && other.At == d.At }
		alone := slices.Contains(ofContacts, diag.Code(d.Code)) || strings.HasPrefix(d.Detail, "This plan ")
		if d.Severity == diag.Error && !alone && !slices.ContainsFunc(checked, same) {
			t.Errorf("validate --live does not find %s: %s", d.Code, d.Detail)
		}
	}
}

// compare holds a text to a golden, or keeps it as the new one.
func (s *transition) compare(t *testing.T, name, got string) {
	t.Helper()
	if *rewrite {
		s.golden[name] = got
		return
	}
	if diff := cmp.Diff(s.golden[name], got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func (s *transition) compareState(t *testing.T, got string, automatic bool) {
	t.Helper()
	if !automatic {
		s.compare(t, "state", got)
		return
	}
	differs, stands := s.golden["state.automatic"]
	switch {
	case *rewrite && got != s.golden["state"]:
		s.golden["state.automatic"] = got
	case *rewrite:
		delete(s.golden, "state.automatic")
	case stands && differs != got:
		t.Errorf("state.automatic (-want +got):\n%s", cmp.Diff(differs, got))
	case !stands:
		s.compare(t, "state", got)
	}
}

// write rewrites the goldens of the file.
func (s *transition) write(t *testing.T, file string) {
	t.Helper()
	s.archive.Files = slices.DeleteFunc(s.archive.Files, func(f txtar.File) bool { return slices.Contains(goldens, f.Name) })
	for _, name := range goldens {
		if text := s.golden[name]; text != "" {
			s.archive.Files = append(s.archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if err := os.WriteFile(file, txtar.Format(s.archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

func diagnosticsText(t *testing.T, list diag.List) string {
	t.Helper()
	var out strings.Builder
	if err := report.Diagnostics(&out, list, report.Options{Format: report.Text, PII: report.Full, Width: 100}); err != nil {
		t.Fatal(err)
	}
	return steady(out.String())
}

// planText is the plan without the header, which says how it was made.
func planText(t *testing.T, p *plan.Plan, described *crm.Portal) string {
	t.Helper()
	var out strings.Builder
	options := report.Options{Format: report.Text, PII: report.Full, Width: 100}.For(described, "", 0)
	if err := report.Plan(&out, p, report.Stats{}, options); err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(out.String(), "\n\n")
	return steady(body)
}

// excessText are the limits that a plan goes over, a line each.
func excessText(p *plan.Plan) string {
	var out strings.Builder
	for _, excess := range p.Exceeded(plan.Allowances{}) {
		fmt.Fprintf(&out, "%s %s %d of %d: %s\n", excess.Limit, excess.Property, excess.Planned, excess.Allowed, excess.Flag)
	}
	return out.String()
}

// resultText are the changes that did not come through, a line each; none of a run that was
// refused before it began.
func resultText(p *plan.Plan, result *apply.Result) string {
	if result == nil {
		return "no result"
	}
	var out strings.Builder
	for i, entry := range result.Entries {
		if entry.Outcome != apply.Applied {
			fmt.Fprintf(&out, "%s %s: %s: %s\n", p.Changes[i].Action, p.Changes[i].Email, entry.Outcome, entry.Reason)
		}
	}
	return steady(out.String())
}

var (
	anyDay = regexp.MustCompile(`\b20\d\d-\d\d-\d\d(T[0-9:.]+Z)?\b`)
	anyID  = regexp.MustCompile(`\b1\d{10}\b`)
)

// steady replaces what differs from day to day, and the ids that a portal chose.
func steady(text string) string {
	today := time.Now().UTC().Format(time.DateOnly)
	text = anyDay.ReplaceAllStringFunc(text, func(day string) string {
		if strings.HasPrefix(day, today) {
			return "TODAY"
		}
		return day
	})
	return anyID.ReplaceAllString(text, "NEW-ID")
}

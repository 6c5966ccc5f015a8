package apply_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// scenarioDocument declares 250 new contacts, 120 that change and 30 to archive, all
// of one company.
func scenarioDocument(t *testing.T) *spec.Document {
	t.Helper()
	var text strings.Builder
	text.WriteString("version: 1\ncontacts:\n")
	for i := range 400 {
		fmt.Fprintf(&text, "  - email: %s\n", address(i))
		if i < 30 {
			text.WriteString("    ensure: archived\n")
			continue
		}
		text.WriteString("    properties: {lastname: After}\n    associations: [{to: company, domain: acme.example}]\n")
	}
	document, problems := spec.Load([]spec.Source{{Name: "crm.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text.String())), nil
	}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return document
}

// scenarioPortal holds the contacts that the document finds, 150 of them.
func scenarioPortal() *crm.Fixture {
	fixture := &crm.Fixture{Records: []crm.FixtureRecord{{
		Type: crm.TypeCompany, Properties: crm.NewProperties(crm.Value{Name: "domain", Text: "acme.example"}),
	}}}
	for i := range 150 {
		fixture.Records = append(fixture.Records, crm.FixtureRecord{Type: crm.TypeContact, Properties: crm.NewProperties(
			crm.Value{Name: "email", Text: address(i)}, crm.Value{Name: "lastname", Text: "Before"})})
	}
	return fixture
}

// A contactsync that meets the ready scenarios, and is run again each time it gives
// up, ends where its files say: nothing is lost and nothing is there twice. Every
// fault of every scenario strikes, and the three of them have every kind.
func TestReadyScenariosConverge(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../examples/faults/*.yaml")
	if err != nil || len(paths) < 3 {
		t.Fatalf("%d scenarios, %v", len(paths), err)
	}
	kinds := make(map[crm.FaultKind]bool)
	for _, path := range paths {
		scenario, problems := spec.LoadFaults(spec.Source{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, fault := range scenario.Faults {
			kinds[fault.Kind] = true
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			document := scenarioDocument(t)
			synctest.Test(t, func(t *testing.T) { converges(t, scenario, document) })
		})
	}
	for _, kind := range crm.FaultKinds() {
		if !kinds[kind] {
			t.Errorf("no scenario has a fault of the kind %s", kind)
		}
	}
}

func converges(t *testing.T, scenario *crm.Scenario, document *spec.Document) {
	t.Helper()
	b := newBench(t, portal.Config{Faults: scenario}, nil)
	if err := b.portal.Fill(t.Context(), scenarioPortal()); err != nil {
		t.Fatal(err)
	}
	const patience = 10
	runs := 0
	for ; runs < patience; runs++ {
		p, err := b.replan(document)
		if err == nil && p.Empty() {
			break
		}
		if err == nil {
			allow(p)
			_, err = apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now()})
		}
		t.Logf("run %d: %v", runs+1, err)
		time.Sleep(12 * time.Hour) // fake time: somebody looks at it and tries again
	}
	if runs == patience {
		t.Errorf("the portal is not as the files say after %d runs", runs)
	}
	stats, err := b.portal.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[crm.ObjectType]portal.Count{crm.TypeContact: {Live: 370, Archived: 30}, crm.TypeCompany: {Live: 1}}, stats.Objects); diff != "" || stats.Associations != 370 {
		t.Errorf("%d associations; records (-want +got):\n%s", stats.Associations, diff)
	}
	for i, fired := range b.portal.FaultsFired() {
		if fired == 0 {
			t.Errorf("fault %d (%s) struck at no request", i+1, scenario.Faults[i].Kind)
		}
	}
	t.Logf("%d runs; the faults struck %v times", runs, b.portal.FaultsFired())
}

// replan plans a document through the portal that its faults are in.
func (b *bench) replan(document *spec.Document) (*plan.Plan, error) {
	described, err := snapshot.Portal(b.t.Context(), b.remote.Reader, document)
	if err != nil {
		return nil, err
	}
	planner := plan.New(document, described, plan.Options{})
	for batch, err := range snapshot.Contacts(b.t.Context(), b.remote.Reader, document, described) {
		if err != nil {
			return nil, err
		}
		planner.Add(batch...)
	}
	p, problems := planner.Plan()
	if p == nil {
		return nil, fmt.Errorf("the document cannot be planned: %v", problems)
	}
	return p, nil
}

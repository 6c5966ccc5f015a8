package spec_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/schema"
	"github.com/contactsync/contactsync/spec"
)

// Good files are free of problems, and what they declare is what their golden says
// in canonical form.
func TestGoodInputs(t *testing.T) {
	t.Parallel()
	for _, path := range goodPaths(t) {
		name := filepath.Base(path)
		switch {
		case strings.HasPrefix(name, "project-"):
			if _, list := spec.LoadProject(fileSource(path), environment); len(list) > 0 {
				t.Errorf("%s:\n%s", path, describe(list))
			}
		case strings.HasPrefix(name, "fixture-"):
			if _, list := spec.LoadFixture(fileSource(path)); len(list) > 0 {
				t.Errorf("%s:\n%s", path, describe(list))
			}
		case strings.HasPrefix(name, "faults-"):
			if _, list := spec.LoadFaults(fileSource(path)); len(list) > 0 {
				t.Errorf("%s:\n%s", path, describe(list))
			}
		default:
			document, list := spec.Load([]spec.Source{fileSource(path)})
			if len(list) > 0 {
				t.Errorf("%s:\n%s", path, describe(list))
			}
			compareGolden(t, strings.TrimSuffix(path, ".yaml")+".golden", encode(t, document))
		}
	}
}

func goodPaths(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../testdata/good/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no good inputs: %v", err)
	}
	return paths
}

// judge is the schema's verdict on all documents of a file, or why no YAML reader
// can read it.
func judge(t *testing.T, path string) error {
	t.Helper()
	kind := schema.Desired
	if name := filepath.Base(path); strings.HasPrefix(name, "project-") {
		kind = schema.Project
	} else if strings.HasPrefix(name, "fixture-") {
		kind = schema.Fixture
	} else if strings.HasPrefix(name, "faults-") {
		kind = schema.Faults
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []error
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
			return errors.Join(verdicts...)
		} else if err != nil {
			return err
		}
		if node.Content[0].Tag == "!!null" {
			continue
		}
		verdicts = append(verdicts, schema.Validate(kind, schema.Value(&node)))
	}
}

func TestSchemaAcceptsWhatIsRead(t *testing.T) {
	t.Parallel()
	for _, path := range goodPaths(t) {
		if verdict := judge(t, path); verdict != nil {
			t.Errorf("%s: %v", path, verdict)
		}
	}
}

// expressible are the rules that a schema can hold, because they look at one value
// or at the keys of one mapping.
var expressible = []diag.Code{
	diag.UnknownKey, diag.UnknownTopKey, diag.TopNotMapping, diag.VersionMissing, diag.VersionUnknown, diag.WrongKind,
	diag.MissingValue, diag.UnknownWord, diag.MissingKey, diag.EmptyList, diag.ProjectKeyInFile, diag.NoIdentity, diag.InvalidID,
	diag.ValueMapping, diag.NestedList, diag.PropertyName, diag.EmailProperty, diag.ListItemText, diag.UnknownAssociationKey,
	diag.ObjectType, diag.TargetCount, diag.TargetKind, diag.LabelsAndType, diag.AssociationTypeID, diag.AbsentWithLabels,
	diag.LabelText, diag.UnknownDefaultsKey, diag.UnknownProjectKey, diag.AccountNumber, diag.DurationText, diag.LimitText,
	diag.ConditionShape, diag.TokenVariable, diag.PolicyObjectType, diag.UnknownFixtureKey, diag.PropertyType, diag.TypeNumber,
	diag.UnknownFaultKey, diag.FaultKeyForeign, diag.FaultNumber, diag.FaultTime, diag.FaultRequests, diag.FaultPath, diag.FaultPhase,
}

// What a schema can express and the reader refuses, the schema refuses as well: an
// editor shows it while it is typed. The other direction is held wherever files
// are read, since what the reader accepts is judged by the schema too.
func TestSchemaRefusesWhatItCanExpress(t *testing.T) {
	t.Parallel()
	shown := make(map[string]int)
	for _, path := range badPaths(t) {
		if filepath.Ext(path) != ".yaml" || strings.HasSuffix(path, "alias-bomb.yaml") || strings.HasSuffix(path, "alias-cycle.yaml") {
			continue
		}
		list := loadBad(t, path)
		if !slices.Contains(expressible, diag.Code(list[0].Code)) {
			continue
		}
		shown[list[0].Code]++
		if judge(t, path) == nil {
			t.Errorf("%s: the reader says %s %q, and the schema accepts it", path, list[0].Code, list[0].Detail)
		}
	}
	for _, code := range expressible {
		if shown[string(code)] == 0 {
			t.Errorf("no bad input shows %s", code)
		}
	}
}

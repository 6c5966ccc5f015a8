package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// replacements stand in place of a value of a good file.
var replacements = []string{
	"", "~", "\"\"", "' '", "0", "1", "-1", "01", "1.5", "1e3", "0x1F", "true", "yes", ".inf", "2024-01-02", "99999999999999999999", "text", "a b", "a;b", "50%", "101%", "2.5%",
	"\u200b", "\"\\0\"", "[]", "[a]", "[1, 1]", "[~]", "[[a]]", "{}", "{a: b}", "present", "archived", "absent", "exact", "file", "skip", "all", "company", "companies", "2-1", "2-0x",
	"a@b.example", "A@B.example", "a@b", "a.example", "gmail.com", "https://a.example", "Primary", "mem:", "hubspot", "http://a.example", "30d", "99999w", "../x", "c:x", "${ACCOUNT}", "${X", "number", "email", "200", "600", "2s", "1.5m", "0s", "/*", "/a/{b}", "/a*", "drop", "stall", "cut", "after_commit",
}

// Whatever one replaces in a good file: what the reader accepts, the schema accepts,
// for all kinds of files.
func TestReaderAndSchemaAgreeOnChangedFiles(t *testing.T) {
	t.Parallel()
	paths := goodPaths(t)
	cases, verdicts := 0, make(map[bool]int)
	rapid.Check(t, func(t *rapid.T) {
		cases++
		path := rapid.SampledFrom(paths).Draw(t, "file")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var document yaml.Node
		if err := yaml.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		var places []*yaml.Node
		gather(&document, &places)
		for range rapid.IntRange(1, 2).Draw(t, "changes") {
			change(t, rapid.SampledFrom(places).Draw(t, "place"))
		}
		changed, err := yaml.Marshal(&document)
		if err != nil {
			return // a shape that has no text
		}
		list := loadKind(filepath.Base(path), string(changed))
		verdicts[list.HasErrors()]++
		for _, d := range list {
			if d.Code == string(diag.SchemaDisagrees) {
				t.Fatalf("%s\n%s", d.Detail, changed)
			}
		}
	})
	const telling = 100 // fewer files, in short runs, may all be refused
	if cases >= telling && (verdicts[true] == 0 || verdicts[false] == 0) {
		t.Errorf("refused %d, accepted %d", verdicts[true], verdicts[false])
	}
}

func loadKind(name, text string) diag.List {
	switch {
	case strings.HasPrefix(name, "project-"):
		_, list := spec.LoadProject(source(name, text), environment)
		return list
	case strings.HasPrefix(name, "fixture-"):
		_, list := spec.LoadFixture(source(name, text))
		return list
	case strings.HasPrefix(name, "faults-"):
		_, list := spec.LoadFaults(source(name, text))
		return list
	}
	_, list := spec.Load([]spec.Source{source(name, text)})
	return list
}

// gather lists the nodes whose value can be replaced, and the mappings that can
// lose a key.
func gather(node *yaml.Node, places *[]*yaml.Node) {
	for i, child := range node.Content {
		if node.Kind != yaml.MappingNode || i%2 == 1 {
			gather(child, places)
		}
	}
	if node.Kind != yaml.DocumentNode && node.Anchor == "" {
		*places = append(*places, node)
	}
}

func change(t *rapid.T, node *yaml.Node) {
	if node.Kind == yaml.MappingNode && len(node.Content) > 2 && rapid.Bool().Draw(t, "drop a key") {
		i := 2 * rapid.IntRange(0, len(node.Content)/2-1).Draw(t, "key")
		node.Content = append(node.Content[:i:i], node.Content[i+2:]...)
		return
	}
	var other yaml.Node
	if err := yaml.Unmarshal([]byte(rapid.SampledFrom(replacements).Draw(t, "instead")), &other); err != nil {
		t.Fatal(err)
	}
	if len(other.Content) == 0 {
		*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
		return
	}
	*node = *other.Content[0]
}

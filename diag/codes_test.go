package diag_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/diag"
)

//go:generate go test . -run TestDocumentation -update

var update = flag.Bool("update", false, "rewrite docs/diagnostics.md")

func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^CS[12]\d{3}$`)
	summaries := make(map[string]diag.Code)
	for _, entry := range diag.Codes() {
		if !shape.MatchString(string(entry.Code)) {
			t.Errorf("%s is not of the form CS1234", entry.Code)
		}
		if entry.Summary == "" || entry.Explanation == "" || entry.Fix == "" || entry.Severity == 0 {
			t.Errorf("%s lacks a summary, a severity, an explanation or a way out", entry.Code)
		}
		if strings.HasSuffix(entry.Summary, ".") || strings.Contains(entry.Summary, "%") {
			t.Errorf("%s: the summary %q is not a constant headline", entry.Code, entry.Summary)
		}
		if other, taken := summaries[entry.Summary]; taken {
			t.Errorf("%s and %s share the summary %q", other, entry.Code, entry.Summary)
		}
		summaries[entry.Summary] = entry.Code
	}
}

// Every constant of type Code has an entry, and no two constants share a code.
func TestEveryConstantIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	seen := make(map[diag.Code]string)
	for name, code := range constants(t) {
		if _, ok := diag.Lookup(code); !ok {
			t.Errorf("%s (%s) is not in the catalogue", name, code)
		}
		if other, taken := seen[code]; taken {
			t.Errorf("%s and %s are both %s", name, other, code)
		}
		seen[code] = name
	}
	if len(seen) != len(diag.Codes()) {
		t.Errorf("%d constants, %d entries", len(seen), len(diag.Codes()))
	}
}

func constants(t *testing.T) map[string]diag.Code {
	t.Helper()
	found := make(map[string]diag.Code)
	paths, err := filepath.Glob("codes*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if kind, isName := spec.Type.(*ast.Ident); !isName || kind.Name != "Code" {
				return true
			}
			literal, isLiteral := spec.Values[0].(*ast.BasicLit)
			if !isLiteral {
				t.Fatalf("%s is not written as a literal", spec.Names[0])
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			found[spec.Names[0].Name] = diag.Code(text)
			return true
		})
	}
	return found
}

func TestDocumentation(t *testing.T) {
	path := filepath.Join("..", "docs", "diagnostics.md")
	want := documentation()
	if *update {
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/diagnostics.md is not current; run go generate ./diag (-want +got):\n%s", diff)
	}
}

func documentation() []byte {
	var out bytes.Buffer
	out.WriteString("# Diagnostics\n\n")
	out.WriteString("Every problem that contactsync finds in a file has a code. The code and its headline never change their meaning; what follows them in a message is about your file. An error refuses the plan, a warning changes nothing.\n")
	for _, entry := range diag.Codes() {
		fmt.Fprintf(&out, "\n## %s: %s\n\n", entry.Code, entry.Summary)
		if entry.Severity == diag.Warning {
			out.WriteString("A warning. ")
		}
		fmt.Fprintf(&out, "%s\n\n**What to do:** %s\n", entry.Explanation, entry.Fix)
	}
	return out.Bytes()
}

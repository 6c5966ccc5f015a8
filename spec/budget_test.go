package spec_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// bomb nests aliases so that each level has ten times the nodes of the one before.
func bomb(levels int) string {
	var text strings.Builder
	text.WriteString("version: 1\na: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for level := 1; level <= levels; level++ {
		alias := fmt.Sprintf("*a%d", level-1)
		fmt.Fprintf(&text, "a%d: &a%d [%s]\n", level, level, strings.Join(strings.Split(strings.Repeat(alias+" ", 10), " ")[:10], ","))
	}
	return text.String()
}

func codes(list diag.List) string {
	var all []string
	for _, d := range list {
		all = append(all, d.Code)
	}
	return strings.Join(all, " ")
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	contacts := "version: 1\ncontacts:\n- &c {email: a@example.com, properties: {a: b}}\n"
	tests := map[string]struct {
		text    string
		refused diag.Code // "" when within the budgets
		counts  spec.Counts
	}{
		"no alias":         {contacts, "", spec.Counts{Nodes: 12, Expanded: 12, Depth: 5}},
		"one alias":        {contacts + "- *c\n", "", spec.Counts{Nodes: 13, Expanded: 19, Depth: 5}},
		"small bomb":       {bomb(2), "", spec.Counts{Nodes: 39, Expanded: 1239, Depth: 5}},
		"bomb":             {bomb(3), diag.AliasExpansion, spec.Counts{Nodes: 51, Expanded: 12351, Depth: 6}},
		"bomb beyond int":  {bomb(40), diag.AliasExpansion, spec.Counts{Nodes: 495, Expanded: 1 << 40, Depth: 43}},
		"depth 32":         {"version: 1\nx: " + strings.Repeat("[", 31) + strings.Repeat("]", 31), "", spec.Counts{Nodes: 35, Expanded: 35, Depth: 32}},
		"depth 33":         {"version: 1\nx: " + strings.Repeat("[", 32) + strings.Repeat("]", 32), diag.NestedTooDeep, spec.Counts{Nodes: 36, Expanded: 36, Depth: 33}},
		"depth by aliases": {"version: 1\nx: &x " + strings.Repeat("[", 20) + strings.Repeat("]", 20) + "\ny: " + strings.Repeat("[", 15) + "*x" + strings.Repeat("]", 15), diag.NestedTooDeep, spec.Counts{Nodes: 41, Expanded: 60, Depth: 36}},
		"alias of itself":  {"version: 1\nx: &x [*x]\n", diag.AliasCycle, spec.Counts{Nodes: 6, Expanded: 6, Depth: 3}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, list := spec.Measure(source("crm.yaml", test.text))
			if got != test.counts {
				t.Errorf("took %+v, want %+v", got, test.counts)
			}
			if refused := strings.Contains(codes(list), string(test.refused)); test.refused != "" && !refused {
				t.Errorf("%s is missing from %s", test.refused, codes(list))
			}
			within := got.Expanded <= spec.ExpansionFactor*got.Nodes+spec.ExpansionAllowed && got.Depth <= spec.MaxDepth
			if cycle := test.refused == diag.AliasCycle; within == (test.refused != "" && !cycle) {
				t.Errorf("within the budgets: %t, refused as %q", within, test.refused)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	failing := func(in io.Reader, err error) spec.Source {
		return spec.Source{Name: "crm.yaml", Open: func() (io.ReadCloser, error) { return io.NopCloser(in), err }}
	}
	tests := map[string]struct {
		source spec.Source
		limit  int64
		want   diag.Code
	}{
		"not there":       {failing(nil, errors.New("no such file")), 100, diag.FileUnreadable},
		"breaks off":      {failing(io.MultiReader(strings.NewReader("version: 1\n"), iotest.ErrReader(errors.New("input/output error"))), nil), 100, diag.FileUnreadable},
		"one byte less":   {source("crm.yaml", "version: 1\n"), 11, ""},
		"one byte more":   {source("crm.yaml", "version: 1\n"), 10, diag.FileTooLarge},
		"UTF-16":          {source("crm.yaml", "\xff\xfev\x00"), 100, diag.NotUTF8},
		"UTF-16 reversed": {source("crm.yaml", "\xfe\xff\x00v"), 100, diag.NotUTF8},
		"Latin-1":         {source("crm.yaml", "# M\xfcnchen"), 100, diag.NotUTF8},
	}
	for name, test := range tests {
		if got := codes(spec.LoadWithin(test.source, test.limit)); got != string(test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// A mapping with very many keys, a line of very many nodes and a file of very many
// lines take time in proportion to their size. Anything quadratic would take
// minutes here.
func TestLargeShapesAreLinear(t *testing.T) {
	t.Parallel()
	var keys, line strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&keys, "      p%d: ü\n", i)
		fmt.Fprintf(&line, "{email: a%d@example.com, properties: {city: München}}, ", i/3)
	}
	load(t, "version: 1\ncontacts:\n  - email: a@example.com\n    properties:\n"+keys.String())
	_, list := spec.Load([]spec.Source{source("crm.yaml", "version: 1\ncontacts: ["+line.String()+"]\n")})
	if list.Errors() != 10_000 {
		t.Errorf("%d errors, want one for each of 10,000 addresses", list.Errors())
	}
}

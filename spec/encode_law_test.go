package spec_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// hazard is a reason for which a reader might take a text for something else.
type hazard struct {
	name  string
	texts *rapid.Generator[string]
}

func matching(name, expression string) hazard {
	return hazard{name, rapid.StringMatching(expression)}
}

func around(name string, parts ...string) hazard {
	word := rapid.StringMatching(`[a-zA-Z ]{0,4}`)
	return hazard{name, rapid.Custom(func(t *rapid.T) string {
		return word.Draw(t, "before") + rapid.SampledFrom(parts).Draw(t, "part") + word.Draw(t, "after")
	})}
}

func hazards() []hazard {
	return []hazard{
		matching("nothing", ``),
		matching("word", `[yYnN~=]|<<|(?i:yes|no|on|off|true|false|null)`),
		matching("integer", `[-+]?(0[xX][0-9a-fA-F_]{1,4}|0[oO]?[0-7]{1,4}|0b[01]{1,4}|[0-9][0-9_]{0,20})`),
		matching("fraction", `[-+]?([0-9]{0,3}\.[0-9]{0,3}([eE][-+]?[0-9]{1,2})?|[0-9]e[0-9]|\.inf|\.Inf|\.nan|\.NaN)|inf|NaN`),
		matching("base 60", `[-+]?[0-9]{1,3}(:[0-5]?[0-9]){1,2}(\.[0-9])?`),
		matching("date", `[0-9]{4}-[01]?[0-9]-[0-3]?[0-9]([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9])?(Z| ?[-+][0-9]{1,2})?)?`),
		matching("indicator", "[-?:,\\[\\]{}#&*!|>'\"%@`][ a-z]{0,3}"),
		around("colon or comment", ": ", ":", " #", "#", " :", ":#"),
		around("bracket", "[", "]", "{", "}", ",", ", ", "?", "? "),
		around("quote", `"`, `'`, `\`, `\n`, `\"`, `""`),
		matching("edge", ` {0,2}[a-z]{0,2} {0,2}`),
		around("line break", "\n", "\r", "\r\n", "\n\n", "\u0085", "\u2028", "\u2029"),
		around("control", "\x01", "\x07", "\t", "\x1b[31m", "\x7f", "\u009f"),
		around("invisible", "\u202e", "\u200b", "\u200d", "\ufeff", "\u2066", "\u00ad", "\u00a0", "\u3164", "\U000e0041"),
		around("no character", "\ufffe", "\uffff", "\ufffd", "\U0010ffff", "\ue000"),
		around("wide", "é", "李", "👩‍💻", "\u0301", "א", "٣", "ﬀ"),
		matching("marker", `(---|\.\.\.|%YAML|%TAG)[ a-z]{0,3}`),
		{"any", rapid.Map(rapid.String(), func(text string) string { return strings.ReplaceAll(text, "\x00", "") })},
	}
}

// hazardous draws texts of every class and counts them.
type hazardous struct {
	classes []hazard
	drawn   []int
}

func newHazardous() *hazardous {
	classes := hazards()
	return &hazardous{classes, make([]int, len(classes))}
}

func (h *hazardous) draw(t *rapid.T, what string) string {
	// The middle of a product is drawn evenly enough; a plain range prefers its ends.
	class := rapid.Uint64().Draw(t, "class") * 0x9e3779b97f4a7c15 >> 32 % uint64(len(h.classes))
	h.drawn[class]++
	return h.classes[class].texts.Draw(t, what)
}

func (h *hazardous) check(t *testing.T) {
	t.Helper()
	total := 0
	for _, count := range h.drawn {
		total += count
	}
	const telling = 400 // fewer texts, in short runs, say nothing about shares
	for i, count := range h.drawn {
		if total >= telling && count*100 < total {
			t.Errorf("%q was drawn %d of %d times, less than 1 %%", h.classes[i].name, count, total)
		}
	}
}

// Another reader gets every text back from wherever it stands, and resolves none of
// them to something other than text.
func TestEncodeForAnyReader(t *testing.T) {
	t.Parallel()
	texts := newHazardous()
	rapid.Check(t, func(t *rapid.T) {
		var want []string
		draw := func(what string) string {
			text := texts.draw(t, what)
			want = append(want, text)
			return text
		}
		listItem := strings.ReplaceAll(texts.draw(t, "item"), ";", ",")
		if listItem != "" { // no list holds nothing
			want = append(want, listItem)
		}
		contact := declared("a@example.com",
			declaredValue("p"+rapid.StringMatching(`[a-z0-9_]{0,3}`).Draw(t, "name"), draw("value")),
			spec.Property{Name: "q", Set: true, List: true, Text: "other;" + listItem, Mode: spec.Managed},
			spec.Property{Name: "r", Remove: []string{draw("removed")}, Mode: spec.Managed},
		)
		contact.Associations = []spec.Association{{
			To:     crm.Target{Type: crm.TypeDeal, Property: "serial", Value: draw("value looked for")},
			Labels: []string{draw("label")},
		}}
		text := encode(t, spec.NewDocument([]spec.Contact{contact}))
		got := readAnywhere(t, text)
		for _, one := range want {
			if !slices.Contains(got, one) {
				t.Fatalf("%q is missing from %q as read from\n%s", one, got, text)
			}
		}
	})
	texts.check(t)
}

// readAnywhere returns all values of a file as yaml.v3 reads them. A value that
// stands without quotes must be text by the rules of YAML 1.1 too.
func readAnywhere(t *rapid.T, text string) []string {
	var node yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&node); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one document in\n%s", text)
	}
	var got []string
	for _, scalar := range scalars(&node) {
		var value any
		if err := scalar.Decode(&value); err != nil {
			t.Fatal(err)
		}
		text, isText := value.(string)
		if scalar.Line == 1 {
			continue // version: 1
		}
		if !isText || scalar.Style == 0 && yaml11.MatchString(scalar.Value) {
			t.Fatalf("%q resolves to %T %v", scalar.Value, value, value)
		}
		got = append(got, text)
	}
	return got
}

func scalars(node *yaml.Node) []*yaml.Node {
	if node.Kind == yaml.ScalarNode {
		return []*yaml.Node{node}
	}
	var all []*yaml.Node
	for _, child := range node.Content {
		all = append(all, scalars(child)...)
	}
	return all
}

// Whatever a file holds, its canonical form is one line an entry of visible
// characters, and the order of contacts changes nothing.
func TestEncodeIsCanonical(t *testing.T) {
	t.Parallel()
	texts := newHazardous()
	rapid.Check(t, func(t *rapid.T) {
		drawn := contacts().Draw(t, "contacts")
		for i := range drawn {
			if drawn[i].Ensure == spec.Present {
				for _, name := range []string{"zz_1", "zz_2", "zz_3", "zz_4"} {
					drawn[i].Properties = append(drawn[i].Properties, declaredValue(name, texts.draw(t, "text")))
				}
			}
		}
		text := encode(t, spec.NewDocument(drawn))
		for line := range strings.Lines(text) {
			body, ended := strings.CutSuffix(line, "\n")
			if !ended || strings.HasSuffix(body, " ") || strings.ContainsAny(body, "\r\t") || !utf8.ValidString(body) {
				t.Fatalf("the line %q is not canonical", line)
			}
		}
		shuffled := rapid.Permutation(drawn).Draw(t, "shuffled")
		for i := range shuffled {
			shuffled[i].Properties = rapid.Permutation(shuffled[i].Properties).Draw(t, "properties")
			shuffled[i].Associations = rapid.Permutation(shuffled[i].Associations).Draw(t, "associations")
		}
		if diff := cmp.Diff(text, encode(t, spec.NewDocument(shuffled))); diff != "" {
			t.Fatalf("in another order (-first +second):\n%s", diff)
		}
	})
	texts.check(t)
}

// A file's defaults stand at its contacts afterwards, and mean the same.
func TestEncodeKeepsWhatAFileMeans(t *testing.T) {
	t.Parallel()
	for _, text := range []string{everything, "version: 1\naccount: '7'\nlimits: {clear: 0, overwrite: 2.50%}\nscope: all\n" +
		"policy: {watch: [zip], associations: {deal: exact}}\ndefaults:\n  properties: {city: '', lifecyclestage: lead}\n" +
		"  additive: [tags]\n  ignore: [fax]\ncontacts:\n  - {email: a@example.com, properties: {tags: [b, a], fax: '1'}}\n  - {id: 7}\n"} {
		before := load(t, text)
		after := load(t, encode(t, before))
		ignored := cmp.Options{cmpopts.IgnoreTypes(diag.Range{}, spec.Origin(0)), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(before.Settings(), after.Settings(), ignored); diff != "" {
			t.Errorf("settings (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(meaning(before), meaning(after), ignored); diff != "" {
			t.Errorf("contacts (-before +after):\n%s", diff)
		}
	}
}

// meaning is every contact by its key, lists in order.
func meaning(document *spec.Document) map[string]spec.Contact {
	contacts := make(map[string]spec.Contact)
	for _, one := range all(document) {
		for i, property := range one.Properties {
			if property.List {
				one.Properties[i].Text = crm.JoinSet(crm.SplitSet(property.Text))
			}
		}
		contacts[one.Key()] = one
	}
	return contacts
}

// A document's bytes are written whole however many writes they take.
func TestEncodeStreams(t *testing.T) {
	t.Parallel()
	document := manyContacts(3000)
	var counted counter
	if err := document.Encode(&counted); err != nil {
		t.Fatal(err)
	}
	if counted.largest > 128<<10 || counted.text.String() != encode(t, document) {
		t.Errorf("the largest of the writes has %d bytes", counted.largest)
	}
	if got := load(t, counted.text.String()).Len(); got != 3000 {
		t.Errorf("%d contacts were written", got)
	}
}

// counter remembers the largest write.
type counter struct {
	text    bytes.Buffer
	largest int
}

func (c *counter) Write(text []byte) (int, error) {
	c.largest = max(c.largest, len(text))
	return c.text.Write(text)
}

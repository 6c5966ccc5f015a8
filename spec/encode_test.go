package spec_test

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// tricky are texts that some reader of YAML takes for something else than text,
// or that look as if they were.
var tricky = []string{
	"", "~", "null", "no", "yes", "On", "off", "y", "N", "true", "=", "<<", "0123", "08", "+15550100", "1_000", "0x1F", "0b11", "0o17", "1e3", "1.10", "1.",
	".5", ".", "..", ".inf", "-.inf", "+.INF", ".nan", "12:30:45", "1:2", "190:20:30.15", "2024-01-02", "2024-1-2", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z",
	"- a", "-a", "-", "? x", ": x", "a: b", "a:b", "a:", "a #b", "a#b", "#a", "[a]", "{a}", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a",
	" a", "a ", "a\nb", "a\r\nb", "\t", "a\tb", "\u200b", "a\u200db", "\u202eabc", "\ufeff", "\u0085", "\u2028", "a\u00a0b", "\x1b[31m", "\\", "a\\b",
	"München", "日本語", "👩‍💻", "3D artist", "1.2.3", "24/7", "+49 (0) 89", "---", "...", "e3", "1e", "0x", "1__", "_1", "12:60", "\uffff", "\u007f", "NULL", "nUll",
}

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(tricky), rapid.String(), rapid.StringMatching(`[0-9a-fxo_.:+\-eETZ ]{1,12}`))
}

// values are texts that a property may hold.
func values() *rapid.Generator[string] {
	return rapid.Map(texts(), func(text string) string { return strings.ReplaceAll(text, "\x00", "") })
}

func names() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"no", "y", "null", "zip", "0", "1_0", "firstname", "on"}), rapid.StringMatching(`[a-z][a-z0-9_]{0,6}`))
}

func addresses(prefix string) *rapid.Generator[crm.Email] {
	return rapid.Map(rapid.StringMatching(`[a-z0-9!#%*'_-]{1,6}`), func(local string) crm.Email {
		return crm.Email(prefix + local + "@example.com")
	})
}

func properties() *rapid.Generator[[]spec.Property] {
	return rapid.Custom(func(t *rapid.T) []spec.Property {
		var all []spec.Property
		for _, name := range rapid.SliceOfNDistinct(names(), 0, 4, rapid.ID).Draw(t, "names") {
			if name == "email" {
				continue
			}
			p := spec.Property{Name: name, Mode: rapid.SampledFrom([]spec.Mode{spec.Managed, spec.Additive, spec.FillOnly, spec.CreateOnly}).Draw(t, "mode"), Origin: spec.FromContact}
			items := rapid.Map(values(), func(text string) string { return "v" + strings.ReplaceAll(text, ";", ",") })
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				p.Set, p.List = true, true
				p.Text = strings.Join(slices.Sorted(slices.Values(rapid.SliceOfNDistinct(items, 1, 3, rapid.ID).Draw(t, "items"))), ";")
			case 1:
				p.Remove = slices.Sorted(slices.Values(rapid.SliceOfNDistinct(items, 1, 3, rapid.ID).Draw(t, "remove")))
			default:
				p.Set, p.Text = true, values().Draw(t, "text")
			}
			all = append(all, p)
		}
		slices.SortFunc(all, func(a, b spec.Property) int { return strings.Compare(a.Name, b.Name) })
		return all
	})
}

func associations() *rapid.Generator[[]spec.Association] {
	one := rapid.Custom(func(t *rapid.T) spec.Association {
		a := spec.Association{To: crm.Target{Type: rapid.SampledFrom([]crm.ObjectType{"company", "deal", "contact", "2-77"}).Draw(t, "type")}}
		switch kind := rapid.IntRange(0, 2).Draw(t, "by"); {
		case kind == 0 && a.To.Type == crm.TypeCompany:
			a.To.Property, a.To.Value = "domain", rapid.SampledFrom([]string{"example.com", "gmail.com", "navy.example", "Not A Domain"}).Draw(t, "domain")
		case kind == 0 && a.To.Type == crm.TypeContact:
			a.To.Email = addresses("other").Draw(t, "email")
		case kind == 1:
			a.To.Property = names().Draw(t, "property")
			a.To.Value = "=" + values().Draw(t, "value")
		default:
			a.To.ID = crm.ObjectID(rapid.StringMatching(`[1-8][0-9]{0,5}`).Draw(t, "id"))
		}
		switch rapid.IntRange(0, 3).Draw(t, "types") {
		case 0:
			a.Absent = true
		case 1:
			labels := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Colleague", "1", "no", "Decision maker", "a: b"}), 1, 3, rapid.ID)
			a.Labels = slices.Sorted(slices.Values(labels.Draw(t, "labels")))
		case 2:
			a.Type = &crm.AssociationType{Category: crm.UserDefined, TypeID: rapid.IntRange(1, 1<<31-1).Draw(t, "number")}
		}
		a.Skip = rapid.Bool().Draw(t, "skip")
		return a
	})
	return rapid.SliceOfNDistinct(one, 0, 3, func(a spec.Association) crm.Target { return a.To })
}

func contacts() *rapid.Generator[[]spec.Contact] {
	one := rapid.Custom(func(t *rapid.T) spec.Contact {
		c := spec.Contact{Email: addresses("").Draw(t, "email"), Ensure: spec.Present, Lifecycle: spec.AtLeast}
		c.Written = strings.ToUpper(string(c.Email[:1])) + string(c.Email[1:])
		if rapid.Bool().Draw(t, "with id") {
			c.ID = crm.ObjectID("9" + fmt.Sprint(rapid.IntRange(1, 1<<30).Draw(t, "id")))
		}
		if rapid.IntRange(0, 9).Draw(t, "archived") == 0 {
			c.Ensure = spec.Archived
			return c
		}
		c.Properties, c.Associations = properties().Draw(t, "properties"), associations().Draw(t, "associations")
		if rapid.Bool().Draw(t, "renamed") {
			c.PreviousEmails = []crm.Email{"previous-" + c.Email}
			c.ConsentChecked = rapid.Bool().Draw(t, "consent")
		}
		if rapid.Bool().Draw(t, "owned") {
			c.Owner = "raj@acme.example"
		}
		c.Recreate = rapid.Bool().Draw(t, "recreate")
		c.TakeEmail = c.ID != "" && rapid.Bool().Draw(t, "take email")
		return c
	})
	list := rapid.SliceOfNDistinct(one, 0, 6, func(c spec.Contact) crm.Email { return c.Email })
	return rapid.Map(list, func(all []spec.Contact) []spec.Contact {
		seen := make(map[crm.ObjectID]bool)
		return slices.DeleteFunc(all, func(c spec.Contact) bool {
			twice := c.ID != "" && seen[c.ID]
			seen[c.ID] = true
			return twice
		})
	})
}

func encode(t interface{ Fatal(...any) }, d *spec.Document) string {
	var out bytes.Buffer
	if err := d.Encode(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func all(d *spec.Document) []spec.Contact {
	var contacts []spec.Contact
	for _, contact := range d.All() {
		slices.SortFunc(contact.Associations, func(a, b spec.Association) int {
			return strings.Compare(fmt.Sprint(a.To), fmt.Sprint(b.To))
		})
		contacts = append(contacts, contact)
	}
	return contacts
}

// What Encode writes, Load reads as the same contacts, and Encode writes those the
// same way, byte for byte.
func TestEncodeIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := spec.NewDocument(contacts().Draw(t, "contacts"))
		text := encode(t, before)
		after, list := spec.Load([]spec.Source{source("crm.yaml", text)})
		if list.HasErrors() {
			t.Fatalf("refused: %v\n%s", list, text)
		}
		if diff := cmp.Diff(all(before), all(after), cmpopts.IgnoreTypes(diag.Range{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-before +after):\n%s\n%s", diff, text)
		}
		if again := encode(t, after); again != text {
			t.Fatalf("first:\n%s\nthen:\n%s", text, again)
		}
	})
}

// A text without quotes is that text to readers of YAML 1.1 and 1.2, and one in
// quotes either would not be, or does not begin with a letter.
func TestQuotesStandWhereTheyAreNeeded(t *testing.T) {
	t.Parallel()
	for _, text := range tricky {
		if err := checkQuotes(text); err != nil {
			t.Error(err)
		}
	}
}

func TestQuotesStandWhereTheyAreNeededForAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if err := checkQuotes(values().Draw(t, "text")); err != nil {
			t.Fatal(err)
		}
	})
}

func checkQuotes(text string) error {
	d := spec.NewDocument([]spec.Contact{{Email: "a@example.com", Ensure: spec.Present, Properties: []spec.Property{{Name: "x", Text: text, Set: true}}}})
	var out bytes.Buffer
	if err := d.Encode(&out); err != nil {
		return err
	}
	_, line, _ := strings.Cut(out.String(), "    properties:\n      ")
	written := strings.TrimSuffix(strings.TrimPrefix(line, "x: "), "\n")
	if quoted := strings.HasPrefix(written, `"`); quoted != needsQuotes(text) {
		return fmt.Errorf("%q is written as %s; needs quotes: %t", text, written, !quoted)
	}
	var read struct{ X string }
	if err := yaml.Unmarshal([]byte(line), &read); err != nil || read.X != text {
		return fmt.Errorf("%q is written as %s and read as %q (%w)", text, written, read.X, err)
	}
	return nil
}

// needsQuotes judges by yaml.v3, by YAML 1.1's own expressions in any case, and by
// what cannot be seen.
func needsQuotes(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsLetter(first) || anyCase.MatchString(text) {
		return true
	}
	for _, r := range text {
		if unicode.In(r, unicode.C, unicode.Z, unicode.Other_Default_Ignorable_Code_Point) && r != ' ' || !unicode.IsGraphic(r) {
			return true
		}
	}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte("x: "+text+"\n"), &node); err != nil || len(node.Content) == 0 {
		return true
	}
	top := node.Content[0]
	return top.Kind != yaml.MappingNode || len(top.Content) != 2 || top.Content[1].Kind != yaml.ScalarNode ||
		top.Content[1].Value != text || top.Content[1].Tag != "!!str"
}

// anyCase matches what lax readers take for something else: they compare words
// without case, and numbers' names without the point.
var anyCase = regexp.MustCompile(`(?i)^(?:inf|infinity|nan)$|` + yaml11.String())

// A text that a step of GitHub Actions would take for a command is written with an escape,
// also where it would need no quotes, and read as it was.
func TestEncodeHoldsNoCommandsOfALog(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"##[error]x", "a##[group]b", "a ##[b", "###[x", "line\n::error::x", "::error::x", `\##[x`} {
		doc := spec.NewDocument([]spec.Contact{{
			Email: "ada@example.com", Written: "ada@example.com", Ensure: spec.Present,
			Properties: []spec.Property{{Name: "jobtitle", Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact}},
		}})
		var out bytes.Buffer
		if err := doc.Encode(&out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, "##[") || strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%q: the line %q is a command", text, line)
			}
		}
		again, list := spec.Load([]spec.Source{{Name: "a.yaml", Open: func() (io.ReadCloser, error) { return io.NopCloser(&out), nil }}})
		if len(list) > 0 || again.Len() != 1 {
			t.Fatalf("%q is not read back: %v", text, list)
		}
		for _, c := range again.All() {
			if got := c.Properties[0].Text; got != text {
				t.Errorf("%q is read back as %q", text, got)
			}
		}
	}
}

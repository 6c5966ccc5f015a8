package spec_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// declared is a contact with these properties, as an export declares it.
func declared(email string, properties ...spec.Property) spec.Contact {
	return spec.Contact{
		Email: crm.Email(email), Written: email, Ensure: spec.Present, Lifecycle: spec.AtLeast, Properties: properties,
	}
}

func declaredValue(name, text string) spec.Property {
	return spec.Property{Name: name, Text: text, Set: true, Mode: spec.Managed, Origin: spec.FromContact}
}

const everything = `version: 1
account: "12345678"
scope:
  where:
    - {property: managed_by, equals: contactsync}
    - {property: city, in: ["007", Berlin]}
    - {property: fax, has: false}
limits:
  archive: 25
  update: "30%"
daily_reserve: "10%"
policy:
  associations:
    "2-123": exact_strict
    company: exact
  watch: [lifecyclestage]
  sensitive: [diagnosis]
contacts:
  - id: "99"
    properties:
      jobtitle: Engineer
  - id: "100"
    ensure: archived
  - email: Ada@Example.com
    id: "7"
    previous_email: [gb@example.com, hb@example.com]
    also: ["1@example.com", old@example.com]
    owner: raj@acme.example
    lifecycle: exact
    take_email: file
    recreate: true
    consent_checked: true
    properties:
      country: "NO"
      event_tags: [Berlin 2027, "a, b"]
      fax: ""
      jobtitle: Head of "R&D", C# & more
      lifecyclestage: customer
      note: "first\nsecond"
      "on": written
      phone: "+15550100"
      website: https://example.com/#top
      zip: "02139"
    remove:
      event_tags: ["2026", Paris]
      tags: [gone]
    create_only: [lifecyclestage]
    fill_only: [phone, zip]
    additive: [event_tags, tags]
    ignore: [city, "off"]
    associations:
      - {to: "2-123", where: {property: serial_no, equals: "0815"}}
      - {to: company, where: {property: domain, equals: gmail.com}, missing: skip}
      - {to: company, domain: navy.example, labels: [Decision maker, Primary]}
      - {to: company, id: "99", ensure: absent}
      - {to: company, id: "100", type: {category: USER_DEFINED, type_id: 28}}
      - {to: contact, email: grace@example.com, labels: ["n", "to: be", "to:be"]}
  - email: lee@oldco.example
    previous_email: lee@newco.example
    lifecycle: allow_backward
    properties:
      lifecyclestage: lead
`

func TestEncodeKeepsACanonicalFile(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(everything, encode(t, load(t, everything))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEncodeSortsAndMergesDefaults(t *testing.T) {
	t.Parallel()
	document := load(t, `version: 1
defaults:
  properties: {lifecyclestage: lead, city: Berlin}
  fill_only: [city]
  ignore: [fax]
limits: {create: 1000}
contacts:
  - associations:
      - {labels: [b, a], id: '100', to: deal}
      - {id: "99", to: deal}
    properties:
      tags:
        - b
        - "a"
      jobtitle: |
        Engineer
    email: zoe@example.com
  - email: lee@oldco.example
    ensure: archived
    properties: {jobtitle: gone}
`)
	want := `version: 1
contacts:
  - email: lee@oldco.example
    ensure: archived
  - email: zoe@example.com
    properties:
      city: Berlin
      jobtitle: "Engineer\n"
      lifecyclestage: lead
      tags: [a, b]
    create_only: [lifecyclestage]
    fill_only: [city]
    ignore: [fax]
    associations:
      - {to: deal, id: "99"}
      - {to: deal, id: "100", labels: [a, b]}
`
	if diff := cmp.Diff(want, encode(t, document)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEncodeLeavesOutWhatSaysNothing(t *testing.T) {
	t.Parallel()
	document := spec.NewDocument([]spec.Contact{declared(" a@example.com ", spec.Property{Name: "x", Mode: spec.CreateOnly})})
	if got, want := encode(t, document), "version: 1\ncontacts:\n  - email: a@example.com\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEncodeLeavesTheProjectsSettingsToIt(t *testing.T) {
	t.Parallel()
	document := load(t, "version: 1\ncontacts: []\n")
	project, list := spec.LoadProject(source("contactsync.yaml", "version: 1\naccount: \"12345678\"\n"), nil)
	if len(list) > 0 {
		t.Fatal(list)
	}
	if list := document.Adopt(project); len(list) > 0 {
		t.Fatal(list)
	}
	if got, want := encode(t, document), "version: 1\ncontacts: []\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Quotes stand exactly where a reader would take the text for something else.
func TestEncodeQuotes(t *testing.T) {
	t.Parallel()
	for _, same := range []string{
		"Ada", "Head of R&D", "Berlin, Germany", "a [b] {c}", "O'Brien", `the "Duke"`, "C#", "https://example.com?q=1&r=2", "München",
		"Ärztin", "李", "👩 at the end"[5:], "a - b", "a;b", "c:\\dir", "yesterday", "nobody", "trueish", "nullify", "e5", "x~", "a  b", "None",
	} {
		if got := encodedValue(t, same); got != same {
			t.Errorf("%s was written as %s", same, got)
		}
	}
	for text, want := range map[string]string{
		"": `""`, "null": `"null"`, "Null": `"Null"`, "~": `"~"`, "y": `"y"`, "N": `"N"`, "On": `"On"`, "oFF": `"oFF"`, "TRUE": `"TRUE"`,
		"02139": `"02139"`, "+15550100": `"+15550100"`, "1:20": `"1:20"`, "0x1F": `"0x1F"`, "1_000": `"1_000"`, ".5": `".5"`, "-.inf": `"-.inf"`,
		"NaN": `"NaN"`, "2024-01-02": `"2024-01-02"`, "=": `"="`, "<<": `"<<"`, "- a": `"- a"`, "# a": `"# a"`, "a: b": `"a: b"`, "a:": `"a:"`,
		"a #b": `"a #b"`, " a": `" a"`, "a ": `"a "`, "*a": `"*a"`, "@a": `"@a"`, "`a": "\"`a\"", "[a": `"[a"`, "{a": `"{a"`, "%a": `"%a"`,
		`"a"`: `"\"a\""`, `\a`: `"\\a"`, "a\tb": `"a\tb"`, "a\r\nb": `"a\r\nb"`, "a\x1b[31m": `"a\u001B[31m"`, "a\x7f": `"a\u007F"`,
		"a\u202eb": `"a\u202Eb"`, "a\u200bb": `"a\u200Bb"`, "\ufeffa": `"\uFEFFa"`, "a\u00a0b": `"a\u00A0b"`, "a\u2028b": `"a\u2028b"`,
		"a\u0085b": `"a\u0085b"`, "a\U000e0001": `"a\U000E0001"`, "a\uffff": `"a\uFFFF"`, "a\u3164": `"a\u3164"`, "\U0001f600": "\"\U0001f600\"",
	} {
		if got := encodedValue(t, text); got != want {
			t.Errorf("%q was written as %s, want %s", text, got, want)
		}
	}
}

// encodedValue is how one property's text is written.
func encodedValue(t *testing.T, text string) string {
	t.Helper()
	out := encode(t, spec.NewDocument([]spec.Contact{declared("a@example.com", declaredValue("x", text))}))
	_, value, found := strings.Cut(out, "      x: ")
	if !found {
		t.Fatalf("no such line in %s", out)
	}
	return strings.TrimSuffix(value, "\n")
}

func TestEncodeRefusesWhatNoFileCanHold(t *testing.T) {
	t.Parallel()
	contact := declared("a@example.com")
	contact.Associations = []spec.Association{{To: crm.Target{Type: crm.TypeDeal}}}
	for _, test := range []struct {
		contact spec.Contact
		want    string
	}{
		{declared("a@example.com", declaredValue("x", "a\x00")), `encoding contact "a@example.com": x: the text holds a NUL character, which no file can`},
		{declared("a@example.com", declaredValue("x", "a\xff")), `encoding contact "a@example.com": x: the text is not valid UTF-8, which no file can hold`},
		{declared("", declaredValue("x", "a")), `encoding contact "": email: there is neither an email nor an id`},
		{contact, `encoding contact "a@example.com": associations: the association names no record`},
	} {
		got := ""
		if err := spec.NewDocument([]spec.Contact{test.contact}).Encode(new(bytes.Buffer)); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// full takes so many bytes and refuses the rest, as a full disk does.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(text []byte) (int, error) {
	if len(text) > f.room {
		return f.room, errFull
	}
	f.room -= len(text)
	return len(text), nil
}

func TestEncodeReturnsTheWritersError(t *testing.T) {
	t.Parallel()
	document := manyContacts(2000)
	size := len(encode(t, document))
	for _, room := range []int{0, 100_000, size - 1} {
		if err := document.Encode(&full{room}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, size, err)
		}
	}
	if err := document.Encode(&full{size}); err != nil {
		t.Error(err)
	}
	if err := spec.NewDocument(nil).Encode(&full{}); !errors.Is(err, errFull) {
		t.Errorf("an empty document: %v", err)
	}
}

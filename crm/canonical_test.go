package crm_test

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
)

var (
	stringProperty   = crm.Property{Name: "jobtitle", Type: "string", FieldType: "text"}
	emailProperty    = crm.Property{Name: "email", Type: "string", FieldType: "text"}
	numberProperty   = crm.Property{Name: "nps", Type: "number", FieldType: "number"}
	boolProperty     = crm.Property{Name: "consent", Type: "bool", FieldType: "booleancheckbox"}
	dateProperty     = crm.Property{Name: "contract_end", Type: "date", FieldType: "date"}
	datetimeProperty = crm.Property{Name: "webinar_at", Type: "datetime", FieldType: "date"}
	selectProperty   = crm.Property{Name: "status", Type: "enumeration", FieldType: "select", Options: []crm.Option{
		{Label: "New", Value: "NEW"}, {Label: "In Progress", Value: "IN_PROGRESS"},
	}}
	tagsProperty = crm.Property{Name: "tags", Type: "enumeration", FieldType: "checkbox", Options: []crm.Option{
		{Label: "Alpha", Value: "a"}, {Label: "Beta", Value: "b"}, {Label: "Gamma", Value: "c"},
	}}
	phoneProperty = crm.Property{
		Name: "phone", Type: "string", FieldType: "phonenumber",
		Rules: []crm.ValidationRule{{Type: "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", Normalises: true}},
	}
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		property crm.Property
		text     string
		want     string // "!" and the rule: refused
	}{
		{stringProperty, " Engineer ", " Engineer "},
		{stringProperty, "", ""},
		{emailProperty, " Ada@Example.COM ", "ada@example.com"},
		{emailProperty, "ada", "!email"},
		{numberProperty, "1.0", "1"},
		{numberProperty, "1e0", "1"},
		{numberProperty, "+001", "1"},
		{numberProperty, "-0.00", "0"},
		{numberProperty, "1.50", "1.5"},
		{numberProperty, ".5", "0.5"},
		{numberProperty, "5.", "5"},
		{numberProperty, "12e-4", "0.0012"},
		{numberProperty, "9007199254740993", "9007199254740993"},
		{numberProperty, "0.10000000000000000000000000000000000001", "0.10000000000000000000000000000000000001"},
		{numberProperty, "1E999", "1e999"},
		{numberProperty, "1e99999999999", "!number"},
		{numberProperty, "1,000", "!number"},
		{numberProperty, "0x1F", "!number"},
		{numberProperty, ".", "!number"},
		{numberProperty, "1e", "!number"},
		{numberProperty, " 1", "!number"},
		{numberProperty, "inf", "!number"},
		{numberProperty, "١", "!number"},
		{boolProperty, "true", "true"},
		{boolProperty, "True", "!bool"},
		{boolProperty, "no", "!bool"},
		{dateProperty, "2026-03-15", "2026-03-15"},
		{dateProperty, "1773532800000", "2026-03-15"},
		{dateProperty, "0", "1970-01-01"},
		{dateProperty, "-86400000", "1969-12-31"},
		{dateProperty, "1773532800001", "!date"},
		{dateProperty, "2026-3-15", "!date"},
		{dateProperty, "2026-02-29", "!date"},
		{dateProperty, "20260315", "!date"},
		{datetimeProperty, "2026-03-15T09:30:00Z", "2026-03-15T09:30:00.000Z"},
		{datetimeProperty, "2026-03-15T11:30:00.000+02:00", "2026-03-15T09:30:00.000Z"},
		{datetimeProperty, "2026-03-15T09:30Z", "2026-03-15T09:30:00.000Z"},
		{datetimeProperty, "1773567000000", "2026-03-15T09:30:00.000Z"},
		{datetimeProperty, "2026-03-15T09:30:00", "!datetime"},
		{datetimeProperty, "2026-03-15T9:30:00Z", "!datetime"},
		{datetimeProperty, "2026-03-15T09:30:00,5Z", "!datetime"},
		{datetimeProperty, "2026-03-15", "!datetime"},
		{datetimeProperty, "2026-03-15T09:30:00.000001Z", "!precision"},
		{selectProperty, "NEW", "NEW"},
		{selectProperty, "no option", "no option"},
		{tagsProperty, "b;a;b;", "a;b"},
		{tagsProperty, ";a", "!append"},
		{phoneProperty, "+1 (555) 010-0199", "+15550100199"},
		{phoneProperty, "555-0100", "555-0100"},
		{phoneProperty, "+1 555 CALL", "+1 555 CALL"},
	} {
		got, err := test.property.Canonical(test.text)
		if refused, ok := errors.AsType[*crm.ValueError](err); ok {
			got = "!" + refused.Rule
		}
		if got != test.want {
			t.Errorf("Canonical of %s %q = %q, want %q", test.property.Type, test.text, got, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	readOnly := crm.Property{Name: "hs_object_id", Type: "number", ReadOnly: true}
	open := crm.Property{Name: "hubspot_owner_id", Type: "enumeration", FieldType: "select", External: true}
	for _, test := range []struct {
		property crm.Property
		text     string
		want     *crm.ValueError
	}{
		{selectProperty, "NEW", nil},
		{selectProperty, "", nil},
		{open, "anything", nil},
		{selectProperty, "In progress", &crm.ValueError{Rule: "option", Detail: `"In progress" is none of the property's options`, Part: "In progress", Nearest: "IN_PROGRESS"}},
		{selectProperty, "OLD", &crm.ValueError{Rule: "option", Detail: `"OLD" is none of the property's options`, Part: "OLD"}},
		{tagsProperty, "a;Beta", &crm.ValueError{Rule: "option", Detail: `"Beta" is none of the property's options`, Part: "Beta", Nearest: "b"}},
		{tagsProperty, ";a", &crm.ValueError{Rule: "append", Detail: "a list that starts with a semicolon would be added to the live one", Part: ";a"}},
		{readOnly, "1", &crm.ValueError{Rule: "read-only", Detail: "HubSpot sets this property itself"}},
		{readOnly, "", &crm.ValueError{Rule: "read-only", Detail: "HubSpot sets this property itself"}},
		{boolProperty, "Yes", &crm.ValueError{Rule: "bool", Detail: `"Yes" is neither true nor false`, Part: "Yes", Nearest: "true"}},
		{stringProperty, strings.Repeat("ü", 65536), nil},
		{stringProperty, strings.Repeat("ü", 65537), &crm.ValueError{Rule: "length", Detail: "the value has more than 65,536 characters"}},
		{stringProperty, "a\xff", &crm.ValueError{Rule: "encoding", Detail: "the value is not valid UTF-8"}},
		{stringProperty, "a\x00", &crm.ValueError{Rule: "nul", Detail: "the value contains a NUL character", Part: "a\x00"}},
		{numberProperty, "1,000", &crm.ValueError{Rule: "number", Detail: `"1,000" has a comma; HubSpot takes digits and one point`, Part: "1,000"}},
	} {
		var got *crm.ValueError
		if err := test.property.Check(test.text); err != nil && !errors.As(err, &got) {
			t.Fatalf("Check returned %T", err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("Check of %s (-want +got):\n%s", test.property.Name, diff)
		}
	}
}

// A value of one type and what it means, computed without the code under test.
type sample struct {
	property crm.Property
	text     string
	meaning  string
}

func numberSample(t *rapid.T) sample {
	value := big.NewRat(rapid.Int64Range(-5000, 5000).Draw(t, "units"), 1)
	places := rapid.IntRange(0, 3).Draw(t, "places")
	value.Quo(value, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)))
	text := value.FloatString(places + rapid.IntRange(0, 2).Draw(t, "zeros"))
	if rapid.Bool().Draw(t, "scientific") {
		text += rapid.SampledFrom([]string{"e0", "E+0", "e-0", "e00"}).Draw(t, "exponent")
	}
	if rapid.Bool().Draw(t, "plus") && text[0] != '-' {
		text = "+0" + text
	}
	return sample{numberProperty, text, value.RatString()}
}

func timeSample(t *rapid.T) sample {
	at := time.UnixMilli(rapid.Int64Range(0, 3).Draw(t, "ms") * 1000).UTC()
	zone := time.FixedZone("", rapid.IntRange(-12, 12).Draw(t, "hours")*3600)
	text := rapid.SampledFrom([]string{
		at.In(zone).Format(time.RFC3339), at.Format("2006-01-02T15:04:05.000Z"),
		big.NewInt(at.UnixMilli()).String(),
	}).Draw(t, "form")
	return sample{datetimeProperty, text, at.Format(time.RFC3339)}
}

func dateSample(t *rapid.T) sample {
	day := time.Date(2026, 2, 27+rapid.IntRange(0, 3).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
	text := rapid.SampledFrom([]string{day.Format(time.DateOnly), big.NewInt(day.UnixMilli()).String()}).Draw(t, "form")
	return sample{dateProperty, text, day.Format(time.DateOnly)}
}

func setSample(t *rapid.T) sample {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 4).Draw(t, "parts")
	members := map[string]bool{}
	for _, part := range parts {
		members[part] = true
	}
	meaning := ""
	for _, member := range []string{"a", "b", "c"} {
		if members[member] {
			meaning += member
		}
	}
	return sample{tagsProperty, strings.Join(parts, ";"), meaning}
}

func textSample(t *rapid.T) sample {
	text := rapid.SampledFrom([]string{"02139", "2139", "no", "NO", " x", "x", "1.0", "1"}).Draw(t, "text")
	return sample{stringProperty, text, text}
}

func emailSample(t *rapid.T) sample {
	local := rapid.SampledFrom([]string{"ada", "lee"}).Draw(t, "local")
	text := rapid.SampledFrom([]string{local + "@Example.com", " " + strings.ToUpper(local) + "@EXAMPLE.com\t"}).Draw(t, "form")
	return sample{emailProperty, text, local}
}

// Law: canonical texts are equal exactly when the values are, and a canonical
// text is its own.
func TestCanonicalEqualExactlyWhenTheValuesAre(t *testing.T) {
	t.Parallel()
	draws := []func(*rapid.T) sample{numberSample, timeSample, dateSample, setSample, textSample, emailSample}
	cases, drawn := 0, make([]int, len(draws))
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.IntRange(0, len(draws)-1).Draw(t, "kind")
		cases++
		drawn[kind]++
		a, b := draws[kind](t), draws[kind](t)
		first, err := a.property.Canonical(a.text)
		if err != nil {
			t.Fatalf("Canonical(%q): %v", a.text, err)
		}
		second, err := b.property.Canonical(b.text)
		if err != nil {
			t.Fatalf("Canonical(%q): %v", b.text, err)
		}
		if (first == second) != (a.meaning == b.meaning) {
			t.Fatalf("%q → %q and %q → %q, but they mean %s and %s", a.text, first, b.text, second, a.meaning, b.meaning)
		}
		if got := a.property.Equal(a.text, b.text); got != (a.meaning == b.meaning) {
			t.Fatalf("Equal(%q, %q) = %t", a.text, b.text, got)
		}
		if again, err := a.property.Canonical(first); err != nil || again != first {
			t.Fatalf("Canonical(%q) = %q, %v: not its own canonical text", first, again, err)
		}
	})
	const telling = 100 // fewer cases, in short runs, may miss a kind
	if cases >= telling && slices.Contains(drawn, 0) {
		t.Errorf("kinds drawn: %v, want every kind", drawn)
	}
}

// Whatever text is accepted has one canonical form, of any type.
func FuzzCanonical(f *testing.F) {
	for _, text := range []string{"1e0", "-.5", "2026-03-15", "1773532800000", "2026-03-15T09:30:00.5+02:00", "a;b;a", "Ada@Example.com", "+1 (555) 010-0199", "1e-999999"} {
		f.Add(text)
	}
	properties := []crm.Property{
		stringProperty, emailProperty, numberProperty, boolProperty, dateProperty,
		datetimeProperty, selectProperty, tagsProperty, phoneProperty,
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, property := range properties {
			first, err := property.Canonical(text)
			if err != nil {
				continue
			}
			if second, err := property.Canonical(first); err != nil || second != first {
				t.Errorf("%s: %q → %q → %q, %v", property.Name, text, first, second, err)
			}
			if !property.Equal(text, first) && text != "" {
				t.Errorf("%s: %q and its canonical text %q are not equal", property.Name, text, first)
			}
		}
	})
}

package values_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/values"
)

// texts draws values of every type, and some of none.
func texts() *rapid.Generator[string] {
	milliseconds := rapid.Map(rapid.Int64Range(-62e12, 250e12), func(n int64) string { return strconv.FormatInt(n, 10) })
	midnights := rapid.Map(rapid.Int64Range(-700_000, 2_900_000), func(n int64) string { return strconv.FormatInt(n*86_400_000, 10) })
	set := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c", "d"}), 0, 5), func(parts []string) string { return strings.Join(parts, ";") })
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[A-Za-z.]{1,6}@[A-Za-z0-9]{1,5}\.(COM|example|zz)`),
		rapid.StringMatching(`[+-]?[0-9]{0,4}\.?[0-9]{0,3}(e[0-9])?`),
		rapid.StringMatching(`(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|\+0[0-9]:30))?`),
		rapid.SampledFrom([]string{"true", "false", "True", "0"}),
		milliseconds, midnights, set,
	)
}

func TestLawWhatIsStoredIsStoredAgainUnchanged(t *testing.T) {
	t.Parallel()
	var defs []hubspot.Property
	for _, name := range []string{"firstname", "email", "hs_additional_emails", "tags", "consent", "score", "day", "at", "direct", "lifecyclestage", "hs_persona"} {
		defs = append(defs, definitions()[name])
	}
	rapid.Check(t, func(t *rapid.T) {
		def := rapid.SampledFrom(defs).Draw(t, "property")
		text := texts().Draw(t, "text")
		old, _ := values.Store(def, texts().Draw(t, "old"), "")
		stored, problem := values.Store(def, text, old)
		if problem != nil {
			return
		}
		again, problem := values.Store(def, stored, old)
		if problem != nil || again != stored {
			t.Fatalf("%s: %q is stored as %q, and that as %q with problem %v", def.Name, text, stored, again, problem)
		}
	})
}

// asCRM is a definition as the planner sees it.
func asCRM(def hubspot.Property, rules ...crm.ValidationRule) crm.Property {
	p := crm.Property{Name: def.Name, Type: def.Type, FieldType: def.FieldType, Rules: rules}
	for _, o := range def.Options {
		p.Options = append(p.Options, crm.Option{Value: o.Value})
	}
	return p
}

func TestLawStoringKeepsTheCanonicalText(t *testing.T) {
	t.Parallel()
	var defs []hubspot.Property
	for _, name := range []string{"firstname", "email", "tags", "consent", "score", "day", "at", "direct", "lifecyclestage", "hs_persona"} {
		defs = append(defs, definitions()[name])
	}
	rapid.Check(t, func(t *rapid.T) {
		def := rapid.SampledFrom(defs).Draw(t, "property")
		text := texts().Draw(t, "text")
		old, _ := values.Store(def, texts().Draw(t, "old"), "")
		stored, problem := values.Store(def, text, old)
		planned := asCRM(def)
		if problem != nil {
			// HubSpot alone knows which top-level domains there are.
			if planned.Check(text) == nil && problem.Code != values.InvalidEmail {
				t.Fatalf("%s: %q may be written, says the planner; the portal: %v", def.Name, text, problem)
			}
			return
		}
		want, err := planned.Canonical(text)
		if err != nil {
			return // the planner asks for more than HubSpot does
		}
		if got, err := planned.Canonical(stored); err != nil || got != want {
			t.Fatalf("%s: %q is stored as %q; as canonical texts %q and %q, %v", def.Name, text, stored, want, got, err)
		}
	})
}

func TestLawNormalisedPhoneNumbersAreCanonical(t *testing.T) {
	t.Parallel()
	const kind = "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE"
	planned := asCRM(definitions()["phone"], crm.ValidationRule{Type: kind, Normalises: true})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`\+?[0-9 ()./-]{1,20}x?`).Draw(t, "text")
		stored, problem := values.Conform([]hubspot.ValidationRule{{RuleType: kind, ShouldApplyNormalization: true}}, text)
		if problem != nil {
			return
		}
		if want, err := planned.Canonical(text); err != nil || stored != want {
			t.Fatalf("%q is stored as %q, its canonical text is %q, %v", text, stored, want, err)
		}
	})
}

func FuzzStore(f *testing.F) {
	defs := definitions()
	for name, text := range map[string]string{"email": "A@b.example", "day": "-1", "at": "2020-02-29T03:30Z", "tags": ";a;;b", "score": "+.1e-5"} {
		f.Add(name, text, "a")
	}
	f.Fuzz(func(t *testing.T, name, text, old string) {
		def, ok := defs[name]
		if !ok {
			return
		}
		stored, problem := values.Store(def, text, old)
		if problem != nil && stored != "" {
			t.Errorf("%s: %q is refused and stored as %q", name, text, stored)
		}
		if problem == nil && stored == "" && strings.Trim(text, ";") != "" {
			t.Errorf("%s: %q is accepted and stored as nothing", name, text)
		}
	})
}

package portal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// However a value is written in JSON, with escapes or without, with white space or
// without, as a text, a number, a boolean or null: the same is stored.
func TestValuesAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	names := []string{"jobtitle", "lastname", "city", "state", "zip", "country"}
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.MapOfN(rapid.SampledFrom(names), scalars(), 1, len(names)).Draw(rt, "values")
		values["firstname"] = `"given"`
		space := rapid.SampledFrom([]string{"", " ", "\n\t", "\r\n  "})
		var plain, escaped []string
		for _, name := range slices.Sorted(maps.Keys(values)) {
			around := space.Draw(rt, "space")
			plain = append(plain, fmt.Sprintf("%s%q%s:%s%s%s", around, name, around, around, values[name], around))
			escaped = append(escaped, escape(rt, fmt.Sprintf("%q", name))+":"+escape(rt, values[name]))
		}
		var stored [2]map[string]*string
		for i, members := range [][]string{plain, escaped} {
			created := want(rt, p, 201, "POST", contactsPath, `{"properties":{`+strings.Join(members, ",")+`}}`)
			var o object
			if err := json.Unmarshal([]byte(created.Body), &o); err != nil {
				rt.Fatal(err)
			}
			for _, own := range []string{"hs_object_id", "createdate", "lastmodifieddate"} {
				delete(o.Properties, own)
			}
			stored[i] = o.Properties
		}
		if diff := cmp.Diff(stored[1], stored[0]); diff != "" {
			rt.Fatalf("with escapes, and without (-escaped +plain):\n%s", diff)
		}
	})
}

// scalars are JSON scalars.
func scalars() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"null", "true", "false", "0", "-1.50", "1e3", `""`, `":"`, `"{"`, `"a,b}"`, `" null"`, `"null"`}),
		rapid.Custom(func(rt *rapid.T) string {
			text, err := json.Marshal(rapid.String().Draw(rt, "text"))
			if err != nil {
				rt.Fatal(err)
			}
			return string(text)
		}),
	)
}

// escape writes a JSON scalar with each character of a text as its number.
func escape(rt *rapid.T, scalar string) string {
	if scalar[0] != '"' {
		return scalar
	}
	var text string
	if err := json.Unmarshal([]byte(scalar), &text); err != nil {
		rt.Fatal(err)
	}
	var escaped strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&escaped, `\u%04x`, unit)
	}
	return `"` + escaped.String() + `"`
}

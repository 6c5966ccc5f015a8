package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValueResolvesLikeAnEditor(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		text string
		want any
	}{
		{`plain`, "plain"},
		{`""`, ""},
		{`"1"`, "1"},
		{`1`, 1},
		{`02139`, 2139.0}, // why no value is taken from here
		{`-1.5`, -1.5},
		{`18446744073709551615`, uint64(18446744073709551615)},
		{`true`, true},
		{`yes`, "yes"},
		{`~`, nil},
		{`null`, nil},
		{`.inf`, ".inf"},
		{`-.Inf`, "-.Inf"},
		{`.nan`, ".nan"},
		{`2024-01-02`, "2024-01-02"},
		{`!!str 1`, "1"},
		{`!!int x`, "x"},
		{`!!binary aGk=`, "aGk="},
		{`!other x`, "x"},
		{`[1, [a, ~]]`, []any{1, []any{"a", nil}}},
		{`{a: 1, 2: {b: }}`, map[string]any{"a": 1, "2": map[string]any{"b": nil}}},
		{`{a: 1, a: 2}`, map[string]any{"a": 2}},
		{`[&x {a: 1}, *x]`, []any{map[string]any{"a": 1}, map[string]any{"a": 1}}},
		{`[&x {a: 1}, {<<: *x, b: 2}]`, []any{map[string]any{"a": 1}, map[string]any{"a": 1, "b": 2}}},
		{`[&x {a: 1}, {a: 3, <<: *x}]`, []any{map[string]any{"a": 1}, map[string]any{"a": 3}}},
		{`{<<: [{a: 1}, {a: 2, b: 2}, text]}`, map[string]any{"a": 1, "b": 2}},
		{`{"<<": 1}`, map[string]any{"<<": 1}},
	} {
		if diff := cmp.Diff(one.want, document(t, one.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", one.text, diff)
		}
	}
}

package portal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/hubspot"
)

// Whatever is asked: the answer obeys the laws of answers, and the hubspot client's
// types hold all of it.
func TestAnswersDecodeWithoutLoss(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	var pool freshPortals
	t.Cleanup(pool.close)
	rapid.Check(t, func(rt *rapid.T) {
		p := pool.next(t)
		s := rapid.SampledFrom(samples).Draw(rt, "sample")
		o := operations[s.operation]
		target := path(o, rapid.IntRange(0, 4).Draw(rt, "version"), s.values) + "?" + s.query
		body := mutated(s.body, rapid.Uint64Range(0, 1<<20).Draw(rt, "mutation"))
		got := ask(rt, p, o.Method, target, body)
		request := fmt.Sprintf("%s %s %s", o.Method, target, body)
		demandLaws(rt, request, got)
		var into any
		switch {
		case got.Body == "":
			return
		case got.Status >= 400:
			into = new(hubspot.ErrorBody)
		case s.answer == nil: // a batch that is silent when all goes well
			into = new(hubspot.BatchResponse[hubspot.LabelsBetweenPair])
		default:
			into = reflect.New(reflect.TypeOf(s.answer)).Interface()
		}
		if err := json.Unmarshal([]byte(got.Body), into); err != nil {
			rt.Fatalf("%s answered %s, which is no %T: %v", request, got.Body, into, err)
		}
		again, err := json.Marshal(into)
		if err != nil {
			rt.Fatal(err)
		}
		if lost := lost("", tree(rt, []byte(got.Body)), tree(rt, again)); len(lost) > 0 {
			rt.Fatalf("%s answered %s: a %T holds no %s", request, got.Body, into, strings.Join(lost, ", "))
		}
	})
}

func tree(tb tester, text []byte) any {
	tb.Helper()
	var root any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&root); err != nil {
		tb.Fatal(err)
	}
	return root
}

// lost are the places of a JSON tree whose values another one does not have.
// Numbers are texts, and what is empty may be absent.
func lost(at string, before, after any) []string {
	switch before := before.(type) {
	case map[string]any:
		other, _ := after.(map[string]any)
		var all []string
		for _, key := range slices.Sorted(maps.Keys(before)) {
			all = append(all, lost(at+"/"+key, before[key], other[key])...)
		}
		return all
	case []any:
		other, _ := after.([]any)
		if len(other) != len(before) {
			return unlessEmpty(at, len(before) == 0)
		}
		var all []string
		for i := range before {
			all = append(all, lost(fmt.Sprintf("%s/%d", at, i), before[i], other[i])...)
		}
		return all
	}
	return unlessEmpty(at, text(before) == text(after) || text(before) == "" && after == nil)
}

func unlessEmpty(at string, same bool) []string {
	if same {
		return nil
	}
	return []string{at}
}

// text is a scalar as a text; what is empty is "".
func text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if !value {
			return ""
		}
	case json.Number:
		if value == "0" {
			return ""
		}
	}
	return fmt.Sprint(value)
}

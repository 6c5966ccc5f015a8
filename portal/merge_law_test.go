package portal_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// told is when a property got each of its values, newest first.
type told []struct{ Value, Timestamp string }

func tellHistory(rt *rapid.T, p *portal.Portal, id string) (told, string) {
	var read struct {
		Properties            map[string]*string
		PropertiesWithHistory map[string]told
	}
	got := want(rt, p, 200, "GET", contactsPath+"/"+id+"?properties=jobtitle&propertiesWithHistory=jobtitle", "")
	if err := json.Unmarshal([]byte(got.Body), &read); err != nil {
		rt.Fatal(err)
	}
	if text := read.Properties["jobtitle"]; text != nil {
		return read.PropertiesWithHistory["jobtitle"], *text
	}
	return read.PropertiesWithHistory["jobtitle"], ""
}

// Whatever two contacts were called and when: the history of what they become tells
// every name that either had, at its time but for the milliseconds that keep two
// apart, and begins with the present one.
func TestLawAMergedHistoryLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	written := 0
	rapid.Check(t, func(rt *rapid.T) {
		title := func(label string) string {
			written++
			return rapid.SampledFrom([]string{"", fmt.Sprintf("title %d", written)}).Draw(rt, label)
		}
		var ids [2]string
		for i := range ids {
			ids[i] = idOf(rt, want(rt, p, 201, "POST", contactsPath, `{"properties":{"firstname":"A","jobtitle":"`+title("first")+`"}}`))
		}
		steps := rapid.IntRange(0, 8).Draw(rt, "steps")
		for range steps {
			id := ids[rapid.IntRange(0, 1).Draw(rt, "which")]
			want(rt, p, 200, "PATCH", contactsPath+"/"+id, `{"properties":{"jobtitle":"`+title("next")+`"}}`)
		}
		before := map[string]time.Time{}
		for _, id := range ids {
			history, _ := tellHistory(rt, p, id)
			for _, version := range history {
				before[version.Value] = at(rt, version.Timestamp)
			}
		}
		_, primary := tellHistory(rt, p, ids[0])
		_, other := tellHistory(rt, p, ids[1])
		if primary == "" {
			primary = other
		}
		merged := idOf(rt, want(rt, p, 200, "POST", contactsPath+"/merge", `{"primaryObjectId":"`+ids[0]+`","objectIdToMerge":"`+ids[1]+`"}`))
		history, present := tellHistory(rt, p, merged)
		if present != primary {
			rt.Fatalf("the merged contact is called %q, not %q", present, primary)
		}
		if len(history) > 0 && history[0].Value != present {
			rt.Fatalf("it is called %q, the last that its history tells is %q", present, history[0].Value)
		}
		after := map[string]time.Time{}
		last := time.Now().AddDate(1, 0, 0)
		for _, version := range history {
			when := at(rt, version.Timestamp)
			if !when.Before(last) {
				rt.Fatalf("%q is not older than what is told before it: %+v", version.Value, history)
			}
			after[version.Value], last = when, when // the oldest of several is the one that was before
		}
		for value, when := range before {
			moved := after[value].Sub(when)
			if value != "" && (moved < 0 || moved > time.Duration(steps+3)*time.Millisecond) {
				rt.Fatalf("%q was told at %v and is at %v", value, when, after[value])
			}
		}
	})
}

func at(rt *rapid.T, timestamp string) time.Time {
	when, err := time.Parse(time.RFC3339, timestamp)
	if err != nil {
		rt.Fatal(err)
	}
	return when
}

package hubspot_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// The time is the portal's as far as it told it, and goes on by itself until the next
// answer.
func TestNowIsThePortalsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Truncate(time.Second)
		date := func(ahead time.Duration) []string {
			return []string{"Date", at.Add(ahead).UTC().Format(http.TimeFormat)}
		}
		client := local(t, &script{answers: []carrier{
			says(200, account), says(200, account, date(24*time.Hour)...), says(200, account, "Date", "soon"), says(200, account, date(-24*time.Hour)...),
		}})
		for i, want := range []time.Duration{0, time.Minute, 24*time.Hour + time.Minute, 24*time.Hour + 2*time.Minute, -24*time.Hour + time.Minute} {
			if i > 0 {
				if err := read(t.Context(), client); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
			}
			if got := client.Now().Sub(at); got != want {
				t.Errorf("after %d answers it is %v later, want %v", i, got, want)
			}
		}
	})
}

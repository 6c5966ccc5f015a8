package values

import (
	"fmt"
	"strconv"
	"time"
)

// Layouts of stored values, as HubSpot returns them.
const (
	dateLayout     = time.DateOnly
	datetimeLayout = "2006-01-02T15:04:05.000Z"
)

// date stores a calendar day from YYYY-MM-DD or from the time of its midnight in
// UTC, in milliseconds since 1970 or in ISO 8601.
func date(text string) (string, *Problem) {
	if day, err := time.Parse(dateLayout, text); err == nil {
		return day.Format(dateLayout), nil
	}
	at, problem := instant(text)
	if problem != nil {
		return "", problem
	}
	if !at.Equal(at.Truncate(24 * time.Hour)) {
		return "", &Problem{InvalidDate, fmt.Sprintf("%s is at %d:%d:%d.%d UTC, not midnight!",
			text, at.Hour(), at.Minute(), at.Second(), at.Nanosecond()/int(time.Millisecond))}
	}
	return at.Format(dateLayout), nil
}

// datetime stores an instant to the millisecond.
func datetime(text string) (string, *Problem) {
	at, problem := instant(text)
	if problem != nil {
		return "", problem
	}
	return at.Format(datetimeLayout), nil
}

// instant reads milliseconds since 1970, a day (its midnight in UTC), or ISO 8601
// with a zone.
func instant(text string) (time.Time, *Problem) {
	if milliseconds, err := strconv.ParseInt(text, 10, 64); err == nil && text[0] != '+' {
		if at := time.UnixMilli(milliseconds).UTC(); at.Year() >= 0 && at.Year() <= 9999 {
			return at, nil
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", dateLayout} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, &Problem{InvalidTime, fmt.Sprintf("%s was not a valid long.", text)}
}

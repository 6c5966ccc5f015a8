package crm

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// datetimeLayout is how HubSpot returns an instant: in UTC, to the millisecond.
const datetimeLayout = "2006-01-02T15:04:05.000Z"

// canonicalDate reads a day as HubSpot takes it: YYYY-MM-DD, or the milliseconds
// of its midnight in UTC since 1970.
func canonicalDate(text string) (string, error) {
	if day, ok := parseDay(text); ok {
		return day, nil
	}
	at, ok := parseMilliseconds(text)
	if !ok {
		return "", &ValueError{Rule: "date", Detail: fmt.Sprintf("%q is not a date; write it as YYYY-MM-DD", text), Part: text}
	}
	if !at.Equal(at.Truncate(24 * time.Hour)) {
		return "", &ValueError{
			Rule:    "date",
			Detail:  fmt.Sprintf("%q, as milliseconds, is not midnight in UTC, and HubSpot refuses other times of the day in a date", text),
			Part:    text,
			Nearest: at.Format(time.DateOnly),
		}
	}
	return at.Format(time.DateOnly), nil
}

// canonicalDatetime reads an instant: ISO 8601 with its offset, or milliseconds
// since 1970. HubSpot keeps milliseconds; finer digits would be lost.
func canonicalDatetime(text string) (string, error) {
	if at, ok := parseMilliseconds(text); ok {
		return at.Format(datetimeLayout), nil
	}
	at, ok := parseInstant(text)
	if !ok {
		detail := "%q is not a time; write it as 2026-03-15T09:30:00Z, or with an offset such as +02:00"
		if _, isDay := parseDay(text); isDay {
			detail = "%q is a day; this property holds a time, so write one with its offset: 2026-03-15T00:00:00Z"
		}
		return "", &ValueError{Rule: "datetime", Detail: fmt.Sprintf(detail, text), Part: text}
	}
	if at.Nanosecond()%int(time.Millisecond) != 0 {
		return "", &ValueError{Rule: "precision", Detail: fmt.Sprintf("%q is finer than a millisecond, and HubSpot would cut it", text), Part: text}
	}
	return at.UTC().Format(datetimeLayout), nil
}

// parseDay accepts the one layout, digit for digit.
func parseDay(text string) (string, bool) {
	if len(text) != len(time.DateOnly) {
		return "", false
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		return "", false
	}
	return text, true
}

// parseMilliseconds accepts decimal milliseconds of the years 1 to 9999.
func parseMilliseconds(text string) (time.Time, bool) {
	_, size := cutSign(text)
	if text == "" || text[0] == '+' || !digits(size) || len(size) > 15 || (size[0] == '0' && text != "0") {
		return time.Time{}, false
	}
	milliseconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	at := time.UnixMilli(milliseconds).UTC()
	return at, at.Year() >= 1 && at.Year() <= 9999
}

// parseInstant accepts ISO 8601 with a zone, seconds optional. The package time
// is laxer than the standard about widths and commas, so the shape is checked
// first.
func parseInstant(text string) (time.Time, bool) {
	const minutes = "2006-01-02T15:04"
	if len(text) <= len(minutes) || text[10] != 'T' || text[13] != ':' || strings.ContainsRune(text, ',') {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, minutes + "Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			at = at.UTC()
			return at, at.Year() >= 1 && at.Year() <= 9999
		}
	}
	return time.Time{}, false
}

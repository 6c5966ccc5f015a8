package hubspot_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

const (
	account  = `{"portalId":1234567,"accountType":"STANDARD","timeZone":"Europe/Berlin","results":[]}`
	rollingL = `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"c1","policyName":"TEN_SECONDLY_ROLLING","requestId":"r"}`
	dailyL   = `{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","correlationId":"c033cdaa","policyName":"DAILY","requestId":"3d3e35b7"}`
	created  = `{"id":"151","properties":{"email":"ada@example.com"},"createdAt":"2026-11-23T10:00:00.000Z","updatedAt":"2026-11-23T10:00:00.000Z","archived":false}`
)

func read(ctx context.Context, c *hubspot.Client) error {
	_, err := c.Properties(ctx, "contacts", "")
	return err
}

func write(ctx context.Context, c *hubspot.Client) error {
	_, err := c.CreateObject(ctx, "contacts", hubspot.CreateInput{Properties: map[string]string{"email": "ada@example.com"}})
	return err
}

func archive(ctx context.Context, c *hubspot.Client) error {
	return c.BatchArchive(ctx, "contacts", []string{"151"})
}

// unconnected is how a transport fails that got no connection.
func unconnected(request *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(request.Context()); trace != nil {
		trace.GetConn("localhost:80")
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}

// shortened ends before the length that it told.
func shortened(*http.Request) (*http.Response, error) {
	response := reply(200, "")
	response.ContentLength = 9
	return response, nil
}

// slowly takes d before it answers.
func slowly(d time.Duration, next carrier) carrier {
	return func(request *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return next(request)
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
	}
}

// html is a page of a proxy.
func html(status int) carrier {
	return says(status, "<html><body>\x1b[31mLog in to the network of ada@example.com</body></html>", "Content-Type", "text/html; charset=utf-8")
}

func TestRetries(t *testing.T) {
	t.Parallel()
	bad := func(status int) carrier { return says(status, `{"status":"error","message":"oops"}`) }
	for name, test := range map[string]struct {
		call    func(context.Context, *hubspot.Client) error
		answers []carrier
		want    error // nil: success
		sent    int
		least   time.Duration // of fake time
		most    time.Duration
	}{
		"read after 502":                     {read, []carrier{bad(502), says(200, account)}, nil, 2, 0, time.Second},
		"read after 524":                     {read, []carrier{bad(524), says(200, account)}, nil, 2, 0, time.Second},
		"read gives up after five":           {read, []carrier{bad(503)}, new(hubspot.Error), 5, 0, 8 * time.Second},
		"read not after 501":                 {read, []carrier{bad(501)}, new(hubspot.Error), 1, 0, 0},
		"read after a lost connection":       {read, []carrier{fails(io.ErrUnexpectedEOF), says(200, account)}, nil, 2, 0, time.Second},
		"read after a body cut short":        {read, []carrier{says(200, account[:40]), says(200, account)}, nil, 2, 0, time.Second},
		"read after 429":                     {read, []carrier{says(429, rollingL), says(200, account)}, nil, 2, 10 * time.Second, 10 * time.Second},
		"read after 429 with a longer wait":  {read, []carrier{says(429, rollingL, "Retry-After", "25"), says(200, account)}, nil, 2, 25 * time.Second, 25 * time.Second},
		"read after 429 with an endless one": {read, []carrier{says(429, rollingL, "Retry-After", "86400"), says(200, account)}, nil, 2, 10 * time.Minute, 10 * time.Minute},
		"read gives up after two minutes":    {read, []carrier{says(429, rollingL)}, hubspot.ErrRateLimited, 13, 2 * time.Minute, 2 * time.Minute},
		"read stops at the daily limit":      {read, []carrier{says(429, dailyL)}, hubspot.ErrDailyLimit, 1, 0, 0},
		"read stops at 401":                  {read, []carrier{bad(401)}, hubspot.ErrUnauthorized, 1, 0, 0},
		"read stops at 403":                  {read, []carrier{bad(403)}, hubspot.ErrMissingScopes, 1, 0, 0},
		"read stops at 404":                  {read, []carrier{bad(404)}, hubspot.ErrNotFound, 1, 0, 0},
		"read stops at 477":                  {read, []carrier{says(477, "", "Retry-After", "86400")}, errors.New("(it asks to come back in 24h0m0s)"), 1, 0, 0},
		"write stops at 477":                 {write, []carrier{says(477, "", "Retry-After", "3600")}, hubspot.ErrMigrating, 1, 0, 0},
		"lock with an endless wait":          {read, []carrier{says(423, "", "Retry-After", "86400"), says(200, account)}, nil, 2, 10 * time.Minute, 10 * time.Minute},
		"read waits out a lock":              {read, []carrier{bad(423), says(200, account)}, nil, 2, 2 * time.Second, 3 * time.Second},
		"read without a server":              {read, []carrier{unconnected}, hubspot.ErrUnreachable, 5, 0, 10 * time.Second},
		"read with slow dials":               {read, []carrier{slowly(10*time.Second, unconnected)}, hubspot.ErrUnreachable, 2, 20 * time.Second, 31 * time.Second},
		"read of a silent server":            {read, []carrier{slowly(time.Hour, says(200, account))}, errors.New("longer than 2m0s"), 2, 4 * time.Minute, 5 * time.Minute},
		"read of a proxy's page":             {read, []carrier{html(200)}, hubspot.ErrNotHubSpot, 1, 0, 0},
		"read of a proxy's 407":              {read, []carrier{html(407)}, hubspot.ErrNotHubSpot, 1, 0, 0},
		"read of another JSON":               {read, []carrier{says(200, `{}`)}, hubspot.ErrNotHubSpot, 1, 0, 0},

		"write after 429":                  {write, []carrier{says(429, rollingL), says(201, created)}, nil, 2, 10 * time.Second, 10 * time.Second},
		"write waits out a lock":           {write, []carrier{bad(423), bad(423), says(201, created)}, nil, 3, 4 * time.Second, 6 * time.Second},
		"write gives a lock up":            {write, []carrier{bad(423)}, new(hubspot.Error), 5, 8 * time.Second, 16 * time.Second},
		"write without a connection":       {write, []carrier{unconnected, says(201, created)}, nil, 2, 0, time.Second},
		"write without a server":           {write, []carrier{unconnected}, hubspot.ErrUnreachable, 5, 0, 10 * time.Second},
		"write and 500":                    {write, []carrier{bad(500)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and 504":                    {write, []carrier{bad(504)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and a proxy's 502":          {write, []carrier{html(502)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and a lost connection":      {write, []carrier{fails(io.ErrUnexpectedEOF)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and a body cut short":       {write, []carrier{says(201, created[:40])}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and an empty body":          {write, []carrier{says(201, "")}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and a proxy's page":         {write, []carrier{html(200)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and JSON called HTML":       {write, []carrier{says(201, created, "Content-Type", "text/html")}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"write and a silent server":        {write, []carrier{slowly(time.Hour, says(201, created))}, hubspot.ErrUnknownOutcome, 1, 2 * time.Minute, 2 * time.Minute},
		"write stops at 409":               {write, []carrier{bad(409)}, hubspot.ErrConflict, 1, 0, 0},
		"write stops at 400":               {write, []carrier{bad(400)}, hubspot.ErrValidation, 1, 0, 0},
		"write stops at the daily limit":   {write, []carrier{says(429, dailyL)}, hubspot.ErrDailyLimit, 1, 0, 0},
		"archive answered by nothing":      {archive, []carrier{says(204, "")}, nil, 1, 0, 0},
		"archive answered by a page":       {archive, []carrier{html(200)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"archive with errors in the 2xx":   {archive, []carrier{says(207, `{"errors":[{"category":"VALIDATION_ERROR"}]}`)}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"archive shorter than its length":  {archive, []carrier{shortened}, hubspot.ErrUnknownOutcome, 1, 0, 0},
		"redirect of a read":               {read, []carrier{says(302, "", "Location", "https://api.hubapi.com/")}, hubspot.ErrRedirect, 1, 0, 0},
		"redirect of a write, same method": {write, []carrier{says(307, "", "Location", "/elsewhere")}, hubspot.ErrRedirect, 1, 0, 0},
		"redirect for good":                {write, []carrier{says(308, "", "Location", "http://localhost/")}, hubspot.ErrRedirect, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: test.answers}
				client := local(t, s)
				start := time.Now()
				err := test.call(t.Context(), client)
				took := time.Since(start)
				if !matches(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
				if len(s.asked) != test.sent || client.Requests() != int64(test.sent) {
					t.Errorf("%d requests, counted %d, want %d", len(s.asked), client.Requests(), test.sent)
				}
				if took < test.least || took > test.most {
					t.Errorf("took %v, want %v to %v", took, test.least, test.most)
				}
			})
		})
	}
}

// matches compares with a sentinel, with any *Error, or by text.
func matches(err, want error) bool {
	var refusal, kind *hubspot.Error
	switch {
	case want == nil:
		return err == nil
	case errors.As(want, &kind):
		return errors.As(err, &refusal)
	}
	return errors.Is(err, want) || err != nil && contains(err.Error(), want.Error())
}

func TestDateInRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for in, want := range map[time.Duration]time.Duration{
			42 * time.Second: 42 * time.Second, time.Hour: 10 * time.Minute, -time.Hour: 10 * time.Second,
		} {
			for _, ahead := range []time.Duration{0, 24 * time.Hour, -24 * time.Hour} { // the server's clock
				now := time.Now().Add(ahead).UTC()
				header := []string{"Retry-After", now.Add(in).Format(http.TimeFormat)}
				if ahead != 0 {
					header = append(header, "Date", now.Format(http.TimeFormat))
				}
				client := local(t, &script{answers: []carrier{says(429, rollingL, header...), says(200, account)}})
				start := time.Now()
				if err := read(t.Context(), client); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took != want {
					t.Errorf("a date in %v of a clock %v ahead: waited %v, want %v", in, ahead, took, want)
				}
			}
		}
	})
}

// A refusal stops every request of the client, also one that had not begun.
func TestRefusalPausesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := local(t, &script{answers: []carrier{says(429, rollingL), says(200, account)}})
		done := make(chan error, 2)
		go func() { done <- read(t.Context(), client) }()
		synctest.Wait()
		start := time.Now()
		go func() { done <- read(t.Context(), client) }()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("took %v, want 10s", took)
		}
	})
}

// A refusal pauses what shares the limit: a search is refused for searches alone, any
// other request for all.
func TestWhatARefusalPauses(t *testing.T) {
	t.Parallel()
	search := func(ctx context.Context, c *hubspot.Client) error {
		_, err := collect(c.Search(ctx, "companies", hubspot.SearchRequest{}), objectID)
		return err
	}
	labels := func(ctx context.Context, c *hubspot.Client) error {
		_, err := c.Labels(ctx, "contacts", "companies")
		return err
	}
	for name, test := range map[string]struct {
		refused, next func(context.Context, *hubspot.Client) error
		wait          time.Duration
	}{
		"a read, then a search":   {read, search, 10 * time.Second},
		"a read, then labels":     {read, labels, 10 * time.Second},
		"a search, then a search": {search, search, time.Second},
		"a search, then a read":   {search, read, 0},
		"a search, then a write":  {search, write, 0},
		"a write, then a read":    {write, read, 10 * time.Second},
		"labels, then a write":    {labels, write, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := local(t, &script{answers: []carrier{says(429, rollingL), says(200, `{"id":"151","results":[]}`)}})
				done := make(chan error)
				go func() { done <- test.refused(t.Context(), client) }()
				synctest.Wait()
				start := time.Now()
				if err := test.next(t.Context(), client); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took != test.wait {
					t.Errorf("waited %v, want %v", took, test.wait)
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call    func(context.Context, *hubspot.Client) error
		unknown bool
	}{
		"read":  {read, false},
		"write": {write, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := local(t, &script{answers: []carrier{slowly(time.Minute, says(200, account))}})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				err := test.call(ctx, client)
				if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, hubspot.ErrUnknownOutcome) != test.unknown {
					t.Errorf("error %v, want the deadline, unknown outcome %v", err, test.unknown)
				}
				err = test.call(ctx, client)
				if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, hubspot.ErrUnknownOutcome) || client.Requests() != 1 {
					t.Errorf("error %v after %d requests, want the deadline before anything is sent", err, client.Requests())
				}
			})
		})
	}
}

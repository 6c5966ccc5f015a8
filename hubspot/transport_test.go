package hubspot_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

// piped carries requests by net/http's own transport to serve, which speaks HTTP
// by hand on the other end of a pipe.
func piped(t *testing.T, serve func(conn net.Conn)) *http.Transport {
	t.Helper()
	var serving sync.WaitGroup
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		serving.Go(func() {
			defer func() { _ = far.Close() }()
			request, err := http.ReadRequest(bufio.NewReader(far))
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, request.Body); err != nil {
				return
			}
			serve(far)
		})
		return near, nil
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		serving.Wait()
	})
	return transport
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// dribble sends a text byte by byte.
func dribble(conn net.Conn, text string, every time.Duration) {
	for i := range len(text) {
		time.Sleep(every) // fake time
		if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
			return
		}
	}
}

func TestSlowAndBrokenAnswers(t *testing.T) {
	t.Parallel()
	whole := head + "Content-Length: " + strconv.Itoa(len(account)) + "\r\n\r\n" + account
	for name, test := range map[string]struct {
		call  func(context.Context, *hubspot.Client) error
		serve func(net.Conn)
		want  error // nil: success
		took  time.Duration
	}{
		"whole":                {read, func(c net.Conn) { dribble(c, whole, 0) }, nil, 0},
		"a byte a second":      {read, func(c net.Conn) { dribble(c, whole, time.Second/2) }, nil, time.Duration(len(whole)) * time.Second / 2},
		"write, five s a byte": {write, func(c net.Conn) { dribble(c, whole, 5*time.Second) }, hubspot.ErrUnknownOutcome, 2 * time.Minute},
		"write, body stands still": {write, func(c net.Conn) {
			dribble(c, whole[:len(whole)-5], 0)
			_, _ = io.Copy(io.Discard, c) // until the client hangs up
		}, errors.New("the outcome is unknown: the answer stood still for 30s"), 30 * time.Second},
		"write, no byte of a body": {write, func(c net.Conn) {
			dribble(c, head+"Content-Length: 9\r\n\r\n", 0)
			_, _ = io.Copy(io.Discard, c)
		}, errors.New("the outcome is unknown: the answer stood still for 30s"), 30 * time.Second},
		"write, no answer":                {write, func(net.Conn) {}, hubspot.ErrUnknownOutcome, 0},
		"write, headers cut":              {write, func(c net.Conn) { dribble(c, head[:30], 0) }, hubspot.ErrUnknownOutcome, 0},
		"write, body cut":                 {write, func(c net.Conn) { dribble(c, whole[:len(whole)-5], 0) }, hubspot.ErrUnknownOutcome, 0},
		"write, body cut, no length":      {write, func(c net.Conn) { dribble(c, head+"\r\n"+account[:40], 0) }, hubspot.ErrUnknownOutcome, 0},
		"archive, nothing but the length": {archive, func(c net.Conn) { dribble(c, head+"Content-Length: 9\r\n\r\n", 0) }, hubspot.ErrUnknownOutcome, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := local(t, piped(t, test.serve))
				start := time.Now()
				err := test.call(t.Context(), client)
				if !matches(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
				if took := time.Since(start); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				if client.Requests() != 1 {
					t.Errorf("%d requests, want 1", client.Requests())
				}
			})
		})
	}
}

// A small answer that unpacks to ten gigabytes is given up at 64 MiB.
func TestHugeAnswerIsBounded(t *testing.T) {
	t.Parallel()
	var unpacked atomic.Int64
	client := local(t, piped(t, func(conn net.Conn) {
		if _, err := io.WriteString(conn, head+"Content-Encoding: gzip\r\n\r\n"); err != nil {
			return
		}
		packer, zeros := gzip.NewWriter(conn), make([]byte, 1<<20)
		for range 10 << 10 {
			n, err := packer.Write(zeros)
			unpacked.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	err := read(t.Context(), client)
	if err == nil || !strings.Contains(err.Error(), "the answer is larger than 64 MiB") {
		t.Errorf("error %v, want the limit of 64 MiB", err)
	}
	if client.Requests() != 1 {
		t.Errorf("%d requests, want 1", client.Requests())
	}
	if n := unpacked.Load(); n > 256<<20 {
		t.Errorf("%d bytes were taken", n)
	}
}

// The network transport itself: an untrusted certificate ends the attempt at
// once, by its reason, and nothing is sent.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request was sent")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // net/http reports the refused handshake
	server.StartTLS()
	defer server.Close()
	client := newClient(t, hubspot.Options{BaseURL: server.URL})
	err := write(t.Context(), client)
	if !errors.Is(err, hubspot.ErrUnreachable) || !contains(err.Error(), "certificate") || client.Requests() != 1 {
		t.Errorf("error %v after %d requests, want ErrUnreachable for the certificate after 1", err, client.Requests())
	}
}

// A panic in the transport passes through, and leaves the client usable.
func TestPanickingTransport(t *testing.T) {
	t.Parallel()
	calls := 0
	client := newClient(t, hubspot.Options{BaseURL: "http://localhost", InFlight: 1, Transport: carrier(func(*http.Request) (*http.Response, error) {
		if calls++; calls == 1 {
			panic("transport")
		}
		return reply(200, account), nil
	})})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = read(t.Context(), client)
	}()
	if err := read(t.Context(), client); err != nil {
		t.Error(err)
	}
}

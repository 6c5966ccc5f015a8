package hubspot_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

// connecting is how a connection of these tests is made, and what its other end does
// with it.
type connecting func(ctx context.Context, far net.Conn) error

// accepted is a connection on whose other end somebody is.
func accepted(serve func(far net.Conn)) connecting {
	return func(_ context.Context, far net.Conn) error {
		go func() {
			defer func() { _ = far.Close() }()
			serve(far)
		}()
		return nil
	}
}

// blackHole drops what it gets: a dial ends when the dialler gives up.
func blackHole(ctx context.Context, _ net.Conn) error {
	<-ctx.Done()
	_, err := new(net.Dialer).DialContext(ctx, "tcp", "192.0.2.1:443") // the words of package net, without a packet
	return err
}

// lookupFails is a name server that does not answer well.
func lookupFails(failure net.DNSError) connecting {
	return func(context.Context, net.Conn) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: &failure}
	}
}

// silent takes everything and says nothing.
func silent(far net.Conn) { _, _ = io.Copy(io.Discard, far) }

// answering says one text, whatever it gets.
func answering(text string) func(net.Conn) {
	return func(far net.Conn) {
		go func() { _, _ = io.WriteString(far, text) }()
		silent(far)
	}
}

// endlessHeader begins an answer and never comes to its body. It reads the request first:
// an answer that comes before it is none to net/http.
func endlessHeader(far net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(far)); err != nil {
		return
	}
	go silent(far)
	_, err := io.WriteString(far, "HTTP/1.1 200 OK\r\n")
	for line := "X-More: " + strings.Repeat("x", 1000) + "\r\n"; err == nil; {
		_, err = io.WriteString(far, line)
	}
}

// says407 is a proxy that wants a password.
func says407(far net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(far)); err == nil {
		_, _ = io.WriteString(far, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
	}
}

// certified is a certificate of example.com, and who vouches for it.
func certified(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return server.TLS.Certificates[0], pool
}

// Every phase of an attempt has its own patience, and the error says which one it was. A
// write that got no connection is known not to have been carried out.
func TestPatienceOfEachPhase(t *testing.T) {
	t.Parallel()
	certificate, vouching := certified(t)
	// secured speaks TLS, and behind it what serve speaks.
	secured := func(serve func(net.Conn), protocols ...string) connecting {
		return accepted(func(far net.Conn) {
			conn := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: protocols, MinVersion: tls.VersionTLS12})
			if conn.Handshake() == nil {
				serve(conn)
			}
		})
	}
	// old speaks no newer TLS than 1.1.
	old := accepted(func(far net.Conn) {
		_ = tls.Server(far, &tls.Config{Certificates: []tls.Certificate{certificate}, MaxVersion: tls.VersionTLS11}).Handshake() // #nosec G402 -- it is what must be refused
		_ = far.Close()
	})
	proxy, err := url.Parse("http://proxy.example:3128")
	if err != nil {
		t.Fatal(err)
	}
	busy := net.DNSError{Err: "server misbehaving", Name: "example.com", IsTemporary: true}
	nowhere := net.DNSError{Err: "no such host", Name: "example.com", IsNotFound: true}
	for name, test := range map[string]struct {
		connect connecting
		proxy   *url.URL
		expired bool // the certificate, by the clock of this side
		write   bool
		want    error
		says    string
		sent    int
		least   time.Duration
		most    time.Duration
	}{
		"dial":                  {connect: blackHole, want: hubspot.ErrUnreachable, says: "dial tcp 192.0.2.1:443: i/o timeout", sent: 2, least: 20 * time.Second, most: 21 * time.Second},
		"dial, write":           {connect: blackHole, write: true, want: hubspot.ErrUnreachable, says: "dial tcp 192.0.2.1:443: i/o timeout", sent: 2, least: 20 * time.Second, most: 21 * time.Second},
		"TLS handshake":         {connect: accepted(silent), want: hubspot.ErrUnreachable, says: "TLS handshake timeout", sent: 2, least: 20 * time.Second, most: 21 * time.Second},
		"TLS handshake, write":  {connect: accepted(silent), write: true, want: hubspot.ErrUnreachable, says: "TLS handshake timeout", sent: 2, least: 20 * time.Second, most: 21 * time.Second},
		"header":                {connect: secured(silent), says: "timeout awaiting response headers", sent: 3, least: 2 * time.Minute, most: 4 * time.Minute},
		"header, write":         {connect: secured(silent), write: true, want: hubspot.ErrUnknownOutcome, says: "timeout awaiting response headers", sent: 1, least: time.Minute, most: time.Minute},
		"header, HTTP/2":        {connect: secured(silent, "h2"), says: "http2: timeout awaiting response headers", sent: 3, least: 2 * time.Minute, most: 4 * time.Minute},
		"header, HTTP/2, write": {connect: secured(silent, "h2"), write: true, want: hubspot.ErrUnknownOutcome, says: "http2: timeout awaiting response headers", sent: 1, least: time.Minute, most: time.Minute},
		"endless header":        {connect: secured(endlessHeader), says: "server response headers exceeded 1048576 bytes", sent: 5, most: 10 * time.Second},
		"endless header, write": {connect: secured(endlessHeader), write: true, want: hubspot.ErrUnknownOutcome, says: "server response headers exceeded 1048576 bytes", sent: 1},
		"proxy":                 {connect: accepted(says407), proxy: proxy, want: hubspot.ErrUnreachable, says: "the proxy refuses the connection with status 407", sent: 1},
		"proxy, write":          {connect: accepted(says407), proxy: proxy, write: true, want: hubspot.ErrUnreachable, says: "the proxy refuses the connection with status 407", sent: 1},
		"silent proxy":          {connect: accepted(silent), proxy: proxy, want: hubspot.ErrUnreachable, says: "the proxy did not connect in time", sent: 2, least: time.Minute, most: 3 * time.Minute},
		"name server":           {connect: lookupFails(busy), want: hubspot.ErrUnreachable, says: "lookup example.com: server misbehaving", sent: 5, most: 10 * time.Second},
		"no such name":          {connect: lookupFails(nowhere), want: hubspot.ErrUnreachable, says: "lookup example.com: no such host", sent: 1},
		"no such name, write":   {connect: lookupFails(nowhere), write: true, want: hubspot.ErrUnreachable, says: "lookup example.com: no such host", sent: 1},
		"expired certificate":   {connect: secured(silent), expired: true, want: hubspot.ErrUnreachable, says: "certificate has expired or is not yet valid", sent: 1},
		"TLS 1.1":               {connect: old, write: true, want: hubspot.ErrUnreachable, says: "protocol version not supported", sent: 5, most: 20 * time.Second},
		"no TLS at all":         {connect: accepted(answering("220 mail.example ESMTP\r\n")), want: hubspot.ErrUnreachable, says: "first record does not look like a TLS handshake", sent: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := hubspot.NetworkTransport(func(ctx context.Context, _, _ string) (net.Conn, error) {
					near, far := net.Pipe()
					if err := test.connect(ctx, far); err != nil {
						return nil, err
					}
					return near, nil
				})
				defer transport.CloseIdleConnections()
				transport.Proxy = http.ProxyURL(test.proxy)
				transport.TLSClientConfig.RootCAs = vouching
				if test.expired {
					transport.TLSClientConfig.Time = func() time.Time { return time.Date(2126, 1, 1, 0, 0, 0, 0, time.UTC) }
				}
				client := newClient(t, hubspot.Options{BaseURL: "https://example.com", Transport: transport})
				call := read
				if test.write {
					call = write
				}
				begun := time.Now()
				err := call(t.Context(), client)
				took := time.Since(begun)
				if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("error %v, want %v that says %q", err, test.want, test.says)
				}
				if client.Requests() != int64(test.sent) || took < test.least || took > test.most {
					t.Errorf("%d requests in %v, want %d in %v to %v", client.Requests(), took, test.sent, test.least, test.most)
				}
			})
		})
	}
}

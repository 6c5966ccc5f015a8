package hubspot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Patience, phase by phase.
const (
	dialTimeout    = 10 * time.Second
	headerTimeout  = 60 * time.Second
	stallTimeout   = 30 * time.Second
	attemptTimeout = 120 * time.Second
)

// maxBody is the largest answer that is read, after decompression.
const maxBody = 64 << 20

// errProxy is a proxy that refuses to connect.
var errProxy = errors.New("the proxy refuses the connection")

// dial makes a connection, as net.Dialer's DialContext does.
type dial func(ctx context.Context, network, address string) (net.Conn, error)

// within gives up after limit: the look-up of the name, and all of its addresses.
func (d dial) within(limit time.Duration) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return d(ctx, network, address)
	}
}

// errSilentProxy is a proxy that takes connections and does not connect them.
var errSilentProxy = errors.New("the proxy did not connect in time")

func newTransport(connect dial) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            connect.within(dialTimeout),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    MaxInFlight,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("%w with status %d", errProxy, response.StatusCode)
			}
			return nil
		},
	}
}

// neverDialed reports whether err says by its type that no connection was made.
func neverDialed(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns) || hopeless(err)
}

// hopeless reports whether trying to connect again would end the same: a name
// that does not exist, a certificate that is not trusted, a proxy that refuses.
func hopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) || errors.Is(err, errProxy)
}

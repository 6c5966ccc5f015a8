package portal

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/netutil"
)

// maxConnections is how many connections are served at once; further ones wait.
const maxConnections = 256

// Limited is a listener that accepts as many connections at once as a portal serves.
func Limited(listener net.Listener) net.Listener {
	return netutil.LimitListener(listener, maxConnections)
}

// Server returns a server of the portal for a socket, with every timeout set. Beside
// the API it serves a page for people at /.
//
// It answers only requests to localhost, 127.0.0.1, [::1] and the given further
// host names, on any port: a web page that points a name of its own at this
// machine gets 421. Listening, and how many connections, is the caller's; Limited
// bounds them.
func Server(p *Portal, hosts ...string) *http.Server {
	allowed := append([]string{"localhost", "127.0.0.1", "::1"}, hosts...)
	log := new(requestLog)
	served := newPage(p, log).handler(log.watch(p))
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(allowed, hostname(r.Host)) {
				http.Error(w, "This local portal does not answer to the name in the Host header.", http.StatusMisdirectedRequest)
				return
			}
			served.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}
	server.RegisterOnShutdown(p.release)
	return server
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

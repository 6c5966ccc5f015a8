package portal

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Server returns a server of the portal for a socket, with every timeout set. It
// answers only requests to localhost, 127.0.0.1, [::1] and the given further
// host names, on any port: a web page that points a name of its own at this
// machine gets 421. Listening, and how many connections, is the caller's.
func Server(p *Portal, hosts ...string) *http.Server {
	allowed := append([]string{"localhost", "127.0.0.1", "::1"}, hosts...)
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(allowed, hostname(r.Host)) {
				http.Error(w, "This local portal does not answer to the name in the Host header.", http.StatusMisdirectedRequest)
				return
			}
			p.ServeHTTP(w, r)
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

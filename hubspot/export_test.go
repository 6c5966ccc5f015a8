package hubspot

import (
	"context"
	"net"
	"net/http"
)

// NetworkTransport is the transport of a client that is given none, over connections of
// another kind.
func NetworkTransport(connect func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	return newTransport(connect)
}

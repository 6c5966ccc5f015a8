package portal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// response collects an answer: for a client in the same process, or to be sent later.
// Once it was flushed the rest of it is a stream.
type response struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	started chan struct{} // closed by the first flush
	rest    *io.PipeReader
	stream  *io.PipeWriter // what is written after the flush; nil before it
	broken  error          // how the connection ended, if it did
}

func newResponse() *response {
	return &response{header: make(http.Header), started: make(chan struct{})}
}

func (r *response) Header() http.Header { return r.header }

func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *response) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if r.stream != nil {
		return r.stream.Write(data)
	}
	return r.body.Write(data)
}

// Flush lets the client have what was written so far.
func (r *response) Flush() {
	if r.stream != nil {
		return
	}
	r.WriteHeader(http.StatusOK)
	r.rest, r.stream = io.Pipe()
	close(r.started)
}

// end says that nothing more will be written. A client whose context has ended gets
// the context's error, as from net/http.
func (r *response) end(ctx context.Context) {
	if r.stream != nil {
		_ = r.stream.CloseWithError(cmp.Or(ctx.Err(), r.broken)) // never fails; nil is the end of the body
	}
}

// errLost is a connection that ended before its time, as net/http reports it.
var errLost = fmt.Errorf("the connection ended: %w", io.ErrUnexpectedEOF)

// errReset is a connection that the other side reset, in the form in which package
// net reports it.
var errReset = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

// errClientLeft is what a writer is told.
var errClientLeft = errors.New("the client has left")

// send writes the whole answer.
func (r *response) send(w http.ResponseWriter) {
	r.sendHeader(w)
	_, _ = w.Write(r.body.Bytes()) // a client that left is not the portal's problem
}

func (r *response) sendHeader(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header)
	if r.body.Len() > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(r.body.Len()))
	}
	w.WriteHeader(r.status)
}

// received makes the response that the client gets.
func (r *response) received(request *http.Request) *http.Response {
	length := int64(r.body.Len())
	body := io.NopCloser(&r.body)
	if r.stream != nil {
		length = -1
		if told, err := strconv.ParseInt(r.header.Get("Content-Length"), 10, 64); err == nil {
			length = told
		}
		body = streamed{io.MultiReader(&r.body, r.rest), r.rest}
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)),
		StatusCode:    r.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        r.header.Clone(),
		Body:          body,
		ContentLength: length,
		Request:       request,
	}
}

// streamed reads the part of a body that is there and then what follows.
type streamed struct {
	io.Reader
	rest *io.PipeReader
}

// Close lets the writer know that nobody reads on.
func (s streamed) Close() error { return s.rest.CloseWithError(errClientLeft) }

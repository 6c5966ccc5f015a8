package portal

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// What happens to a request that meets a fault
//
// The request is read whole first, as a proxy in front of HubSpot would, so that the
// server notices when the client leaves. Before the commit means that the portal
// never hears of the request. After the commit means that it is carried out like any
// other, limits and refusals included, and that only its answer goes wrong: the
// client cannot know whether it was.
//
// A request that is delayed before the commit is carried out when its time has come,
// also when the client has left by then: it was in a queue that nobody clears. So a
// delay longer than the client's patience is a write that lands late.

// misbehave answers a request by its fault. carryOut is what the portal would have
// done.
func (p *Portal) misbehave(w http.ResponseWriter, r *http.Request, fault *crm.Fault, carryOut func(http.ResponseWriter, *http.Request)) {
	unhurried(w)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		lose(w)
		return
	}
	ctx := r.Context()
	r = r.WithContext(context.WithoutCancel(ctx))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !fault.AfterCommit {
		if fault.Kind == crm.FaultDelay {
			p.pause(context.WithoutCancel(ctx), fault.For)
			carryOut(w, r)
			return
		}
		p.replace(ctx, w, fault, nil)
		return
	}
	kept := newResponse()
	carryOut(kept, r)
	p.replace(ctx, w, fault, kept)
}

// replace sends what a fault makes of an answer, which is nil before the commit.
func (p *Portal) replace(ctx context.Context, w http.ResponseWriter, fault *crm.Fault, kept *response) {
	switch fault.Kind {
	case crm.FaultDelay:
		if p.pause(ctx, fault.For) {
			kept.send(w)
		}
	case crm.FaultStall:
		select {
		case <-ctx.Done():
		case <-p.closing:
		}
		lose(w)
	case crm.FaultDrop:
		reset(w)
	case crm.FaultCut:
		cut(w, kept, fault.Bytes)
	case crm.FaultDrip:
		p.drip(ctx, w, kept, fault)
	case crm.FaultStatus, crm.FaultPage, crm.FaultWrongJSON, crm.FaultLocked, crm.FaultRateLimit, crm.FaultMigrating,
		crm.FaultUnauthorized, crm.FaultMissingScopes:
		p.pretend(w, fault)
	}
}

// pause waits; false when the client left meanwhile. A portal that is closing waits
// no longer.
func (p *Portal) pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.closing:
		return true
	case <-ctx.Done():
		return false
	}
}

// cut sends the beginning of an answer that promises to be whole.
func cut(w http.ResponseWriter, kept *response, n int) {
	kept.sendHeader(w)
	if body := kept.body.Bytes(); n < len(body) {
		_, _ = w.Write(body[:n]) // a client that left is not the portal's problem
		flush(w)
		lose(w)
		return
	}
	_, _ = w.Write(kept.body.Bytes())
}

// drip sends an answer in small parts with pauses between them.
func (p *Portal) drip(ctx context.Context, w http.ResponseWriter, kept *response, fault *crm.Fault) {
	kept.sendHeader(w)
	for i, part := range slices.Collect(slices.Chunk(kept.body.Bytes(), fault.Bytes)) {
		if i > 0 && !p.pause(ctx, fault.Pause) {
			lose(w)
			return
		}
		if _, err := w.Write(part); err != nil {
			return
		}
		flush(w)
	}
}

// flush and unhurried do what the server can do: one that cannot needs neither.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// unhurried takes the server's deadlines off a request that is made to last.
func unhurried(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
}

// lose ends the connection as a server that dies does: what was flushed arrives, the
// rest does not.
func lose(w http.ResponseWriter) {
	if inside, ok := w.(*response); ok {
		inside.broken = errLost
		return
	}
	panic(http.ErrAbortHandler) // net/http's way to say so; it is logged nowhere
}

// reset ends the connection with a reset, so that a client sees ECONNRESET, where
// the listener's connections can.
func reset(w http.ResponseWriter) {
	if inside, ok := w.(*response); ok {
		inside.broken = errReset
		return
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		lose(w)
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // closing then resets; without it the connection ends all the same
	}
	_ = connection.Close()
}

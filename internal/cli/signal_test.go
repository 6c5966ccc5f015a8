//go:build unix

package cli_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// held is a portal that stops in the middle of requests to one path: the first one
// arrives, and is answered when it is let go. What it asks for may be carried out before.
type held struct {
	*portal.Portal

	url     string
	arrived chan struct{}
	letGo   func()
}

func hold(t *testing.T, path string, committed bool) *held {
	t.Helper()
	h := &held{Portal: portaltest.New(t, portal.Config{}), arrived: make(chan struct{})}
	gate := make(chan struct{})
	h.letGo = sync.OnceFunc(func() { close(gate) })
	arrive := sync.OnceFunc(func() { close(h.arrived) })
	handler := portal.Server(h.Portal).Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, path) {
			handler.ServeHTTP(w, r)
			return
		}
		if !committed {
			arrive()
			<-gate
			handler.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		arrive()
		<-gate
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // whoever asked may be gone
	}))
	t.Cleanup(server.Close)
	t.Cleanup(h.letGo)
	h.url = server.URL
	return h
}

// process is a command that runs.
type process struct {
	*exec.Cmd

	stdout, stderr *spoken
}

// prepared is a command in a folder that has a file of two new contacts, one of them
// associated with the other: two requests that write.
func prepared(t *testing.T, folder, name string, args ...string) *process {
	t.Helper()
	text := "version: 1\ncontacts:\n" +
		"  - {email: ada@example.com, associations: [{to: contact, email: grace@example.com}]}\n" +
		"  - {email: grace@example.com}\n"
	if err := os.WriteFile(filepath.Join(folder, "crm.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return command(t, folder, name, args...)
}

// command is a command in a folder that is as it is.
func command(t *testing.T, folder, name string, args ...string) *process {
	t.Helper()
	p := &process{exec.CommandContext(t.Context(), name, args...), new(spoken), new(spoken)}
	p.Dir, p.Stdout, p.Stderr = folder, p.stdout, p.stderr
	return p
}

// begin starts such a command.
func begin(t *testing.T, folder, name string, args ...string) *process {
	t.Helper()
	p := prepared(t, folder, name, args...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// ends waits for the command, whose exit code is wanted; of one that a signal killed it
// is -1.
func (p *process) ends(t *testing.T, want int) {
	t.Helper()
	_ = p.Wait() // its exit code tells
	if got := p.ProcessState.ExitCode(); got != want {
		t.Errorf("%v ended with %d, want %d\n%s\n%s", p.Args, got, want, p.stdout, p.stderr)
	}
}

func (p *process) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// goesOn runs a command line that a message named, not asking, and demands that then the
// portal is as declared after two writes in all.
func (h *held) goesOn(t *testing.T, folder, binary, line string) {
	t.Helper()
	_, rest, found := strings.Cut(line, "contactsync apply --resume ")
	if !found {
		t.Fatalf("no command goes on: %s", line)
	}
	run, _, _ := strings.Cut(rest, "\n")
	resumed := begin(t, folder, binary, append([]string{"apply", "--resume", "--yes"}, strings.Fields(run)...)...)
	resumed.ends(t, 0)
	h.applied(t, folder, binary)
}

// applied demands that the portal is as declared after two writes in all.
func (h *held) applied(t *testing.T, folder, binary string) {
	t.Helper()
	begin(t, folder, binary, "plan", "crm.yaml", "--detailed-exitcode", "--portal", h.url).ends(t, 0)
	if made := h.Requests().Mutations(); made != 2 {
		t.Errorf("%d writes, want 2", made)
	}
}

const (
	creating = "/contacts/batch/create"
	told     = "Interrupted: nothing new is begun."
)

// The first signal lets the request in flight finish and begins nothing new; the command
// that the screen names then does the rest.
func TestSignalLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "SIGTERM": syscall.SIGTERM, "closed terminal": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, h := t.TempDir(), hold(t, creating, false)
			p := begin(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", h.url)
			<-h.arrived
			p.signal(t, signal)
			<-p.stderr.says(told)
			h.letGo()
			p.ends(t, 130)
			if made := h.Requests().Mutations(); made != 1 {
				t.Errorf("%d writes, want the one that was in flight", made)
			}
			for _, want := range []string{"Stopped after", "2 created"} {
				if !strings.Contains(p.stdout.String(), want) {
					t.Errorf("the screen lacks %q:\n%s", want, p.stdout)
				}
			}
			h.goesOn(t, folder, binary, p.stdout.String())
		})
	}
	t.Run("closed terminal under nohup", func(t *testing.T) { // which a signal does not even reach
		t.Parallel()
		folder, h := t.TempDir(), hold(t, creating, false)
		p := begin(t, folder, "sh", "-c", `trap "" HUP; exec "$0" "$@"`, binary, "apply", "crm.yaml", "--yes", "--portal", h.url)
		<-h.arrived
		p.signal(t, syscall.SIGHUP)
		h.letGo()
		p.ends(t, 0)
		h.applied(t, folder, binary)
	})
}

// A second signal ends the command at once, though a request stalls. What it was about is
// read back when the run is carried on, whether it was carried out or not.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for name, test := range map[string]struct {
		signal    os.Signal
		committed bool
	}{
		"Ctrl-C, written":      {os.Interrupt, true},
		"Ctrl-C, not written":  {os.Interrupt, false},
		"SIGTERM, written":     {syscall.SIGTERM, true},
		"SIGTERM, not written": {syscall.SIGTERM, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, h := t.TempDir(), hold(t, creating, test.committed)
			p := begin(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", h.url)
			<-h.arrived
			p.signal(t, test.signal)
			<-p.stderr.says(told)
			p.signal(t, test.signal)
			p.ends(t, -1)
			h.letGo()
			refused := begin(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", h.url)
			refused.ends(t, 6)
			h.goesOn(t, folder, binary, refused.stderr.String())
		})
	}
}

// A signal while the portal is read ends the command with nothing written and nothing
// left behind.
func TestSignalWhilePlanning(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for name, args := range map[string][]string{
		"plan":  {"plan", "crm.yaml"},
		"apply": {"apply", "crm.yaml", "--yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, h := t.TempDir(), hold(t, "/contacts/batch/read", false)
			p := begin(t, folder, binary, append(args, "--portal", h.url)...)
			<-h.arrived
			p.signal(t, os.Interrupt)
			p.ends(t, 130)
			if said := p.stderr.String(); !strings.Contains(said, "error: interrupted") {
				t.Errorf("it said:\n%s", said)
			}
			h.letGo()
			begin(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", h.url).ends(t, 0)
			h.applied(t, folder, binary)
		})
	}
}

// Nobody needs to read what an apply says: a run that has begun goes on though standard
// output, or both of its streams, are closed. A plan that cannot be shown is not begun.
func TestClosedOutputCutsNoRun(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for name, test := range map[string]struct {
		path  string // of the request at which the reader goes
		both  bool   // standard error goes with it
		says  string
		lists string
		made  int
	}{
		"output":                 {creating, false, "the run has ended, but how could not be shown", "   finished   ", 2},
		"output and errors":      {creating, true, "", "   finished   ", 2},
		"output before the plan": {"/contacts/batch/read", false, "the plan could not be shown, so nothing was written", "Nothing was applied", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, h := t.TempDir(), hold(t, test.path, false)
			reader, writer, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			p := prepared(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", h.url)
			if p.Stdout = writer; test.both {
				p.Stderr = writer
			}
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			<-h.arrived
			if err := errors.Join(writer.Close(), reader.Close()); err != nil {
				t.Fatal(err)
			}
			h.letGo()
			p.ends(t, 1)
			if !strings.Contains(p.stderr.String(), test.says) {
				t.Errorf("it said:\n%s", p.stderr)
			}
			history := begin(t, folder, binary, "history")
			history.ends(t, 0)
			if !strings.Contains(history.stdout.String(), test.lists) {
				t.Errorf("history lists:\n%s", history.stdout)
			}
			if made := h.Requests().Mutations(); made != test.made {
				t.Errorf("%d writes, want %d", made, test.made)
			}
		})
	}
}

// A signal ends serve well, with everything that it had answered on the disk.
func TestSignalEndsServe(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			open := func() (*exec.Cmd, string) {
				p := exec.CommandContext(t.Context(), binary, "serve", "--addr", "127.0.0.1:0", "--json")
				p.Dir = folder
				out, err := p.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Start(); err != nil {
					t.Fatal(err)
				}
				var welcome struct {
					Address string `json:"address"`
				}
				if err := json.NewDecoder(out).Decode(&welcome); err != nil {
					t.Fatal(err)
				}
				go func() { _, _ = io.Copy(io.Discard, out) }()
				return p, welcome.Address
			}
			p, address := open()
			begin(t, folder, binary, "apply", "crm.yaml", "--yes", "--portal", address).ends(t, 0)
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := p.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			_, address = open()
			begin(t, folder, binary, "plan", "crm.yaml", "--detailed-exitcode", "--portal", address).ends(t, 0)
		})
	}
}

//go:build !windows

package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/contactsync/contactsync/internal/cli"
)

// looking holds the lock of a folder as a command does that looks whether another one
// writes, until the function that it returns is called.
func looking(t *testing.T, folder string) (done func()) {
	t.Helper()
	path := filepath.Join(folder, ".contactsync", "lock")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return func() {
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_UN); err != nil {
			t.Error(err)
		}
	}
}

// A command that writes waits for one that looks, and is not refused.
func TestLookDisturbsNoWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		e := env(t, &stdout, "history", "prune", "--keep", "1")
		e.Stderr = &stderr
		done := looking(t, e.Dir)
		ended := make(chan int, 1)
		go func() { ended <- cli.Main(t.Context(), e) }()
		synctest.Wait() // it waits for the lock, or has ended
		select {
		case code := <-ended:
			t.Fatalf("it ended with %d while another command looked:\n%s", code, stderr.String())
		default:
		}
		done()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d, want 0:\n%s", code, stderr.String())
		}
	})
}

// One that looks and never ends, such as a process that was stopped, holds a command
// up for a moment and then refuses it.
func TestLookThatNeverEndsRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		e := env(t, &stdout, "history", "prune", "--keep", "1")
		e.Stderr = &stderr
		looking(t, e.Dir)
		if code := cli.Main(t.Context(), e); code != 6 || !strings.Contains(stderr.String(), "another command") {
			t.Errorf("exit code %d, want 6:\n%s", code, stderr.String())
		}
	})
}

// Two that look do not take each other for one that writes.
func TestLooksDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	var stdout bytes.Buffer
	e := env(t, &stdout, "apply", "crm.yaml", "--yes")
	if err := os.WriteFile(filepath.Join(e.Dir, "crm.yaml"), []byte("version: 1\ncontacts:\n  - email: ada@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := cli.Main(t.Context(), e); code != 0 {
		t.Fatalf("exit code %d, want 0", code)
	}
	journals, err := filepath.Glob(filepath.Join(e.Dir, ".contactsync", "runs", "*", "journal"))
	if err != nil || len(journals) != 1 {
		t.Fatalf("journals %v: %v", journals, err)
	}
	text, err := os.ReadFile(journals[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	if err := os.WriteFile(journals[0], []byte(lines[0]+lines[1]), 0o600); err != nil { // as a run leaves it that was killed
		t.Fatal(err)
	}
	looking(t, e.Dir)
	stdout.Reset()
	e.Args = []string{"history", "--json"}
	if code := cli.Main(t.Context(), e); code != 0 || !strings.Contains(stdout.String(), `"state": "interrupted"`) {
		t.Errorf("exit code %d, want 0 and an interrupted run:\n%s", code, stdout.String())
	}
}

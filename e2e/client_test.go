//go:build e2e

// Package e2e drives the built command with programs that are not ours.
package e2e_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// HubSpot's own Node client, as npm installs it, works with the local portal: every
// method that the portal serves, its successes and its documented failures.
func TestNodeClient(t *testing.T) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%v: HubSpot's client needs Node.js 18.19 or later with npm", err)
		}
	}
	if _, err := os.Stat("node/node_modules"); errors.Is(err, fs.ErrNotExist) {
		t.Log("installing HubSpot's client from the npm registry")
		run(t, "node", nil, "npm", "ci", "--no-audit", "--no-fund")
	}
	binary := filepath.Join(t.TempDir(), "contactsync")
	run(t, "..", nil, "go", "build", "-trimpath", "-o", binary, "./cmd/contactsync")
	db := filepath.Join(t.TempDir(), "portal.db")
	run(t, "node", nil, binary, "portal", "seed", "--from", "portal.yaml", "--portal", "file:"+db)
	run(t, "node", []string{
		"PORTAL=" + serve(t, binary, "--db", db),
		"PORTAL_LIMITED=" + serve(t, binary, "--db", "mem:", "--limits", "free"),
		"PORTAL_FAULTY=" + serve(t, binary, "--db", "mem:", "--faults", "node/faults.yaml"),
	}, "npm", "test", "--silent")
}

// run runs a program in a folder to its end; its output is the test's.
func run(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// serve starts a portal on a free port, stops it when the test ends, and gives its
// address.
func serve(t *testing.T, binary string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"serve", "--addr", "127.0.0.1:0", "--json"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the test's context has ended by then, and stopped it
	var started struct{ Address string }
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&started); err != nil {
		t.Fatalf("%s serve said nothing of its address: %v", binary, err)
	}
	return started.Address
}

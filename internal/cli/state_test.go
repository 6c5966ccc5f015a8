//go:build unix

package cli_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/contactsync/contactsync/internal/cli"
)

const nobody = 65534

// The state folder holds personal data and decides what is written, so an apply begins
// nothing where it is a link, somebody else's, or no folder.
func TestStateFolderThatCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare  func(folder, elsewhere string) error
		says     string
		rootOnly bool
	}{
		"link": {func(folder, elsewhere string) error {
			return os.Symlink(elsewhere, filepath.Join(folder, ".contactsync"))
		}, ".contactsync is a symbolic link, which is not followed", false},
		"link to nowhere": {func(folder, elsewhere string) error {
			return os.Symlink(filepath.Join(elsewhere, "nothing"), filepath.Join(folder, ".contactsync"))
		}, ".contactsync is a symbolic link, which is not followed", false},
		"linked lock": {func(folder, elsewhere string) error {
			if err := os.Mkdir(filepath.Join(folder, ".contactsync"), 0o700); err != nil {
				return err
			}
			return os.Symlink(filepath.Join(elsewhere, "kept"), filepath.Join(folder, ".contactsync", "lock"))
		}, "lock is a symbolic link, which is not followed", false},
		"file": {func(folder, _ string) error {
			return os.WriteFile(filepath.Join(folder, ".contactsync"), nil, 0o600)
		}, ".contactsync could not be made: something that is no folder stands there", false},
		"somebody else's": {func(folder, _ string) error {
			state := filepath.Join(folder, ".contactsync")
			if err := os.Mkdir(state, 0o777); err != nil {
				return err
			}
			return os.Chown(state, nobody, nobody)
		}, ".contactsync belongs to another user", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.rootOnly && os.Geteuid() != 0 {
				t.Skip("only root can give a folder to somebody else")
			}
			stderr, elsewhere := new(spoken), t.TempDir()
			e := env(t, io.Discard, "apply", "crm.yaml", "--yes", "--portal", "mem:")
			e.Stderr = stderr
			for path, text := range map[string]string{
				filepath.Join(e.Dir, "crm.yaml"): "version: 1\ncontacts:\n  - email: ada@example.com\n",
				filepath.Join(elsewhere, "kept"): "not ours",
			} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.prepare(e.Dir, elsewhere); err != nil {
				t.Fatal(err)
			}
			if got := cli.Main(t.Context(), e); got != 1 {
				t.Errorf("exit code %d, want 1", got)
			}
			if said := stderr.String(); !strings.Contains(said, test.says) || !strings.Contains(said, "Nothing was written") {
				t.Errorf("it said:\n%s", said)
			}
			entries, err := os.ReadDir(elsewhere)
			if err != nil || len(entries) != 1 {
				t.Errorf("elsewhere stand %v now (%v)", entries, err)
			}
			if text, err := os.ReadFile(filepath.Join(elsewhere, "kept")); err != nil || string(text) != "not ours" {
				t.Errorf("the file elsewhere holds %q now (%v)", text, err)
			}
		})
	}
}

// In a folder that may only be read, an apply ends before its first request that writes;
// a plan is made.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	binary := built(t)
	h := hold(t, "/nothing", false)
	folder := t.TempDir()
	prepared(t, folder, binary) // its files
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) }) // so that it can be removed
	run := func(want int, args ...string) string {
		p := begun(t, folder, binary, args...)
		p.ends(t, want)
		return p.stdout.String() + p.stderr.String()
	}
	if said := run(1, "apply", "crm.yaml", "--yes", "--portal", h.url); !strings.Contains(said, ".contactsync could not be made: permission denied") ||
		!strings.Contains(said, "Nothing was written to the portal") {
		t.Errorf("it said:\n%s", said)
	}
	if said := run(0, "plan", "crm.yaml", "--portal", h.url); !strings.Contains(said, "2 to create") {
		t.Errorf("it said:\n%s", said)
	}
	if made := h.Requests().Mutations(); made != 0 {
		t.Errorf("%d writes, want none", made)
	}
}

// begun starts a command as a user whom permissions bind, which they do not root.
func begun(t *testing.T, folder, name string, args ...string) *process {
	t.Helper()
	p := command(t, folder, name, args...)
	if os.Geteuid() == 0 {
		p.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		for _, path := range []string{folder, filepath.Dir(folder)} {
			if err := os.Chmod(path, 0o555); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(filepath.Join(folder, "crm.yaml"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// suite runs the tests of this package beside a folder for the real command, which is
// built once, by the first test that needs it.
type suite struct{ *testing.M }

var build func() (binary string, err error)

func (s suite) Run() int {
	// What nohup or a shell had this process ignore, commands would ignore with it; what is
	// caught here is theirs to decide.
	for _, ignored := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(ignored) {
			signal.Notify(make(chan os.Signal, 1), ignored)
		}
	}
	folder, err := os.MkdirTemp("", "contactsync-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	build = sync.OnceValues(func() (string, error) {
		binary := filepath.Join(folder, "contactsync")
		if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/contactsync").CombinedOutput(); err != nil {
			return "", fmt.Errorf("building the command: %w\n%s", err, out)
		}
		return binary, os.Chmod(folder, 0o755) // other users run it, too
	})
	return s.M.Run()
}

// built is the real command, whose main handles the signals.
func built(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds the command")
	}
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

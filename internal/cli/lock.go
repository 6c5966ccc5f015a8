package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// One command at a time writes to a portal from one folder of state. The lock is the
// system's, on a file, and dies with its process: no lock is ever left behind. What the
// file says is for the message alone.

// errHeld: another process has the lock.
var errHeld = errors.New("the lock is held")

// holder is who has the lock.
type holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Since   time.Time `json:"since"`
	Command string    `json:"command"`
}

// lock keeps every other command that writes out of the project's folder of state,
// until release is called. A lock that is held refuses the command.
func (inv *invocation) lock(p *project) (release func(), err error) {
	path := p.state("lock")
	if err := makeStateFolder(path); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- a fixed name in the project
	if err != nil {
		return nil, cannotWrite(path, reason(err))
	}
	if err := lockFile(file); err != nil {
		text, _ := io.ReadAll(file) // who holds it is a courtesy
		_ = file.Close()
		if !errors.Is(err, errHeld) {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		var who holder
		_ = json.Unmarshal(text, &who)
		return nil, lockHeld(who)
	}
	host, _ := os.Hostname()
	text, err := json.Marshal(holder{os.Getpid(), host, time.Now().UTC().Truncate(time.Second), inv.command()})
	if err == nil {
		err = errors.Join(file.Truncate(0), writeAt(file, text))
	}
	if err != nil {
		_ = file.Close()
		return nil, cannotWrite(path, reason(err))
	}
	return func() {
		_ = file.Truncate(0)
		unlockFile(file)
		_ = file.Close()
	}, nil
}

// locked reports whether a command is writing from the project's folder of state now.
func locked(p *project) bool {
	file, err := os.Open(p.state("lock"))
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if errors.Is(lockFile(file), errHeld) {
		return true
	}
	unlockFile(file)
	return false
}

func writeAt(file *os.File, text []byte) error {
	_, err := file.WriteAt(append(text, '\n'), 0)
	return err
}

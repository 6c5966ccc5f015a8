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
//
// A command that writes holds the lock alone. One that only wants to know whether
// somebody writes takes it for an instant as one of many. Two that look do not see each
// other, and who finds the lock held by such as only look tries again.

// errHeld: another process has the lock.
var errHeld = errors.New("the lock is held")

// How long a command that writes waits for those that only look, and how often it tries.
// A look takes microseconds; only a process that was stopped in the middle takes longer.
const (
	lookTime  = 2 * time.Second
	lookPause = 5 * time.Millisecond
)

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
	file, err := openOwn(path, os.O_RDWR|os.O_CREATE)
	if errors.Is(err, errLink) {
		return nil, stateElsewhere(path)
	}
	if err != nil {
		return nil, cannotKeepState(path, reason(err))
	}
	if err := lockAlone(file); err != nil {
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

// lockAlone takes the lock for a command that writes.
func lockAlone(file *os.File) error {
	for until := time.Now().Add(lookTime); ; time.Sleep(lookPause) {
		err := lockFile(file, alone)
		if !errors.Is(err, errHeld) || time.Now().After(until) {
			return err
		}
		if err := lockFile(file, among); err != nil {
			return err // held by one that writes
		}
		unlockFile(file)
	}
}

// locked reports whether a command is writing from the project's folder of state now.
func locked(p *project) bool {
	file, err := openOwn(p.state("lock"), os.O_RDONLY)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if errors.Is(lockFile(file, among), errHeld) {
		return true
	}
	unlockFile(file)
	return false
}

// sharing is how a lock is held.
type sharing int

const (
	alone sharing = iota + 1
	among         // with others that hold it so
)

func writeAt(file *os.File, text []byte) error {
	_, err := file.WriteAt(append(text, '\n'), 0)
	return err
}

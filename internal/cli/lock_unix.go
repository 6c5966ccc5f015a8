//go:build !windows

package cli

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks a file without waiting; errHeld when others hold it otherwise.
func lockFile(file *os.File, how sharing) error {
	mode := syscall.LOCK_EX
	if how == among {
		mode = syscall.LOCK_SH
	}
	err := syscall.Flock(int(file.Fd()), mode|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// unlockFile gives a lock back for every copy of the descriptor: a process that was
// forked a moment ago may still hold one when this one closes its own.
func unlockFile(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) // closing does it, too
}

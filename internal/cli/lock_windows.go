package cli

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile locks one byte far behind the text, which others must be able to read,
// without waiting; errHeld when others hold it otherwise.
func lockFile(file *os.File, how sharing) error {
	at, mode := &windows.Overlapped{OffsetHigh: 1}, uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if how == alone {
		mode |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(file.Fd()), mode, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

// unlockFile gives a lock back before the file is closed: the system may take its time
// after that.
func unlockFile(file *os.File) {
	_ = windows.UnlockFileEx(windows.Handle(file.Fd()), 0, 1, 0, &windows.Overlapped{OffsetHigh: 1}) // closing does it, too
}

//go:build unix

package journal

import (
	"errors"
	"syscall"
)

// ignoreUnsupported passes over the answer of file systems that cannot sync a folder.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile replaces a file as a whole or not at all, readable by its owner alone:
// a temporary file beside it, synced, renamed, the folder synced. A symbolic link is
// not followed.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return cannotWrite(path, errNotOwn)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".contactsync-*")
	if err != nil {
		return cannotWrite(path, reason(err))
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	// CreateTemp makes files of mode 0600, of which a umask may take away.
	if err := file.Chmod(0o600); err != nil {
		return cannotWrite(path, reason(err))
	}
	if err := write(file); err != nil {
		if failed, ok := errors.AsType[*fs.PathError](err); ok && failed.Path == file.Name() {
			return cannotWrite(path, failed.Err)
		}
		return err
	}
	if err := file.Sync(); err != nil {
		return cannotWrite(path, reason(err))
	}
	if err := file.Close(); err != nil {
		return cannotWrite(path, reason(err))
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return cannotWrite(path, reason(err))
	}
	return syncFolder(filepath.Dir(path))
}

// reason is an error of the file system without the path of the temporary file.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}

// syncFolder makes a rename durable. Systems that cannot sync folders do without.
func syncFolder(path string) error {
	folder, err := os.Open(path) // #nosec G304 -- the folder of a file that was just written
	if err != nil {
		return fmt.Errorf("opening the folder of a written file: %w", err)
	}
	_ = folder.Sync()
	return folder.Close()
}

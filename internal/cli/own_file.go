package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The files below .contactsync are this program's own. The folder may have come with a
// repository that somebody else wrote to: what stands there and is a link, a device or a
// pipe leads to something that is not ours, and is neither read nor written.

// errNotOwn: something else than a regular file stands where one of ours should; errLink
// is that for a symbolic link.
var (
	errNotOwn = errors.New("something that is no regular file stands there")
	errLink   = fmt.Errorf("%w: a symbolic link", errNotOwn)
)

// openOwn opens one of the program's own files, and with os.O_CREATE makes it, for its
// owner alone whatever the umask.
func openOwn(path string, flag int) (*os.File, error) {
	info, err := os.Lstat(path)
	fresh := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !fresh:
		return nil, err
	case err == nil && info.Mode()&fs.ModeSymlink != 0:
		return nil, errLink
	case err == nil && !info.Mode().IsRegular():
		return nil, errNotOwn
	}
	file, err := os.OpenFile(path, flag, 0o600) // #nosec G304 -- a fixed name in the project
	if err != nil {
		return nil, err
	}
	if err := isOwn(file, path); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if fresh {
		if err := file.Chmod(0o600); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return file, nil
}

// isOwn makes sure that a file that was opened is the one of that name, and that no link
// was put there meanwhile.
func isOwn(file *os.File, path string) error {
	opened, err := file.Stat()
	if err != nil {
		return err
	}
	named, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !named.Mode().IsRegular() || !os.SameFile(opened, named) {
		return errNotOwn
	}
	return nil
}

// readOwn reads one of the program's own files.
func readOwn(path string) ([]byte, error) {
	file, err := openOwn(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(file)
	return text, errors.Join(err, file.Close())
}

// makePrivate makes a folder and those above it that are missing, closed to others
// whatever the umask.
func makePrivate(folder string) error {
	if isFolder(folder) {
		return nil
	}
	if above := filepath.Dir(folder); above != folder {
		if err := makePrivate(above); err != nil {
			return err
		}
	}
	err := os.Mkdir(folder, 0o700)
	if errors.Is(err, fs.ErrExist) && isFolder(folder) {
		return nil // another command was faster
	}
	if err == nil {
		err = os.Chmod(folder, 0o700) // #nosec G302 -- a folder
	}
	return err
}

package cli

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// makeStateFolder makes the folder of a file below .contactsync, closed to others,
// and keeps the state folder out of version control. What is written there is personal
// data, and what is read there decides what is written to the portal; so a link that
// leads elsewhere, or a folder of somebody else's, is refused.
func makeStateFolder(path string) error {
	folder := filepath.Dir(path)
	state := folder
	for filepath.Base(state) != stateFolder {
		state = filepath.Dir(state)
	}
	if err := trusted(state, folder); err != nil {
		return err
	}
	if err := makePrivate(folder); err != nil {
		return cannotKeepState(folder, reason(err))
	}
	ignore := filepath.Join(state, ".gitignore")
	if exists(ignore) {
		return nil
	}
	return writeFile(ignore, func(w io.Writer) error {
		_, err := io.WriteString(w, "# The local portal, keys and past runs stay on this machine.\n*\n")
		return err
	})
}

// trusted looks at the folders from the state folder down to another one, as far as they
// exist: each is a folder itself, of this user or of whoever owns the project.
func trusted(state, folder string) error {
	project, err := os.Stat(filepath.Dir(state))
	if err != nil {
		return nil //nolint:nilerr // making the folder says what is wrong
	}
	for at := folder; ; at = filepath.Dir(at) {
		switch info, err := os.Lstat(at); {
		case err != nil: // it is not there yet
		case info.Mode()&fs.ModeSymlink != 0:
			return stateElsewhere(at)
		case !info.IsDir():
			return cannotKeepState(at, errNoFolder)
		case ofStranger(info, project):
			return stateOfStranger(at)
		}
		if at == state {
			return nil
		}
	}
}

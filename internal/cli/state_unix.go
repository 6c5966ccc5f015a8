//go:build unix

package cli

import (
	"io/fs"
	"os"
	"syscall"
)

// ofStranger reports whether a folder belongs neither to this user nor to the owner of
// the project that it stands in.
func ofStranger(folder, project fs.FileInfo) bool {
	a, known := folder.Sys().(*syscall.Stat_t)
	b, alsoKnown := project.Sys().(*syscall.Stat_t)
	return known && alsoKnown && int64(a.Uid) != int64(os.Geteuid()) && a.Uid != b.Uid
}

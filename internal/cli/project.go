package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

const (
	projectFile = "contactsync.yaml"
	// stateFolder stands beside the project file and holds the embedded portal, the
	// key of aliases and the files of past runs.
	stateFolder = ".contactsync"
)

// project is where a command works: the folder of the project file, and the files
// that it reads.
type project struct {
	root  string        // folder that relative paths of the project file begin at
	shown string        // the same folder as messages name it; "" = where the command runs
	file  *spec.Project // nil without a project file
	read  []spec.Source // the project file, if there is one
}

// findProject looks for the project file where the command runs, then in the one
// folder that was named.
func (inv *invocation) findProject(args []string) (*project, diag.List) {
	p := &project{root: inv.path("")}
	inv.project = p
	if !exists(filepath.Join(p.root, projectFile)) && len(args) == 1 && isFolder(inv.path(args[0])) && exists(filepath.Join(inv.path(args[0]), projectFile)) {
		p.root, p.shown = inv.path(args[0]), filepath.Clean(args[0])
	}
	path := filepath.Join(p.root, projectFile)
	if !exists(path) {
		return p, nil
	}
	source := inv.source(filepath.Join(p.shown, projectFile), path)
	file, list := spec.LoadProject(source, inv.env.LookupEnv)
	p.file, p.read = file, []spec.Source{source}
	return p, list
}

// state is a path below the project's state folder.
func (p *project) state(parts ...string) string {
	return filepath.Join(append([]string{p.root, stateFolder}, parts...)...)
}

// name is how messages call a path of the project.
func (p *project) name(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.shown, path)
}

func (p *project) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.root, path)
}

// sources are the desired-state files that the arguments name or, without
// arguments, the project file lists. A folder means every .yaml and .yml file below
// it but the project file and its fixtures, sorted; hidden folders are passed over.
func (inv *invocation) sources(p *project, args []string) ([]spec.Source, error) {
	type named struct{ shown, path string }
	var roots []named
	for _, arg := range args {
		roots = append(roots, named{arg, inv.path(arg)})
	}
	if len(args) == 0 && p.file != nil {
		for _, pattern := range p.file.Files {
			roots = append(roots, named{p.name(pattern), p.resolve(pattern)})
		}
	}
	if len(roots) == 0 {
		return nil, noFiles()
	}
	var found []spec.Source
	for _, root := range roots {
		if root.shown == "-" {
			found = append(found, spec.Source{Name: "-", Open: func() (io.ReadCloser, error) { return io.NopCloser(inv.env.Stdin), nil }})
			continue
		}
		sources, err := inv.walk(p, root.shown, root.path)
		if err != nil {
			return nil, err
		}
		found = append(found, sources...)
	}
	seen := make(map[string]bool, len(found))
	return slices.DeleteFunc(found, func(source spec.Source) bool {
		twice := seen[source.Name]
		seen[source.Name] = true
		return twice
	}), nil
}

// walk lists the sources that one argument or pattern stands for.
func (inv *invocation) walk(p *project, shown, path string) ([]spec.Source, error) {
	if strings.ContainsAny(shown, "*?[") && !exists(path) {
		return inv.glob(p, shown, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileNotFound(shown)
	case err != nil:
		return nil, err
	case info.Mode().IsRegular():
		return []spec.Source{inv.source(filepath.Clean(shown), path)}, nil
	case !info.IsDir():
		return nil, notRegular(shown)
	}
	var found []spec.Source
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != path && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case entry.IsDir(), !desired(entry.Name()), p.fixture(file):
			return nil
		}
		relative, err := filepath.Rel(path, file)
		if err != nil {
			return err
		}
		found = append(found, inv.source(filepath.Join(shown, relative), file))
		return nil
	})
	if err == nil && len(found) == 0 {
		return nil, emptyFolder(shown)
	}
	return found, err
}

func (inv *invocation) glob(p *project, shown, path string) ([]spec.Source, error) {
	matches, err := filepath.Glob(path)
	if err != nil || len(matches) == 0 {
		return nil, fileNotFound(shown)
	}
	base := strings.TrimSuffix(path, filepath.Clean(shown))
	var found []spec.Source
	for _, match := range matches {
		sources, err := inv.walk(p, strings.TrimPrefix(match, base), match)
		if err != nil {
			return nil, err
		}
		found = append(found, sources...)
	}
	return found, nil
}

// desired reports whether a file of a folder is desired state by its name.
func desired(name string) bool {
	extension := filepath.Ext(name)
	return name != projectFile && (extension == ".yaml" || extension == ".yml")
}

// fixture reports whether a profile names the file as its seed.
func (p *project) fixture(path string) bool {
	if p.file == nil {
		return false
	}
	for _, profile := range p.file.Profiles {
		if profile.Seed != "" && p.resolve(profile.Seed) == path {
			return true
		}
	}
	return false
}

// source reads a file when it is opened; devices and pipes are refused, since
// reading them may never end.
func (inv *invocation) source(shown, path string) spec.Source {
	return spec.Source{Name: filepath.ToSlash(shown), Open: func() (io.ReadCloser, error) {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fileNotFound(shown)
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular():
			return nil, notRegular(shown)
		}
		return os.Open(path) // #nosec G304 -- the user names the files to read
	}}
}

// readSource reads a file in full.
func readSource(source spec.Source) ([]byte, error) {
	file, err := source.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("reading %s: %w", source.Name, err)
	}
	return text, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"path"
	"strconv"
	"strings"
)

// module is what the rules look at.
type module struct {
	files   []file         // those that packages ship, sorted by name
	lengths map[string]int // lines of every Go file, tests too
}

type file struct {
	dir     string // of its package, relative to the root of the module; "." for the root itself
	name    string // with dir
	syntax  *ast.File
	imports []imported
	set     *token.FileSet
}

type imported struct {
	path string
	name string // the name it goes by in the file: "." and "_" as written
	line int
}

// packages gives the files of each package, by its folder.
func (m module) packages() map[string][]file {
	byDir := map[string][]file{}
	for _, f := range m.files {
		byDir[f.dir] = append(byDir[f.dir], f)
	}
	return byDir
}

// imports gives every import of every file.
func (m module) imports() iter.Seq2[file, imported] {
	return func(yield func(file, imported) bool) {
		for _, f := range m.files {
			for _, i := range f.imports {
				if !yield(f, i) {
					return
				}
			}
		}
	}
}

func (f file) line(n ast.Node) int { return f.set.Position(n.Pos()).Line }

// load parses the files of a module that belong to a package of it.
func load(tree fs.FS) (module, error) {
	m := module{lengths: map[string]int{}}
	set := token.NewFileSet()
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if passedOver(tree, name) {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		m.lengths[name] = lines(text)
		if strings.HasSuffix(name, "_test.go") || outside(name) {
			return nil
		}
		syntax, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parsing %s: %w", name, err)
		}
		if !standalone(syntax) {
			m.files = append(m.files, file{path.Dir(name), name, syntax, importsOf(set, syntax), set})
		}
		return nil
	})
	return m, err
}

// passedOver reports whether a folder belongs to no package of this module: the go command passes it over, or
// it is a module of its own.
func passedOver(tree fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	if base == "testdata" || base == "vendor" || base == "node_modules" {
		return true
	}
	_, err := fs.Stat(tree, path.Join(dir, "go.mod"))
	return err == nil
}

// outside reports whether a file stands in a folder that the import table leaves free.
func outside(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return top == "tools" || top == "e2e"
}

// standalone reports whether a file is built by no package, only by `go run FILE`.
func standalone(syntax *ast.File) bool {
	for _, group := range syntax.Comments {
		if group.Pos() > syntax.Package {
			break
		}
		for _, comment := range group.List {
			if expr, err := constraint.Parse(comment.Text); err == nil && expr.String() == "ignore" {
				return true
			}
		}
	}
	return false
}

func importsOf(set *token.FileSet, syntax *ast.File) []imported {
	var all []imported
	for _, spec := range syntax.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused such a literal before
		}
		i := imported{path: target, name: path.Base(target), line: set.Position(spec.Pos()).Line}
		if spec.Name != nil {
			i.name = spec.Name.Name
		}
		all = append(all, i)
	}
	return all
}

func lines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	return n
}

package arch

import (
	"fmt"
	"path"
	"strings"
)

// Limits on the length of files, in lines.
const (
	maxLines     = 500
	maxMainLines = 30
	mainFile     = "cmd/contactsync/main.go"
)

// fileLengths stops files that have come to hold more than one concept, and a main that does more than hand
// the process over.
func fileLengths(m module) []Problem {
	var problems []Problem
	for name, n := range m.lengths {
		limit, way := maxLines, "split it by concept"
		if name == mainFile {
			limit, way = maxMainLines, "move the work to internal/cli"
		}
		if n > limit {
			problems = append(problems, Problem{name, limit + 1, fmt.Sprintf("%d lines, %d allowed: %s", n, limit, way)})
		}
	}
	return problems
}

// packageDocs wants the documentation of package x in x.go, that of a command in main.go.
func packageDocs(m module) []Problem {
	var problems []Problem
	for _, p := range m.packages {
		name := p.files[0].syntax.Name.Name
		home := path.Join(p.dir, name+".go")
		if !documented(p, home, name) {
			problems = append(problems, Problem{home, 1, fmt.Sprintf(
				"package %s wants its doc comment here: what it is for, what it promises, what it will not do", p.dir)})
		}
	}
	return problems
}

func documented(p pkg, home, name string) bool {
	for _, f := range p.files {
		if f.name == home {
			doc := f.syntax.Doc.Text()
			return strings.HasPrefix(doc, "Package "+name+" ") || name == "main" && doc != ""
		}
	}
	return false
}

package arch

import (
	"fmt"
	"path"
	"slices"
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
	for dir, files := range m.packages() {
		name := files[0].syntax.Name.Name
		home := path.Join(dir, name+".go")
		documented := slices.ContainsFunc(files, func(f file) bool {
			doc := f.syntax.Doc.Text()
			return f.name == home && (strings.HasPrefix(doc, "Package "+name+" ") || name == "main" && doc != "")
		})
		if !documented {
			problems = append(problems, Problem{home, 1, fmt.Sprintf(
				"package %s wants its doc comment here: what it is for, what it promises, what it will not do", dir)})
		}
	}
	return problems
}

package spec

import "github.com/contactsync/contactsync/diag"

// Excerpts adds the lines that diagnostics point into and do not hold yet: those of a
// plan, which sees positions and no files. Each file is read once; a place in a file
// that is not among the sources, or that can no longer be read, stays without its line.
func Excerpts(sources []Source, list diag.List) diag.List {
	wanted := make(map[string]bool)
	for i := range list {
		wanted[list[i].At.File] = wanted[list[i].At.File] || list[i].Line == "" && list[i].At.Line > 0
	}
	files := make(map[string]*file)
	for _, source := range sources {
		if !wanted[source.Name] {
			continue
		}
		if read, err := readFile(source, maxFileSize); err == nil {
			files[source.Name] = read
		}
	}
	if len(files) == 0 {
		return list
	}
	shown := make(diag.List, len(list))
	for i, d := range list {
		if from := files[d.At.File]; from != nil && d.Line == "" {
			d.Line = from.line(d.At.Line)
		}
		shown[i] = d
	}
	return shown
}

package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
)

// maxFileSize is the most that one file may hold, in bytes.
const maxFileSize = 1 << 30

var (
	errTooLarge = errors.New("larger than 1 GiB")
	errUTF16    = errors.New("written in UTF-16")
	errEncoding = errors.New("not written in UTF-8")
)

// file is the text of one source, and where its lines begin.
type file struct {
	name   string
	text   []byte // UTF-8, without byte order mark
	starts []int  // offset of each line's first byte
	secret bool   // the text holds something like an access token
	hidden bool   // one that masking would miss: no line is shown
	ascii  bool   // a column is a byte
	last   cursor
	shown  struct { // the line that was shown last: many problems may stand on one
		line int
		text string
	}
}

// cursor is a place in a line.
type cursor struct{ line, column, offset int }

// readFile reads a source of at most limit bytes to its end. The error is errTooLarge, errUTF16,
// errEncoding or one of reading.
func readFile(source Source, limit int64) (*file, error) {
	in, err := source.Open()
	if err != nil {
		return &file{name: source.Name}, fmt.Errorf("opening: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	if closeErr := in.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return &file{name: source.Name}, fmt.Errorf("reading: %w", err)
	}
	if int64(len(text)) > limit {
		return &file{name: source.Name}, errTooLarge
	}
	f := &file{name: source.Name, text: bytes.TrimPrefix(text, []byte("\ufeff"))}
	f.secret = findToken(string(f.text)) >= 0
	f.index()
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return f, errUTF16
	case !utf8.Valid(f.text):
		return f, errEncoding
	}
	return f, nil
}

// index finds the lines. YAML 1.1 ends lines at CR, LF, CR LF, NEL, LS and PS,
// and the parser counts them all.
func (f *file) index() {
	f.starts, f.ascii = append(f.starts, 0), true
	for i := 0; i < len(f.text); i++ {
		f.ascii = f.ascii && f.text[i] < utf8.RuneSelf
		if width := breakAt(f.text[i:]); width > 0 {
			i += width - 1
			f.starts = append(f.starts, i+1)
		}
	}
}

// breakAt is the length of the line break that text begins with, 0 without one.
func breakAt(text []byte) int {
	switch text[0] {
	case '\n':
		return 1
	case '\r':
		if len(text) > 1 && text[1] == '\n' {
			return 2
		}
		return 1
	case 0xc2:
		if bytes.HasPrefix(text, []byte("\u0085")) {
			return 2
		}
	case 0xe2:
		if bytes.HasPrefix(text, []byte("\u2028")) || bytes.HasPrefix(text, []byte("\u2029")) {
			return 3
		}
	}
	return 0
}

// bytesOf is the text of a line without its break; n counts from 1.
func (f *file) bytesOf(n int) []byte {
	switch {
	case n < 1 || n > len(f.starts):
		return nil
	case n == len(f.starts):
		return f.text[f.starts[n-1]:]
	}
	line := f.text[f.starts[n-1]:f.starts[n]]
	for _, end := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"} {
		if bytes.HasSuffix(line, []byte(end)) {
			return line[:len(line)-len(end)]
		}
	}
	return line
}

// shownLine is how much of a line is shown, in bytes. One-line files of many
// megabytes exist, and every diagnostic holds its line.
const shownLine = 4096

// line is what may be shown of a line: the beginning of its text, with access
// tokens masked and what is not UTF-8 replaced.
func (f *file) line(n int) string {
	if f.hidden {
		return ""
	}
	if f.shown.line == n {
		return f.shown.text
	}
	text := strings.ToValidUTF8(string(head(f.bytesOf(n))), "\ufffd")
	if f.secret {
		text = maskTokens(text)
	}
	f.shown.line, f.shown.text = n, text
	return text
}

// at is the range of a node: the whole of a scalar that stands on one line, else
// the rest of its first line.
func (f *file) at(node *yaml.Node) diag.Range {
	where := diag.Range{File: f.name, Line: node.Line, Column: node.Column}
	rest := f.from(node.Line, node.Column)
	var width int
	switch {
	case node.Kind == yaml.AliasNode:
		width = 1 + utf8.RuneCountInString(node.Value)
	case node.Kind == yaml.ScalarNode && node.Style == 0 && node.Value != "" && bytes.HasPrefix(rest, []byte(node.Value)):
		width = utf8.RuneCountInString(node.Value)
	case node.Kind == yaml.ScalarNode && len(rest) > 0 && (rest[0] == '"' || rest[0] == '\''):
		width = utf8.RuneCount(rest[:quoteEnd(rest)])
	default:
		width = utf8.RuneCount(uncommented(head(rest)))
	}
	where.EndColumn = where.Column + max(width, 1)
	return where
}

// from is the part of a line that begins at a column. Nodes are asked for almost in
// their order, so the search goes on where it last ended.
func (f *file) from(line, column int) []byte {
	text := f.bytesOf(line)
	if f.ascii {
		return text[min(column-1, len(text)):]
	}
	if line != f.last.line {
		f.last = cursor{line: line, column: 1}
	}
	for ; f.last.column > column; f.last.column-- {
		_, size := utf8.DecodeLastRune(text[:f.last.offset])
		f.last.offset -= size
	}
	for ; f.last.column < column && f.last.offset < len(text); f.last.column++ {
		_, size := utf8.DecodeRune(text[f.last.offset:])
		f.last.offset += size
	}
	return text[f.last.offset:]
}

// head is the part of a line that is looked at for showing it.
func head(text []byte) []byte {
	if len(text) <= shownLine {
		return text
	}
	cut := shownLine
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// wholeLine is the range of a line's text without the space around it.
func (f *file) wholeLine(n int) diag.Range {
	line := f.bytesOf(n)
	indent := len(line) - len(bytes.TrimLeft(line, " \t"))
	width := utf8.RuneCount(bytes.TrimSpace(head(line)))
	return diag.Range{File: f.name, Line: n, Column: indent + 1, EndColumn: indent + 1 + max(width, 1)}
}

// quoteEnd is the length of the quoted scalar that text begins with, as far as it
// stands on this line.
func quoteEnd(text []byte) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		default:
			return i + 1
		}
	}
	return len(text)
}

func uncommented(text []byte) []byte {
	if i := bytes.Index(text, []byte(" #")); i >= 0 {
		text = text[:i]
	}
	return bytes.TrimRight(text, " \t")
}

// firstInvalid is the place of the first byte that is not UTF-8.
func (f *file) firstInvalid() (line, column int) {
	for n := 1; n <= len(f.starts); n++ {
		text := f.bytesOf(n)
		for column = 1; len(text) > 0; column++ {
			r, size := utf8.DecodeRune(text)
			if r == utf8.RuneError && size == 1 {
				return n, column
			}
			text = text[size:]
		}
	}
	return 1, 1
}

package spec

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
)

// parse returns the root nodes of all documents of a file, as far as they could
// be parsed; empty documents are left out.
func (r *reader) parse() []*yaml.Node {
	var roots []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(r.file.text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.syntaxError(err)
			return roots
		}
		root := document.Content[0]
		if root.Kind == yaml.ScalarNode && root.Value == "" && root.Tag == "!!null" && root.Anchor == "" {
			continue
		}
		roots = append(roots, root)
	}
	if bytes.IndexByte(r.file.text, '\\') >= 0 {
		for _, root := range roots {
			r.escapedTokens(root)
		}
	}
	if len(roots) == 0 {
		r.report(diag.EmptyFile, diag.Range{File: r.file.name, Line: 1, Column: 1, EndColumn: 2},
			"A file needs at least its version. To declare no contacts, say so.", "write version: 1 and contacts: []")
	}
	return roots
}

// syntaxError reports what the parser could not read, at the line where it gave
// up: its own messages name the beginning of the block instead.
func (r *reader) syntaxError(err error) {
	message := syntaxMessage(err)
	line := r.failingLine(message)
	at := r.file.wholeLine(line)
	indent := r.file.bytesOf(line)
	indent = indent[:len(indent)-len(bytes.TrimLeft(indent, " \t"))]
	if tab := bytes.IndexByte(indent, '\t'); tab >= 0 {
		at.Column, at.EndColumn = tab+1, tab+2
		r.report(diag.TabIndent, at, "A tab is used for indentation; YAML allows only spaces there.", "use spaces")
		return
	}
	for _, known := range syntaxTable {
		if strings.Contains(message, known.message) {
			r.report(known.code, at, known.detail, known.hint)
			return
		}
	}
	r.report(diag.SyntaxError, at, "The parser says: "+message+".", "correct this line or the one above it")
}

var syntaxPrefix = regexp.MustCompile(`^yaml: (line \d+: )?`)

func syntaxMessage(err error) string {
	return syntaxPrefix.ReplaceAllString(err.Error(), "")
}

// failingLine feeds the parser one line at a time and sees how far it came, then
// takes lines away as long as the same complaint remains.
func (r *reader) failingLine(message string) int {
	fed := &lineFeeder{file: r.file, last: len(r.file.starts)}
	if err := parseAll(fed); err == nil {
		return len(r.file.starts)
	}
	line := fed.next
	for range 3 {
		shorter := &lineFeeder{file: r.file, last: line - 1}
		if err := parseAll(shorter); line <= 1 || err == nil || syntaxMessage(err) != message {
			break
		}
		line--
	}
	for line > 1 && len(bytes.TrimSpace(r.file.bytesOf(line))) == 0 {
		line--
	}
	return max(line, 1)
}

func parseAll(in io.Reader) error {
	decoder := yaml.NewDecoder(in)
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// lineFeeder gives out the lines of a file one by one.
type lineFeeder struct {
	file *file
	next int // lines given out so far
	last int
	rest []byte
}

func (l *lineFeeder) Read(into []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.next >= l.last {
			return 0, io.EOF
		}
		end := len(l.file.text)
		if l.next+1 < len(l.file.starts) {
			end = l.file.starts[l.next+1]
		}
		l.rest = l.file.text[l.file.starts[l.next]:end]
		l.next++
	}
	n := copy(into, l.rest)
	l.rest = l.rest[n:]
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// syntaxTable says in plain words what the parser's messages mean.
var syntaxTable = []struct {
	message string
	code    diag.Code
	detail  string
	hint    string
}{
	{
		"mapping values are not allowed", diag.SyntaxError,
		"A colon followed by a space begins a value, and no value may stand here: either the text holds a colon, or the line is indented too far.", "put the text in double quotes, or correct the indentation",
	},
	{
		"found character that cannot start any token", diag.ReservedIndicator,
		"The text begins with a character that YAML reserves.", "put the text in double quotes",
	},
	{
		"did not find expected '-' indicator", diag.SyntaxError,
		"The line stands where the next item of a list is expected.", "begin the line with -, or indent it like the lines above",
	},
	{
		"did not find expected key", diag.SyntaxError,
		"The line is indented differently from its neighbours, or an opened quote, bracket or brace ends in the wrong place.", "correct the indentation or the quotes",
	},
	{
		"could not find expected ':'", diag.SyntaxError,
		"The line stands where a key is expected, and no colon with a space follows.", "write a space after the colon",
	},
	{
		"did not find expected ',' or ']'", diag.SyntaxError,
		"The list in brackets does not end, or two of its items lack the comma between them.", "close the bracket, or add the comma",
	},
	{
		"did not find expected ',' or '}'", diag.SyntaxError,
		"The mapping in braces does not end, or two of its entries lack the comma between them.", "close the brace, or add the comma",
	},
	{
		"found unexpected end of stream", diag.SyntaxError,
		"A quote is opened and never closed.", "close the quote",
	},
	{
		"found unexpected document indicator", diag.SyntaxError,
		"A quote is still open where the document ends.", "close the quote",
	},
	{
		"found unknown escape character", diag.SyntaxError,
		"In double quotes a backslash begins an escape, and this one is not known.", "write \\\\ for a backslash, or use single quotes",
	},
	{
		"did not find expected hexdecimal number", diag.SyntaxError,
		"The escape needs hexadecimal digits: \\x two, \\u four, \\U eight.", "complete the escape",
	},
	{
		"found invalid Unicode character escape code", diag.SyntaxError,
		"The escape names no Unicode character.", "write the character itself",
	},
	{
		"control characters are not allowed", diag.SyntaxError,
		"The file holds a control character, which no text file should.", "remove it, or write it as an escape in double quotes",
	},
	{
		"unknown anchor", diag.SyntaxError,
		"The alias refers to an anchor that does not stand before it in this document.", "define the anchor with & first",
	},
	{
		"did not find expected alphabetic or numeric character", diag.SyntaxError,
		"A text that begins with & or * is read as an anchor or an alias.", "put the text in double quotes",
	},
	{
		"found undefined tag handle", diag.SyntaxError,
		"A text that begins with ! is read as a tag.", "put the text in double quotes",
	},
	{
		"block sequence entries are not allowed", diag.SyntaxError,
		"A dash begins a list item, and none may stand here.", "begin the list on a line of its own, or quote the text",
	},
	{
		"exceeded max depth", diag.NestedTooDeep,
		"The nesting is deeper than any reader follows.", "correct the indentation",
	},
	{
		"found incompatible YAML document", diag.SyntaxError,
		"The directive asks for a version of YAML other than 1.1 and 1.2.", "remove the %YAML line",
	},
	{
		"did not find expected <document start>", diag.SyntaxError,
		"The line stands outside of what came before it: it is indented too little, or something unfinished stands above.", "correct the indentation",
	},
	{
		"did not find expected node content", diag.SyntaxError,
		"A value is expected here.", "write the value, or remove the comma or bracket",
	},
}

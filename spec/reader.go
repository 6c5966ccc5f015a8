package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
)

// reader walks the nodes of one file and reports what is wrong with them.
type reader struct {
	file    *file
	list    *diag.List
	errors  int // reported so far
	subject string
	names   map[string]string // property names, shared between contacts
}

// open reads a source of at most limit bytes; nil when it could not be read, and the reason is reported.
func open(source Source, limit int64, list *diag.List) *reader {
	f, err := readFile(source, limit)
	r := &reader{file: f, list: list, names: make(map[string]string)}
	if err != nil {
		r.unreadable(err)
		return nil
	}
	if f.secret {
		r.reportTokens()
	}
	return r
}

// unreadable says why a file could not be read as text.
func (r *reader) unreadable(err error) {
	at := diag.Range{File: r.file.name}
	switch {
	case errors.Is(err, errTooLarge):
		r.report(diag.FileTooLarge, at, "The file holds more than 1 GiB.", "split it over several files")
	case errors.Is(err, errUTF16):
		r.report(diag.NotUTF8, at, "The file is written in UTF-16, as some Windows programs do.", "save it as UTF-8")
	case errors.Is(err, errEncoding):
		line, column := r.file.firstInvalid()
		r.report(diag.NotUTF8, diag.Range{File: r.file.name, Line: line, Column: column, EndColumn: column + 1},
			"The file holds bytes that are not UTF-8; it is probably written in Latin-1 or Windows-1252.", "save it as UTF-8")
	default:
		r.report(diag.FileUnreadable, at, fmt.Sprintf("The file could not be read: %v.", err), "")
	}
}

// report adds a diagnostic about the current contact, if there is one.
func (r *reader) report(code diag.Code, at diag.Range, detail, hint string, related ...diag.Related) {
	d := diag.New(code, at, detail, hint)
	if at.Column <= shownLine {
		d.Line = r.file.line(at.Line)
	}
	d.Subject = r.subject
	d.Related = related
	if r.file.secret {
		d.Detail, d.Hint, d.Subject = maskTokens(d.Detail), maskTokens(d.Hint), maskTokens(d.Subject)
	}
	if d.Severity == diag.Error {
		r.errors++
	}
	*r.list = append(*r.list, d)
}

func (r *reader) related(node *yaml.Node, note string) diag.Related {
	at := r.file.at(node)
	return diag.Related{At: at, Note: note, Line: r.file.line(at.Line)}
}

func (r *reader) reportTokens() {
	for line := 1; line <= len(r.file.starts); line++ {
		text := string(r.file.bytesOf(line))
		if i := findToken(text); i >= 0 {
			column := len([]rune(text[:i])) + 1
			r.reportToken(diag.Range{File: r.file.name, Line: line, Column: column, EndColumn: column + tokenLength(text[i:])})
		}
	}
}

// escapedTokens reports tokens that escapes hide in a quoted text. Their lines are
// not shown at all.
func (r *reader) escapedTokens(node *yaml.Node) {
	for _, child := range node.Content {
		r.escapedTokens(child)
	}
	if node.Kind != yaml.ScalarNode || findToken(node.Value) < 0 {
		return
	}
	at := r.file.at(node)
	if findToken(string(head(r.file.bytesOf(at.Line)))) < 0 {
		r.file.secret, r.file.hidden = true, true
		r.reportToken(at)
	}
}

func (r *reader) reportToken(at diag.Range) {
	r.report(diag.AccessToken, at,
		"This looks like a HubSpot access token. Take it as leaked: revoke it in HubSpot, and pass a new one by the environment.", "remove it from the file and its history")
}

// field is one line of a mapping: its key, and its value with aliases followed.
type field struct {
	key   string
	name  *yaml.Node // the key's node
	value *yaml.Node // never an alias
	site  *yaml.Node // where the value stands: the alias, if there is one
}

func follow(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func (r *reader) at(f field) diag.Range { return r.file.at(f.site) }

// item makes a field of a list's item, so that both are read alike.
func item(of field, node *yaml.Node) field {
	return field{key: of.key, name: of.name, value: follow(node), site: node}
}

// fields lists the keys of a mapping, those it takes over by "<<" last. The value
// must be a mapping; what else it is, is reported.
func (r *reader) fields(f field) ([]field, bool) {
	if f.value.Kind != yaml.MappingNode {
		r.wrongKind(f, "a mapping: lines of \"key: value\"")
		return nil, false
	}
	own := make([]field, 0, len(f.value.Content)/2)
	var merged []field
	for i := 0; i+1 < len(f.value.Content); i += 2 {
		name, site := f.value.Content[i], f.value.Content[i+1]
		one := field{key: name.Value, name: name, value: follow(site), site: site}
		if name.Tag == "!!merge" {
			merged = append(merged, r.merged(one)...)
			continue
		}
		own = append(own, one)
	}
	if len(merged) == 0 {
		return own, true
	}
	taken := make(map[string]bool, len(own))
	for _, one := range own {
		taken[one.key] = true
	}
	for _, one := range merged {
		if !taken[one.key] {
			taken[one.key] = true
			own = append(own, one)
		}
	}
	return own, true
}

// merged lists the keys that "<<" takes over: of a mapping, or of a list of
// mappings, the first of which wins.
func (r *reader) merged(f field) []field {
	switch f.value.Kind {
	case yaml.MappingNode:
		all, _ := r.fields(f)
		return all
	case yaml.SequenceNode:
		var all []field
		for _, node := range f.value.Content {
			if one := item(f, node); one.value.Kind == yaml.MappingNode {
				part, _ := r.fields(one)
				all = append(all, part...)
			} else {
				r.report(diag.MergeKey, r.at(one), "A list after \"<<\" holds aliases of mappings; this item is none.", "write *name")
			}
		}
		return all
	case yaml.ScalarNode, yaml.AliasNode, yaml.DocumentNode:
	}
	r.report(diag.MergeKey, r.at(f), "\"<<\" takes over the lines of another mapping, and what follows is no mapping.", "write <<: *name")
	return nil
}

// missing reports whether nothing, ~ or null stands where a value should.
func missing(f field) bool {
	return f.value.Kind == yaml.ScalarNode && f.value.Tag == "!!null"
}

func (r *reader) wrongKind(f field, want string) {
	if missing(f) {
		r.report(diag.MissingValue, r.at(f), fmt.Sprintf("Nothing stands after %q; it takes %s.", f.key, want), "write a value or remove the line")
		return
	}
	r.report(diag.WrongKind, r.at(f), fmt.Sprintf("%q takes %s; this is %s.", f.key, want, kindName(f.value)), "")
}

func kindName(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode, yaml.AliasNode, yaml.DocumentNode:
	}
	return "a text"
}

// text reads a scalar as it is written.
func (r *reader) text(f field) (string, bool) {
	if f.value.Kind != yaml.ScalarNode || missing(f) {
		r.wrongKind(f, "a text")
		return "", false
	}
	return f.value.Value, r.storable(f)
}

// storable reports a text that HubSpot could not hold.
func (r *reader) storable(f field) bool {
	if strings.ContainsRune(f.value.Value, 0) {
		r.report(diag.ForbiddenRune, r.at(f), "The text holds the character U+0000.", "remove it")
		return false
	}
	return true
}

// items reads a list that is not empty.
func (r *reader) items(f field, of string) ([]field, bool) {
	if f.value.Kind != yaml.SequenceNode {
		r.wrongKind(f, "a list of "+of)
		return nil, false
	}
	if len(f.value.Content) == 0 {
		r.report(diag.EmptyList, r.at(f), fmt.Sprintf("%q takes a list of %s, and this one has no item.", f.key, of), "add an item or remove the line")
		return nil, false
	}
	all := make([]field, len(f.value.Content))
	for i, node := range f.value.Content {
		all[i] = item(f, node)
	}
	return all, true
}

// oneOrMore reads a text, or a list of texts, as a list.
func (r *reader) oneOrMore(f field, of string) ([]field, bool) {
	if f.value.Kind == yaml.ScalarNode && !missing(f) {
		return []field{f}, true
	}
	return r.items(f, of)
}

// word reads one of a few words.
func (r *reader) word(f field, words ...string) (string, bool) {
	text, ok := r.text(f)
	if !ok {
		return "", false
	}
	if slices.Contains(words, text) {
		return text, true
	}
	r.report(diag.UnknownWord, r.at(f), fmt.Sprintf("%q takes %s.", f.key, either(words)), suggest(text, words))
	return "", false
}

// flag reads true or false.
func (r *reader) flag(f field) bool {
	if f.value.Kind == yaml.ScalarNode && f.value.Tag == "!!bool" && (f.value.Value == "true" || f.value.Value == "false") {
		return f.value.Value == "true"
	}
	if f.value.Kind != yaml.ScalarNode || missing(f) {
		r.wrongKind(f, "true or false")
		return false
	}
	r.report(diag.UnknownWord, r.at(f), fmt.Sprintf("%q takes true or false, without quotes.", f.key), "write true, or remove the line")
	return false
}

// unknown reports a key that is none of those known.
func (r *reader) unknown(code diag.Code, f field, known []string) {
	r.report(code, r.file.at(f.name), keysHere(known), suggest(f.key, known))
}

func keysHere(known []string) string {
	return fmt.Sprintf("The keys here are %s.", strings.Join(known, ", "))
}

func suggest(word string, known []string) string {
	if near, ok := diag.Nearest(word, known); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// intern returns one copy of a property's name for all contacts.
func (r *reader) intern(name string) string {
	if shared, ok := r.names[name]; ok {
		return shared
	}
	r.names[name] = name
	return name
}

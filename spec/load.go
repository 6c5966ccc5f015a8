package spec

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
)

var fileKeys = []string{"version", "contacts", "defaults", "account", "scope", "limits", "daily_reserve", "policy"}

// Load reads the desired state of all sources together.
//
// The document is never nil. It holds the contacts that have no error of their
// own, in the order of the sources; a diagnostic about one contact has its address
// or id as Subject, one about a whole file has none. All problems of all sources
// are reported, sorted by place. A list with errors means that the document is not
// what the files say.
//
// The document's settings are the defaults, or what a lone source says; Adopt adds
// those of a project.
func Load(sources []Source) (*Document, diag.List) {
	l := &loader{settings: newSettings(), digest: sha256.New()}
	document := new(Document)
	for _, source := range sources {
		l.load(source)
		document.files = append(document.files, source.Name)
	}
	if len(sources) > 1 {
		l.refuseSettings()
	}
	document.contacts = l.identities()
	document.firstID = l.firstID()
	document.settings, document.given = l.settings.Settings, l.settings.given
	document.digest = "sha256:" + hex.EncodeToString(l.digest.Sum(nil))
	l.list.Sort()
	return document, l.list
}

// loader gathers what several files declare.
type loader struct {
	list     diag.List
	drafts   []entry
	settings *settings
	digest   hash.Hash
	counts   counts // of the file that needed most
}

// entry is a contact with what is needed to hold it against the others.
type entry struct {
	*draft
	file *file
	bad  bool
}

// counts are what a file took of the budgets.
type counts struct{ Nodes, Expanded, Depth int }

func (l *loader) load(source Source) {
	r := open(source, maxFileSize, &l.list)
	if r == nil {
		return
	}
	l.addDigest(r.file.text)
	roots := l.survey(r, r.parse())
	documents := make([][]field, 0, len(roots))
	for _, root := range roots {
		if fields, ok := r.document(root); ok {
			documents = append(documents, fields)
		}
	}
	base := r.fileDefaults(documents)
	for _, fields := range documents {
		for _, f := range fields {
			l.topField(r, f, base)
		}
		if r.errors == 0 {
			r.netTop(fields)
		}
	}
}

// addDigest adds a file's contents, preceded by their length so that no text can
// move from one file to the next unnoticed.
func (l *loader) addDigest(text []byte) {
	l.digest.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
	l.digest.Write(text)
}

// survey returns the documents that may be walked.
func (l *loader) survey(r *reader, roots []*yaml.Node) []*yaml.Node {
	s := &survey{r: r, anchors: make(map[*yaml.Node]cost)}
	var sound []*yaml.Node
	for _, root := range roots {
		if s.document(root) {
			sound = append(sound, root)
		}
	}
	if s.expanded >= l.counts.Expanded {
		l.counts = counts{s.nodes, s.expanded, s.depth}
	}
	return sound
}

// document reads the top level of a document and its version.
func (r *reader) document(root *yaml.Node) ([]field, bool) {
	top := field{key: "file", value: follow(root), site: root}
	if root.Kind != yaml.MappingNode {
		r.report(diag.TopNotMapping, r.at(top), fmt.Sprintf("The file begins with %s.", kindName(root)), "begin with version: 1")
		return nil, false
	}
	fields, ok := r.fields(top)
	if !ok {
		return nil, false
	}
	for _, f := range fields {
		if f.key == "version" {
			return fields, r.version(f)
		}
	}
	r.report(diag.VersionMissing, r.at(top), "No line says which version of the format this is.", "add version: 1")
	return fields, true
}

// version reports whether the document is one that can be read.
func (r *reader) version(f field) bool {
	if f.value.Kind == yaml.ScalarNode && f.value.Tag == "!!int" && f.value.Value == "1" {
		return true
	}
	if missing(f) || f.value.Kind != yaml.ScalarNode {
		r.wrongKind(f, "the number 1")
		return false
	}
	hint := "write version: 1"
	if f.value.Value == "1" {
		hint = "write it without quotes"
	}
	r.report(diag.VersionUnknown, r.at(f), "This release reads version 1 of the format.", hint)
	return false
}

// fileDefaults reads the defaults that hold for all documents of a file.
func (r *reader) fileDefaults(documents [][]field) *defaults {
	base := new(defaults)
	var first *field
	for _, fields := range documents {
		for _, f := range fields {
			if f.key != "defaults" {
				continue
			}
			if first != nil {
				r.report(diag.DefaultsTwice, r.file.at(f.name), "Defaults hold for the whole file, and another document of it has some already.", "merge the two",
					r.related(first.name, "first given here"))
				continue
			}
			first, base = &f, r.defaults(f)
		}
	}
	return base
}

func (l *loader) topField(r *reader, f field, base *defaults) {
	switch f.key {
	case "version", "defaults":
	case "contacts":
		l.contacts(r, f, base)
	case "account", "scope", "limits", "daily_reserve", "policy":
		l.settings.read(r, f)
	case "profiles", "default_profile", "files", "prune", "prune_min_age", "protect":
		r.report(diag.ProjectKeyInFile, r.file.at(f.name), fmt.Sprintf("%q belongs to the project file.", f.key), "move it to contactsync.yaml")
	default:
		r.unknown(diag.UnknownTopKey, f, fileKeys)
	}
}

func (l *loader) contacts(r *reader, f field, base *defaults) {
	if f.value.Kind != yaml.SequenceNode {
		r.wrongKind(f, "a list of contacts, or [] for none")
		return
	}
	for _, node := range f.value.Content {
		d, sound := r.contact(item(f, node), base)
		if d == nil {
			continue
		}
		if sound {
			r.netContact(node)
		}
		if d.Ensure == Archived {
			d.forget()
		}
		l.drafts = append(l.drafts, entry{d, r.file, !sound})
	}
}

// refuseSettings reports settings of one file among several.
func (l *loader) refuseSettings() {
	for _, key := range settingKeys {
		if place, given := l.settings.given[key]; given {
			d := diag.New(diag.SettingsOfMany, place.at, fmt.Sprintf("%q would hold for the contacts of the other files too.", key), "move it to contactsync.yaml")
			d.Line = place.line
			l.list = append(l.list, d)
		}
	}
}

// firstID is the place of the first id of a record: of a contact, or of a target.
func (l *loader) firstID() place {
	for _, one := range l.drafts {
		at := diag.Range{}
		if one.ID != "" {
			at = one.idAt
		}
		for _, association := range one.Associations {
			if association.To.ID != "" && at.IsZero() {
				at = association.At
			}
		}
		if !at.IsZero() {
			return place{at, one.file.line(at.Line)}
		}
	}
	return place{}
}

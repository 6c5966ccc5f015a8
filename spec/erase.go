package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/crm"
)

// ErrEraseByHand means that what is to be erased does not stand on lines of its own.
var ErrEraseByHand = errors.New("it does not stand on lines of its own")

// Erased is a file without a person.
type Erased struct {
	Text     []byte
	Contacts int   // declared contacts that were taken out
	Items    int   // associations with the person that were taken out
	Left     []int // lines that still hold the address, as a comment or another value
}

// Erase takes a person out of the text of a desired-state file: the contact with the
// address and the items of associations that lead to it. Everything else stays as it
// is, to the byte. What cannot be taken out without touching other lines, such as an
// item of a list in brackets, is ErrEraseByHand, and so is an address among the
// previous or further ones of another contact; the text must be read by Load without
// errors.
func Erase(text []byte, email crm.Email) (Erased, error) {
	e := eraser{lines: strings.SplitAfter(string(text), "\n"), email: email, drop: make(map[int]bool), empty: make(map[int]string)}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Erased{}, fmt.Errorf("reading the file: %w", err)
		}
		if err := e.document(&document); err != nil {
			return Erased{}, err
		}
	}
	return e.result()
}

// eraser gathers the lines that go.
type eraser struct {
	lines  []string
	email  crm.Email
	drop   map[int]bool   // lines, from 0
	empty  map[int]string // lines of keys whose list is left without items
	erased Erased
}

func (e *eraser) document(document *yaml.Node) error {
	contacts := child(document.Content[0], "contacts")
	if contacts == nil || contacts.Kind != yaml.SequenceNode {
		return nil
	}
	return e.list(contacts, keyLine(document.Content[0], "contacts"), func(contact *yaml.Node) (bool, error) {
		if e.names(child(contact, "email")) {
			e.erased.Contacts++
			return true, nil
		}
		if associations := child(contact, "associations"); associations != nil && associations.Kind == yaml.SequenceNode {
			return false, e.list(associations, keyLine(contact, "associations"), func(item *yaml.Node) (bool, error) {
				goes := e.names(child(item, "email"))
				if goes {
					e.erased.Items++
				}
				return goes, nil
			})
		}
		return false, nil
	})
}

// list drops the items of a list that go. Contacts that are left empty become [], and
// associations go as a whole: a list of none is an error there.
func (e *eraser) list(list *yaml.Node, key int, goes func(*yaml.Node) (bool, error)) error {
	left := len(list.Content)
	for _, item := range list.Content {
		gone, err := goes(item)
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		if list.Style&yaml.FlowStyle != 0 || item.Kind == yaml.AliasNode {
			return fmt.Errorf("line %d: %w", item.Line, ErrEraseByHand)
		}
		left--
		e.item(item, list.Column-1)
	}
	if left > 0 || len(list.Content) == 0 {
		return nil
	}
	return e.emptied(key - 1)
}

// emptied looks after the line of a key whose list has no items any more.
func (e *eraser) emptied(key int) error {
	line := e.lines[key]
	content, _, _ := strings.Cut(line, "#")
	switch strings.TrimSpace(content) {
	case "contacts:":
		at := strings.LastIndex(content, ":") + 1
		e.empty[key] = line[:at] + " []" + line[at:]
	case "associations:":
		e.drop[key] = true
	default:
		return fmt.Errorf("line %d: %w", key+1, ErrEraseByHand)
	}
	return nil
}

// item drops the lines of an item of a block list: from its dash to the last line that
// stands deeper than the dash.
func (e *eraser) item(item *yaml.Node, dash int) {
	first := item.Line - 1
	for first > 0 && (indentOf(e.lines[first]) != dash || !strings.HasPrefix(e.lines[first][dash:], "-")) {
		first--
	}
	last := first
	for i := first + 1; i < len(e.lines); i++ {
		if strings.TrimSpace(e.lines[i]) == "" {
			continue
		}
		if indentOf(e.lines[i]) <= dash {
			break
		}
		last = i
	}
	for i := first; i <= last; i++ {
		e.drop[i] = true
	}
}

func (e *eraser) result() (Erased, error) {
	var out strings.Builder
	for i, line := range e.lines {
		switch replaced, emptied := e.empty[i]; {
		case e.drop[i]:
			continue
		case emptied:
			line = replaced
		}
		if mentions(line, e.email) {
			e.erased.Left = append(e.erased.Left, strings.Count(out.String(), "\n")+1)
		}
		out.WriteString(line)
	}
	e.erased.Text = []byte(out.String())
	return e.erased, nil
}

// names reports whether a node is the address.
func (e *eraser) names(node *yaml.Node) bool {
	if node == nil || node.Kind != yaml.ScalarNode {
		return false
	}
	email, err := crm.ParseEmail(node.Value)
	return err == nil && email == e.email
}

// mentions reports whether a line holds the address in any case of letters.
func mentions(line string, email crm.Email) bool {
	return strings.Contains(strings.ToLower(line), string(email))
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// child is the value of a key of a mapping.
func child(mapping *yaml.Node, key string) *yaml.Node {
	if mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// keyLine is the line that a key of a mapping stands on.
func keyLine(mapping *yaml.Node, key string) int {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i].Line
		}
	}
	return 0
}

// Same reports whether a document declares what another one does, the contacts with an
// address and the associations with them left out on both sides.
func (d *Document) Same(other *Document, but crm.Email) bool {
	return maps.Equal(d.without(but), other.without(but))
}

// without is each contact as the canonical form writes it, by what it is called.
func (d *Document) without(but crm.Email) map[string]string {
	texts := make(map[string]string, len(d.contacts))
	for _, c := range d.contacts {
		if c.Email == but {
			continue
		}
		c.Associations = slices.DeleteFunc(slices.Clone(c.Associations), func(a Association) bool { return a.To.Email == but })
		var out strings.Builder
		if err := NewDocument([]Contact{c}).Encode(&out); err != nil {
			return nil
		}
		texts[c.Key()] = out.String()
	}
	return texts
}

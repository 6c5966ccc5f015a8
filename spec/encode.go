package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// The canonical form is text that every YAML reader takes alike, and that the same
// document always has: contacts by address and id, a contact's keys in the order
// of (*encoder).contact, properties by name, associations by type, target and
// labels, lists sorted. Each line is one "key: value"; lists and associations
// stand on one line in brackets and braces.
//
// A file's defaults are written at each contact that they hold for, so a contact's
// lines say all there is to say about it and contacts can be moved between files.

const (
	flushAt      = 64 << 10 // bytes that are gathered before they are written
	contactLead  = "  - "
	keyLead      = "    "
	propertyLead = "      "
)

var (
	errNoIdentity = errors.New("there is neither an email nor an id")
	errNoTarget   = errors.New("the association names no record")
	errNUL        = errors.New("the text holds a NUL character, which no file can")
	errNotUTF8    = errors.New("the text is not valid UTF-8, which no file can hold")
)

// Encode writes the document in canonical form, ending each line with LF: the same
// document gives the same bytes, and Load gives back what it means, defaults
// merged in, without positions. An archived contact is written as its identity
// alone, and settings only where the document's own file gave them and they differ
// from the defaults.
//
// The error is that of the writer, or names the contact and the line that no file
// can hold: a text with NUL or invalid UTF-8, a contact or an association without
// anything to go by. What was written before an error is incomplete.
func (d *Document) Encode(to io.Writer) error {
	e := &encoder{to: to, buf: make([]byte, 0, flushAt+flushAt/4)}
	e.raw("version: 1\n")
	e.settings(d)
	if e.err != nil {
		return fmt.Errorf("encoding %s: %w", e.at, e.err)
	}
	if d.Len() == 0 {
		e.raw("contacts: []\n")
		return e.flush()
	}
	e.raw("contacts:\n")
	for _, i := range d.canonicalOrder() {
		contact := d.Contact(i)
		if e.contact(&contact); e.err != nil {
			return fmt.Errorf("encoding contact %q: %s: %w", contact.Key(), e.at, e.err)
		}
		if len(e.buf) < flushAt {
			continue
		}
		if err := e.flush(); err != nil {
			return err
		}
	}
	return e.flush()
}

// canonicalOrder lists the contacts' indices by address, then id.
func (d *Document) canonicalOrder() []int {
	type place struct {
		email crm.Email
		id    crm.ObjectID
		index int
	}
	places := make([]place, 0, d.Len())
	for i, contact := range d.All() {
		places = append(places, place{contact.Email, contact.ID, i})
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.email, b.email), a.id.Compare(b.id))
	})
	order := make([]int, len(places))
	for i := range places {
		order[i] = places[i].index
	}
	return order
}

// encoder gathers lines. Its methods go on after an error, and the first one stands.
type encoder struct {
	to    io.Writer
	buf   []byte
	lead  string   // what the contact's next line begins with
	names []string // of properties, for one list at a time
	at    string   // the key that is being written
	err   error
}

func (e *encoder) flush() error {
	_, err := e.to.Write(e.buf)
	e.buf = e.buf[:0]
	if err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// raw writes text that needs no quotes.
func (e *encoder) raw(text string) { e.buf = append(e.buf, text...) }

// key begins one of a contact's lines.
func (e *encoder) key(name string) {
	if e.err == nil {
		e.at = name
	}
	e.raw(e.lead)
	e.lead = keyLead
	e.raw(name)
	e.raw(":")
}

// word writes a whole line whose value needs no quotes.
func (e *encoder) word(key, word string) {
	e.key(key)
	e.raw(" ")
	e.raw(word)
	e.raw("\n")
}

// text writes a whole line.
func (e *encoder) text(key, text string) {
	e.key(key)
	e.value(text)
}

// value ends a line with a text.
func (e *encoder) value(text string) {
	e.raw(" ")
	e.scalar(text, inBlock)
	e.raw("\n")
}

// listLine ends a line with texts in brackets, sorted, each once.
func listLine[S ~string](e *encoder, texts []S) {
	e.raw(" ")
	flow(e, texts)
	e.raw("\n")
}

func flow[S ~string](e *encoder, texts []S) {
	separator := "["
	ordered := sorted(texts)
	for i, text := range ordered {
		if i > 0 && text == ordered[i-1] {
			continue
		}
		e.raw(separator)
		e.scalar(string(text), inFlow)
		separator = ", "
	}
	e.raw("]")
}

func sorted[S ~string](texts []S) []S {
	if slices.IsSorted(texts) {
		return texts
	}
	return slices.Sorted(slices.Values(texts))
}

// contact writes one item of the list of contacts; here stands the order of keys.
func (e *encoder) contact(c *Contact) {
	e.lead = contactLead
	e.identity(c)
	if e.lead == contactLead {
		e.at = "email"
		e.fail(errNoIdentity)
	}
	if c.Ensure == Archived {
		e.word("ensure", "archived")
		return
	}
	e.otherAddresses(c)
	if c.Owner != "" {
		e.text("owner", string(c.Owner))
	}
	e.choices(c)
	properties := c.Properties
	if !slices.IsSortedFunc(properties, byName) {
		properties = slices.SortedStableFunc(slices.Values(properties), byName)
	}
	e.properties(properties)
	e.removals(properties)
	e.modes(properties)
	if len(c.Ignore) > 0 {
		e.key("ignore")
		listLine(e, c.Ignore)
	}
	e.associations(c.Associations)
}

func (e *encoder) identity(c *Contact) {
	switch {
	case c.Written != "":
		e.text("email", strings.TrimSpace(c.Written))
	case c.Email != "":
		e.text("email", string(c.Email))
	}
	if c.ID != "" {
		e.text("id", string(c.ID))
	}
}

func (e *encoder) otherAddresses(c *Contact) {
	switch len(c.PreviousEmails) {
	case 0:
	case 1:
		e.text("previous_email", string(c.PreviousEmails[0]))
	default:
		e.key("previous_email")
		listLine(e, c.PreviousEmails)
	}
	if len(c.Also) > 0 {
		e.key("also")
		listLine(e, c.Also)
	}
}

// choices writes the lines that say how a contact's lines are meant, where they
// differ from the defaults.
func (e *encoder) choices(c *Contact) {
	switch c.Lifecycle {
	case AtLeast:
	case Exact:
		e.word("lifecycle", "exact")
	case AllowBackward:
		e.word("lifecycle", "allow_backward")
	}
	if c.TakeEmail {
		e.word("take_email", "file")
	}
	if c.Recreate {
		e.word("recreate", "true")
	}
	if c.ConsentChecked {
		e.word("consent_checked", "true")
	}
}

package spec

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// Encode writes the document's contacts in canonical form: contacts by normalised
// address and then id, keys in a fixed order, properties by name, associations by
// type, target and labels, lists sorted, values in double quotes exactly where a
// reader of YAML 1.1 or 1.2 would take them for something else than text.
//
// Defaults are written out as the contact's own lines. Settings are not written:
// they belong to the project file. Load reads what Encode writes as the same
// contacts. The error is the writer's.
func (d *Document) Encode(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	e := &encoder{out: out, line: make([]byte, 0, 256)}
	if d.Len() == 0 {
		e.line = append(e.line, "version: 1\ncontacts: []\n"...)
	} else {
		e.line = append(e.line, "version: 1\ncontacts:\n"...)
	}
	for _, i := range d.canonicalOrder() {
		e.contact(&d.contacts[i])
		if _, err := out.Write(e.line); err != nil {
			return fmt.Errorf("writing contacts: %w", err)
		}
		e.line = e.line[:0]
	}
	if _, err := out.Write(e.line); err != nil {
		return fmt.Errorf("writing contacts: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing contacts: %w", err)
	}
	return nil
}

// canonicalOrder lists the contacts' indices by address and id.
func (d *Document) canonicalOrder() []int {
	order := make([]int, d.Len())
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &d.contacts[i], &d.contacts[j]
		return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID), cmp.Compare(i, j))
	})
	return order
}

// encoder gathers one contact's lines.
type encoder struct {
	out   *bufio.Writer
	line  []byte
	first bool // the next key opens a list item
}

// Columns of the keys in canonical form.
const (
	contactIndent     = 4
	nestedIndent      = 6
	associationIndent = 8
	deepIndent        = 10
)

func (e *encoder) contact(c *Contact) {
	e.first = true
	if c.Written != "" {
		e.field(contactIndent, "email", strings.TrimSpace(c.Written))
	} else if c.Email != "" {
		e.field(contactIndent, "email", string(c.Email))
	}
	if c.Ensure == Archived {
		e.optional("id", string(c.ID))
		e.field(contactIndent, "ensure", "archived")
		return
	}
	e.addresses("previous_email", c.PreviousEmails)
	e.addresses("also", c.Also)
	e.optional("id", string(c.ID))
	e.optional("owner", string(c.Owner))
	switch c.Lifecycle {
	case Exact:
		e.field(contactIndent, "lifecycle", "exact")
	case AllowBackward:
		e.field(contactIndent, "lifecycle", "allow_backward")
	case AtLeast:
	}
	if c.TakeEmail {
		e.field(contactIndent, "take_email", "file")
	}
	e.set("recreate", c.Recreate)
	e.set("consent_checked", c.ConsentChecked)
	e.properties(c)
	e.associations(c.Associations)
}

func (e *encoder) properties(c *Contact) {
	sorted := c.Properties
	byName := func(a, b Property) int { return cmp.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(sorted, byName) {
		sorted = slices.SortedFunc(slices.Values(sorted), byName)
	}
	e.values(sorted)
	e.removals(sorted)
	e.mode("create_only", sorted, CreateOnly)
	e.mode("fill_only", sorted, FillOnly)
	e.mode("additive", sorted, Additive)
	if len(c.Ignore) > 0 {
		e.key(contactIndent, "ignore")
		e.list(nestedIndent, c.Ignore)
	}
}

func (e *encoder) values(sorted []Property) {
	begun := false
	for i := range sorted {
		p := &sorted[i]
		if !p.Set {
			continue
		}
		if !begun {
			e.key(contactIndent, "properties")
			begun = true
		}
		if p.List && p.Text != "" {
			e.key(nestedIndent, p.Name)
			e.list(associationIndent, strings.Split(p.Text, ";"))
		} else {
			e.field(nestedIndent, p.Name, p.Text)
		}
	}
}

func (e *encoder) removals(sorted []Property) {
	begun := false
	for _, p := range sorted {
		if len(p.Remove) == 0 {
			continue
		}
		if !begun {
			e.key(contactIndent, "remove")
			begun = true
		}
		e.key(nestedIndent, p.Name)
		e.list(associationIndent, p.Remove)
	}
}

// mode lists the properties that are written in one of the modes.
func (e *encoder) mode(key string, sorted []Property, mode Mode) {
	begun := false
	for i := range sorted {
		if sorted[i].Mode != mode {
			continue
		}
		if !begun {
			e.key(contactIndent, key)
			begun = true
		}
		e.item(nestedIndent, sorted[i].Name)
	}
}

func (e *encoder) associations(associations []Association) {
	if len(associations) == 0 {
		return
	}
	e.key(contactIndent, "associations")
	for _, a := range slices.SortedFunc(slices.Values(associations), compareAssociations) {
		e.association(&a)
	}
}

func compareAssociations(a, b Association) int {
	return cmp.Or(
		cmp.Compare(a.To.Type, b.To.Type), a.To.ID.Compare(b.To.ID), cmp.Compare(a.To.Email, b.To.Email),
		cmp.Compare(a.To.Property, b.To.Property), cmp.Compare(a.To.Value, b.To.Value), slices.Compare(a.Labels, b.Labels),
	)
}

func (e *encoder) association(a *Association) {
	e.first = true
	e.field(associationIndent, "to", string(a.To.Type))
	switch {
	case a.To.ID != "":
		e.field(associationIndent, "id", string(a.To.ID))
	case a.To.Email != "":
		e.field(associationIndent, "email", string(a.To.Email))
	case a.To.Property == "domain" && a.To.Type == crm.TypeCompany && ownDomain(a.To.Value):
		e.field(associationIndent, "domain", a.To.Value)
	default:
		e.key(associationIndent, "where")
		e.field(deepIndent, "property", a.To.Property)
		e.field(deepIndent, "equals", a.To.Value)
	}
	if a.Absent {
		e.field(associationIndent, "ensure", "absent")
	}
	if a.Skip {
		e.field(associationIndent, "missing", "skip")
	}
	if len(a.Labels) > 0 {
		e.key(associationIndent, "labels")
		e.list(deepIndent, a.Labels)
	}
	if a.Type != nil {
		e.key(associationIndent, "type")
		e.field(deepIndent, "category", a.Type.Category)
		e.begin(deepIndent, "type_id")
		e.line = append(e.line, ' ')
		e.line = append(strconv.AppendInt(e.line, int64(a.Type.TypeID), 10), '\n')
	}
}

// ownDomain reports whether a domain may stand under "domain": normalised, and not
// that of a mail provider.
func ownDomain(text string) bool {
	domain, err := crm.ParseDomain(text)
	return err == nil && domain == text && !crm.Freemail(domain)
}

func (e *encoder) addresses(key string, addresses []crm.Email) {
	switch len(addresses) {
	case 0:
	case 1:
		e.field(contactIndent, key, string(addresses[0]))
	default:
		e.key(contactIndent, key)
		texts := make([]string, len(addresses))
		for i, address := range addresses {
			texts[i] = string(address)
		}
		e.list(nestedIndent, texts)
	}
}

func (e *encoder) optional(key, text string) {
	if text != "" {
		e.field(contactIndent, key, text)
	}
}

func (e *encoder) set(key string, on bool) {
	if on {
		e.begin(contactIndent, key)
		e.line = append(e.line, " true\n"...)
	}
}

// field writes "key: text".
func (e *encoder) field(indent int, key, text string) {
	e.begin(indent, key)
	e.line = append(e.line, ' ')
	e.text(text)
}

// key writes a key whose value stands below it.
func (e *encoder) key(indent int, key string) {
	e.begin(indent, key)
	e.line = append(e.line, '\n')
}

func (e *encoder) begin(indent int, key string) {
	e.indent(indent)
	if e.first {
		e.line[len(e.line)-2] = '-'
		e.first = false
	}
	if plain(key) {
		e.line = append(e.line, key...)
	} else {
		e.line = appendQuoted(e.line, key)
	}
	e.line = append(e.line, ':')
}

// list writes texts as items, sorted, each once.
func (e *encoder) list(indent int, texts []string) {
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		e.item(indent, text)
	}
}

func (e *encoder) item(indent int, text string) {
	e.indent(indent)
	e.line = append(e.line, "- "...)
	e.text(text)
}

func (e *encoder) indent(columns int) {
	const spaces = "          "
	e.line = append(e.line, spaces[:columns]...)
}

func (e *encoder) text(text string) {
	if plain(text) {
		e.line = append(e.line, text...)
	} else {
		e.line = appendQuoted(e.line, text)
	}
	e.line = append(e.line, '\n')
}

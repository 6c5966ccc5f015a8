package portal

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// shown is a value as a person reads it, beside the text that the API has for it.
type shown struct {
	Text     string // the labels of options; otherwise the text itself
	Internal string // the text, where it is another than Text
}

// nameProperties are the properties that a record is called by.
var nameProperties = map[crm.ObjectType][]string{
	crm.TypeContact: {"firstname", "lastname"},
	crm.TypeCompany: {"name"},
	crm.TypeDeal:    {"dealname"},
	crm.TypeTicket:  {"subject"},
	crm.TypeTask:    {"hs_task_subject"},
	crm.TypeNote:    {"hs_note_body"},
	crm.TypeCall:    {"hs_call_title"},
	crm.TypeEmail:   {"hs_email_subject"},
	crm.TypeMeeting: {"hs_meeting_title"},
}

// title is what a person calls a record: its name, else its address or domain,
// else its type and id.
func (c *catalog) title(r *store.Record) string {
	var parts []string
	for _, name := range c.namedBy(r.Type) {
		if text := strings.TrimSpace(r.Properties.Text(name)); text != "" {
			parts = append(parts, text)
		}
	}
	one, _ := c.typeNames(r.Type)
	fallback := capital(one) + " " + idText(r.ID)
	return clip(cmp.Or(strings.Join(parts, " "), r.Properties.Text(propertyEmail), r.Properties.Text("domain"), fallback), 120)
}

// namedBy are the properties that a record of a type is called by.
func (c *catalog) namedBy(objectType crm.ObjectType) []string {
	if custom, ok := c.objects[objectType]; ok {
		return []string{custom.Primary}
	}
	return nameProperties[objectType]
}

// typeNames are a type's names for one record and for several. A custom type has
// the ones that it was defined with.
func (c *catalog) typeNames(objectType crm.ObjectType) (one, several string) {
	if custom, ok := c.objects[objectType]; ok {
		return cmp.Or(custom.Singular, string(objectType)), cmp.Or(custom.Plural, string(objectType))
	}
	return string(objectType), objectType.Plural()
}

func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// label is a property's display name.
func (c *catalog) label(objectType crm.ObjectType, name string) string {
	property, _ := c.property(objectType, name)
	return cmp.Or(property.Label, name)
}

// shown renders a value of a property.
func (c *catalog) shown(objectType crm.ObjectType, name, text string) shown {
	property, _ := c.property(objectType, name)
	if text == "" || len(property.Options) == 0 {
		return shown{Text: text}
	}
	parts := crm.SplitSet(text)
	for i, part := range parts {
		j := slices.IndexFunc(property.Options, func(o hubspot.Option) bool { return o.Value == part })
		if j >= 0 && property.Options[j].Label != "" {
			parts[i] = property.Options[j].Label
		}
	}
	if labels := strings.Join(parts, ", "); labels != text {
		return shown{labels, text}
	}
	return shown{Text: text}
}

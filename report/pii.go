package report

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// PII is how personal data appears in a report.
type PII uint8

// Mask, the default, keeps property names, enumerations, booleans, dates, owners,
// domains and places in files; people appear under an alias that is stable within a
// project, free text and numbers as their length. None keeps counts, the names of
// properties and places in files, and nothing else of what a file or the portal says.
// Full shows everything. HubSpot's own words may quote anything: only Full shows them.
const (
	Mask PII = iota
	Full
	None
)

// ParsePII reads full, mask or none.
func ParsePII(name string) (PII, bool) {
	switch name {
	case "full":
		return Full, true
	case "mask":
		return Mask, true
	case "none":
		return None, true
	}
	return 0, false
}

func (p PII) String() string {
	switch p {
	case Mask:
		return "mask"
	case Full:
		return "full"
	case None:
		return "none"
	}
	return ""
}

// aliasLength is in hexadecimal digits: 40 bits, so that among 10,000 contacts two
// share an alias once in 20,000 projects.
const aliasLength = 10

// AliasPrefix begins every alias.
const AliasPrefix = "c_"

// Alias is the name under which a person appears where personal data is masked:
// "c_" and ten digits of a hash keyed with the project's key. It cannot be turned
// back, nor guessed from an address, without that key.
func Alias(key []byte, email crm.Email) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(email))
	return AliasPrefix + hex.EncodeToString(mac.Sum(nil))[:aliasLength]
}

func (o Options) key() []byte {
	if o.Key == nil {
		return nil
	}
	return o.Key()
}

// person is how a contact is called: by its address or, without one, by its id.
func (o Options) person(email crm.Email, id crm.ObjectID) string {
	if email == "" {
		if o.PII == None {
			return "contact"
		}
		return "id " + string(id)
	}
	switch o.PII {
	case Full:
		return string(email)
	case Mask:
		return Alias(o.key(), email) + "@" + email.Domain()
	case None:
		return "contact"
	}
	return ""
}

var addresses = regexp.MustCompile(`[^\s"'<>()\[\]{},;:=]+@[^\s"'<>()\[\]{},;:=@]+[^\s"'<>()\[\]{},;:=@.]`)

// What sentences of this program say of records and values: a record by its type and
// id, and a text in quotes, which is one of a property where that word stands before it.
var (
	recordIDs = regexp.MustCompile(`\b(contact|company|deal|ticket|note|task|call|meeting|email|record|id|ID)(:?) \d+\b`)
	quotes    = regexp.MustCompile(`(property )?"(?:[^"\\]|\\.)*"`)
)

// Prose masks the addresses in a sentence that tells about a contact. What is no
// address is kept, but under None: sentences name properties, options and files.
func (o Options) Prose(text string) string {
	if o.PII == Full {
		return text
	}
	text = addresses.ReplaceAllStringFunc(text, func(found string) string {
		email, err := crm.ParseEmail(found)
		if err != nil {
			return "(address)"
		}
		return o.person(email, "")
	})
	if o.PII != None {
		return text
	}
	text = quotes.ReplaceAllStringFunc(text, func(found string) string {
		_, known := o.Definitions[strings.Trim(found, `"`)]
		if known || strings.HasPrefix(found, "property ") || strings.HasPrefix(found, `"-`) { // a flag
			return found
		}
		return "(value)"
	})
	return recordIDs.ReplaceAllString(text, "$1")
}

// said is what a sentence of a diagnostic says: under Mask without the values that it
// quotes, under None nothing, since the summary is the one that holds no data.
func (o Options) said(d diag.Diagnostic, sentence string) string {
	if o.PII == None {
		return ""
	}
	if o.PII != Full {
		for _, value := range d.Values {
			sentence = strings.ReplaceAll(sentence, strconv.Quote(value), "(value)")
		}
	}
	return o.Prose(sentence)
}

// explained is what a report says of a diagnostic below its summary.
func (o Options) explained(d diag.Diagnostic) string {
	if o.PII == None && d.Property != "" {
		return "property " + d.Property
	}
	return o.said(d, d.Detail)
}

// reason is why an entry ended as it did, and message what HubSpot said to it.
func (o Options) reason(entry apply.Entry) string {
	if o.PII == None {
		for _, a := range entry.Associations {
			if a.Reason != "" && strings.HasSuffix(entry.Reason, ": "+a.Reason) { // behind the name of the record
				return "an association: " + o.Prose(a.Reason)
			}
		}
	}
	return o.Prose(entry.Reason)
}

func (o Options) message(entry apply.Entry) string {
	if o.PII != Full {
		return ""
	}
	return entry.Message
}

// value is how one property's value appears. Under Mask a text is told by its length,
// under None not at all; what the portal calls sensitive is never shown.
func (o Options) value(name, text string) string {
	if text == "" {
		return ""
	}
	definition, known := o.Definitions[name]
	switch {
	case o.PII == None:
		return "(value)"
	case o.hides(name):
		return "(" + plural(utf8.RuneCountInString(text), "character", "characters") + ")"
	case o.PII == Full && definition.References == "OWNER" && o.Owners[text] != "":
		return text + " (" + string(o.Owners[text]) + ")"
	case known && bare(definition):
		return text
	}
	return `"` + text + `"`
}

// hides reports whether of a property's values no more than the length may be shown.
func (o Options) hides(name string) bool {
	definition, known := o.Definitions[name]
	return sensitive(definition) || o.PII == Mask && (!known || personal(definition))
}

// bare values are words of the portal, not texts that somebody wrote.
func bare(p crm.Property) bool {
	switch p.Type {
	case "enumeration", "bool", "date", "datetime", "number":
		return true
	}
	return false
}

// personal values are texts and numbers: a name, a phone number, a salary.
func personal(p crm.Property) bool {
	switch p.Type {
	case "enumeration", "bool", "date", "datetime":
		return false
	}
	return true
}

func sensitive(p crm.Property) bool {
	return p.Sensitivity != "" && p.Sensitivity != "non_sensitive"
}

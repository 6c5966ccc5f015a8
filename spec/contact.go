package spec

import (
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// Ensure is what a declared contact should be.
type Ensure uint8

// A contact is Present unless its file says that it is Archived.
const (
	Present Ensure = iota + 1
	Archived
)

// Lifecycle is how a declared lifecycle stage is meant.
type Lifecycle uint8

// A stage means at least that stage, unless the contact says otherwise.
const (
	AtLeast Lifecycle = iota + 1
	Exact
	AllowBackward
)

// Mode is when a declared value is written.
type Mode uint8

// The modes, from the strictest hold on a property to the loosest.
const (
	Managed    Mode = iota + 1 // always as declared
	Additive                   // multi-selects: live and declared values together
	FillOnly                   // only where the live value is empty
	CreateOnly                 // only when the contact is created
)

// Origin is where a value was declared.
type Origin uint8

// A contact's own lines win over its file's defaults.
const (
	FromContact Origin = iota + 1
	FromDefaults
	FromOwner // the contact's owner: line
)

// Contact is one declared contact, its file's defaults merged in.
type Contact struct {
	At      diag.Range // of the address as written, or of the id where there is none
	Email   crm.Email  // the key; empty when the contact is named by ID alone
	Written string     // the address as written
	ID      crm.ObjectID

	PreviousEmails []crm.Email // addresses this contact is renamed from
	Also           []crm.Email // secondary addresses: matched, never written

	Ensure         Ensure
	Lifecycle      Lifecycle
	TakeEmail      bool // take_email: file
	Recreate       bool // create although the address lies in the recycle bin
	ConsentChecked bool // rename although the contact has an email opt-out

	Owner   crm.Email // of an owner; empty when not declared
	OwnerAt diag.Range

	Properties   []Property // by name
	Ignore       []string   // properties never compared, sorted
	Associations []Association
}

// Key is what the contact is called in reports: its address as written, or its id.
func (c *Contact) Key() string {
	if c.Written != "" {
		return c.Written
	}
	return string(c.ID)
}

// Property is one declared value.
type Property struct {
	Name   string
	Text   string   // raw text; the items of a list joined by ";"; "" clears
	List   bool     // written as a list: only a multi-select may be
	Remove []string // values to take out of a multi-select (remove:); Text is then not written unless Set
	Set    bool     // a value was declared (false: only Remove)
	Mode   Mode
	Origin Origin
	At     diag.Range // of the value
	NameAt diag.Range // of the key
}

// Association is one declared association.
type Association struct {
	To     crm.Target
	Labels []string             // display names; "Primary" is the keyword for the pair's primary type
	Type   *crm.AssociationType // category and type id; nil when named by Labels or default
	Absent bool                 // ensure: absent
	Skip   bool                 // missing: skip
	At     diag.Range           // of the target's value
}

package plan

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// maxText is the most characters HubSpot takes in a value; maxName is more than
// any name of a property, a label or a rule has.
const (
	maxText = 65536
	maxName = 512
)

func (h *header) validate() error {
	switch {
	case !crm.ObjectID(h.Portal).Valid():
		return fmt.Errorf("%q is no account id", h.Portal)
	case h.Files != "" && !isDigest(h.Files):
		return errors.New("the digest of the files is malformed")
	case min(h.Limits.Archive, h.Limits.Create, h.Limits.Update, h.Limits.Clear, h.Limits.Overwrite, h.Limits.StageBack) < NoLimit:
		return errors.New("a limit is negative")
	}
	return checkNames(h.Watch)
}

func isDigest(text string) bool {
	digits, ok := strings.CutPrefix(text, "sha256:")
	sum, err := hex.DecodeString(digits)
	return ok && err == nil && len(sum) == 32 && strings.ToLower(digits) == digits
}

func (c *Counts) validate() error {
	if min(c.Declared, c.Found, c.Unchanged, c.LeftOut, c.Undeclared) < 0 || max(c.Found, c.Unchanged, c.LeftOut) > c.Declared {
		return errors.New("the counts contradict each other")
	}
	return nil
}

// validate refuses a change that the planner could not have made.
func (c *Change) validate() error {
	if err := c.validateIdentity(); err != nil {
		return err
	}
	names := make([]string, len(c.Properties))
	for i := range c.Properties {
		names[i] = c.Properties[i].Name
		if err := c.validateProperty(&c.Properties[i]); err != nil {
			return fmt.Errorf("property %q: %w", names[i], err)
		}
	}
	if err := checkNames(names); err != nil {
		return err
	}
	for i := range c.Associations {
		if i > 0 && c.Associations[i-1].To.Compare(c.Associations[i].To) >= 0 {
			return errors.New("the associations are out of order")
		}
		if err := c.validateAssociation(&c.Associations[i]); err != nil {
			return fmt.Errorf("association with %s %s: %w", c.Associations[i].To.Type, c.Associations[i].To.ID, err)
		}
	}
	for _, reason := range c.Reasons {
		if err := checkName(reason.Code); err != nil {
			return err
		}
		if err := checkText(reason.Text, maxText); err != nil {
			return err
		}
	}
	return errors.Join(c.validateExpect(), c.Live.validate(), checkText(c.At.File, maxText), checkCounts(c.At.Line, c.At.Column, c.At.EndColumn))
}

func (l *Live) validate() error {
	return errors.Join(checkText(l.Name, 2*maxText), checkText(l.LastModified, maxName), checkText(l.LastActivity, maxName), checkCounts(l.Deals))
}

// validateExpect refuses expectations of anything but the archive of a contact that
// no file names, and such an archive without its address among them.
func (c *Change) validateExpect() error {
	if len(c.Expect) == 0 {
		return nil
	}
	names := make([]string, len(c.Expect))
	for i, value := range c.Expect {
		names[i] = value.Name
		if err := checkText(value.Text, maxText); err != nil {
			return err
		}
	}
	if c.Action != Archive || !slices.Contains(names, propertyEmail) {
		return errors.New("only the archive of a contact by its address expects values")
	}
	return checkNames(names)
}

func (c *Change) validateIdentity() error {
	if err := errors.Join(checkAddress(c.Email), checkAddress(c.From)); err != nil {
		return err
	}
	switch c.Action {
	case Create:
		if c.Email == "" || c.ID != "" || c.From != "" || c.Live != (Live{}) {
			return errors.New("a create has an address and nothing that is live")
		}
		return nil
	case Archive:
		if len(c.Properties) > 0 || len(c.Associations) > 0 || c.From != "" {
			return errors.New("an archive changes nothing else")
		}
	case Update:
		if len(c.Properties) == 0 && len(c.Associations) == 0 {
			return errors.New("an update changes nothing")
		}
		if c.From != "" && (c.From == c.Email || !c.renames()) {
			return errors.New("a rename without a new address")
		}
	default:
		return errors.New("no action")
	}
	if !c.ID.Valid() {
		return errors.New("a live contact without an id")
	}
	return nil
}

func (c *Change) validateProperty(p *PropertyChange) error {
	switch {
	case p.Before == p.After:
		return errors.New("nothing changes")
	case c.Action == Create && p.Before != "":
		return errors.New("a new contact has no values before")
	case p.Origin < OriginContact || p.Origin > OriginRule:
		return errors.New("no origin")
	case (p.Name == propertyEmail) != (p.Origin == OriginRename), p.Name == propertyEmail && (c.Action != Update || p.After != string(c.Email)):
		return errors.New("an address changes by a rename alone")
	case p.Backward && (p.Name != propertyStage || p.Before == "" || p.After == ""):
		return errors.New("only a lifecycle stage moves backward")
	}
	return errors.Join(checkText(p.Before, maxText), checkText(p.After, maxText))
}

func (c *Change) validateAssociation(a *AssociationChange) error {
	switch {
	case sameTypes(a.Before, a.After):
		return errors.New("nothing changes")
	case c.Action == Create && len(a.Before) > 0:
		return errors.New("a new contact has no associations before")
	case a.To.ID == "" && len(a.Before) > 0:
		return errors.New("a contact that is yet to be created has no associations")
	case a.To.Type == crm.TypeContact && a.To.ID == c.ID && a.To.ID != "", a.To.ID == "" && a.To.Email == c.Email:
		return errors.New("the contact is associated with itself")
	case a.PrimaryFrom != (crm.Ref{}) && (a.PrimaryFrom.Type != a.To.Type || !a.PrimaryFrom.ID.Valid() || a.PrimaryFrom.Email != "" || a.PrimaryFrom.ID == a.To.ID):
		return errors.New("the primary type moves from no record")
	}
	return errors.Join(checkRef(a.To), checkTypes(a.Before), checkTypes(a.After), checkText(a.Name, maxText))
}

func checkAddress(email crm.Email) error {
	if normal, err := crm.ParseEmail(string(email)); email != "" && (err != nil || normal != email) {
		return errors.New("an address is not normalised")
	}
	return nil
}

func checkRef(r crm.Ref) error {
	if kind, ok := crm.ParseObjectType(string(r.Type)); !ok || kind != r.Type {
		return fmt.Errorf("%q is no object type", r.Type)
	}
	if r.ID != "" && !r.ID.Valid() || r.ID == "" && (r.Email == "" || r.Type != crm.TypeContact) {
		return errors.New("no record is named")
	}
	if r.Email == "" {
		return nil
	}
	if normal, err := crm.ParseEmail(string(r.Email)); err != nil || normal != r.Email {
		return errors.New("an address is not normalised")
	}
	return nil
}

func checkTypes(set []crm.AssociationType) error {
	for i, t := range set {
		if i > 0 && set[i-1].Compare(t) >= 0 {
			return errors.New("the association types are out of order")
		}
		if t.TypeID <= 0 || strings.Trim(t.Category, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || t.Category == "" {
			return errors.New("no association type")
		}
		if err := checkText(t.Label, maxName); err != nil {
			return err
		}
	}
	return nil
}

func checkNames(names []string) error {
	for i := range names {
		if err := checkName(names[i]); err != nil {
			return err
		}
		if i > 0 && names[i-1] >= names[i] {
			return errors.New("names are out of order")
		}
	}
	return nil
}

func checkName(text string) error {
	if text == "" || len(text) > maxName || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%q is no name", text)
	}
	return nil
}

func checkText(value string, longest int) error {
	if !utf8.ValidString(value) || utf8.RuneCountInString(value) > longest {
		return errors.New("a text is too long or not valid UTF-8")
	}
	return nil
}

func checkCounts(numbers ...int) error {
	if slices.Min(numbers) < 0 {
		return errors.New("a count is negative")
	}
	return nil
}

// sequence holds the changes of a plan together while they pass one by one.
type sequence struct {
	last       Change
	created    map[crm.Email]bool
	needed     map[crm.Email]bool
	stray      Stray // the last one
	undeclared int   // strays, and contacts that are pruned
	strays     int
}

// add checks the order: sorted by address, then by id, no contact twice.
func (s *sequence) add(c *Change) error {
	if s.created == nil {
		s.created, s.needed = make(map[crm.Email]bool), make(map[crm.Email]bool)
	} else if compareChanges(s.last, *c) >= 0 {
		return errors.New("the changes are out of order")
	}
	if s.strays > 0 {
		return errors.New("a change stands among the strays")
	}
	if c.Pruned() {
		s.undeclared++
	}
	s.last = Change{Email: c.Email, ID: c.ID}
	if c.Action == Create {
		s.created[c.Email] = true
	}
	for _, a := range c.Associations {
		if a.To.ID == "" {
			s.needed[a.To.Email] = true
		}
	}
	return nil
}

// addStray checks the order of the strays, which stand after the changes.
func (s *sequence) addStray(one *Stray) error {
	if s.strays > 0 && compareStrays(s.stray, *one) >= 0 {
		return errors.New("the strays are out of order")
	}
	s.stray = Stray{Email: one.Email, ID: one.ID}
	s.strays++
	s.undeclared++
	return nil
}

// close checks that every contact which a change waits for is created, and that
// every undeclared one is accounted for.
func (s *sequence) close(counts *Counts) error {
	if s.undeclared != counts.Undeclared {
		return errors.New("the counts are not those of its contacts")
	}
	for email := range s.needed {
		if !s.created[email] {
			return errors.New("an association leads to a contact that the plan does not create")
		}
	}
	return nil
}

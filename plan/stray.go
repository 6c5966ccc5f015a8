package plan

import (
	"cmp"
	"errors"

	"github.com/contactsync/contactsync/crm"
)

// Stray is a live contact in scope that no file names and that the plan leaves
// alone.
type Stray struct {
	Standing Standing     `json:"standing"`
	Email    crm.Email    `json:"email,omitempty"`
	ID       crm.ObjectID `json:"id"`
	Live     Live         `json:"live,omitzero"`
	Text     string       `json:"text"` // one sentence: why it is left alone
}

// Standing says why a stray is left alone.
type Standing uint8

// StrayReported would be archived by prune: archive, and prune is report. The
// others are spared by it too: StrayRenamed had an address that is declared,
// StrayAssociated is what a declared association leads to, StrayProtected meets one
// of the conditions of protect, StrayYoung is younger than prune_min_age.
const (
	StrayReported Standing = iota + 1
	StrayRenamed
	StrayAssociated
	StrayProtected
	StrayYoung
)

func (s Standing) String() string {
	switch s {
	case StrayReported:
		return "reported"
	case StrayRenamed:
		return "renamed"
	case StrayAssociated:
		return "associated"
	case StrayProtected:
		return "protected"
	case StrayYoung:
		return "young"
	}
	return "unknown"
}

// MarshalText writes the standing as its word. It fails for a value that is none.
func (s Standing) MarshalText() ([]byte, error) {
	return enumText(s, StrayReported, StrayYoung)
}

// UnmarshalText reads the word of a standing.
func (s *Standing) UnmarshalText(text []byte) error {
	return readEnum(s, StrayReported, StrayYoung, text)
}

func compareStrays(a, b Stray) int {
	return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID))
}

// validate refuses a stray that the planner could not have found.
func (s *Stray) validate() error {
	switch {
	case s.Standing < StrayReported || s.Standing > StrayYoung:
		return errors.New("no standing")
	case !s.ID.Valid():
		return errors.New("a live contact without an id")
	}
	return errors.Join(checkAddress(s.Email), s.Live.validate(), checkText(s.Text, maxText))
}

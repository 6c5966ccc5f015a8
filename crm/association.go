package crm

import "cmp"

// Association categories as HubSpot's association API names them.
const (
	HubSpotDefined    = "HUBSPOT_DEFINED"
	UserDefined       = "USER_DEFINED"
	IntegratorDefined = "INTEGRATOR_DEFINED"
)

// AssociationType is one label of an association, in one direction. Label is
// empty for the unlabeled (default) type.
type AssociationType struct {
	Category string `json:"category"`
	TypeID   int    `json:"type_id"`
	Label    string `json:"label,omitempty"`
}

// Same reports whether both are the same type; labels may be renamed at any time
// and do not count.
func (t AssociationType) Same(other AssociationType) bool {
	return t.Category == other.Category && t.TypeID == other.TypeID
}

// Compare orders types by category and id.
func (t AssociationType) Compare(other AssociationType) int {
	return cmp.Or(cmp.Compare(t.Category, other.Category), cmp.Compare(t.TypeID, other.TypeID))
}

// Ref is one record. Email names a contact that the same plan creates, whose id
// is not known yet; otherwise ID is set and Email may say who it is.
type Ref struct {
	Type  ObjectType `json:"type"`
	ID    ObjectID   `json:"id,omitempty"`
	Email Email      `json:"email,omitempty"`
}

// Compare orders references by type, id and address.
func (r Ref) Compare(other Ref) int {
	return cmp.Or(cmp.Compare(r.Type, other.Type), r.ID.Compare(other.ID), cmp.Compare(r.Email, other.Email))
}

// Target is how a file names a record it associates a contact with: by ID, by
// Email (contacts), or by a Property and its Value (a company's domain among
// them). Exactly one of the three is set.
type Target struct {
	Type     ObjectType
	ID       ObjectID
	Email    Email
	Property string
	Value    string
}

// Association is a record that a contact is associated with, and every type of
// that pair, sorted.
type Association struct {
	To    Ref
	Types []AssociationType
}

package crm

// Contact is a live contact as far as it was read.
type Contact struct {
	ID ObjectID
	// Email is the primary address, normalised; empty when the contact has none
	// or when it holds one that is no valid address (Properties has the text).
	Email Email
	// Additional are the secondary addresses (hs_additional_emails), normalised.
	Additional []Email
	// Former are the valid addresses that the record ever had as its primary one,
	// as far as the history was read.
	Former []Email
	// Asked is what this record was looked up by when that was not its primary
	// address and it does not appear among its own addresses or id: a merged
	// contact is returned under its new id.
	Asked []string
	// Archived contacts lie in the recycle bin, restorable for 90 days.
	Archived   bool
	ArchivedAt string // RFC 3339, set when Archived
	// Properties are the values that were asked for; a name that was asked for
	// and is not here is empty.
	Properties Properties
	// Associations are those of the object types that were asked for, sorted by
	// their target.
	Associations []Association
}

package crm

// Property is the definition of one contact property, as far as values are
// judged by it.
type Property struct {
	Name        string
	Label       string
	Type        string // string, number, bool, date, datetime, enumeration, phone_number, …
	FieldType   string // text, textarea, select, radio, checkbox, booleancheckbox, date, number, …
	Options     []Option
	Unique      bool // no two live contacts hold the same value
	ReadOnly    bool // values are set by HubSpot alone
	Calculated  bool
	External    bool   // valid options may live elsewhere; an empty option list means nothing
	References  string // OWNER, COMPANY, …: the value is the id of such a record
	Sensitivity string // non_sensitive, sensitive, highly_sensitive
	Rules       []ValidationRule
}

// Option is one allowed value of an enumeration.
type Option struct {
	Label        string
	Value        string
	DisplayOrder int
	Hidden       bool
}

// ValidationRule is a portal's own rule for a property's values, as
// /crm/v3/property-validations lists it.
type ValidationRule struct {
	Type       string // FORMAT, ALPHANUMERIC, MAX_LENGTH, …
	Arguments  []string
	Normalises bool // HubSpot stores a normalised form (a phone number as E.164)
}

// Multiple reports whether a value is a set of options joined by ";".
func (p Property) Multiple() bool {
	return p.Type == "enumeration" && p.FieldType == "checkbox"
}

package crm

// Fixture is what a new local portal is filled with: a small portal, written by
// hand. Records name each other by Key, which exists only in the fixture.
type Fixture struct {
	Account    string // account id of the new portal; empty = chosen by it
	Properties []Property
	Objects    []FixtureObject
	Labels     []FixtureLabel
	Owners     []FixtureOwner
	Records    []FixtureRecord
}

// FixtureObject is a custom object type. Its records stand among the others.
type FixtureObject struct {
	Type             ObjectType // its id, "2-123"
	Name             string     // internal name
	Singular, Plural string     // what HubSpot shows; empty = the name
	Primary          string     // the property that names a record
	Properties       []Property
	Associated       []ObjectType // beside calls, emails, meetings, notes and tasks
}

// FixtureLabel is an association label to define; TypeID 0 lets the portal choose.
type FixtureLabel struct {
	From, To ObjectType
	Label    string
	TypeID   int
}

// FixtureOwner is a user who may own contacts, or a Queue of users: that has a
// name and no address.
type FixtureOwner struct {
	ID                  ObjectID // empty = chosen by the portal
	Email               Email
	FirstName, LastName string
	Archived            bool
	Queue               bool
}

// FixtureRecord is a contact, company, deal, ticket or activity.
type FixtureRecord struct {
	Type         ObjectType
	ID           ObjectID // empty = chosen by the portal
	Properties   Properties
	Archived     bool
	Associations []FixtureAssociation
}

// FixtureAssociation names its target as files do; Labels empty means the
// default association.
type FixtureAssociation struct {
	To     Target
	Labels []string
}

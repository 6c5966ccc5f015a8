package crm

// Fixture is what a new local portal is filled with: a small portal, written by
// hand. Records name each other by Key, which exists only in the fixture.
type Fixture struct {
	Account    string // account id of the new portal; empty = chosen by it
	Properties []Property
	Labels     []FixtureLabel
	Owners     []FixtureOwner
	Records    []FixtureRecord
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

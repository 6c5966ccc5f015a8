package crm

// LocalKind is the Kind of a portal on this machine, which HubSpot has none of.
const LocalKind = "LOCAL"

// Portal is everything about a portal but its contacts, as far as a document
// needs it.
type Portal struct {
	ID         string              // account id, decimal digits
	Kind       string              // STANDARD, SANDBOX, DEVELOPER_TEST, APP_DEVELOPER, or LocalKind
	TimeZone   string              // IANA name; the day of the daily limit ends at its midnight
	Properties map[string]Property // definitions of contact properties by name
	Stages     []string            // lifecycle stages (internal values), in the portal's order
	Owners     map[Email]ObjectID  // active owners
	// FormerOwners are addresses that belong only to deactivated owners.
	FormerOwners map[Email]ObjectID
	// Labels are the association types from one object type to another.
	Labels map[[2]ObjectType][]AssociationType
	// Targets holds every candidate of each target that a document names by email
	// of a contact it does not declare, by property or by domain, sorted.
	Targets map[Target][]ObjectID
	// Unsearched are the targets that the portal refused to look for, by what it said:
	// their property or their object type does not exist.
	Unsearched map[Target]string
}

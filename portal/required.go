package portal

import (
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
)

// What an administrator requires of contacts is known to no reader of the API: it
// shows in refusals alone, and only on the paths of 2026-09, by HubSpot's changelog
// of 2026 on the validation of writes. Older paths write what they are given.

// Requirement says that a contact must have a property where another one has a
// given value. It is judged when a create or an update gives either of the two.
type Requirement struct {
	Property  string // must have a value
	Where, Is string // the other property and its value, as HubSpot stores it
}

// identifying are the contact properties of which a create must give one, by
// HubSpot's contacts guide.
var identifying = []string{propertyEmail, "firstname", "lastname"}

// required refuses a create that leaves out what it must give.
func (c *call) required(objectType crm.ObjectType, properties crm.Properties, written texts) error {
	if objectType != crm.TypeContact {
		if len(properties) == 0 {
			return invalid("A %s cannot be created without any property", objectType)
		}
		return c.demanded(objectType, properties)
	}
	if !slices.ContainsFunc(identifying, func(name string) bool { return properties.Text(name) != "" }) {
		return invalid("At least one of these properties is required to create a contact: %s", strings.Join(identifying, ", "))
	}
	if c.enforces() {
		var problems []valueProblem
		for _, name := range c.portal.config.RequiredOnCreate {
			if properties.Text(name) == "" {
				problems = append(problems, missingValue(name, "to create a contact"))
			}
		}
		if len(problems) > 0 {
			return c.portal.invalidValues(problems)
		}
	}
	return c.conditional(objectType, properties, written)
}

// conditional refuses a write that leaves a contact without a property that its
// other values require.
func (c *call) conditional(objectType crm.ObjectType, properties crm.Properties, written texts) error {
	if objectType != crm.TypeContact || !c.enforces() {
		return nil
	}
	var problems []valueProblem
	for _, r := range c.portal.config.RequiredWhen {
		_, given := written[r.Property]
		_, caused := written[r.Where]
		if (given || caused) && properties.Text(r.Where) == r.Is && properties.Text(r.Property) == "" {
			problems = append(problems, missingValue(r.Property, "where "+r.Where+" is "+r.Is))
		}
	}
	if len(problems) > 0 {
		return c.portal.invalidValues(problems)
	}
	return nil
}

func missingValue(name, reason string) valueProblem {
	return valueProblem{name, "REQUIRED_PROPERTY", `Property "` + name + `" is required ` + reason}
}

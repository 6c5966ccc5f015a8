package diag

// Codes of fixtures: the files that fill a new local portal.
const (
	UnknownFixtureKey Code = "CS1601"
	PropertyType      Code = "CS1602"
	DuplicateRecord   Code = "CS1603"
	FixtureOption     Code = "CS1604"
	TypeNumber        Code = "CS1605"
	FieldTypeDiffers  Code = "CS1606"
	FixtureObject     Code = "CS1607"
)

var fixtureCodes = []Entry{
	{
		UnknownFixtureKey, Error, "Unknown key in a fixture",
		"A misspelt key would leave the new portal without what the line was meant to give it.",
		"Correct the spelling.",
	},
	{
		PropertyType, Error, "Not a property type",
		"Property definitions use HubSpot's types (string, number, bool, date, datetime, enumeration, phone_number) and its field types.",
		"Write one of the types that the message lists.",
	},
	{
		DuplicateRecord, Error, "Record defined twice",
		"Two records of one type have the same id, or two definitions have the same name.",
		"Remove one of them.",
	},
	{
		FixtureOption, Error, "Options do not fit the type",
		"An enumeration has at least one option, and no other type has any.",
		"Add `options:` or correct the type.",
	},
	{
		TypeNumber, Error, "Not an association type number",
		"The number of an association type is a whole number above zero.",
		"Write a positive number, or leave the line out: the portal chooses one.",
	},
	{
		FieldTypeDiffers, Error, "Field type of another type",
		"Every field type belongs to certain types: a date is not edited in a text field, and HubSpot would refuse the definition.",
		"Write a type and a field type that go together.",
	},
	{
		FixtureObject, Error, "Not a custom object type",
		"A custom object type has an id of its own, an internal name, and among its properties the one that names a record.",
		"Correct the line that the message names.",
	},
}

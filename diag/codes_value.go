package diag

// Codes of property values.
const (
	ValueMapping      Code = "CS1201"
	NestedList        Code = "CS1202"
	ForbiddenRune     Code = "CS1203"
	PropertyName      Code = "CS1204"
	EmailProperty     Code = "CS1205"
	NotANumber        Code = "CS1206"
	ListItemText      Code = "CS1207"
	RemovedAndSet     Code = "CS1208"
	ReservedIndicator Code = "CS1209"
)

var valueCodes = []Entry{
	{
		ValueMapping, Error, "Value is a mapping",
		"A property holds a text. Keys below a property usually come from a colon inside the text, or from a line that is indented too far.",
		"Put a text that holds a colon in double quotes, or correct the indentation.",
	},
	{
		NestedList, Error, "List inside a list",
		"A list gives the values of a multi-select, so its items are texts.",
		"Write the items in one list.",
	},
	{
		ForbiddenRune, Error, "Character that HubSpot cannot store",
		"The text holds the character NUL. HubSpot refuses it or cuts the text there.",
		"Remove the character.",
	},
	{
		PropertyName, Error, "Not a property name",
		"Properties are named by their internal names: lower-case letters, digits and underscores, as HubSpot's property settings show them beside the label. Labels can be renamed and translated, so they cannot name a property.",
		"Write the internal name; `contactsync schema --live` lists them.",
	},
	{
		EmailProperty, Error, "Email among the properties",
		"The email is the key of a contact and has a line of its own. As a property it would rename the contact without saying so.",
		"Write `email:` at the contact's top level, and `previous_email:` for a rename.",
	},
	{
		NotANumber, Error, "Infinity or not-a-number",
		"`.inf` and `.nan` are YAML's words for numbers that HubSpot cannot hold. They usually come from a spreadsheet or a script that divided by zero.",
		"Write the value that was meant, or put the text in quotes if it is meant literally.",
	},
	{
		ListItemText, Error, "List item cannot be one value",
		"HubSpot separates the values of a multi-select by `;`, so an item that holds one would become two values, and an empty item would become none.",
		"Write each value as an item of its own.",
	},
	{
		RemovedAndSet, Error, "Value both set and removed",
		"The contact declares a value and takes the same value out.",
		"Remove one of the two lines.",
	},
	{
		ReservedIndicator, Error, "Text begins with a reserved character",
		"YAML reserves `@` and the backquote; a text that begins with one of them is refused by every reader.",
		"Put the text in double quotes.",
	},
}

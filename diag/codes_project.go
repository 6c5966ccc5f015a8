package diag

// Codes of the project file and of settings.
const (
	UnknownProjectKey Code = "CS1501"
	SettingTwice      Code = "CS1502"
	VariableUnset     Code = "CS1503"
	VariableSyntax    Code = "CS1504"
	UnknownProfile    Code = "CS1505"
	FilePattern       Code = "CS1506"
	AccountNumber     Code = "CS1507"
	DurationText      Code = "CS1508"
	LimitText         Code = "CS1509"
	ConditionShape    Code = "CS1510"
	PortalAddress     Code = "CS1511"
	TokenVariable     Code = "CS1512"
	PruneWithoutScope Code = "CS1513"
	SettingsOfMany    Code = "CS1514"
	PolicyObjectType  Code = "CS1515"
	ManyDocuments     Code = "CS1516"
)

var projectCodes = []Entry{
	{
		UnknownProjectKey, Error, "Unknown key in the project file",
		"A misspelt setting would leave the default in force, which may allow more than was meant.",
		"Correct the spelling.",
	},
	{
		SettingTwice, Error, "Setting given twice",
		"A setting of the project stands in the project file and in a desired-state file, or in two documents of one file. Nobody could tell which of them holds.",
		"Keep the one in `contactsync.yaml`.",
	},
	{
		VariableUnset, Error, "Environment variable is not set",
		"The project file refers to a variable that the environment does not have. Taking it for empty could point the command at another portal.",
		"Set the variable, or write the value.",
	},
	{
		VariableSyntax, Error, "Not a variable reference",
		"`${NAME}` takes a value from the environment: letters, digits and underscores in braces. Anything else after a dollar sign and a brace is refused.",
		"Write `${NAME}`.",
	},
	{
		UnknownProfile, Error, "Profile does not exist",
		"`default_profile` names a profile that the project file does not define.",
		"Correct the name, or define the profile under `profiles:`.",
	},
	{
		FilePattern, Error, "Path outside the project",
		"The files of a project are named by paths relative to the project file and lie beside or below it, so that a checkout is complete and means the same on every machine.",
		"Write a relative path without `..`.",
	},
	{
		AccountNumber, Error, "Not an account number",
		"A HubSpot account is pinned by its number: decimal digits, shown in the address bar and in the account menu.",
		"Write the number, in quotes: `account: \"12345678\"`.",
	},
	{
		DurationText, Error, "Not a duration",
		"Durations are a whole number and a unit: `h` for hours, `d` for days, `w` for weeks.",
		"Write, for example, `30d`.",
	},
	{
		LimitText, Error, "Not a limit",
		"A limit is a whole number of contacts, or a percent of the live contacts in scope. Percents lie between 0 and 100.",
		"Write, for example, `25` or `5%`.",
	},
	{
		ConditionShape, Error, "Not a condition",
		"A condition names a `property` and exactly one of `equals`, `in` and `has`.",
		"Write, for example, `{property: managed_by, equals: contactsync}`.",
	},
	{
		PortalAddress, Error, "Not a portal",
		"A portal is `hubspot`, an address that begins with `https://` (or `http://` on this machine), `file:PATH` for a local portal in a file, or `mem:` for one in memory.",
		"Write one of these four.",
	},
	{
		TokenVariable, Error, "Not the name of a variable",
		"`token_env` names the environment variable that holds the access token. The token itself never stands in a file.",
		"Write a name of letters, digits and underscores.",
	},
	{
		PruneWithoutScope, Error, "Prune without a scope",
		"Pruning is about contacts in scope that no file names. With `scope: listed`, the default, there are none.",
		"Set `scope`, or remove `prune`.",
	},
	{
		SettingsOfMany, Error, "Project settings in one of several files",
		"A file may hold the settings of a project only when it is read alone. Beside other files, its settings would hold for theirs too.",
		"Move the settings to `contactsync.yaml`.",
	},
	{
		PolicyObjectType, Error, "Object type in a policy is not known",
		"`policy.associations` has one line for each object type.",
		"Write a type such as `company`, in the singular, or a custom object's id.",
	},
	{
		ManyDocuments, Error, "More than one document",
		"A project file or a fixture is one document. Only desired-state files may have several.",
		"Merge the documents into one.",
	},
}

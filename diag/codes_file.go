package diag

// Codes of files and of their YAML.
const (
	FileUnreadable   Code = "CS1001"
	SyntaxError      Code = "CS1002"
	UnknownKey       Code = "CS1003"
	UnknownTopKey    Code = "CS1004"
	DuplicateKey     Code = "CS1005"
	SimilarKeys      Code = "CS1006"
	TabIndent        Code = "CS1007"
	NotUTF8          Code = "CS1008"
	FileTooLarge     Code = "CS1009"
	NestedTooDeep    Code = "CS1010"
	AliasExpansion   Code = "CS1011"
	AliasCycle       Code = "CS1012"
	ScalarTooLong    Code = "CS1013"
	ExplicitTag      Code = "CS1014"
	KeyNotText       Code = "CS1015"
	KeyCharacter     Code = "CS1016"
	MergeKey         Code = "CS1017"
	EmptyFile        Code = "CS1018"
	TopNotMapping    Code = "CS1019"
	VersionMissing   Code = "CS1020"
	VersionUnknown   Code = "CS1021"
	WrongKind        Code = "CS1022"
	MissingValue     Code = "CS1023"
	AccessToken      Code = "CS1024"
	UnknownWord      Code = "CS1025"
	MissingKey       Code = "CS1026"
	SchemaDisagrees  Code = "CS1027"
	EmptyList        Code = "CS1028"
	ListedTwice      Code = "CS1029"
	ProjectKeyInFile Code = "CS1030"
)

var fileCodes = []Entry{
	{
		FileUnreadable, Error, "File cannot be read",
		"A file that was named, or that a folder holds, could not be opened or read to its end. Planning with the rest would treat its contacts as not declared.",
		"Check that the path exists and that you may read it.",
	},
	{
		SyntaxError, Error, "Not valid YAML",
		"The text does not follow YAML's grammar, so nothing after the marked place can be trusted. Most often a quote is left open, a colon followed by a space stands inside a text without quotes, or a line is indented differently from its neighbours.",
		"Correct the marked line or the one above it. Put a text that holds \": \", \" #\" or that begins with a special character in double quotes.",
	},
	{
		UnknownKey, Error, "Unknown key in a contact",
		"A contact has a fixed set of keys. A key that is not one of them would be ignored silently, and the contact would not become what its file seems to say.",
		"Correct the spelling. HubSpot properties belong under `properties:`.",
	},
	{
		UnknownTopKey, Error, "Unknown key at the top of a file",
		"The top level of a desired-state file has a fixed set of keys: `version`, `defaults`, `contacts` and, in a lone file, the settings of a project.",
		"Correct the spelling, or move the lines to where they belong.",
	},
	{
		DuplicateKey, Error, "Key written twice",
		"The same key stands twice in one mapping. YAML readers disagree about which of the two counts, so neither does here.",
		"Keep one of the two lines.",
	},
	{
		SimilarKeys, Warning, "Keys differ only in case",
		"Two keys of one mapping differ only in upper and lower case. They are different keys, but one of them is probably a slip.",
		"Keep one of the two, in lower case.",
	},
	{
		TabIndent, Error, "Tab used for indentation",
		"YAML allows only spaces at the start of a line. Editors show tabs and spaces alike, which makes this hard to see.",
		"Replace the tab by spaces; most editors can convert the whole file.",
	},
	{
		NotUTF8, Error, "File is not UTF-8",
		"Files are read as UTF-8 only. Read as something else, names with accents would reach HubSpot garbled, and garbled names cannot be told from intended ones afterwards.",
		"Save the file as UTF-8, for example with `iconv -f ISO-8859-1 -t UTF-8`.",
	},
	{
		FileTooLarge, Error, "File is too large",
		"A single file may hold 1 GiB. More is almost always the wrong file.",
		"Split the contacts over several files in one folder.",
	},
	{
		NestedTooDeep, Error, "Nested too deeply",
		"The format needs six levels; 32 are allowed. Deeper nesting is a mistake or an attack.",
		"Correct the indentation of the marked line.",
	},
	{
		AliasExpansion, Error, "Aliases expand to too much",
		"Following every alias would read the file many times over: at most ten times its own number of nodes plus 10,000 are followed. A few lines can otherwise expand to more than any machine can hold.",
		"Repeat the text instead of aliasing an alias.",
	},
	{
		AliasCycle, Error, "Alias contains itself",
		"The alias stands inside the very node that it refers to, so it has no end.",
		"Remove the alias, or move its anchor.",
	},
	{
		ScalarTooLong, Error, "Text is too long",
		"HubSpot stores at most 65,536 characters in one property, so no text may be longer.",
		"Shorten the text.",
	},
	{
		ExplicitTag, Error, "Explicit tag",
		"Values are the text as it was written; a tag asks a reader to turn it into something else. Only `!!str` is accepted, because it asks for the text.",
		"Remove the tag.",
	},
	{
		KeyNotText, Error, "Key is not a text",
		"Keys are plain words. A list, a mapping or nothing at all cannot name a key or a property.",
		"Write the key as a word in front of the colon.",
	},
	{
		KeyCharacter, Error, "Invisible character in a key",
		"The key holds a control, zero-width or text-direction character. It looks like another key and is not.",
		"Type the key again; characters like these usually come with a paste.",
	},
	{
		MergeKey, Error, "Merge key without a mapping",
		"`<<` takes the lines of another mapping over, so an alias of a mapping, or a list of such aliases, must follow it.",
		"Write `<<: *name`, where `&name` marks a mapping.",
	},
	{
		EmptyFile, Error, "File holds nothing",
		"The file is empty or holds only comments. That may be a file whose writing was cut short, so it is not taken for \"no contacts\".",
		"Write `version: 1` and `contacts: []`, or delete the file.",
	},
	{
		TopNotMapping, Error, "File is not a mapping",
		"A file begins with keys: `version: 1`, then `contacts:`. This one holds something else at its top level.",
		"Begin the file with `version: 1` and put the list under `contacts:`.",
	},
	{
		VersionMissing, Error, "Version is missing",
		"Every document says which version of the format it is written in, so that its meaning never changes when the format does.",
		"Add `version: 1` as the first line.",
	},
	{
		VersionUnknown, Error, "Version is not known",
		"The document asks for a version of the format that this release does not know.",
		"Write `version: 1`, or use a newer release.",
	},
	{
		WrongKind, Error, "Wrong kind of value",
		"The key takes a text, a list or a mapping, and another of these three stands there. Lines that are indented by one step too few or too many are the usual reason.",
		"Correct the indentation, or write the kind that the message asks for.",
	},
	{
		MissingValue, Error, "Value is missing",
		"Nothing, `~` or `null` stands after the key. It may be a line that somebody meant to finish, and a half-written line must never erase data.",
		"Write a value, remove the line, or write `\"\"` where a property is to be cleared.",
	},
	{
		AccessToken, Error, "Access token in a file",
		"A text that looks like a HubSpot access token stands in the file. Files are committed, reviewed and copied; a token in one of them must be taken as leaked.",
		"Revoke the token in HubSpot, remove it from the file and its history, and pass a new one by an environment variable or `--token-file`.",
	},
	{
		UnknownWord, Error, "Word is not one of those allowed",
		"The key takes one of a few words, and this is none of them.",
		"Write one of the words that the message lists.",
	},
	{
		MissingKey, Error, "Key is missing",
		"A mapping lacks a key that it cannot do without.",
		"Add the key that the message names.",
	},
	{
		SchemaDisagrees, Error, "File does not fit the schema",
		"The published JSON Schema refuses what the reader accepted. The two are kept equal by tests, so this is a fault of contactsync; the file is refused to be safe.",
		"Report the message, with the marked lines if they may be shown.",
	},
	{
		EmptyList, Error, "List is empty",
		"A list without items could mean \"none\" or \"not finished yet\". Only the second is likely, so it is refused.",
		"Add an item or remove the line. Write `\"\"` to clear a property.",
	},
	{
		ListedTwice, Warning, "Item listed twice",
		"A list that is read as a set holds the same item twice. The second one changes nothing.",
		"Remove one of the two.",
	},
	{
		ProjectKeyInFile, Error, "Project setting in a desired-state file",
		"Profiles, the list of files and the rules about pruning belong to the project file `contactsync.yaml` alone: they decide about contacts that no file names, so no single file may set them.",
		"Move the lines to `contactsync.yaml`.",
	},
}

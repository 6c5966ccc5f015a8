package diag

// Codes of defaults and of who owns a property.
const (
	UnknownDefaultsKey Code = "CS1401"
	TwoModes           Code = "CS1402"
	IgnoredAndSet      Code = "CS1403"
	DefaultsTwice      Code = "CS1404"
)

var defaultsCodes = []Entry{
	{
		UnknownDefaultsKey, Error, "Unknown key in defaults",
		"Defaults have a fixed set of keys: `properties`, `create_only`, `fill_only`, `additive` and `ignore`.",
		"Correct the spelling. A property belongs under `properties:`.",
	},
	{
		TwoModes, Error, "Property in two modes",
		"`create_only`, `fill_only` and `additive` say when a declared value is written, and a property can follow one of them only.",
		"Keep the property in one of the lists.",
	},
	{
		IgnoredAndSet, Error, "Property both ignored and declared",
		"An ignored property is never compared or written, so a declared value for it would do nothing.",
		"Remove it from `ignore`, or remove the value.",
	},
	{
		DefaultsTwice, Error, "Defaults given twice",
		"Defaults hold for their whole file, whatever documents it has, so only one of the documents may give them.",
		"Merge the two, or split the file.",
	},
}

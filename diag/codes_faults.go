package diag

// Codes of fault scenarios: the files that say what goes wrong on a local portal.
const (
	UnknownFaultKey Code = "CS1701"
	FaultKeyForeign Code = "CS1702"
	FaultNumber     Code = "CS1703"
	FaultTime       Code = "CS1704"
	FaultRequests   Code = "CS1705"
	FaultPath       Code = "CS1706"
	FaultPhase      Code = "CS1707"
	FaultStretch    Code = "CS1708"
)

var faultsCodes = []Entry{
	{
		UnknownFaultKey, Error, "Unknown key in a fault scenario",
		"A misspelt key would leave a rehearsal without the fault that it was meant to have, and what was never tried would look as if it had gone well.",
		"Correct the spelling.",
	},
	{
		FaultKeyForeign, Error, "Key of another kind of fault",
		"Each kind of fault has keys of its own: a reset connection has no status, and a delay no body.",
		"Remove the key, or correct the kind.",
	},
	{
		FaultNumber, Error, "Number out of range",
		"Counts, statuses, seconds and probabilities each have a range, outside of which the fault could never happen or could not be sent.",
		"Write a number of the range that the message names.",
	},
	{
		FaultTime, Error, "Not a length of time",
		"Lengths of time are numbers with units, as in `250ms`, `3s` or `1m30s`. A number alone would leave open what it counts.",
		"Write a number and its unit: ms, s, m or h.",
	},
	{
		FaultRequests, Error, "Requests chosen in two ways",
		"A fault strikes at one request (`nth`), at one of so many (`every`) or at a stretch (`from`, `to`). Two of these together could be read in more than one way.",
		"Keep one of them, and write a second fault for the other.",
	},
	{
		FaultPath, Error, "Not a pattern of paths",
		"A pattern is a path whose parts are words, `*` or `{name}`. A star inside of a word, or a query, would never match.",
		"Begin with /, and write * for a whole part.",
	},
	{
		FaultPhase, Error, "Phase of another kind of fault",
		"HubSpot refuses before it carries a request out, and a body can be cut only after there is one. The other phase of such a fault does not exist.",
		"Remove the phase: the kind decides it.",
	},
	{
		FaultStretch, Error, "Stretch ends before it begins",
		"`from` is the first request that a fault strikes at and `to` the last. With the first behind the last there is none.",
		"Exchange the two, or correct one of them.",
	},
}

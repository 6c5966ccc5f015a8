package diag

// Codes of a plan as seen from earlier runs.
const (
	Flapping Code = "CS2401"
)

var runCodes = []Entry{
	{
		Flapping, Warning, "Value is put back in the portal",
		"The last run wrote this value, and the portal holds again the one that stood there before. A workflow, another integration or a person puts it back, and will do so after the next apply, too: the two would take turns for ever.",
		"Find out what sets the property: HubSpot's property history of the contact names the source. Then switch that off, take the property out of the files, or name it under `fill_only`, which writes where nothing stands.",
	},
}

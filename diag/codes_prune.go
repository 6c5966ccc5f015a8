package diag

// Codes of scope and prune.
const (
	PruneOff            Code = "CS2303"
	PruneEverything     Code = "CS2304"
	PruneNothingDesired Code = "CS2305"
	ConditionProperty   Code = "CS2306"
	ProbableRename      Code = "CS2307"
	Lookalike           Code = "CS2308"
	StrayProtection     Code = "CS2309"
	StrayAge            Code = "CS2310"
	StrayAssociation    Code = "CS2311"
)

var pruneCodes = []Entry{
	{
		PruneOff, Warning, "Prune is switched off",
		"A contact that no file names can be told from one that another file names only when all files of the project are read, as `files` lists them, and nothing is narrowed away. Files on the command line, standard input, `--target`, `--only` and `--skip-invalid` switch prune off.",
		"Run the command without these to prune.",
	},
	{
		PruneEverything, Error, "Prune over a whole account",
		"`prune: archive` with `scope: all` would archive every contact of a HubSpot account that no file names: those of forms, imports and other integrations among them. On a local portal it is allowed.",
		"Narrow the scope with `where`, or write `prune: report`.",
	},
	{
		PruneNothingDesired, Error, "Prune with no desired contact",
		"The files were read and ask for no contact at all. That is what a wrong branch or an emptied folder looks like, and with prune it would archive everything in scope.",
		"Restore the files, or remove `prune`.",
	},
	{
		ConditionProperty, Error, "Condition on an unknown property",
		"A condition of `scope` or `protect` names a property that the portal does not have. A scope would be empty, and a protection would protect nobody.",
		"Correct the internal name.",
	},
	{
		ProbableRename, Error, "Contact was probably renamed",
		"A contact in scope that no file names had, at some time, an address that a file declares: somebody changed the address in HubSpot. It is not archived. Where the plan would also create the declared address anew, that is an error, since one person would have two records; otherwise this is a warning.",
		"Declare the contact under the address it has now, or add `previous_email` with that address to give it the declared one.",
	},
	{
		Lookalike, Error, "Created and archived contact look alike",
		"With prune, a changed address in a file looks like a new contact beside an old one that no file names any more. The two have the same name and phone number here, so the old one would lose its timeline and its associations.",
		"Add `previous_email` to the new contact if the two are one person. If they are not, declare the old one with `ensure: archived`.",
	},
	{
		StrayProtection, Warning, "Contacts are protected from prune",
		"Contacts in scope that no file names meet a condition of `protect`, by default customers, evangelists and contacts with deals. They are left alone and listed in the plan.",
		"Name them in the files, take them out of the scope, or archive them with `ensure: archived`.",
	},
	{
		StrayAge, Warning, "Contacts are too young to be pruned",
		"Contacts in scope that no file names are younger than `prune_min_age`, or nobody knows their age. A contact that was made a moment ago may be one whose lines are still under review. They are left alone and listed in the plan.",
		"Name them in the files. Otherwise they are pruned when they are old enough.",
	},
	{
		StrayAssociation, Warning, "Associated contact is named by no contact's lines",
		"A declared association leads to a contact in scope that no file declares. Archiving it would leave an association to nobody, so it is left alone.",
		"Declare the contact as well.",
	},
}

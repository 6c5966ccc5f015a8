package diag

// Codes of the files as seen from a live portal: CS20xx are about properties,
// CS21xx about associations, CS22xx about who a contact is.
const (
	UnknownProperty      Code = "CS2001"
	ReadOnlyProperty     Code = "CS2002"
	SensitiveProperty    Code = "CS2003"
	ListForOneValue      Code = "CS2004"
	NotMultiSelect       Code = "CS2005"
	RefusedValue         Code = "CS2006"
	UnknownOwner         Code = "CS2007"
	FormerOwner          Code = "CS2008"
	StageBackward        Code = "CS2010"
	UniqueTaken          Code = "CS2011"
	MissingTarget        Code = "CS2101"
	AmbiguousTarget      Code = "CS2102"
	UnknownLabel         Code = "CS2103"
	AmbiguousLabel       Code = "CS2104"
	UnknownType          Code = "CS2105"
	UnknownPair          Code = "CS2106"
	TwoPrimaries         Code = "CS2107"
	ContradictoryItems   Code = "CS2108"
	AssociatedWithItself Code = "CS2109"
	ArchivedTarget       Code = "CS2110"
	OwnCompanyUnread     Code = "CS2111"
	UnsearchedTarget     Code = "CS2112"
	MissingRecord        Code = "CS2113"
	AddressDiffers       Code = "CS2201"
	UnknownID            Code = "CS2202"
	MergedContact        Code = "CS2203"
	TwoDeclarations      Code = "CS2204"
	SeveralRecords       Code = "CS2205"
	AddressTaken         Code = "CS2206"
	InRecycleBin         Code = "CS2207"
	OptedOutRename       Code = "CS2208"
	RenameDone           Code = "CS2209"
	ArchiveBySecondary   Code = "CS2210"
	NothingToArchive     Code = "CS2211"
	NeedsLeftOut         Code = "CS2212"
)

var planCodes = []Entry{
	{
		UnknownProperty, Error, "Unknown property",
		"The portal has no contact property of this internal name. HubSpot would refuse every contact that names it.",
		"Write the internal name as HubSpot's property settings show it, or create the property first.",
	},
	{
		ReadOnlyProperty, Error, "Property cannot be written",
		"HubSpot calculates this property or sets it itself; a value from a file could never arrive.",
		"Remove the line.",
	},
	{
		SensitiveProperty, Error, "Sensitive property",
		"HubSpot marks the property as sensitive data. Such values belong in files only where somebody decided so.",
		"Remove the line, or name the property in `policy.sensitive` of the project file.",
	},
	{
		ListForOneValue, Error, "List for a property with one value",
		"Lists are for multi-selects (HubSpot's checkbox properties). This property holds one value.",
		"Write one value.",
	},
	{
		NotMultiSelect, Error, "Not a multi-select",
		"`additive` and `remove` add to a set and take from it. This property holds one value.",
		"Take the property out of `additive` or `remove`.",
	},
	{
		RefusedValue, Error, "Value that the portal refuses",
		"The value is none that the property takes: no option of it, no number, no date. Only values that would be written are judged; what a portal holds already is never an error. Before the live contacts are known this is a warning.",
		"Correct the value. Options are written by their internal value, not by their label.",
	},
	{
		UnknownOwner, Error, "Unknown owner",
		"Owners are users of the portal, named by their address. None has this one.",
		"Correct the address, or invite the user in HubSpot first.",
	},
	{
		FormerOwner, Error, "Deactivated owner",
		"The address belongs only to a user who was deactivated. HubSpot would leave the contact without a working owner.",
		"Name an active owner.",
	},
	{
		StageBackward, Error, "Lifecycle stage would move back",
		"`lifecycle: exact` asks for this very stage and the contact is further along. HubSpot ignores a stage that moves back, so nothing would happen.",
		"Remove `lifecycle: exact` to mean at least this stage, or write `lifecycle: allow_backward`.",
	},
	{
		UniqueTaken, Error, "Unique value is taken",
		"No two live contacts hold the same value of a unique property, and the portal refuses whoever comes second. HubSpot promises no order inside a batch, so a value cannot move from one contact to another within one plan.",
		"Correct the value. To move it, clear it at its holder by a first apply and set it by a second one.",
	},
	{
		MissingTarget, Error, "Associated record not found",
		"No record in the portal is the one that the association names, so there is nothing to associate with. With `missing: skip` this is a warning. HubSpot's search may not find a record that was made a moment ago.",
		"Create the record first, correct its name, or add `missing: skip`.",
	},
	{
		AmbiguousTarget, Error, "Associated record is ambiguous",
		"Several records fit what the association names. The first one is never taken for the right one.",
		"Write the `id` of the record that you mean.",
	},
	{
		UnknownLabel, Error, "Unknown association label",
		"The portal has no label of this name between these two object types.",
		"Correct the label, or create it in HubSpot's association settings.",
	},
	{
		AmbiguousLabel, Error, "Association label is ambiguous",
		"Two association types of this pair have the same name.",
		"Write `type:` with the category and type id that you mean.",
	},
	{
		UnknownType, Error, "Unknown association type",
		"The portal has no association type of this category and id between these two object types. Ids of user-defined types differ from portal to portal.",
		"Write the label by its name, or look the type id up in this portal.",
	},
	{
		UnknownPair, Error, "No associations between these object types",
		"The portal knows no association type from contacts to this object type.",
		"Check the object type, and that the access token may read it.",
	},
	{
		TwoPrimaries, Error, "Two primary records",
		"HubSpot keeps one primary record of a type for each contact; writing a second one takes the mark from the first.",
		"Keep `Primary` on one of them.",
	},
	{
		ContradictoryItems, Error, "Associations contradict each other",
		"Two items lead to the same record, by different names, and one of them removes what the other one asks for.",
		"Keep one of the two items.",
	},
	{
		AssociatedWithItself, Error, "Association leads back to the contact",
		"The record that the association names is the contact itself.",
		"Name another contact, or remove the item.",
	},
	{
		ArchivedTarget, Error, "Associated contact is archived",
		"The association leads to a contact that the files declare as archived, and an archived contact has no associations.",
		"Remove the association, or keep that contact.",
	},
	{
		OwnCompanyUnread, Warning, "Association kept for want of knowledge",
		"`policy.associations` says exact, but HubSpot adds the company of a contact's own domain by itself and would add it again. The companies of that domain were not read, so the association stays.",
		"Remove it with `ensure: absent`, or declare it.",
	},
	{
		UnsearchedTarget, Error, "Associated record cannot be looked for",
		"The portal refused the search for the record: these records have no property of that name, or the object type does not exist.",
		"Write `where:` with the internal name of a property that the records have, or the `id` of the record.",
	},
	{
		MissingRecord, Error, "No record with this id",
		"The portal has no live record with the id that a new association names: it never had, or the record was archived or merged. With `missing: skip` this is a warning. Records that are associated already are not looked up.",
		"Correct the id; ids differ from portal to portal. A domain or `where:` names the same record in each.",
	},
	{
		AddressDiffers, Error, "Id and address disagree",
		"The contact with this id has another address than the one that the file declares. One of the two is wrong, and a wrong guess would overwrite somebody else.",
		"Write the live address in the file, or add `take_email: file` to give the contact the declared one.",
	},
	{
		UnknownID, Error, "No contact with this id",
		"An id is the identity where it is given, and the portal has no live contact with it. A contact named by id is only ever updated. Ids differ from portal to portal.",
		"Correct the id, or remove the line to go by the address.",
	},
	{
		MergedContact, Error, "Contact was merged",
		"The id belongs to a contact that was merged into another one, under whose id HubSpot now answers.",
		"Write the id of the contact that is left, and look at its values first.",
	},
	{
		TwoDeclarations, Error, "Two declared contacts are one live contact",
		"Two contacts of the files lead to the same record: by its address and its id, or by two of its addresses. Both would write to it.",
		"Keep one of the two. If they are two people, split the record in HubSpot first.",
	},
	{
		SeveralRecords, Error, "Declared contact is several live contacts",
		"The addresses of one declared contact lead to different records. Which one is meant cannot be known, and none is archived or merged by guess.",
		"Merge the records in HubSpot, or remove the address that belongs to the other one.",
	},
	{
		AddressTaken, Error, "New address is taken",
		"The address that a rename would give to a contact is held by another live contact, as its primary or as a secondary address. HubSpot keeps addresses unique and would refuse.",
		"Free the address by one apply, then rename by a second one.",
	},
	{
		InRecycleBin, Error, "Contact lies in the recycle bin",
		"Somebody archived a contact with this address. Creating it again would bring back a person who may have been removed on purpose, without the old timeline.",
		"Restore it in HubSpot (within 90 days), write `recreate: true` to make a new record, or remove the lines.",
	},
	{
		OptedOutRename, Error, "Rename of a contact that opted out",
		"Opt-outs from email belong to addresses, not to contacts. Under a new address the person could receive email again.",
		"Add `consent_checked: true` once you know that this is right.",
	},
	{
		RenameDone, Warning, "Rename is done",
		"The contact has its new address already; `previous_email` has nothing left to do.",
		"Remove the `previous_email` line.",
	},
	{
		ArchiveBySecondary, Error, "Archive by a secondary address",
		"The address to archive is a secondary one of a contact with another primary address, as after a merge. Archiving would remove that whole contact.",
		"Declare the primary address if that is the contact you mean; otherwise remove the lines.",
	},
	{
		NothingToArchive, Warning, "Nothing to archive",
		"No live contact has this address, and none with it lies in the recycle bin. It may be mistyped, or long gone.",
		"Check the address, or remove the lines.",
	},
	{
		NeedsLeftOut, Error, "Depends on a contact that is left out",
		"The contact needs another one that is not part of this plan: an association with it, or the address that its rename sets free.",
		"Correct that contact, or plan both together.",
	},
}

package diag

// Codes of who a contact is.
const (
	DuplicateEmail   Code = "CS1101"
	InvalidEmail     Code = "CS1102"
	NoIdentity       Code = "CS1103"
	DuplicateID      Code = "CS1104"
	InvalidID        Code = "CS1105"
	AddressClaimed   Code = "CS1106"
	OwnAddress       Code = "CS1107"
	SwappedAddresses Code = "CS1108"
	IDsNeedAccount   Code = "CS1109"
	NeedsEmail       Code = "CS1110"
	NoEffect         Code = "CS1111"
	OwnerTwice       Code = "CS1112"
	ForgottenPerson  Code = "CS1113"
)

var identityCodes = []Entry{
	{
		DuplicateEmail, Error, "Email declared twice",
		"The email is the key of a contact, and two declarations with one key would overwrite each other. Emails are compared without case, surrounding space and Unicode spelling, and across all files that are read together.",
		"Merge the declarations into one, or correct the address of one of them.",
	},
	{
		InvalidEmail, Error, "Not an email address",
		"HubSpot would refuse the address, or store another one than the file shows.",
		"Write the bare address, such as `ada@example.com`, without name or angle brackets.",
	},
	{
		NoIdentity, Error, "Contact has neither email nor id",
		"A contact is recognised by its email, or by the id that HubSpot gave it. Without either, it could be created anew on every run.",
		"Add `email:`, or `id:` for a record that has no email.",
	},
	{
		DuplicateID, Error, "Record id declared twice",
		"Two declarations name the same HubSpot record and would overwrite each other.",
		"Merge the declarations, or correct one of the ids.",
	},
	{
		InvalidID, Error, "Not a record id",
		"HubSpot's record ids are decimal digits, without sign, space or leading zero.",
		"Copy the id from the record's address in HubSpot, or remove the line.",
	},
	{
		AddressClaimed, Error, "Address claimed by two contacts",
		"An address under `previous_email` or `also` belongs to another declared contact too. Both would be matched with the same live record.",
		"Remove the line where the address does not belong.",
	},
	{
		OwnAddress, Error, "Own address among the other addresses",
		"The contact's own email is repeated under `previous_email` or `also`, or one address stands under both. A contact cannot be renamed from what it is called.",
		"Remove the repeated address.",
	},
	{
		SwappedAddresses, Error, "Contacts swap their addresses",
		"Contacts take each other's addresses over. HubSpot has no moment at which an address belongs to both or to neither, so one of the renames would fail half-way.",
		"Rename one of them to a third address, apply, then rename it again and apply.",
	},
	{
		IDsNeedAccount, Warning, "Ids without an account",
		"Record ids differ from portal to portal: the same number is another record in a sandbox. Files that use ids should say which portal they are for.",
		"Add `account: \"12345678\"` to `contactsync.yaml`, with your portal's number.",
	},
	{
		NeedsEmail, Error, "Contact needs an email for this",
		"The key is about the address of a contact, and this contact is named by its id alone.",
		"Add `email:`, or remove the line.",
	},
	{
		NoEffect, Warning, "Line has no effect",
		"The line is allowed and, beside the other lines of its contact, changes nothing.",
		"Remove the line, or add what it refers to.",
	},
	{
		OwnerTwice, Error, "Owner declared twice",
		"`owner:` and the property `hubspot_owner_id` are two ways to say the same, and both are given.",
		"Keep `owner:`; it names the person, not the number that differs from portal to portal.",
	},
	{
		ForgottenPerson, Error, "Person was forgotten",
		"The project's `forgotten` file says that whoever this address belongs to asked to be erased. A nightly apply would bring the person back.",
		"Remove the contact's lines. If the person came back and agreed, take the hash off the list by making the file anew.",
	},
}

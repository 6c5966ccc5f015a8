package diag

// Codes of associations.
const (
	UnknownAssociationKey Code = "CS1301"
	ObjectType            Code = "CS1302"
	TargetCount           Code = "CS1303"
	TargetKind            Code = "CS1304"
	LabelsAndType         Code = "CS1305"
	FreemailDomain        Code = "CS1306"
	InvalidDomain         Code = "CS1307"
	DuplicateTarget       Code = "CS1308"
	AssociationTypeID     Code = "CS1309"
	SecondPrimary         Code = "CS1310"
	SelfAssociation       Code = "CS1311"
	AbsentWithLabels      Code = "CS1312"
	LabelText             Code = "CS1313"
)

var associationCodes = []Entry{
	{
		UnknownAssociationKey, Error, "Unknown key in an association",
		"An association has a fixed set of keys: `to`, one of `id`, `email`, `domain` and `where`, then `labels` or `type`, `ensure` and `missing`.",
		"Correct the spelling.",
	},
	{
		ObjectType, Error, "Not an object type",
		"Associations lead to a company, deal, ticket, contact, note, task, meeting, email or call, or to a custom object by its id, such as `2-123`.",
		"Write one of these types, in the singular.",
	},
	{
		TargetCount, Error, "Target is not named exactly once",
		"The record at the other end is named by exactly one of `id`, `email`, `domain` and `where`. With none it is unknown, with two they could disagree.",
		"Keep one of the four.",
	},
	{
		TargetKind, Error, "Target cannot be named like this",
		"Contacts are named by `email`, companies by `domain`; every type can be named by `id` or by `where`.",
		"Name the record in a way that its type allows.",
	},
	{
		LabelsAndType, Error, "Both labels and a type",
		"`labels` names association types by what HubSpot shows, `type` by category and number. Given both, they could disagree.",
		"Keep one of the two.",
	},
	{
		FreemailDomain, Error, "Domain of a mail provider",
		"The domain belongs to a provider of personal mailboxes. A company record with that domain would gather unrelated people.",
		"Name the company by its own domain or by its id.",
	},
	{
		InvalidDomain, Error, "Not a domain",
		"A company is found by its domain: a host name such as `example.com`, without `https://`, path or user name.",
		"Write the bare domain.",
	},
	{
		DuplicateTarget, Error, "Associated twice with the same record",
		"One contact declares two associations with the same target. They would be one request with two meanings.",
		"Merge the two; several labels go into one list.",
	},
	{
		AssociationTypeID, Error, "Association type is incomplete",
		"A type is a category, one of HUBSPOT_DEFINED, USER_DEFINED and INTEGRATOR_DEFINED, and a number.",
		"Write `type: {category: USER_DEFINED, type_id: 28}`.",
	},
	{
		SecondPrimary, Error, "More than one primary",
		"HubSpot keeps one primary record of each object type for a contact; the second would take the first one's place.",
		"Keep `Primary` on one of the associations.",
	},
	{
		SelfAssociation, Error, "Contact associated with itself",
		"The target of the association is the contact itself.",
		"Correct the target.",
	},
	{
		AbsentWithLabels, Error, "Labels on an association to remove",
		"`ensure: absent` removes the whole association, whatever its labels.",
		"Remove the labels. To keep the association with other labels, remove `ensure: absent`.",
	},
	{
		LabelText, Error, "Not a label",
		"A label is the name that HubSpot shows beside an association. It cannot be empty.",
		"Write the label as HubSpot shows it, or leave `labels` out for the default association.",
	},
}

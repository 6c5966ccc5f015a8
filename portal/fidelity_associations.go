package portal

// associationFidelity are the operations on the associations of one record.
func associationFidelity() group {
	return group{
		title: "Associations of one record",
		about: "An association has the unlabeled type and any number of labels, in both directions. There is at most one primary company; another one takes the label from it.",
		facts: []fact{
			{"a company becomes primary", "only when it is written so; by itself with `auto-company`", switched(rulingAutoCompany), "associations guide; knowledge base: HubSpot also sets it by the company's domain"},
			{"a record that does not exist", "404", chosen, "not documented: the body"},
			{"the former id of a record that was merged", "stands for the merged record", chosen, "objects guide: on reads"},
			{"a type that the pair does not have", "400", chosen, "not documented: the body"},
			{"more records of a type than one record may be associated with", "400 after 50,000; a merge may bring more together", chosen, "associations guide: it depends on the subscription; reports: 50,000, since 2025 250,000"},
		},
		operations: []operation{
			{"GET /crm/v3/objects/{type}/{id}/associations/{toType}", []fact{
				{"success", "200, a row for each type by its v3 name", documented, "OpenAPI; remembered, not confirmed: the names"},
				{"no such record", "404", chosen, "not documented"},
			}},
			{"PUT /crm/v3/objects/{type}/{id}/associations/{toType}/{toId}/{associationType}", []fact{
				{"success", "200 with the record and its associations; the type is added", documented, "contacts guide: the path; remembered, not confirmed: the status"},
				{"a type by its v3 name", "accepted", chosen, "remembered, not confirmed"},
			}},
			{"DELETE /crm/v3/objects/{type}/{id}/associations/{toType}/{toId}/{associationType}", []fact{
				{"success", "204; the unlabeled type removes all", documented, "contacts guide: the path; associations guide"},
			}},
			{"GET /crm/v4/objects/{type}/{id}/associations/{toType}", []fact{
				{"success", "200, all types of each, up to 500 to a page", documented, "associations guide"},
				{"ids in the answer", "numbers", documented, "associations guide; the OpenAPI text has texts"},
			}},
			{"PUT /crm/v4/objects/{type}/{id}/associations/default/{toType}/{toId}", []fact{
				{"success", "200 with both directions; labels stay", documented, "associations guide"},
			}},
			{"PUT /crm/v4/objects/{type}/{id}/associations/{toType}/{toId}", []fact{
				{"success", "201; the labels of the pair are replaced, `Primary` among them", documented, "associations guide"},
				{"no types", "400", chosen, "not documented"},
			}},
			{"DELETE /crm/v4/objects/{type}/{id}/associations/{toType}/{toId}", []fact{
				{"success", "204; the association with all its labels", documented, "associations guide"},
				{"records that are not associated, or do not exist", "204", chosen, "not documented"},
			}},
		},
	}
}

const twoThousand = "400 `The maximum number of inputs supported in a batch is 2000. …`"

// failed is what each association batch does with an input that it must refuse.
func failed() fact {
	return fact{"a record that does not exist", "207, the others are written; both ids in the error's context", chosen, "not documented: the context"}
}

// associationBatchFidelity are the batches of associations.
func associationBatchFidelity() group {
	return group{
		title: "Associations in batches",
		about: "Where no limit is documented for a batch, the portal has one.",
		operations: []operation{
			{"POST /crm/v4/associations/{from}/{to}/batch/create", []fact{
				{"success", "201, 200 on 2026-09; the labels of each pair are replaced", switched(rulingAssociationStatus), "OpenAPI; one of the reports saw it change"},
				{"more than 2,000 inputs", twoThousand, documented, "associations guide; not documented: the words"},
				failed(),
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/associate/default", []fact{
				{"success", "200 with both directions of each", documented, "associations guide"},
				{"more than 2,000 inputs", twoThousand, documented, "associations guide; not documented: the words"},
				failed(),
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/read", []fact{
				{"success", "200", documented, "associations guide"},
				{"more than 1,000 inputs", "400", documented, "changelog of 2025"},
				{"a record without associations", "207 with OBJECT_NOT_FOUND and `crm.associations.NO_ASSOCIATIONS_FOUND`; not among the results", chosen, "associations guide: it is absent; remembered, not confirmed: the error"},
				{"`after` of an input", "the next page of that record", documented, "OpenAPI"},
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/archive", []fact{
				{"success", "204", switched(rulingAssociationStatus), "OpenAPI: 204 on v4, 200 on the dated paths"},
				{"more than 1,000 inputs", "400", chosen, "not documented: any limit"},
				{"records that are not associated, or do not exist", "204", chosen, "not documented"},
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/labels/archive", []fact{
				{"success", "204; the unlabeled type removes all", documented, "OpenAPI, associations guide"},
				{"more than 2,000 inputs", twoThousand, chosen, "not documented: any limit"},
				failed(),
			}},
		},
	}
}

// labelFidelity are association types and labels.
func labelFidelity() group {
	return group{
		title: "Association labels",
		about: "A label is made, renamed and deleted in both directions at once.",
		operations: []operation{
			{"GET /crm/v4/associations/{from}/{to}/labels", []fact{
				{"success", "200; HubSpot's types and the portal's own labels", documented, "associations guide; live answers"},
			}},
			{"POST /crm/v4/associations/{from}/{to}/labels", []fact{
				{"success", "200 with the types of both directions", documented, "associations guide"},
				{"a type for one object type, without `inverseLabel`", "one type for both directions", seen, "live answers"},
				{"more labels than a pair may have", "400 after 10", switched(rulingLabelLimit), "associations guide: 10 once; live answers: 437 after 50"},
				{"a text that another type of the pair has", "400 `AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL`", seen, "live answers"},
				{"a name that is taken", "400 `Association definition named … already exists for portal`", seen, "live answers"},
				{"object types that have no labels", "400", chosen, "associations guide lists the types; not documented: the body"},
			}},
			{"PUT /crm/v4/associations/{from}/{to}/labels", []fact{
				{"success", "204; without `inverseLabel` the text stands on both sides", seen, "live answers"},
				{"a type that is HubSpot's own, or does not exist", "400", chosen, "live answers: the words for one that does not exist; not documented: HubSpot's own"},
			}},
			{"DELETE /crm/v4/associations/{from}/{to}/labels/{associationType}", []fact{
				{"success", "204; by the id of either direction; pairs lose the label and stay associated", seen, "live answers; associations guide"},
				{"a type that is HubSpot's own, or does not exist", "400", chosen, "live answers: the words for one that does not exist; not documented: HubSpot's own"},
			}},
		},
	}
}

// namedAssociationFidelity are the v3 association batches.
func namedAssociationFidelity() group {
	return group{
		title: "Associations by name (v3)",
		about: "Types have names such as `contact_to_company`. No dated version has these operations.",
		operations: []operation{
			{"POST /crm/v3/associations/{from}/{to}/batch/create", []fact{
				{"success", "201 with the inputs; the type is added to those that a pair has", switched(rulingAssociationStatus), "OpenAPI; not documented: added or replaced"},
				{"a type by its id instead of its name", "accepted", chosen, "not documented"},
				{"more than 2,000 inputs", twoThousand, chosen, "not documented: any limit"},
				failed(),
			}},
			{"POST /crm/v3/associations/{from}/{to}/batch/read", []fact{
				{"success", "200, a row for each type; at most 500 records of each input", documented, "OpenAPI; not documented: the limit"},
				{"a record without associations", "207 with OBJECT_NOT_FOUND and `crm.associations.NO_ASSOCIATIONS_FOUND`", chosen, "remembered, not confirmed"},
			}},
			{"POST /crm/v3/associations/{from}/{to}/batch/archive", []fact{
				{"success", "204; one type of each pair, the unlabeled one takes all", documented, "OpenAPI; not documented: the other types"},
				failed(),
			}},
			{"GET /crm/v3/associations/{from}/{to}/types", []fact{
				{"success", "200 with ids and names", documented, "OpenAPI"},
			}},
		},
	}
}

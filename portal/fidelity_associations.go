package portal

// associationFidelity are the operations on the associations of one record.
func associationFidelity() group {
	return group{
		title: "Associations of one record",
		about: "An association has the unlabeled type and any number of labels, in both directions. There is at most one primary company; another one takes the label from it.",
		facts: []fact{
			{"a company becomes primary", "only when it is written so; by itself with `auto-company`", switched(rulingAutoCompany), "associations guide; knowledge base: HubSpot also sets it by the company's domain"},
			{"a record that does not exist", "404", chosen, "not documented: the body"},
			{"a type that the pair does not have", "400", chosen, "not documented: the body"},
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

// associationBatchFidelity are the batches of associations, and labels.
func associationBatchFidelity() group {
	const twoThousand = "400 `The maximum number of inputs supported in a batch is 2000. …`"
	failed := fact{"a record that does not exist", "207, the others are written; both ids in the error's context", chosen, "not documented: the context"}
	return group{
		title: "Associations in batches, and labels",
		about: "Where no limit is documented for a batch, the portal has one.",
		operations: []operation{
			{"POST /crm/v4/associations/{from}/{to}/batch/create", []fact{
				{"success", "201, 200 on 2026-09; the labels of each pair are replaced", switched(rulingAssociationStatus), "OpenAPI; one of the reports saw it change"},
				{"more than 2,000 inputs", twoThousand, documented, "associations guide; not documented: the words"},
				failed,
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/associate/default", []fact{
				{"success", "200 with both directions of each", documented, "associations guide"},
				{"more than 2,000 inputs", twoThousand, documented, "associations guide; not documented: the words"},
				failed,
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/read", []fact{
				{"success", "200", documented, "associations guide"},
				{"more than 1,000 inputs", "400", documented, "changelog of 2025"},
				{"a record without associations", "207 with OBJECT_NOT_FOUND and `crm.associations.NO_ASSOCIATIONS_FOUND`; not among the results", chosen, "associations guide: it is absent; remembered, not confirmed: the error"},
				{"`after` of an input", "the next page of that record", documented, "OpenAPI"},
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/archive", []fact{
				{"success", "204", documented, "OpenAPI: v4; 200 on the dated paths"},
				{"more than 1,000 inputs", "400", chosen, "not documented: any limit"},
				{"records that are not associated, or do not exist", "204", chosen, "not documented"},
			}},
			{"POST /crm/v4/associations/{from}/{to}/batch/labels/archive", []fact{
				{"success", "204; the unlabeled type removes all", documented, "OpenAPI, associations guide"},
				{"more than 2,000 inputs", twoThousand, chosen, "not documented: any limit"},
				failed,
			}},
			{"GET /crm/v4/associations/{from}/{to}/labels", []fact{
				{"success", "200; HubSpot's types and the portal's own labels", documented, "associations guide; live answers"},
			}},
		},
	}
}

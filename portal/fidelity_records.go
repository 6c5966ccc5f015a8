package portal

// recordFidelity are the operations on one record and the list.
func recordFidelity() group {
	return group{
		title: "Records",
		about: "Contacts, companies, deals, tickets, notes, tasks, calls, emails, meetings and custom objects.",
		operations: []operation{
			{"POST /crm/v3/objects/{type}", []fact{
				{"success", "201 with the record", documented, "contacts guide"},
				{"a contact without email, first name and last name", "400 VALIDATION_ERROR", chosen, "contacts guide requires one of the three, objects guide recommends them"},
				{"another record without any property", "400 VALIDATION_ERROR", chosen, "not documented"},
				{"associations in the body, by type ids", "made with the record", documented, "objects guide"},
				{"… by `label`", "accepted, the name of a label", chosen, "not documented"},
				{"… of a record that does not exist", "404 for the whole input", chosen, "not documented"},
				{"a new contact with an address of a company's domain", "no company is associated by itself", switched(rulingAutoCompany), "contacts guide: a setting of each portal"},
			}},
			{"GET /crm/v3/objects/{type}", []fact{
				{"success", "200, by id, 10 to a page and at most 100", documented, "contacts guide"},
				{"the last page", "no `paging`, never a `total`", documented, "contacts guide"},
				{"`after`", "the id that the next page begins with", documented, "contacts guide"},
				{"`propertiesWithHistory`", "at most 50 to a page", seen, "reports"},
				{"`archived=true`", "archived records alone", documented, "contacts guide"},
				{"`associations`", "by plural name, a row for each type; a first page of 500", documented, "OpenAPI; reports: it pages inside of the record"},
			}},
			{"GET /crm/v3/objects/{type}/{id}", []fact{
				{"success", "200", documented, "contacts guide"},
				{"no properties are asked for", "the default ones of the type", documented, "search guide"},
				{"a property that is not defined is asked for", "left out", documented, "contacts guide"},
				{"a property that is empty is asked for", "`null`", switched(rulingEmptyProperties), "contacts guide: null; objects guide: it does not appear"},
				{"`idProperty=email`, or of a unique property", "found by it, by a secondary address too", documented, "contacts guide; reports: secondary addresses"},
				{"`idProperty` of a property that is not unique", "400 `Unable to perform update/upsert by non-unique …`", seen, "reports"},
				{"an id that no record has", "404 `resource not found`, without category", seen, "reports"},
				{"an id that is no number", "404 OBJECT_NOT_FOUND `Object not found.  objectId are usually numeric.`", seen, "reports"},
				{"0, or a number below", "404 OBJECT_NOT_FOUND `Object not found. objectId is usually positive.`", seen, "live answers"},
				{"the former id of a record that was merged", "200 with the merged record", documented, "objects guide"},
				{"an archived record", "404; 200 with `archived=true`", documented, "contacts guide"},
				{"the order in a history", "newest first", chosen, "remembered, not confirmed"},
			}},
			{"PATCH /crm/v3/objects/{type}/{id}", []fact{
				{"success", "200; what is not given stays", documented, "contacts guide"},
				{"`idProperty` in the query", "as for a read", documented, "contacts guide"},
				{"`idProperty` in the body", "not read", chosen, "not documented"},
				{"one value is wrong", "400, nothing is written", documented, "contacts guide"},
				{"no such record, or an archived one", "404", chosen, "contacts guide: 404; not documented: archived ones"},
				{"the former id of a record that was merged", "200, the merged record is changed", chosen, "objects guide: on reads"},
			}},
			{"DELETE /crm/v3/objects/{type}/{id}", []fact{
				{"success", "204; the record lies in the bin and its address is free", documented, "contacts guide"},
				{"no such record, or an archived one", "204", seen, "reports"},
				{"the former id of a record that was merged", "204, the merged record lies in the bin", chosen, "objects guide: on reads"},
				{"taking it out of the bin", "no operation: `portal restore`, as in HubSpot's screens", documented, "objects guide; reports: there is no operation"},
				{"creating its address again", "a new record with a new id", chosen, "remembered, not confirmed"},
			}},
		},
	}
}

// batchFidelity are the batches of records.
func batchFidelity() group {
	const hundred = "400 `The maximum number of inputs supported in a batch is 100. …`"
	return group{
		title: "Batches of records",
		about: "All of a batch is one transaction. Its answer has the status COMPLETE, and 207 with `errors` and `numErrors` where some inputs failed.",
		operations: []operation{
			{"POST /crm/v3/objects/{type}/batch/create", []fact{
				{"success", "201", documented, "objects guide"},
				{"more than 100 inputs", hundred, seen, "reports"},
				{"one input is bad, and not every input has a trace id of its own", "400 or 409 of the first bad one, nothing is written", seen, "objects guide; reports: the first conflict alone"},
				{"one input is bad, and every input has a trace id of its own", "207, the others are created; errors by `objectWriteTraceId`", documented, "objects guide, error guide"},
				{"one address twice", "409 without an id", seen, "reports: the 409; not documented: its words"},
			}},
			{"POST /crm/v3/objects/{type}/batch/read", []fact{
				{"success", "200, each record once", documented, "objects guide; remembered, not confirmed: what is named twice"},
				{"more than 100 inputs", hundred, seen, "reports"},
				{"more than 50 inputs with histories", "400 `… supported in a batch request for property histories is 50. …`", seen, "reports"},
				{"ids that do not exist", "207, one OBJECT_NOT_FOUND with all of them in `context.ids`", seen, "reports"},
				{"the former id of a record that was merged", "the merged record under its own id", seen, "reports"},
				{"`idProperty=email`", "found by a secondary address too", documented, "contacts guide; reports: secondary addresses"},
				{"`archived=true` with `idProperty=email`", "the newest archived contact of the address", chosen, "not documented"},
			}},
			{"POST /crm/v3/objects/{type}/batch/update", []fact{
				{"success", "200", documented, "changelog"},
				{"more than 100 inputs", hundred, seen, "reports"},
				{"`idProperty=email`", "400 `Unable to perform update/upsert by non-unique 0-1 property email …`", documented, "contacts guide; reports: the words; the OpenAPI text says otherwise"},
				{"one value is wrong", "400, nothing is written", documented, "contacts guide"},
				{"record ids that do not exist", "207, OBJECT_NOT_FOUND with `context.ids`, the others are written", switched(rulingUpdateUnknownIDs), "OpenAPI: 207; one of the reports: 207 without errors"},
				{"values of a unique property that do not exist", "400 with `missingObjectPropertyValueCoordinates`, nothing is written", seen, "reports"},
				{"the former id of a record that was merged", "the merged record is changed and answers under its own id", chosen, "objects guide: on reads"},
				{"the same record twice, by one id or by two", "400 `Duplicate IDs found in batch input: […]. IDs must be unique`", chosen, "remembered, not confirmed"},
			}},
			{"POST /crm/v3/objects/{type}/batch/upsert", []fact{
				{"success", "200, each result with `new`", documented, "objects guide"},
				{"more than 100 inputs", hundred, seen, "reports"},
				{"an input without `idProperty`", "400", documented, "objects guide"},
				{"some properties of an existing contact, by email", "written like an update", switched(rulingUpsertByEmail), "contacts guide: not supported; reports: it applies"},
				{"two inputs that are one record", "400, nothing is written", seen, "reports"},
			}},
			{"POST /crm/v3/objects/{type}/batch/archive", []fact{
				{"success", "204", documented, "objects guide"},
				{"more than 100 inputs", hundred, seen, "reports"},
				{"ids that do not exist, or are archived", "204", chosen, "reports have it for single ones"},
			}},
		},
	}
}

// searchFidelity is the search.
func searchFidelity() group {
	return group{
		title: "Search",
		about: "Searches never find archived records.",
		operations: []operation{
			{"POST /crm/v3/objects/{type}/search", []fact{
				{"success", "200 with `total`, 10 to a page and at most 200", documented, "search guide"},
				{"more than 5 in a second", "429 SECONDLY, for the account", documented, "search guide; Node client: the words"},
				{"a write a moment ago", "found at once; with `--search-lag` the record is missing until the lag has passed", differs, "search guide: a few moments; HubSpot finds a changed record as it was before"},
				{"`properties`", "replace the default ones, id and times included", documented, "search guide"},
				{"`after`", "a number of results, up to 10,000 in all; 400 beyond", documented, "search guide"},
				{"more than 3,000 characters", "400", documented, "search guide"},
				{"more than 5 groups, 6 filters in a group or 18 in all", "400", documented, "search guide; the OpenAPI text says 6 groups"},
				{"more than one sort", "400", documented, "search guide"},
				{"`sorts` as objects or as names", "both are read", documented, "search guide has objects, OpenAPI names"},
				{"an operator that does not exist, or a value that it does not take", "400", chosen, "search guide; not documented: the words"},
				{"`NEQ` and `NOT_IN`", "leave out records without a value", chosen, "not documented"},
				{"`CONTAINS_TOKEN`", "whole words; `@ . - _ ,` end a word, `*` stands for any characters", chosen, "not documented"},
				{"`query`", "the names and addresses of each type, as words that begin with it", chosen, "search guide lists the properties; not documented: words"},
			}},
		},
	}
}

// identityFidelity are merges and permanent deletions.
func identityFidelity() group {
	return group{
		title: "Merge and permanent deletion",
		about: "Neither can be undone.",
		operations: []operation{
			{"POST /crm/v3/objects/{type}/merge", []fact{
				{"success", "200 with the merged record", documented, "objects guide"},
				{"its id", "a new one", switched(rulingMergeID), "objects guide; a beta keeps the primary record's"},
				{"values of both", "the primary record's; the other's where it has none", documented, "objects guide; knowledge base"},
				{"addresses of the other contact", "become secondary ones", documented, "knowledge base"},
				{"the domain of the other company", "becomes an additional one", chosen, "remembered, not confirmed"},
				{"the time of creation", "the older one", chosen, "remembered, not confirmed"},
				{"histories of both", "told as one, in the order of time", chosen, "not documented"},
				{"lists and searches", "find the merged record alone", documented, "objects guide"},
				{"associations of both", "come together; of two primary companies the primary record's stays", chosen, "not documented: the company"},
				{"former ids", "in `hs_merged_object_ids` and `hs_calculated_merged_vids`", chosen, "remembered, not confirmed"},
				{"more than 250 addresses or merged records", "414 `Cannot have more than 250 identities on a profile`", documented, "error guide"},
				{"a record with itself, a record that was merged already, an id that does not exist", "400, 400, 404", chosen, "not documented"},
				{"activities", "400", chosen, "not documented"},
			}},
			{"POST /crm/v3/objects/{type}/gdpr-delete", []fact{
				{"success", "204; record, history, associations and addresses are gone, from the file as well", documented, "contacts guide"},
				{"an address of no contact", "204; it is remembered, as a hash", documented, "OpenAPI: it is blocked"},
				{"an address that contacts in the bin had, too", "all of them are gone", chosen, "not documented"},
				{"the former id of a record that was merged", "the merged record is gone, with all its addresses", chosen, "not documented"},
				{"an id that does not exist", "204", chosen, "not documented"},
				{"no `objectId`", "400", chosen, "not documented"},
				{"what other records say of the person", "stays", chosen, "not documented"},
			}},
		},
	}
}

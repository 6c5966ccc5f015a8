package portal

// definitionFidelity are the definitions of properties.
func definitionFidelity() group {
	const notDefined = "404 OBJECT_NOT_FOUND"
	return group{
		title: "Properties and their rules",
		about: "The definitions of a new portal are those of a real one; a fixture adds its own.",
		facts: []fact{
			{"HubSpot's own properties", "are neither archived nor changed, but for the options of those that say so: 400", chosen, "live answers: their definitions are read-only; not documented: the body"},
			{"a definition that was just written", "is there for the next request", differs, "live answers: after 250 to 700 ms"},
		},
		operations: []operation{
			{"POST /crm/v3/properties/{type}", []fact{
				{"success", "201 with the definition and Location", documented, "properties guide; live answers: Location"},
				{"the name exists", "409 OBJECT_ALREADY_EXISTS `Properties.PROPERTY_WITH_NAME_EXISTS`", seen, "live answers"},
				{"the name of an archived property", "the property comes back as it is now defined", seen, "live answers"},
				{"… its values", "come back with it", chosen, "not documented"},
				{"a field type of another type", "400", documented, "properties guide; changelog of 2021"},
				{"a name with capitals, or of 100 characters and more", "400", seen, "live answers: the words; not documented: which are for which fault"},
				{"more than 10 unique properties, 1,000 of an object, 10,000 in all", "400", documented, "properties guide; live answers: the numbers; not documented: the words"},
			}},
			{"PATCH /crm/v3/properties/{type}/{name}", []fact{
				{"success", "200; `options` replace the list, what is not given stays", seen, "live answers"},
				{"the name, uniqueness, sensitivity, references", "stay without a word", documented, "properties guide: unique for ever; not documented: the answer"},
				{"a property that is not defined, or archived", notDefined, seen, "live answers"},
			}},
			{"DELETE /crm/v3/properties/{type}/{name}", []fact{
				{"success", "204; values stay in the records, unseen", documented, "properties guide; not documented: the values"},
				{"a formula uses the property", "400 `PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE`", seen, "live answers"},
				{"a property that is not defined, or archived", notDefined, chosen, "not documented"},
			}},
			{"POST /crm/v3/properties/{type}/batch/create", []fact{
				{"success", "201", documented, "OpenAPI"},
				{"one input is bad", "207, the others are made", chosen, "OpenAPI: 207; not documented: which fail together"},
			}},
			{"POST /crm/v3/properties/{type}/batch/read", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"properties that are not defined", "207, an error for each", chosen, "OpenAPI: 207; not documented: the errors"},
			}},
			{"POST /crm/v3/properties/{type}/batch/archive", []fact{
				{"success", "204, whatever the state of each was", documented, "OpenAPI; not documented: the state"},
				{"one that cannot be archived", "400, none is archived", chosen, "not documented"},
			}},
			{"GET /crm/v3/properties/{type}/groups", []fact{
				{"success", "200 with the active groups", documented, "OpenAPI; live answers"},
			}},
			{"POST /crm/v3/properties/{type}/groups", []fact{
				{"success", "201 with the group", documented, "OpenAPI"},
				{"the name exists", "409 OBJECT_ALREADY_EXISTS", chosen, "live answers have it for properties"},
			}},
			{"GET /crm/v3/properties/{type}/groups/{name}", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"a group that does not exist", notDefined, chosen, "live answers have it for properties"},
			}},
			{"PATCH /crm/v3/properties/{type}/groups/{name}", []fact{
				{"success", "200; the name stays", documented, "OpenAPI"},
				{"a group that does not exist", notDefined, chosen, "live answers have it for properties"},
			}},
			{"DELETE /crm/v3/properties/{type}/groups/{name}", []fact{
				{"success", "204", documented, "OpenAPI"},
				{"a group that holds properties", "400 `PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES`, as JSON inside the message", seen, "live answers"},
			}},
			{"GET /crm/v3/properties/{type}", []fact{
				{"success", "200 with all definitions, not paged", documented, "properties guide"},
				{"`archived=true`", "archived ones alone", documented, "properties guide"},
				{"`properties`", "those alone", chosen, "not documented: what it does"},
				{"`dataSensitivity`", "those alone; without it the ones that are not sensitive", documented, "properties guide"},
				{"HubSpot's own definitions", "those of one real portal in 2026-02", seen, "live answers"},
			}},
			{"GET /crm/v3/properties/{type}/{name}", []fact{
				{"success", "200", documented, "properties guide"},
				{"a property that is not defined", notDefined, seen, "live answers; not documented: the words"},
				{"`archived=true`", "archived ones alone", documented, "OpenAPI"},
			}},
			{"GET /crm/v3/property-validations/{type}", []fact{
				{"success", "200 with the rules of each property that has any", documented, "validations guide"},
			}},
		},
	}
}

// accountFidelity are owners, the account and the token.
func accountFidelity() group {
	return group{
		title: "Owners, account and token",
		about: "",
		operations: []operation{
			{"GET /crm/v3/owners", []fact{
				{"success", "200, by id, 100 to a page and at most 500", documented, "owners guide"},
				{"`archived=true`", "deactivated users alone", documented, "owners guide"},
				{"`email`", "those with the address", documented, "owners guide"},
			}},
			{"GET /crm/v3/owners/{id}", []fact{
				{"success", "200; an archived one with `archived=true`", documented, "owners guide"},
				{"`idProperty=userId`", "the id is that of the user", documented, "owners guide"},
				{"an id that nobody has", "404 OBJECT_NOT_FOUND", chosen, "not documented: the words"},
			}},
			{"POST /oauth/v2/private-apps/get/access-token-info", []fact{
				{"success", "200 with the scopes of the configuration, or all of them", seen, "reports: userId, hubId, appId and the token's scopes"},
			}},
			{"GET /account-info/v3/details", []fact{
				{"success", "200 with the time zone in which the day of the daily limit ends", documented, "live answers"},
				{"`accountType`", "LOCAL, which no HubSpot account has", differs, "the portal's own: it tells the two apart"},
			}},
		},
	}
}

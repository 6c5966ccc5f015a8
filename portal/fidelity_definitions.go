package portal

// definitionFidelity are the definitions of properties.
func definitionFidelity() group {
	return group{
		title: "Properties and their rules",
		about: "The definitions of a new portal are those of a real one; a fixture adds its own.",
		operations: []operation{
			{"GET /crm/v3/properties/{type}", []fact{
				{"success", "200 with all definitions, not paged", documented, "properties guide"},
				{"`dataSensitivity`", "those alone; without it the ones that are not sensitive", documented, "properties guide"},
				{"HubSpot's own definitions", "those of one real portal in 2026-02", seen, "live answers"},
			}},
			{"GET /crm/v3/properties/{type}/{name}", []fact{
				{"success", "200", documented, "properties guide"},
				{"a property that is not defined", "404 OBJECT_NOT_FOUND", seen, "live answers; not documented: the words"},
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
			{"POST /oauth/v2/private-apps/get/access-token-info", []fact{
				{"success", "200 with every scope", differs, "reports: userId, hubId, appId and the token's scopes"},
			}},
			{"GET /account-info/v3/details", []fact{
				{"success", "200 with the time zone in which the day of the daily limit ends", documented, "live answers"},
				{"`accountType`", "LOCAL, which no HubSpot account has", differs, "the portal's own: it tells the two apart"},
			}},
		},
	}
}

package portal

// schemaFidelity are the custom object types. Their records are served as all others.
func schemaFidelity() group {
	return group{
		title: "Custom objects",
		about: "Addressed by their ids and by their fully qualified names; their records, properties, searches and associations are served as all others are. The schemas of HubSpot's own objects are not, and neither are changes of the associations of a schema.",
		operations: []operation{
			{"GET /crm/v3/schemas", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"`archived=true`", "the active ones as well", seen, "live answers"},
			}},
			{"POST /crm/v3/schemas", []fact{
				{"success", "201 with properties and associations; also with those of calls, emails, meetings, notes and tasks", documented, "objects guide"},
				{"a name that cannot be one", "400 `InboundDbObjectTypeError.OBJECT_TYPE_NAME_FORMAT`", seen, "live answers"},
				{"a name that exists", "409 `InboundDbObjectTypeError.OBJECT_TYPE_ALREADY_EXIST`; HubSpot answers 201 when not even the case differs", differs, "live answers"},
				{"no primary display property, or one that is missing", "400 with a subcategory of its own", seen, "live answers"},
				{"the eleventh", "400", chosen, "not documented: the limit is each portal's"},
			}},
			{"GET /crm/v3/schemas/{type}", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"one that does not exist", "404", seen, "live answers; not documented: the words"},
			}},
			{"PATCH /crm/v3/schemas/{type}", []fact{
				{"success", "200; the name never changes", documented, "OpenAPI"},
				{"names of properties that it has not", "400 with a subcategory of its own", seen, "live answers"},
			}},
			{"DELETE /crm/v3/schemas/{type}", []fact{
				{"success", "204; it is archived", seen, "live answers"},
				{"one that has records", "400 `ObjectSchemaError.EXISTING_OBJECT_RECORDS`", seen, "live answers"},
				{"`archived=true`", "204; an archived one is gone for good, its records in the bin as well", seen, "live answers; not documented: the records"},
				{"`archived=true` for one that is not archived", "400", seen, "live answers"},
			}},
		},
	}
}

package portal

// pipelineFidelity are pipelines and their stages.
func pipelineFidelity() group {
	return group{
		title: "Pipelines",
		about: "One an object: the lifecycle of contacts and companies, which share it, the deal stages, the ticket stages. Each is a view of the options of its property, so the two never differ.",
		operations: []operation{
			{"GET /crm/v3/pipelines/{type}", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"an object without pipelines", "200 with none", chosen, "not documented"},
			}},
			{"GET /crm/v3/pipelines/{type}/{pipeline}", []fact{
				{"success", "200", documented, "OpenAPI"},
				{"a pipeline that does not exist", "404", seen, "live answers; not documented: the words"},
			}},
			{"GET /crm/v3/pipelines/{type}/{pipeline}/stages", []fact{
				{"success", "200, in order", documented, "OpenAPI"},
			}},
			{"POST /crm/v3/pipelines/{type}/{pipeline}/stages", []fact{
				{"success", "201; a number for its id where none is given", documented, "OpenAPI"},
				{"the place of another stage", "behind it; all are numbered anew", seen, "live answers"},
				{"a label that another stage has", "400 `PipelineError.STAGE_LABEL_EXISTS`", seen, "live answers"},
				{"a negative place", "400", seen, "live answers"},
				{"deals and tickets", "400: their stages cannot be changed here", differs, "OpenAPI: HubSpot allows it"},
			}},
			{"GET /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", []fact{
				{"success", "200", documented, "OpenAPI"},
			}},
			{"PATCH /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", []fact{
				{"success", "200; what is given changes, never the id", documented, "OpenAPI"},
			}},
			{"PUT /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", []fact{
				{"success", "200, as a PATCH", documented, "OpenAPI"},
			}},
			{"DELETE /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", []fact{
				{"success", "204, also for a stage that does not exist", seen, "live answers"},
				{"a stage that records are in", "400 `PipelineError.STAGE_ID_IN_USE` on 2026-09, or with `validateReferencesBeforeDelete=true`", documented, "changelog: 2026-09"},
				{"the last stage", "400", seen, "live answers"},
			}},
		},
	}
}

package portal

// ruleFidelity are the validation rules of single properties.
func ruleFidelity() group {
	return group{
		title: "Rules of a property",
		about: "Rules that compare with the present day, and those about addresses and URLs, are kept and not enforced.",
		operations: []operation{
			{"GET /crm/v3/property-validations/{type}/{name}", []fact{
				{"success", "200", documented, "validations guide"},
			}},
			{"GET /crm/v3/property-validations/{type}/{name}/rule-type/{ruleType}", []fact{
				{"success", "200", documented, "validations guide"},
				{"a rule that the property has not", "404", chosen, "not documented"},
			}},
			{"PUT /crm/v3/property-validations/{type}/{name}/rule-type/{ruleType}", []fact{
				{"success", "204; the rule of that type is overwritten", documented, "validations guide"},
				{"a rule that does not fit the property, or with other arguments", "400", documented, "validations guide; not documented: the words"},
			}},
		},
	}
}

// limitFidelity are the limits of definitions.
func limitFidelity() group {
	return group{
		title: "Limits of definitions",
		about: "",
		operations: []operation{
			{"GET /crm/v3/limits/custom-properties", []fact{
				{"success", "200; 1,000 an object, 10,000 in all", seen, "live answers"},
				{"a token without a scope for any records", "403", seen, "live answers"},
			}},
			{"GET /crm/v3/limits/associations/labels", []fact{
				{"success", "200 with the pairs that have labels", seen, "live answers"},
			}},
		},
	}
}

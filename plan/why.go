package plan

// Why says in one sentence why a property becomes what it becomes, or stays.
func (r Rule) Why() string {
	switch r.Rule {
	case ruleIgnored:
		return "ignore: it is never compared."
	case ruleCreateOnly:
		if r.Live == "" && r.Changes {
			return "create_only: it is set when the contact is created."
		}
		return "create_only: it is set when a contact is created, and not touched after."
	case ruleFillOnly:
		if r.Changes {
			return "fill_only: it is empty, so it is filled."
		}
		return "fill_only: it has a value, which is not overwritten."
	case ruleAdditive:
		return r.unless("additive: the declared values are added to the live ones.", "additive: all declared values are there.")
	case ruleRemove:
		return r.unless("remove: single values are taken out.", "remove: none of the values that go is there.")
	case ruleAtLeast:
		return "lifecycle: a declared stage means at least that stage, and the contact is further along."
	case ruleExact:
		return r.unless("lifecycle: exact asks for this very stage.", "lifecycle: exact, and the contact is at this stage.")
	case ruleBackward:
		return r.unless("lifecycle: allow_backward lets the stage move back, by a clear and a set.", "lifecycle: allow_backward, and the contact is at this stage.")
	}
	return r.unless("the files say so.", "it is as the files say.")
}

func (r Rule) unless(changes, stays string) string {
	if r.Changes {
		return changes
	}
	return stays
}

// Changes reports whether the association becomes another than it is.
func (r LinkRule) Changes() bool { return !sameTypes(r.Before, r.After) }

// Why says in one sentence why an association becomes what it becomes, or stays.
func (r LinkRule) Why() string {
	changes := r.Changes()
	switch {
	case r.Rule == ruleAbsent && changes:
		return "ensure: absent removes it."
	case r.Rule == ruleAbsent:
		return "ensure: absent, and there is no such association."
	case r.Rule == ruleSpared:
		return "policy.associations is exact, but spares a primary record and the company of the contact's own domain."
	case r.Rule == ruleMutual:
		return "the other contact's lines declare it."
	case r.Rule == ruleUndeclared && changes:
		return "policy.associations is exact for this object type, and no line declares it."
	case r.Rule == ruleUndeclared:
		return "no line declares it, and associations that are not declared stay."
	case len(r.Before) == 0:
		return "declared, and not there yet."
	case changes:
		return "declared labels are added to those that the pair bears."
	}
	return "it is as the files say."
}

// Why says how the live contact was found, and what follows where it is not there.
func (e *Explanation) Why() string {
	switch {
	case e.Live != "":
		return "found by its " + e.Matched
	case e.Bin != "":
		return "no live contact; contact " + string(e.Bin) + " lies in the recycle bin"
	}
	return "no live contact"
}

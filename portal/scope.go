package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// access is what a token must be allowed for an operation. The zero value is the
// records of the object types in the path, read or written as the operation does.
type access uint8

const (
	accessRecords     access = iota
	accessDefinitions        // the definitions of the object types in the path
	accessSchemas            // the definitions of custom objects
	accessOwners
	accessAnyRecords // records of any type
	accessAny        // every token has it
)

// scopesFor are the scopes of which a token needs one for an operation on these
// object types. HubSpot's pages list the alternatives of each operation: reading
// definitions goes with a scope for the records too, which was seen; notes and the
// other activities go with the scopes of contacts.
func scopesFor(what access, types []crm.ObjectType, writes bool) []string {
	action := ".read"
	if writes {
		action = ".write"
	}
	var scopes []string
	switch what {
	case accessRecords:
		for _, objectType := range types {
			scopes = append(scopes, "crm.objects."+scopeName(objectType)+action)
		}
	case accessDefinitions:
		for _, objectType := range types {
			scopes = append(scopes, "crm.schemas."+scopeName(objectType)+action)
			if !writes {
				scopes = append(scopes, "crm.objects."+scopeName(objectType)+".read", "crm.objects."+scopeName(objectType)+".write")
			}
		}
	case accessSchemas:
		scopes = []string{"crm.schemas.custom" + action}
	case accessOwners:
		scopes = []string{"crm.objects.owners.read"}
	case accessAnyRecords:
		return scopesFor(accessRecords, append(labelled, "2-1"), false)
	case accessAny:
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// scopeName is an object type as it stands in scopes.
func scopeName(objectType crm.ObjectType) string {
	switch {
	case objectType.Custom():
		return "custom"
	case slices.Contains(labelled, objectType):
		return objectType.Plural()
	}
	return crm.TypeContact.Plural()
}

// allScopes are those of a token that may do everything.
func allScopes() []string {
	scopes := []string{"oauth", "crm.objects.owners.read"}
	for _, objectType := range append(labelled, "2-1") {
		for _, prefix := range []string{"crm.objects.", "crm.schemas."} {
			scopes = append(scopes, prefix+scopeName(objectType)+".read", prefix+scopeName(objectType)+".write")
		}
	}
	return scopes
}

// allowed reports whether the token has one of these scopes; no scope at all in
// the configuration stands for every one.
func (c *call) allowed(scopes ...string) bool {
	given := c.portal.config.Scopes
	return given == nil || len(scopes) == 0 || slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(given, scope) })
}

// permitted refuses an operation that the token's scopes do not allow. Of a path
// with a type that does not exist the operation itself says so.
func (c *call) permitted() error {
	var types []crm.ObjectType
	for _, name := range []string{"type", "toType", "from", "to"} {
		if c.values[name] == "" || c.route.access == accessSchemas {
			continue
		}
		objectType, err := c.objectType(name)
		if err != nil {
			return nil //nolint:nilerr // the operation refuses it with this very error
		}
		types = append(types, objectType)
	}
	scopes := scopesFor(c.route.access, types, mutates(c.route.method, c.route.patterns[0]))
	if c.allowed(scopes...) {
		return nil
	}
	return missingScopes(scopes)
}

// missingScopes is verbatim from HubSpot's error guide but for the scopes.
func missingScopes(scopes []string) *refusal {
	const scopesPage = "https://developers.hubspot.com/scopes"
	refused := refuse(http.StatusForbidden, "MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "+scopesPage+".")
	refused.body.Errors = []hubspot.ErrorDetail{{
		Message: "One or more of the following scopes are required.", Context: map[string][]string{"requiredGranularScopes": scopes},
	}}
	refused.body.Links = map[string]string{"scopes": scopesPage}
	return refused
}

// sensitive refuses to define a property with sensitive values without the scope
// for that. The message was seen; its scope is the properties guide's, which ends
// in .v2 where a token lists it.
func (c *call) sensitive(objectType crm.ObjectType, sensitivity string) error {
	if sensitivity == nonSensitive || !slices.Contains(sensitivities, sensitivity) {
		return nil
	}
	scope := "crm.objects." + scopeName(objectType) + "." + sensitivity + ".write"
	if c.allowed(scope, scope+".v2") {
		return nil
	}
	return refuse(http.StatusForbidden, "MISSING_SCOPES", "Missing required scope for: sensitive-data-property-create")
}

// mutates reports whether an operation can change the portal.
func mutates(method, path string) bool {
	return method != http.MethodGet && !strings.HasSuffix(path, "/batch/read") && !strings.HasSuffix(path, "/search") && !strings.HasPrefix(path, "/oauth/")
}

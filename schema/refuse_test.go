package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/schema"
)

// Each document has one fault; path is where it is found, keyword what finds it,
// without the place of the definition.
var refused = []struct {
	name    string
	kind    schema.Kind
	text    string
	path    string
	keyword string
}{
	{"a list", schema.Desired, `[]`, "", "type"},
	{"a text", schema.Desired, `s3cret`, "", "type"},
	{"no version", schema.Desired, `contacts: []`, "", "required"},
	{"version as a text", schema.Desired, `version: "1"`, "/version", "const"},
	{"later version", schema.Desired, `version: 2`, "/version", "const"},
	{"unknown key at the top", schema.Desired, `{version: 1, s3cret: 1}`, "", "additionalProperties"},
	{"project key in desired state", schema.Desired, `{version: 1, prune: archive}`, "", "additionalProperties"},
	{"contacts by name", schema.Desired, `{version: 1, contacts: {s3cret: {}}}`, "/contacts", "type"},
	{"empty limits line", schema.Desired, "version: 1\nlimits:", "/limits", "type"},
	{"negative limit", schema.Desired, `{version: 1, limits: {archive: -1}}`, "/limits/archive", "minimum"},
	{"limit as a fraction", schema.Desired, `{version: 1, limits: {archive: 1.5}}`, "/limits/archive", "type"},
	{"limit above all", schema.Desired, `{version: 1, limits: {archive: 101%}}`, "/limits/archive", "pattern"},
	{"limit as a word", schema.Desired, `{version: 1, limits: {archive: s3cret}}`, "/limits/archive", "pattern"},
	{"number in quotes as limit", schema.Desired, `{version: 1, limits: {archive: "25"}}`, "/limits/archive", "pattern"},
	{"unknown limit", schema.Desired, `{version: 1, limits: {s3cret: 1}}`, "/limits", "additionalProperties"},
	{"reserve without percent", schema.Desired, `{version: 1, daily_reserve: 25}`, "/daily_reserve", "type"},
	{"reserve with a fraction", schema.Desired, `{version: 1, daily_reserve: 2.5%}`, "/daily_reserve", "pattern"},
	{"account with letters", schema.Desired, `{version: 1, account: s3cret}`, "/account", "pattern"},
	{"scope as an unknown word", schema.Desired, `{version: 1, scope: s3cret}`, "/scope", "enum"},
	{"scope without where", schema.Desired, `{version: 1, scope: {}}`, "/scope", "required"},
	{"scope without conditions", schema.Desired, `{version: 1, scope: {where: []}}`, "/scope/where", "minItems"},
	{"condition without test", schema.Desired, `{version: 1, scope: {where: [{property: city}]}}`, "/scope/where/0", "oneOf"},
	{"condition with two tests", schema.Desired, `{version: 1, scope: {where: [{property: city, equals: s3cret, has: true}]}}`, "/scope/where/0", "oneOf"},
	{"condition without property", schema.Desired, `{version: 1, scope: {where: [{has: true}]}}`, "/scope/where/0", "required"},
	{"has as a word", schema.Desired, `{version: 1, scope: {where: [{property: city, has: "true"}]}}`, "/scope/where/0/has", "type"},
	{"unknown policy", schema.Desired, `{version: 1, policy: {associations: {company: s3cret}}}`, "/policy/associations/company", "enum"},
	{"policy of several", schema.Desired, `{version: 1, policy: {associations: {companies: exact}}}`, "/policy/associations", "additionalProperties"},
	{"variable in desired state", schema.Desired, `{version: 1, account: "${S3CRET}"}`, "/account", "pattern"},

	{"contact as a text", schema.Desired, `{version: 1, contacts: [s3cret]}`, "/contacts/0", "type"},
	{"contact without identity", schema.Desired, `{version: 1, contacts: [{owner: s3cret@b.example}]}`, "/contacts/0", "anyOf"},
	{"unknown key of a contact", schema.Desired, `{version: 1, contacts: [{id: 1, s3cret: 1}]}`, "/contacts/0", "additionalProperties"},
	{"empty email", schema.Desired, `{version: 1, contacts: [{email: ""}]}`, "/contacts/0/email", "pattern"},
	{"email without domain", schema.Desired, `{version: 1, contacts: [{email: s3cret@}]}`, "/contacts/0/email", "pattern"},
	{"email with two signs", schema.Desired, `{version: 1, contacts: [{email: s3cret@b@c.example}]}`, "/contacts/0/email", "pattern"},
	{"email as a list", schema.Desired, `{version: 1, contacts: [{email: [s3cret@b.example]}]}`, "/contacts/0/email", "type"},
	{"bare email", schema.Desired, `{version: 1, contacts: [{email: , id: 1}]}`, "/contacts/0/email", "type"},
	{"id with a sign", schema.Desired, `{version: 1, contacts: [{id: -151}]}`, "/contacts/0/id", "minimum"},
	{"id with a leading zero", schema.Desired, `{version: 1, contacts: [{id: "0151"}]}`, "/contacts/0/id", "pattern"},
	{"id with a fraction", schema.Desired, `{version: 1, contacts: [{id: 1.5}]}`, "/contacts/0/id", "type"},
	{"no earlier address", schema.Desired, `{version: 1, contacts: [{email: a@b.example, previous_email: []}]}`, "/contacts/0/previous_email", "minItems"},
	{"same earlier address", schema.Desired, `{version: 1, contacts: [{email: a@b.example, also: [s3cret@b.example, s3cret@b.example]}]}`, "/contacts/0/also", "uniqueItems"},
	{"bad earlier address", schema.Desired, `{version: 1, contacts: [{email: a@b.example, also: [s3cret]}]}`, "/contacts/0/also/0", "pattern"},
	{"rename without address", schema.Desired, `{version: 1, contacts: [{id: 1, previous_email: s3cret@b.example}]}`, "/contacts/0", "dependencies/previous_email/0"},
	{"take_email without address", schema.Desired, `{version: 1, contacts: [{id: 1, take_email: file}]}`, "/contacts/0", "dependencies/take_email/0"},
	{"take_email of the portal", schema.Desired, `{version: 1, contacts: [{email: a@b.example, take_email: s3cret}]}`, "/contacts/0/take_email", "const"},
	{"ensure deleted", schema.Desired, `{version: 1, contacts: [{id: 1, ensure: deleted}]}`, "/contacts/0/ensure", "enum"},
	{"ensure in capitals", schema.Desired, `{version: 1, contacts: [{id: 1, ensure: Archived}]}`, "/contacts/0/ensure", "enum"},
	{"unknown lifecycle", schema.Desired, `{version: 1, contacts: [{id: 1, lifecycle: s3cret}]}`, "/contacts/0/lifecycle", "enum"},
	{"flag in quotes", schema.Desired, `{version: 1, contacts: [{id: 1, recreate: "true"}]}`, "/contacts/0/recreate", "type"},
	{"flag as yes", schema.Desired, `{version: 1, contacts: [{id: 1, consent_checked: yes}]}`, "/contacts/0/consent_checked", "type"},

	{"bare value", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {city: }}]}`, "/contacts/0/properties/city", "type"},
	{"null value", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {city: ~}}]}`, "/contacts/0/properties/city", "type"},
	{"value as a mapping", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {city: {s3cret: s3cret}}}]}`, "/contacts/0/properties/city", "type"},
	{"empty list of values", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {tags: []}}]}`, "/contacts/0/properties/tags", "minItems"},
	{"list in a list", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {tags: [[s3cret]]}}]}`, "/contacts/0/properties/tags/0", "type"},
	{"empty item", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {tags: [a, ""]}}]}`, "/contacts/0/properties/tags/1", "minLength"},
	{"two values in an item", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {tags: [s3;cret]}}]}`, "/contacts/0/properties/tags/0", "pattern"},
	{"endless text", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {city: ` + strings.Repeat("ß", 65537) + `}}]}`, "/contacts/0/properties/city", "maxLength"},
	{"label for a property", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {Job title: s3cret}}]}`, "/contacts/0/properties", "additionalProperties"},
	{"email among the properties", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {email: s3cret@b.example}}]}`, "/contacts/0/properties/email", "properties/email"},
	{"email among the defaults", schema.Desired, `{version: 1, defaults: {properties: {email: s3cret@b.example}}}`, "/defaults/properties/email", "properties/email"},
	{"unknown default", schema.Desired, `{version: 1, defaults: {s3cret: x}}`, "/defaults", "additionalProperties"},
	{"one name without a list", schema.Desired, `{version: 1, defaults: {additive: tags}}`, "/defaults/additive", "type"},
	{"label in a list of names", schema.Desired, `{version: 1, defaults: {ignore: [Job title]}}`, "/defaults/ignore/0", "pattern"},
	{"removal of everything", schema.Desired, `{version: 1, contacts: [{id: 1, remove: {tags: []}}]}`, "/contacts/0/remove/tags", "minItems"},
	{"removal as a list", schema.Desired, `{version: 1, contacts: [{id: 1, remove: [tags]}]}`, "/contacts/0/remove", "type"},

	{"no associations", schema.Desired, `{version: 1, contacts: [{id: 1, associations: []}]}`, "/contacts/0/associations", "minItems"},
	{"association to nothing", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{id: 2}]}]}`, "/contacts/0/associations/0", "required"},
	{"association without target", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company}]}]}`, "/contacts/0/associations/0", "oneOf"},
	{"association with two targets", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, domain: b.example}]}]}`, "/contacts/0/associations/0", "oneOf"},
	{"object type in the plural", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: companies, id: 2}]}]}`, "/contacts/0/associations/0/to", "anyOf"},
	{"company by email", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, email: a@b.example}]}]}`, "/contacts/0/associations/0/to", "dependencies/email/properties/to/const"},
	{"contact by domain", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: contact, domain: b.example}]}]}`, "/contacts/0/associations/0/to", "dependencies/domain/properties/to/const"},
	{"domain as an address", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, domain: "https://b.example"}]}]}`, "/contacts/0/associations/0/domain", "pattern"},
	{"no labels", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, labels: []}]}]}`, "/contacts/0/associations/0/labels", "minItems"},
	{"blank label", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, labels: [" "]}]}]}`, "/contacts/0/associations/0/labels/0", "pattern"},
	{"labels and type", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, labels: [A], type: {category: USER_DEFINED, type_id: 1}}]}]}`, "/contacts/0/associations/0", "dependencies/labels/not"},
	{"type without number", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, type: {category: USER_DEFINED}}]}]}`, "/contacts/0/associations/0/type", "required"},
	{"type number zero", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, type: {category: USER_DEFINED, type_id: 0}}]}]}`, "/contacts/0/associations/0/type/type_id", "minimum"},
	{"unknown category", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, type: {category: s3cret, type_id: 1}}]}]}`, "/contacts/0/associations/0/type/category", "enum"},
	{"absent with labels", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, labels: [A], ensure: absent}]}]}`, "/contacts/0/associations/0/ensure", "dependencies/labels/properties/ensure/const"},
	{"missing taken lightly", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, id: 2, missing: s3cret}]}]}`, "/contacts/0/associations/0/missing", "const"},
	{"where without value", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, where: {property: name}}]}]}`, "/contacts/0/associations/0/where", "required"},
	{"where with an empty value", schema.Desired, `{version: 1, contacts: [{id: 1, associations: [{to: company, where: {property: name, equals: ""}}]}]}`, "/contacts/0/associations/0/where/equals", "minLength"},

	{"contacts in the project", schema.Project, `{version: 1, contacts: []}`, "", "additionalProperties"},
	{"profile without portal", schema.Project, `{version: 1, profiles: {prod: {account: 1}}}`, "/profiles/prod", "required"},
	{"token in a profile", schema.Project, `{version: 1, profiles: {prod: {portal: hubspot, token: s3cret}}}`, "/profiles/prod", "additionalProperties"},
	{"portal without scheme", schema.Project, `{version: 1, profiles: {prod: {portal: s3cret.example}}}`, "/profiles/prod/portal", "pattern"},
	{"token for its variable", schema.Project, `{version: 1, profiles: {prod: {portal: hubspot, token_env: s3-cret}}}`, "/profiles/prod/token_env", "pattern"},
	{"one file without a list", schema.Project, `{version: 1, files: s3cret}`, "/files", "type"},
	{"absolute path", schema.Project, `{version: 1, files: [/s3cret]}`, "/files/0", "pattern"},
	{"backslashes", schema.Project, `{version: 1, files: ['crm\s3cret']}`, "/files/0", "pattern"},
	{"prune delete", schema.Project, `{version: 1, prune: delete}`, "/prune", "anyOf"},
	{"age without unit", schema.Project, `{version: 1, prune_min_age: "30"}`, "/prune_min_age", "pattern"},
	{"age in months", schema.Project, `{version: 1, prune_min_age: 1m}`, "/prune_min_age", "pattern"},
	{"nothing protected", schema.Project, `{version: 1, protect: []}`, "/protect", "minItems"},
	{"broken variable", schema.Project, `{version: 1, account: "${S3-CRET}"}`, "/account", "pattern"},

	{"unknown key of a fixture", schema.Fixture, `{version: 1, tasks: []}`, "", "additionalProperties"},
	{"empty record", schema.Fixture, `{version: 1, notes: [{}]}`, "/notes/0", "minProperties"},
	{"deal with a name of its own", schema.Fixture, `{version: 1, deals: [{name: s3cret}]}`, "/deals/0", "additionalProperties"},
	{"ensure in a fixture", schema.Fixture, `{version: 1, contacts: [{email: a@b.example, ensure: archived}]}`, "/contacts/0", "additionalProperties"},
	{"association to keep out", schema.Fixture, `{version: 1, contacts: [{email: a@b.example, associations: [{to: company, id: 1, ensure: absent}]}]}`, "/contacts/0/associations/0", "additionalProperties"},
	{"property without name", schema.Fixture, `{version: 1, properties: [{label: s3cret}]}`, "/properties/0", "required"},
	{"property of unknown type", schema.Fixture, `{version: 1, properties: [{name: a, type: s3cret}]}`, "/properties/0/type", "enum"},
	{"number with options", schema.Fixture, `{version: 1, properties: [{name: a, type: number, options: [s3cret]}]}`, "/properties/0/type", "dependencies/options/properties/type/const"},
	{"enumeration of nothing", schema.Fixture, `{version: 1, properties: [{name: a, type: enumeration}]}`, "/properties/0", "then/anyOf"},
	{"option without value", schema.Fixture, `{version: 1, properties: [{name: a, options: [{label: s3cret}]}]}`, "/properties/0/options/0", "required"},
	{"owner without address", schema.Fixture, `{version: 1, owners: [{firstname: s3cret}]}`, "/owners/0", "required"},
	{"unknown key of a scenario", schema.Faults, `{version: 1, sead: 7, faults: [{fault: {kind: drop}}]}`, "", "additionalProperties"},
	{"scenario of nothing", schema.Faults, `{version: 1, faults: []}`, "/faults", "minItems"},
	{"requests chosen twice", schema.Faults, `{version: 1, faults: [{match: {nth: 1, to: 2}, fault: {kind: drop}}]}`, "/faults/0/match", "not"},
	{"delay of unknown length", schema.Faults, `{version: 1, faults: [{fault: {kind: delay}}]}`, "/faults/0/fault", "then/required"},
	{"reset with a status", schema.Faults, `{version: 1, faults: [{fault: {kind: drop, status: 502}}]}`, "/faults/0/fault/status", "then/propertyNames/enum"},
	{"error that is none", schema.Faults, `{version: 1, faults: [{fault: {kind: status, status: 200}}]}`, "/faults/0/fault/status", "then/properties/status/not"},
	{"label without direction", schema.Fixture, `{version: 1, labels: [{to: company, label: s3cret}]}`, "/labels/0", "required"},

	{"line of something else", schema.Plan, `{format: s3cret}`, "", "oneOf"},
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	for _, one := range refused {
		err := schema.Validate(one.kind, document(t, one.text))
		var found *schema.Error
		if !errors.As(err, &found) {
			t.Errorf("%s: got %v, want an *Error", one.name, err)
			continue
		}
		if len(found.Problems) != 1 {
			t.Errorf("%s: got %v, want one problem", one.name, found.Problems)
		}
		got := found.Problems[0]
		if got.Path != one.path || !strings.HasSuffix(got.Keyword, "/"+one.keyword) {
			t.Errorf("%s: got %v, want %s by %s", one.name, got, one.path, one.keyword)
		}
		if strings.Contains(strings.ToLower(err.Error()), "s3cret") {
			t.Errorf("%s: the error repeats the document: %v", one.name, err)
		}
	}
}

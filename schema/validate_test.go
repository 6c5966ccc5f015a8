package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/schema"
)

var accepted = []struct {
	name string
	kind schema.Kind
	text string
}{
	{"nothing but a version", schema.Desired, `version: 1`},
	{"no contacts", schema.Desired, `{version: 1, contacts: []}`},
	{"first steps", schema.Desired, `
version: 1
defaults:
  properties:
    lifecyclestage: lead
contacts:
  - email: mary@shelley.example
    properties:
      firstname: Mary
      phone: +15550142
      zip: 02139
    associations:
      - {to: company, domain: villa.example}
  - email: byron@shelley.example
    ensure: archived
`},
	{"every key of a contact", schema.Desired, `
version: 1
defaults:
  create_only: [hs_lead_status]
  fill_only: [jobtitle, phone]
  additive: [event_tags]
  ignore: [notes_last_updated]
  properties: {hs_lead_status: NEW}
contacts:
  - email: " Mary@Shelley.example "
    id: "151"
    previous_email: mw@godwin.example
    also: [m@shelley.example, mary@old.example]
    ensure: present
    owner: percy@shelley.example
    lifecycle: allow_backward
    take_email: file
    recreate: true
    consent_checked: false
    properties:
      fax: ""
      event_tags: [Geneva 1816, 1818]
      newsletter_consent: yes
      is_author: true
      annualrevenue: 1.10
      last_webinar: 2024-01-02
    remove: {event_tags: [Bath 1816]}
    create_only: [salutation]
    fill_only: [website]
    additive: [languages]
    ignore: [message]
    associations:
      - {to: company, domain: villa.example, labels: [Primary, Decision maker]}
      - {to: company, id: 9001, ensure: absent}
      - {to: contact, email: byron@shelley.example, labels: [Colleague], missing: skip}
      - {to: company, id: "9002", type: {category: USER_DEFINED, type_id: 28}, ensure: present}
      - {to: 2-123, where: {property: erp_number, equals: 4711}}
`},
	{"contact by id alone", schema.Desired, `{version: 1, contacts: [{id: 152, properties: {city: Bath}}]}`},
	{"several earlier addresses", schema.Desired, `{version: 1, contacts: [{email: a@b.example, previous_email: [c@b.example, d@b.example]}]}`},
	{"settings of a lone file", schema.Desired, `
version: 1
account: 12345678
scope: {where: [{property: managed_by, equals: contactsync}, {property: city, in: [Bath, Geneva]}, {property: phone, has: false}]}
limits: {archive: 25, create: 0, update: 30%, clear: 100, overwrite: 2.5%, stage_back: 1}
daily_reserve: 25%
policy: {associations: {company: exact, deal: additive, 2-123: exact_strict}, watch: [lifecyclestage], sensitive: [passport_number]}
`},
	{"anchors and merge keys", schema.Desired, `
version: 1
defaults:
  properties: &common {city: Geneva, country: Switzerland}
contacts:
  - email: mary@shelley.example
    properties: {<<: *common, city: Bath}
  - email: byron@shelley.example
    properties:
      <<: [*common, {zip: 01234}]
`},
	{"infinity is a text to a schema", schema.Desired, `{version: 1, contacts: [{id: 1, properties: {score: .inf, other: .nan}}]}`},
	{"project", schema.Project, `
version: 1
profiles:
  sandbox: {portal: "file:.contactsync/portal.db", seed: seed.yaml}
  memory: {portal: "mem:"}
  local: {portal: "http://127.0.0.1:8080"}
  prod: {portal: hubspot, account: "12345678", token_env: HUBSPOT_PROD_TOKEN}
default_profile: sandbox
files: [crm/, extra/people.yaml]
scope: {where: [{property: managed_by, equals: contactsync}]}
prune: archive
prune_min_age: 30d
protect: [{property: lifecyclestage, in: [customer]}, {property: num_associated_deals, has: true}]
limits: {archive: 25, update: 30%}
daily_reserve: 25%
policy:
  associations: {company: exact}
  watch: [lifecyclestage, hubspot_owner_id]
`},
	{"project from the environment", schema.Project, `
version: 1
profiles:
  prod: {portal: "https://${HOST}", account: "${ACCOUNT}", token_env: "${PREFIX}_TOKEN", seed: "${SEED}"}
  other: {portal: "${PORTAL}"}
default_profile: ${PROFILE}
files: ["${FOLDER}/crm"]
account: ${ACCOUNT}
scope: ${SCOPE}
prune: ${PRUNE}
prune_min_age: ${DAYS}d
protect: [{property: "${NAME}", equals: "${VALUE}"}]
limits: {archive: "${PERCENT}%"}
daily_reserve: ${RESERVE}
policy: {associations: {company: "${POLICY}"}, watch: ["${NAME}"]}
`},
	{"fixture", schema.Fixture, `
version: 1
account: "12345678"
properties:
  - {name: tier, type: enumeration, field_type: select, options: [gold, {value: silver, label: Silver, hidden: true}]}
  - {name: loyalty_id, label: Loyalty number, type: string, field_type: text, unique: true, sensitivity: non_sensitive}
  - {name: score, type: number, calculated: true, read_only: true}
  - {name: keeper, type: enumeration, external_options: true, references: OWNER}
  - {name: zip, rules: [{type: ALPHANUMERIC, arguments: [NUMERIC_ONLY], normalises: false}]}
labels:
  - {from: contact, to: company, label: Decision maker, type_id: 28}
owners:
  - {id: "501", email: percy@shelley.example, firstname: Percy, lastname: Shelley}
  - {email: old@shelley.example, archived: true}
companies:
  - {id: "9001", domain: villa.example, name: Villa Diodati, properties: {city: Cologny}}
  - {name: Nameless & Co}
deals:
  - {properties: {dealname: First edition, amount: 1.50}, associations: [{to: company, id: 9001}]}
tickets: [{properties: {subject: Creature escaped}}]
notes: [{properties: {hs_note_body: Wrote back.}, associations: [{to: contact, email: mary@shelley.example}]}]
contacts:
  - email: mary@shelley.example
    id: 151
    owner: percy@shelley.example
    properties: {createdate: "1816-06-16T00:00:00Z", tier: gold, event_tags: [a, b]}
    associations:
      - {to: company, domain: villa.example, labels: [Primary]}
      - {to: deal, where: {property: dealname, equals: First edition}}
  - {email: gone@shelley.example, archived: true}
  - {properties: {firstname: Nobody}}
`},
}

func TestValidateAccepts(t *testing.T) {
	t.Parallel()
	for _, one := range accepted {
		if err := schema.Validate(one.kind, document(t, one.text)); err != nil {
			t.Errorf("%s: %v", one.name, err)
		}
	}
}

// A caller that keeps every value as its text is understood as well.
func TestValidateAcceptsTexts(t *testing.T) {
	t.Parallel()
	contact := map[string]any{
		"email": "mary@shelley.example", "id": "151", "ignore": []any{"message"},
		"properties": map[string]any{"zip": "02139", "is_author": "true", "annualrevenue": "1.10", "event_tags": []any{"1816"}},
	}
	value := map[string]any{"version": 1, "account": "12345678", "limits": map[string]any{"archive": "5%"}, "contacts": []any{contact}}
	if err := schema.Validate(schema.Desired, value); err != nil {
		t.Error(err)
	}
}

func TestValidateNamesEveryProblem(t *testing.T) {
	t.Parallel()
	text := `{version: 1, contacts: [{email: a@b.example, properties: {city: , zip: {a: 1}}}, {email: nobody, ensure: gone}]}`
	err := schema.Validate(schema.Desired, document(t, text))
	var refused *schema.Error
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want an *Error", err)
	}
	want := &schema.Error{Kind: schema.Desired, Problems: []schema.Problem{
		{Path: "/contacts/0/properties/city", Keyword: "/definitions/value/type"},
		{Path: "/contacts/0/properties/zip", Keyword: "/definitions/value/type"},
		{Path: "/contacts/1/email", Keyword: "/definitions/email/pattern"},
		{Path: "/contacts/1/ensure", Keyword: "/definitions/contact/properties/ensure/enum"},
	}}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const message = `validating by contactsync.schema.json: "/contacts/0/properties/city" does not fit /definitions/value/type, and 3 more`
	if err.Error() != message {
		t.Errorf("got  %s\nwant %s", err, message)
	}
}

// What no YAML file can hold is refused without its content, too.
func TestValidateRefusesOtherTypes(t *testing.T) {
	t.Parallel()
	type secret struct{ Name string }
	err := schema.Validate(schema.Desired, map[string]any{"version": 1, "contacts": secret{"s3cret"}})
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

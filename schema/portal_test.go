package schema_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/contactsync/contactsync/schema"
)

func portalProperties() []schema.Property {
	return []schema.Property{
		{Name: "email", Label: "Email"},
		{Name: "event_tags", Label: "Event tags", Options: []string{"berlin", "2026"}, Multiple: true},
		{Name: "hs_object_id", Label: "Record ID", ReadOnly: true},
		{Name: "jobtitle", Label: "Job Title"},
		{Name: "lifecyclestage", Label: "Lifecycle Stage", Options: []string{"lead", "customer"}},
		{Name: "newsletter", Label: "Newsletter", Options: []string{"true", "false"}},
	}
}

func portalSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := schema.ForPortal("241234567", portalProperties())
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := jsonschema.CompileString("portal.schema.json", string(text))
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestSchemaOfOnePortal(t *testing.T) {
	t.Parallel()
	compiled := portalSchema(t)
	for name, c := range map[string]struct {
		lines string
		fits  bool
	}{
		"a text":                        {"properties: {jobtitle: CTO}", true},
		"a text that is a number":       {"properties: {jobtitle: 7}", true},
		"an unknown name":               {"properties: {jobtitel: CTO}", false},
		"a published name it lacks":     {"properties: {phone: '1'}", false},
		"a read-only one":               {"properties: {hs_object_id: '1'}", false},
		"the address":                   {"properties: {email: a@b.example}", false},
		"an option":                     {"properties: {lifecyclestage: lead}", true},
		"no option":                     {"properties: {lifecyclestage: prospect}", false},
		"an option by its label":        {"properties: {lifecyclestage: Lead}", false},
		"cleared":                       {"properties: {lifecyclestage: ''}", true},
		"an option without quotes":      {"properties: {newsletter: true}", true},
		"the same with quotes":          {"properties: {newsletter: 'true'}", true},
		"a set of options":              {"properties: {event_tags: [berlin, 2026]}", true},
		"one of a set":                  {"properties: {event_tags: berlin}", true},
		"a set in HubSpot's writing":    {"properties: {event_tags: 'berlin;2026'}", true},
		"a set with none of its own":    {"properties: {event_tags: [berlin, oslo]}", false},
		"a list for one value":          {"properties: {lifecyclestage: [lead]}", false},
		"ignored, though read-only":     {"ignore: [hs_object_id]", true},
		"ignored, but unknown":          {"ignore: [hs_nothing]", false},
		"removed from an unknown one":   {"remove: {tags: [berlin]}", false},
		"removed":                       {"remove: {event_tags: [berlin]}", true},
		"a property of another record":  {"associations: [{to: company, where: {property: erp_number, equals: '4711'}}]", true},
		"a value that is missing":       {"properties: {jobtitle: }", false},
		"a default of the whole file":   {"ensure: present", true},
		"an unknown key of the contact": {"ensured: present", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := compiled.Validate(document(t, "version: 1\ncontacts:\n  - email: ada@example.com\n    "+c.lines+"\n"))
			if fits := err == nil; fits != c.fits {
				t.Errorf("%s: fits %v, want %v: %v", c.lines, fits, c.fits, err)
			}
		})
	}
}

// An editor needs nothing but the text, and shows what is known of a property.
func TestSchemaOfOnePortalStandsAlone(t *testing.T) {
	t.Parallel()
	text, err := schema.ForPortal("241234567", portalProperties())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte(`"$id"`)) || !strings.Contains(string(text), "account 241234567") {
		t.Errorf("the schema begins\n%s", text[:400])
	}
	var parsed map[string]any
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.MustCompile(draft7).Validate(parsed); err != nil {
		t.Errorf("the schema is not of draft 7: %v", err)
	}
	for _, described := range []string{"Job title. Example: `jobtitle: Rear admiral`.", "Event tags"} {
		if !strings.Contains(string(text), described) {
			t.Errorf("%q is lost", described)
		}
	}
	again, err := schema.ForPortal("241234567", portalProperties())
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("the same portal gives another schema, or %v", err)
	}
}

package portal_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const engines = `{"name":"engine","labels":{"singular":"Engine","plural":"Engines"},"primaryDisplayProperty":"serial","requiredProperties":["serial"],` +
	`"searchableProperties":["serial"],"properties":[{"name":"serial","label":"Serial","hasUniqueValue":true},{"name":"power","label":"Power","type":"number","fieldType":"number"}],"associatedObjects":["CONTACT"]}`

// Records of a custom object do everything that others do.
func TestCustomObjects(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]string{"v3": "/crm/v3/schemas", "dated": "/crm-object-schemas/2026-09/schemas"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir() + "/portal.db"
			p, err := portal.Open(t.Context(), portal.Config{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			var schema objectSchema
			want(t, p, 201, "POST", base, engines).JSON(t, &schema)
			if schema.FullyQualifiedName != "p"+p.AccountID()+"_engine" || len(schema.Properties) != 6 || len(schema.Associations) != 12 {
				t.Errorf("the schema is %+v", schema)
			}
			id, qualified := schema.ObjectTypeID, schema.FullyQualifiedName
			first := add(t, p, id, `{"serial":"E 1","power":"17"}`)
			second := add(t, p, qualified, `{"serial":"E 2","power":"3"}`)
			want(t, p, 400, "POST", "/crm/v3/objects/"+id, `{"properties":{"serial":"E 1"}}`)
			want(t, p, 400, "POST", "/crm/v3/objects/"+id, `{"properties":{"power":"1"}}`)
			want(t, p, 400, "POST", "/crm/v3/objects/"+id, `{"properties":{"serial":"E 3","email":"a@example.com"}}`)
			askBatch(t, p, 200, "/crm/v3/objects/"+id+"/batch/update", `{"id":"E 1","idProperty":"serial","properties":{"power":"18"}}`)
			var found object
			want(t, p, 200, "GET", "/crm/objects/2026-03/"+qualified+"/E%201?idProperty=serial&properties=power", "").JSON(t, &found)
			if found.ID != first.ID || found.text("power") != "18" {
				t.Errorf("found %+v", found)
			}
			for query, total := range map[string]int{
				`{"query":"E"}`: 2,
				`{"filterGroups":[{"filters":[{"propertyName":"power","operator":"GT","value":"10"}]}]}`: 1,
			} {
				var page struct{ Total int }
				want(t, p, 200, "POST", "/crm/v3/objects/"+id+"/search", query).JSON(t, &page)
				if page.Total != total {
					t.Errorf("%s found %d, not %d", query, page.Total, total)
				}
			}

			// Associations have ids of the portal's, and labels.
			contact := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
			types := typeIDs(t, p, id, "contacts")
			owns := label(t, p, "/crm/v4/associations/"+id+"/contacts/labels", `{"name":"owned","label":"Owned by","inverseLabel":"Owns"}`)
			want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+contact+"/associations/"+qualified+"/"+first.ID, fmt.Sprintf(`[{"associationCategory":"USER_DEFINED","associationTypeId":%d}]`, owns[1]))
			want(t, p, 200, "PUT", "/crm/v4/objects/"+id+"/"+second.ID+"/associations/default/contacts/"+contact, "")
			demandLinks(t, p, id, first.ID, "contacts", fmt.Sprintf("%s: %d %d", contact, types[0], owns[0]))
			want(t, p, 201, "POST", "/crm/v3/objects/contacts", fmt.Sprintf(
				`{"properties":{"email":"b@example.com"},"associations":[{"to":{"id":"%s"},"types":[{"associationCategory":"USER_DEFINED","associationTypeId":%d}]}]}`, first.ID, owns[1]))
			var read struct {
				Associations map[string]struct{ Results []struct{ ID, Type string } }
			}
			want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+contact+"?associations="+id, "").JSON(t, &read)
			if rows := read.Associations[qualified].Results; len(rows) != 3 || rows[0].Type != "contact_to_engine" {
				t.Errorf("the contact is associated with %+v", read.Associations)
			}
			want(t, p, 201, "POST", "/crm/v3/properties/"+id, `{"name":"weight","label":"Weight","type":"number","fieldType":"number","groupName":"engine_information"}`)

			// A schema with records stays; the file remembers it.
			want(t, p, 400, "DELETE", base+"/"+id, "")
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			p = portaltest.New(t, portal.Config{Path: path})
			want(t, p, 200, "GET", "/crm/v3/objects/"+qualified+"/"+first.ID, "")
			want(t, p, 204, "DELETE", "/crm/v3/objects/"+id+"/"+first.ID, "")
			want(t, p, 204, "DELETE", "/crm/v3/objects/"+id+"/"+second.ID, "")
			want(t, p, 204, "DELETE", base+"/"+id, "")
			want(t, p, 400, "GET", "/crm/v3/properties/"+id, "")
			want(t, p, 201, "POST", base, engines)
			want(t, p, 204, "DELETE", base+"/"+id+"?archived=true", "")
			want(t, p, 400, "DELETE", base+"/"+id+"?archived=true", "")
		})
	}
}

func typeIDs(t *testing.T, p *portal.Portal, from, to string) []int {
	t.Helper()
	var page struct{ Results []struct{ TypeID int } }
	want(t, p, 200, "GET", "/crm/v4/associations/"+from+"/"+to+"/labels", "").JSON(t, &page)
	var ids []int
	for _, result := range page.Results {
		ids = append(ids, result.TypeID)
	}
	return ids
}

// Activities do what contacts do.
func TestEveryActivityIsServed(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	contact := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	for objectType, property := range map[string]string{
		"tasks": "hs_task_subject", "calls": "hs_call_title", "emails": "hs_email_subject", "meetings": "hs_meeting_title", "notes": "hs_note_body",
	} {
		one := add(t, p, objectType, `{"hs_timestamp":"2026-01-01T00:00:00Z","`+property+`":"One"}`).ID
		two := askBatch(t, p, 201, "/crm/v3/objects/"+objectType+"/batch/create", `{"properties":{"hs_timestamp":"2026-01-01T00:00:00Z","`+property+`":"Two"}}`).Results[0].ID
		want(t, p, 200, "PUT", "/crm/v4/objects/"+objectType+"/"+one+"/associations/default/contacts/"+contact, "")
		if got := links(t, p, "contacts", contact, objectType); len(got) != 1 {
			t.Errorf("%s: the contact is associated with %v", objectType, got)
		}
		var page struct{ Results []object }
		want(t, p, 200, "POST", "/crm/v3/objects/"+objectType+"/search", `{"filterGroups":[{"filters":[{"propertyName":"`+property+`","operator":"EQ","value":"two"}]}]}`).JSON(t, &page)
		if len(page.Results) != 1 || page.Results[0].ID != two {
			t.Errorf("%s: found %+v", objectType, page.Results)
		}
		var none struct{ Total int }
		want(t, p, 200, "POST", "/crm/v3/objects/"+objectType+"/search", `{"query":"Two"}`).JSON(t, &none)
		if diff := cmp.Diff(0, none.Total); diff != "" {
			t.Errorf("%s has no searchable properties (-want +got):\n%s", objectType, diff)
		}
	}
}

// A fixture defines custom objects, and contacts name their records.
func TestFixturesHaveCustomObjects(t *testing.T) {
	t.Parallel()
	fixture := func() *crm.Fixture {
		return &crm.Fixture{
			Objects: []crm.FixtureObject{{
				Type: "2-123", Name: "engine", Primary: "serial", Associated: []crm.ObjectType{crm.TypeContact},
				Properties: []crm.Property{{Name: "serial", Unique: true}},
			}},
			Labels: []crm.FixtureLabel{{From: crm.TypeContact, To: "2-123", Label: "Owns", TypeID: 77}},
			Records: []crm.FixtureRecord{
				{Type: "2-123", ID: "88", Properties: texts("serial", "E-1")},
				{Type: crm.TypeContact, ID: "151", Properties: texts("email", "ada@example.com"), Associations: []crm.FixtureAssociation{
					to(crm.Target{Type: "2-123", Property: "serial", Value: "E-1"}, "Owns"),
				}},
			},
		}
	}
	p := portaltest.New(t, portal.Config{AccountID: "12345678"})
	if err := p.Fill(t.Context(), fixture()); err != nil {
		t.Fatal(err)
	}
	if got := links(t, p, "contacts", "151", "2-123"); len(got) != 1 || !strings.HasPrefix(got[0], "88: 77 ") {
		t.Errorf("the contact is associated with %v", got)
	}
	want(t, p, 200, "GET", "/crm/v3/objects/p12345678_engine/E-1?idProperty=serial", "")
	for name, spoil := range map[string]func(*crm.FixtureObject){
		"no id":        func(o *crm.FixtureObject) { o.Type = "engine" },
		"no name":      func(o *crm.FixtureObject) { o.Name = "" },
		"no primary":   func(o *crm.FixtureObject) { o.Primary = "weight" },
		"known before": func(*crm.FixtureObject) {},
	} {
		spoilt := &crm.Fixture{Objects: fixture().Objects}
		spoil(&spoilt.Objects[0])
		if err := p.Fill(t.Context(), spoilt); err == nil {
			t.Errorf("%s: the fixture was taken", name)
		}
	}
}

// A schema that is deleted while its records are created is gone without any, or
// stays for those that were in time.
func TestACustomObjectIsDeletedWhileItsRecordsAreMade(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Path: t.TempDir() + "/portal.db"})
	var schema objectSchema
	want(t, p, 201, "POST", "/crm/v3/schemas", engines).JSON(t, &schema)
	statuses := make([]int, 8)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() {
			if i == 0 {
				statuses[i] = ask(t, p, "DELETE", "/crm/v3/schemas/"+schema.ObjectTypeID, "").Status
				return
			}
			statuses[i] = ask(t, p, "POST", "/crm/v3/objects/"+schema.ObjectTypeID, fmt.Sprintf(`{"properties":{"serial":"E-%d"}}`, i)).Status
		})
	}
	group.Wait()
	made := 0
	for _, status := range statuses[1:] {
		if status == 201 {
			made++
		}
	}
	if deleted := statuses[0] == 204; deleted != (made == 0) {
		t.Errorf("the deletion answered %d, and %d records were made", statuses[0], made)
	}
}

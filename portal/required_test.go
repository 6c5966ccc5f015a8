package portal_test

import (
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const newestPath = "/crm/objects/2026-09/contacts"

// What is required is enforced on the paths of 2026-09 and on no others.
func TestRequiredPropertiesAreEnforcedByTheNewestPathsAlone(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{
		RequiredOnCreate: []string{"lastname"},
		RequiredWhen:     []portal.Requirement{{Property: "phone", Where: "lifecyclestage", Is: "customer"}},
	})
	creates := []string{
		`{"email":"a@example.com"}`,
		`{"email":"b@example.com","lastname":"B","lifecyclestage":"customer"}`,
		`{"email":"c@example.com","lastname":"C","lifecyclestage":"customer","phone":""}`,
	}
	for _, properties := range creates {
		got := want(t, p, 400, "POST", newestPath, `{"properties":`+properties+`}`)
		if !strings.Contains(got.Body, `"code":"REQUIRED_PROPERTY"`) {
			t.Errorf("%s was refused with %s", properties, got.Body)
		}
		want(t, p, 400, "POST", newestPath+"/batch/create", `{"inputs":[{"properties":`+properties+`}]}`)
	}
	for _, properties := range []string{`{"email":"d@example.com","lastname":"D","lifecyclestage":"lead"}`, `{"email":"e@example.com","lastname":"E","lifecyclestage":"customer","phone":"1"}`} {
		want(t, p, 201, "POST", newestPath, `{"properties":`+properties+`}`)
	}
	// Older paths, and other object types.
	want(t, p, 201, "POST", contactsPath, `{"properties":`+creates[0]+`}`)
	want(t, p, 201, "POST", "/crm/objects/2026-03/contacts", `{"properties":`+creates[1]+`}`)
	want(t, p, 201, "POST", "/crm/objects/2026-09/companies", `{"properties":{"name":"Navy","lifecyclestage":"customer"}}`)
}

func TestConditionsAreJudgedWhereAnUpdateTouchesThem(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{RequiredWhen: []portal.Requirement{{Property: "phone", Where: "lifecyclestage", Is: "customer"}}})
	lead := add(t, p, "contacts", `{"email":"lead@example.com","lifecyclestage":"lead"}`).ID
	old := add(t, p, "contacts", `{"email":"old@example.com","lifecyclestage":"customer"}`).ID
	for _, step := range []struct {
		status         int
		id, properties string
	}{
		{200, old, `{"firstname":"Old"}`}, // it breaks the rule, and the update has no part in it
		{400, old, `{"lifecyclestage":"customer"}`},
		{400, old, `{"phone":""}`},
		{200, old, `{"lifecyclestage":"evangelist"}`},
		{200, lead, `{"lifecyclestage":"opportunity"}`},
		{400, lead, `{"lifecyclestage":"customer"}`},
		{200, lead, `{"lifecyclestage":"customer","phone":"1"}`},
		{400, lead, `{"phone":""}`},
	} {
		want(t, p, step.status, "PATCH", newestPath+"/"+step.id, `{"properties":`+step.properties+`}`)
	}
	want(t, p, 400, "POST", newestPath+"/batch/update", `{"inputs":[{"id":"`+lead+`","properties":{"phone":""}}]}`)
	want(t, p, 400, "POST", newestPath+"/batch/upsert", `{"inputs":[{"id":"lead@example.com","idProperty":"email","properties":{"phone":""}}]}`)
	want(t, p, 200, "PATCH", contactsPath+"/"+lead, `{"properties":{"phone":""}}`)
}

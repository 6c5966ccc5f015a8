package portal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const lifecycle = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline/stages"

// lifecycleStages are the ids of the lifecycle as the pipeline has them, and as the options
// of the property that it must agree with.
func lifecycleStages(t *testing.T, p *portal.Portal, objectType string) []string {
	t.Helper()
	var page hubspot.Page[pipelineStage]
	want(t, p, 200, "GET", "/crm/v3/pipelines/"+objectType+"/"+objectType+"-lifecycle-pipeline/stages", "").JSON(t, &page)
	var ids []string
	for _, stage := range page.Results {
		ids = append(ids, stage.ID)
	}
	var property hubspot.Property
	want(t, p, 200, "GET", "/crm/v3/properties/"+objectType+"/lifecyclestage", "").JSON(t, &property)
	var values []string
	for _, option := range property.Options {
		values = append(values, option.Value)
	}
	if diff := cmp.Diff(ids, values); diff != "" {
		t.Errorf("%s: the options are not the stages (-stages +options):\n%s", objectType, diff)
	}
	return ids
}

// Contacts move forward in the order that the portal's own stages have.
func TestALifecycleOfThePortalsOwn(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	var trial pipelineStage
	want(t, p, 201, "POST", lifecycle, `{"label":"Trial","displayOrder":5,"metadata":{}}`).JSON(t, &trial)
	if strings.Trim(trial.ID, "0123456789") != "" || trial.DisplayOrder != 6 {
		t.Errorf("the new stage is %+v", trial)
	}
	expected := []string{"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", trial.ID, "evangelist", "other"}
	for _, objectType := range []string{"contacts", "companies"} {
		if diff := cmp.Diff(expected, lifecycleStages(t, p, objectType)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", objectType, diff)
		}
	}
	id := add(t, p, "contacts", `{"email":"a@example.com","lifecyclestage":"`+trial.ID+`"}`).ID
	add(t, p, "companies", `{"name":"C","lifecyclestage":"`+trial.ID+`"}`)
	demandStage := func(write, stage string) {
		t.Helper()
		var got object
		want(t, p, 200, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"lifecyclestage":"`+write+`"}}`).JSON(t, &got)
		if got.text("lifecyclestage") != stage {
			t.Errorf("writing %s left %s, not %s", write, got.text("lifecyclestage"), stage)
		}
	}
	demandStage("customer", trial.ID)
	want(t, p, 200, "PATCH", lifecycle+"/"+trial.ID, `{"displayOrder":0,"label":"Try-out"}`)
	demandStage("customer", "customer")
	demandStage(trial.ID, "customer")
	demandStage("evangelist", "evangelist")

	want(t, p, 204, "DELETE", lifecycle+"/"+trial.ID, "")
	want(t, p, 204, "DELETE", lifecycle+"/"+trial.ID, "")
	want(t, p, 400, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"lifecyclestage":"`+trial.ID+`"}}`)
	if got := want(t, p, 400, "DELETE", strings.Replace(lifecycle, "v3/pipelines", "pipelines/2026-09", 1)+"/evangelist", ""); !strings.Contains(got.Body, `"objectIds":["[`+id+`]"]`) {
		t.Errorf("deleting a stage in use answered %s", got.Body)
	}
	want(t, p, 400, "DELETE", lifecycle+"/evangelist?validateReferencesBeforeDelete=true", "")
	want(t, p, 204, "DELETE", strings.Replace(lifecycle, "v3/pipelines", "pipelines/2026-09", 1)+"/evangelist?validateReferencesBeforeDelete=false", "")
	demandStage("lead", "lead") // a stage that is gone holds nothing back
}

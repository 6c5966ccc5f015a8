package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// No request makes the portal fail: every answer is a success or a refusal.
func FuzzRequests(f *testing.F) {
	for _, seed := range []string{
		"GET /crm/v3/objects/contacts?limit=3&after=1&properties=email&associations=companies&propertiesWithHistory=email",
		"GET /crm/v3/objects/contacts/a%40b.example?idProperty=email",
		`POST /crm/v3/objects/contacts {"properties":{"email":"x@example.com","hs_additional_emails":"y@example.com;z@example.com"}}`,
		`POST /crm/v3/objects/contacts/batch/create {"inputs":[{"objectWriteTraceId":"1","properties":{"email":"p@example.com"},"associations":[{"to":{"id":1},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}]}`,
		`POST /crm/v3/objects/contacts/batch/read?archived=true {"idProperty":"email","properties":["email"],"inputs":[{"id":"seed@example.com"}]}`,
		`POST /crm/v3/objects/contacts/batch/update {"inputs":[{"id":1,"properties":{"firstname":null}}]}`,
		`POST /crm/v3/objects/contacts/batch/upsert {"inputs":[{"id":"seed@example.com","idProperty":"email","properties":{"lifecyclestage":"lead"}}]}`,
		`POST /crm/objects/2026-09/contacts/batch/archive {"inputs":[{"id":"1"}]}`,
		`POST /crm/v3/objects/contacts/search {"filterGroups":[{"filters":[{"propertyName":"email","operator":"CONTAINS_TOKEN","value":"*seed*"}]}],"sorts":["-createdate"],"query":"x","limit":5,"after":"0"}`,
		`PATCH /crm/v3/objects/contacts/1 {"properties":{"email":"new@example.com"}}`,
		"DELETE /crm/v3/objects/contacts/1",
		"PUT /crm/v3/objects/contacts/1/associations/companies/2/contact_to_company",
		`PUT /crm/v4/objects/contacts/1/associations/companies/2 [{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]`,
		`POST /crm/v4/associations/contacts/companies/batch/read {"inputs":[{"id":"1","after":"7"}]}`,
		"GET /crm/v3/properties/contacts/email", "GET /crm/v3/owners?limit=1&email=x", "GET /crm/v3/property-validations/0-1",
	} {
		method, rest, _ := strings.Cut(seed, " ")
		target, body, _ := strings.Cut(rest, " ")
		f.Add(method, target, body)
	}
	p := portaltest.New(f, portal.Config{})
	add(f, p, "contacts", `{"email":"seed@example.com"}`)
	add(f, p, "companies", `{"name":"Seed","domain":"seed.example"}`)
	f.Fuzz(func(t *testing.T, method, target, body string) {
		request, err := http.NewRequestWithContext(t.Context(), method, "https://portal.test/", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		if request.URL, err = request.URL.Parse(target); err != nil {
			t.Skip()
		}
		request.Header.Set("Authorization", "Bearer x")
		request.Header.Set("Content-Type", "application/json")
		w := newRecorder()
		p.ServeHTTP(w, request)
		if w.status >= 500 || w.status == 0 {
			t.Errorf("%s %s %s answered %d: %s", method, target, body, w.status, w.body.String())
		}
	})
}

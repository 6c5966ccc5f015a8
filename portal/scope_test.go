package portal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Each operation goes with one of its scopes and with none of the others.
func TestOperationsNeedTheirScopes(t *testing.T) {
	t.Parallel()
	one := `{"inputs":[]}`
	tests := []struct{ request, body, scopes string }{
		{"GET /crm/v3/objects/contacts", "", "crm.objects.contacts.read"},
		{"POST /crm/v3/objects/0-1/batch/read", one, "crm.objects.contacts.read"},
		{"POST /crm/v3/objects/contacts/search", "{}", "crm.objects.contacts.read"},
		{"POST /crm/v3/objects/contacts/batch/archive", one, "crm.objects.contacts.write"},
		{"POST /crm/v3/objects/contacts/gdpr-delete", `{"objectId":"1"}`, "crm.objects.contacts.write"},
		{"GET /crm/objects/2026-09/companies", "", "crm.objects.companies.read"},
		{"GET /crm/v3/objects/notes", "", "crm.objects.contacts.read"},
		{"DELETE /crm/v3/objects/tasks/1", "", "crm.objects.contacts.write"},
		{"POST /crm/v4/associations/contacts/deals/batch/archive", one, "crm.objects.contacts.write crm.objects.deals.write"},
		{"GET /crm/v4/associations/contacts/deals/labels", "", "crm.objects.contacts.read crm.objects.deals.read"},
		{"POST /crm/v4/associations/contacts/deals/labels", `{"name":"n","label":"L"}`, "crm.schemas.contacts.write crm.schemas.deals.write"},
		{"GET /crm/v3/properties/deals", "", "crm.objects.deals.read crm.objects.deals.write crm.schemas.deals.read"},
		{"POST /crm/v3/properties/contacts/batch/archive", one, "crm.schemas.contacts.write"},
		{"GET /crm/v3/owners", "", "crm.objects.owners.read"},
		{"GET /crm/limits/2026-09/custom-properties", "", "crm.objects.companies.read crm.objects.contacts.read crm.objects.custom.read crm.objects.deals.read crm.objects.tickets.read"},
		{"GET /account-info/v3/details", "", ""},
		{"POST /oauth/v2/private-apps/get/access-token-info", "{}", ""},
	}
	for _, test := range tests {
		t.Run(test.request, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(test.request, " ")
			for scope := range strings.FieldsSeq(test.scopes + " elsewhere") {
				p := portaltest.New(t, portal.Config{Scopes: []string{scope}})
				got := ask(t, p, method, path, test.body)
				if scope != "elsewhere" || test.scopes == "" {
					if got.Status >= 300 {
						t.Errorf("with %s it answered %d: %s", scope, got.Status, got.Body)
					}
					continue
				}
				var refused hubspot.ErrorBody
				got.JSON(t, &refused)
				if got.Status != 403 || refused.Category != "MISSING_SCOPES" || len(refused.Errors) != 1 {
					t.Fatalf("without scopes it answered %d: %s", got.Status, got.Body)
				}
				if diff := cmp.Diff(strings.Fields(test.scopes), refused.Errors[0].Context["requiredGranularScopes"]); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestTokenInfoTellsTheScopes(t *testing.T) {
	t.Parallel()
	given := []string{"crm.objects.contacts.read", "oauth"}
	var info hubspot.TokenInfo
	want(t, portaltest.New(t, portal.Config{Scopes: given}), 200, "POST", "/oauth/v2/private-apps/get/access-token-info", `{"tokenKey":"x"}`).JSON(t, &info)
	if diff := cmp.Diff(given, info.Scopes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSensitivePropertiesNeedAScopeOfTheirOwn(t *testing.T) {
	t.Parallel()
	body := `{"name":"secret","label":"S","type":"string","fieldType":"text","groupName":"contactinformation","dataSensitivity":"sensitive"}`
	p := portaltest.New(t, portal.Config{Scopes: []string{"crm.schemas.contacts.write"}})
	if got := want(t, p, 403, "POST", "/crm/v3/properties/contacts", body); !strings.Contains(got.Body, "sensitive-data-property-create") {
		t.Errorf("answered %s", got.Body)
	}
	p = portaltest.New(t, portal.Config{Scopes: []string{"crm.schemas.contacts.write", "crm.objects.contacts.sensitive.write.v2"}})
	want(t, p, 201, "POST", "/crm/v3/properties/contacts", body)
}
